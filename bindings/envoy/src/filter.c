/*
 * The HTTP filter: the decision as request headers and dynamic metadata, for Envoy 1.38 and later.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Getters' texts end with the first setter, so the order on a request is: read, decide, count, and
 * only then write.
 */
#include <stdlib.h>
#include <string.h>

#include "directory_stream.h"
#include "internal_headers.h"
#include "refusal.h"
#include "response_words.h"
#include "route_settings.h"
#include "routing_key.h"

static const struct meter filter_meter = {
    .define_counter = CALLBACK(http_filter_config_define_counter),
    .define_gauge = CALLBACK(http_filter_config_define_gauge),
    .touch = CALLBACK(http_filter_config_increment_counter),
    .increment = CALLBACK(http_filter_increment_counter),
    .set = CALLBACK(http_filter_set_gauge),
};

/* ---- The config object ---------------------------------------------------------------------- */

static void filter_free(struct filter *filter) {
  if (!filter)
    return;
  if (filter->engine)
    engines_release(filter->engine);
  settings_free(filter->settings);
  free(filter->shared);
  free(filter);
}

static struct filter *filter_make(void *envoy_config, envoy_text config,
                                  struct complaint *complaint) {
  struct filter *filter = calloc(1, sizeof *filter);
  if (!filter)
    return NULL;
  filter->settings = settings_read(config, SETTINGS_FOR_FILTER, complaint);
  if (!filter->settings)
    goto fail;
  filter->engine = engines_take(filter->settings->store, complaint);
  if (!filter->engine)
    goto fail;
  if (filter->settings->counters &&
      !counters_define(&filter->counters, &filter_meter, envoy_config, filter->engine, complaint))
    goto fail;
  if (!filter->settings->directory.data && !filter->settings->response_headers) {
    filter->shared = calloc(1, sizeof *filter->shared);
    if (!filter->shared)
      goto fail;
    filter->shared->filter = filter;
  }
  return filter;
fail:
  filter_free(filter);
  return NULL;
}

const void *HOOK(http_filter_config_new)(void *envoy_config, envoy_text name, envoy_text config) {
  (void)name;
  struct complaint complaint = {"there is no memory left"};
  struct filter *filter = filter_make(envoy_config, config, &complaint);
  if (!filter)
    complaint_log(&complaint, LOG_ERROR);
  return filter;
}

/* On the main thread or on a worker: nothing here waits. */
void HOOK(http_filter_config_destroy)(const void *config) { filter_free((struct filter *)config); }

const void *HOOK(http_filter_per_route_config_new)(envoy_text name, envoy_text config) {
  (void)name;
  struct complaint complaint = {"there is no memory left"};
  struct route_settings *route = route_settings_read(config, &complaint);
  if (!route)
    complaint_log(&complaint, LOG_ERROR);
  return route;
}

void HOOK(http_filter_per_route_config_destroy)(const void *config) { free((void *)config); }

/* ---- One request ---------------------------------------------------------------------------- */

const void *HOOK(http_filter_new)(const void *config, void *envoy_stream) {
  (void)envoy_stream;
  struct filter *filter = (struct filter *)config;
  if (filter->shared)
    return filter->shared;
  bool keeps_words = filter->settings->response_headers;
  struct stream *stream =
      malloc(sizeof *stream + (keeps_words ? sizeof(struct response_words) : 0));
  if (!stream)
    return NULL; /* Envoy fails this stream. */
  stream->filter = filter;
  stream->stage = STAGE_ROUTED;
  if (keeps_words)
    response_words_clear(stream->words);
  return stream;
}

void HOOK(http_filter_destroy)(const void *stream_) {
  const struct stream *stream = stream_;
  if (stream && stream != stream->filter->shared)
    free((void *)stream);
}

static bool first_header(void *envoy_stream, envoy_text name, envoy_text *value) {
  return CALLBACK(http_get_header)(envoy_stream, REQUEST_HEADERS, name, value, 0, NULL);
}

/* The request's headers, all in one call unless there are too many. The filter decides once for a
 * request and its retries, so it needs no number of Envoy's. */
static struct headers read_headers(void *envoy_stream, envoy_pair pairs[HEADERS_MAX]) {
  struct headers headers = {envoy_stream, first_header, NULL, NULL, 0};
  size_t count = CALLBACK(http_get_headers_size)(envoy_stream, REQUEST_HEADERS);
  if (count <= HEADERS_MAX && CALLBACK(http_get_headers)(envoy_stream, REQUEST_HEADERS, pairs)) {
    headers.pairs = pairs;
    headers.count = count;
  }
  return headers;
}

/* The settings in force on this route. `own` is where they are put together if they are not simply
 * the listener's. */
static const struct settings *settings_on(const struct route_settings *route,
                                          const struct settings *listener, struct settings *own) {
  if (!route)
    return listener;
  *own = *listener;
  if (route->mode != ROUTE_AS_LISTENER)
    own->mode = route->mode == ROUTE_ROUTING_KEY ? MODE_ROUTING_KEY : MODE_RESOLVE;
  if (route->use_case.data) {
    own->use_case = (struct source){{NULL, 0}, {route->use_case.data, route->use_case.size}};
    own->use_case_name = route->use_case;
  }
  return own;
}

