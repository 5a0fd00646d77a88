/*
 * The cluster specifier: Envoy asks it for the cluster of a request.
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>

#include "counters.h"
#include "routing_key.h"

#define TEXT(literal) {literal, sizeof(literal) - 1}

/* No routing key is this, since none has a space: no document can name the cluster of refusals. */
static const envoy_text no_cluster = TEXT("no cluster");

struct specifier {
  struct settings *settings;
  struct engine *engine;
  void *envoy_config;
  struct counters counters;
};

static const struct meter meter = {
    .define_counter = CALLBACK(cluster_specifier_config_define_counter),
    .define_gauge = CALLBACK(cluster_specifier_config_define_gauge),
    .touch = CALLBACK(cluster_specifier_config_increment_counter),
    .increment = CALLBACK(cluster_specifier_config_increment_counter),
    .set = CALLBACK(cluster_specifier_config_set_gauge),
};

static bool make(struct specifier *specifier, void *envoy_config, envoy_text config,
                 struct complaint *complaint) {
  specifier->envoy_config = envoy_config;
  specifier->settings = settings_read(config, SETTINGS_FOR_SPECIFIER, complaint);
  if (specifier->settings == NULL)
    return false;
  specifier->engine = engines_take(specifier->settings->store, complaint);
  if (specifier->engine == NULL)
    return false;
  if (!specifier->settings->counters)
    return true;
  if (!counters_define(&specifier->counters, &meter, envoy_config, specifier->engine, complaint))
    return false;
  counters_set_gauges(&specifier->counters.gauges, meter.set, envoy_config, specifier->engine,
                      counters_now());
  return true;
}

static void destroy(struct specifier *specifier) {
  if (specifier->engine != NULL)
    engines_release(specifier->engine);
  settings_free(specifier->settings);
  free(specifier);
}

const void *HOOK(cluster_specifier_config_new)(void *envoy_config, envoy_text name,
                                               envoy_text config) {
  (void)name;
  struct complaint complaint = {"there is no memory for a specifier"};
  struct specifier *specifier = calloc(1, sizeof *specifier);
  if (specifier != NULL && make(specifier, envoy_config, config, &complaint))
    return specifier;
  complaint_log(&complaint, LOG_ERROR);
  if (specifier != NULL)
    destroy(specifier);
  return NULL;
}

void HOOK(cluster_specifier_config_destroy)(const void *config) {
  destroy((struct specifier *)config);
}

static bool first_value(void *selection, envoy_text name, envoy_text *value) {
  return CALLBACK(cluster_specifier_get_request_header_value)(selection, name, value, 0, NULL);
}

static uint64_t random_value(void *selection) {
  return CALLBACK(cluster_specifier_get_random_value)(selection);
}

/* Fills the answer; false if no question was read. */
static bool ask(const struct specifier *specifier, void *selection, struct question *question,
                struct answer *answer) {
  const struct settings *settings = specifier->settings;
  struct headers headers = {selection, first_value, random_value, NULL, 0};
  if (settings->mode == MODE_ROUTING_KEY) {
    envoy_text key = {NULL, 0};
    (void)first_value(selection, settings->routing_key, &key);
    routing_key_find(answer, specifier->engine->handle, (turnout_text){key.data, key.size});
    return false;
  }
  envoy_pair pairs[HEADERS_MAX];
  size_t count = CALLBACK(cluster_specifier_get_request_headers_size)(selection);
  if (count <= HEADERS_MAX && CALLBACK(cluster_specifier_get_request_headers)(selection, pairs)) {
    headers.pairs = pairs;
    headers.count = count;
  }
  enum outcome outcome = question_read(question, settings, &headers);
  if (outcome == OUTCOME_OK)
    answer_resolve(answer, settings, specifier->engine->handle, question);
  else
    answer_refuse(answer, outcome);
  return true;
}

static void set_metadata(void *selection, const struct settings *settings,
                         const struct answer *answer) {
  struct entries entries;
  answer_entries(&entries, answer, settings);
  /* A call for each is cheaper than one with a serialised Struct, which Envoy parses and merges. */
  for (size_t i = 0; i < entries.count; i++) {
    const envoy_pair *entry = &entries.pairs[i];
    CALLBACK(cluster_specifier_set_route_metadata_string)(
        selection, settings->metadata_namespace, (envoy_text){entry->key, entry->key_size},
        (envoy_text){entry->value, entry->value_size});
  }
}

/* Takes the mirrors for as many shadows as there are: on the route itself they would cost every
 * request, since Envoy copies its headers wherever there is a mirror. */
static void set_override(void *selection, size_t shadows) {
  static const envoy_text names[TURNOUT_SHADOWS_MAX] = {
      TEXT("shadows-1"), TEXT("shadows-2"), TEXT("shadows-3"), TEXT("shadows-4"),
      TEXT("shadows-5"), TEXT("shadows-6"), TEXT("shadows-7"), TEXT("shadows-8"),
  };
  if (shadows != 0)
    (void)CALLBACK(cluster_specifier_set_route_action_override)(selection, names[shadows - 1]);
}

bool HOOK(cluster_specifier_select)(const void *config, void *selection) {
  struct specifier *specifier = (struct specifier *)config;
  const struct settings *settings = specifier->settings;
  struct question question;
  struct answer answer;
  bool asked = ask(specifier, selection, &question, &answer);
  if (answer.outcome == OUTCOME_OK) {
    const turnout_text *key = &answer.decision.routing_key;
    CALLBACK(cluster_specifier_set_cluster_name)(selection, (envoy_text){key->data, key->size});
    if (settings->shadow_overrides)
      set_override(selection, answer_shadows(settings, &answer.decision));
  } else {
    CALLBACK(cluster_specifier_set_cluster_name)(selection, no_cluster);
    (void)CALLBACK(cluster_specifier_set_cluster_not_found_response_code)(
        selection, settings->codes[answer.outcome]);
  }
  if (settings->metadata != 0)
    set_metadata(selection, settings, &answer);
  counters_count(&specifier->counters, specifier->envoy_config, specifier->engine, settings,
                 asked ? &question : NULL, &answer);
  return true;
}