/* Fills the answer; false if no question was read. */
static bool decide(struct answer *answer, struct question *question, const struct headers *headers,
                   const struct settings *settings, const turnout_engine *engine) {
  if (settings->mode == MODE_ROUTING_KEY) {
    envoy_text key = question_header(headers, settings->routing_key);
    routing_key_find(answer, engine, (turnout_text){key.data, key.size});
    return false;
  }
  enum outcome outcome = question_read(question, settings, headers);
  if (outcome == OUTCOME_OK)
    answer_resolve(answer, settings, engine, question);
  else
    answer_refuse(answer, outcome);
  return true;
}

/* The name of the use case stands in a header, which does not outlive the first setter. */
static void keep_use_case(struct answer *answer, char *bytes, size_t size) {
  if (!answer->use_case.data)
    return;
  if (answer->use_case.size > size) {
    answer->use_case = (turnout_text){NULL, 0};
    return;
  }
  memcpy(bytes, answer->use_case.data, answer->use_case.size);
  answer->use_case.data = bytes;
}

static void write_metadata(void *envoy_stream, const struct settings *settings,
                           const struct answer *answer) {
  struct entries entries;
  if (settings->metadata == 0)
    return;
  answer_entries(&entries, answer, settings);
  if (CALLBACK(http_set_dynamic_metadata_string_batch)) {
    if (entries.count > 0)
      CALLBACK(http_set_dynamic_metadata_string_batch)
    (envoy_stream, settings->metadata_namespace, entries.pairs, entries.count);
    return;
  }
  for (size_t i = 0; i < entries.count; i++) {
    const envoy_pair *pair = &entries.pairs[i];
    CALLBACK(http_set_dynamic_metadata_string)
    (envoy_stream, settings->metadata_namespace, (envoy_text){pair->key, pair->key_size},
     (envoy_text){pair->value, pair->value_size});
  }
}

static int route_request(void *envoy_stream, struct stream *stream, const struct headers *headers,
                         const struct settings *settings) {
  struct filter *filter = stream->filter;
  struct question question;
  struct answer answer;
  char use_case[256];
  bool asked = decide(&answer, &question, headers, settings, filter->engine->handle);
  counters_count(&filter->counters, envoy_stream, filter->engine, settings,
                 asked ? &question : NULL, &answer);
  keep_use_case(&answer, use_case, sizeof use_case);
  write_metadata(envoy_stream, settings, &answer);
  if (settings->response_headers)
    response_words_keep(stream->words, &answer);
  if (answer.outcome != OUTCOME_OK) {
    refuse_request(envoy_stream, settings, answer.outcome);
    return HEADERS_STOP;
  }
  internal_headers_add(envoy_stream, settings, &answer.decision);
  /* The route was chosen with the client's headers: it is chosen anew with these. */
  CALLBACK(http_clear_route_cache)(envoy_stream);
  return HEADERS_CONTINUE;
}

int HOOK(http_filter_request_headers)(void *envoy_stream, const void *stream_, bool end) {
  struct stream *stream = (struct stream *)stream_;
  const struct settings *listener = stream->filter->settings;
  envoy_pair pairs[HEADERS_MAX];
  struct headers headers = read_headers(envoy_stream, pairs);
  /* Before anything is chosen: a route that matched a forged header must not lend its settings. */
  internal_headers sent = internal_headers_sent(&headers);
  if (sent) {
    internal_headers_remove(envoy_stream, sent);
    headers = read_headers(envoy_stream, pairs);
  }
  if (listener->directory.data && directory_is_asked(&headers, listener))
    return directory_headers(envoy_stream, stream, &headers, end);
  const struct route_settings *route = route_settings_of(envoy_stream);
  if (route && route->mode == ROUTE_OFF)
    return HEADERS_CONTINUE;
  struct settings own;
  return route_request(envoy_stream, stream, &headers, settings_on(route, listener, &own));
}

int HOOK(http_filter_request_body)(void *envoy_stream, const void *stream_, bool end) {
  struct stream *stream = (struct stream *)stream_;
  return stream->stage == STAGE_DIRECTORY ? directory_body(envoy_stream, stream, end)
                                          : BODY_CONTINUE;
}

int HOOK(http_filter_request_trailers)(void *envoy_stream, const void *stream_) {
  struct stream *stream = (struct stream *)stream_;
  if (stream->stage == STAGE_DIRECTORY)
    return directory_trailers(envoy_stream, stream);
  /* A proxy behind this one may make headers of trailers. */
  internal_headers_remove_trailers(envoy_stream);
  return TRAILERS_CONTINUE;
}

int HOOK(http_filter_response_headers)(void *envoy_stream, const void *stream_, bool end) {
  (void)end;
  const struct stream *stream = stream_;
  if (stream->filter->settings->response_headers)
    response_words_write(stream->words, envoy_stream);
  return HEADERS_CONTINUE;
}
