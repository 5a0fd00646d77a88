/*
 * Reads the settings: every key by its own small reader, named in one table.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "settings.h"

#include <stdlib.h>
#include <string.h>

#define TEXT(literal) {literal, sizeof(literal) - 1}
#define NAME_BYTES_MAX 128

static const envoy_text metadata_names[METADATA_KEYS] = {
    [METADATA_STATUS] = TEXT("status"),
    [METADATA_USE_CASE] = TEXT("use_case"),
    [METADATA_MODEL] = TEXT("model"),
    [METADATA_VERSION] = TEXT("version"),
    [METADATA_CLUSTER] = TEXT("cluster"),
    [METADATA_SHARD] = TEXT("shard"),
    [METADATA_ROUTING_KEY] = TEXT("routing_key"),
    [METADATA_REVISION] = TEXT("revision"),
    [METADATA_DIGEST] = TEXT("digest"),
    [METADATA_REASON] = TEXT("reason"),
    [METADATA_RULE] = TEXT("rule"),
    [METADATA_CELLS] = TEXT("cells"),
    [METADATA_HOLDOUTS] = TEXT("holdouts"),
    [METADATA_TRAFFIC] = TEXT("traffic"),
    [METADATA_FALLBACK] = TEXT("fallback"),
    [METADATA_DEGRADED] = TEXT("degraded"),
    [METADATA_SHADOWS] = TEXT("shadows"),
    [METADATA_CONFIG] = TEXT("config"),
};

envoy_text settings_key(enum metadata_key key) { return metadata_names[key]; }

/* What the readers share. */
struct reading {
  struct settings *settings;
  struct room room;
  struct complaint *complaint;
};

static bool read_store(struct reading *reading, json_t *value) {
  const char *path = json_string_value(value);
  if (path == NULL || path[0] != '/')
    return complain(reading->complaint, "store: expected an absolute path");
  reading->settings->store = path;
  return true;
}

static bool read_use_case(struct reading *reading, json_t *value) {
  struct settings *settings = reading->settings;
  if (!source_read(value, "use_case", &reading->room, &settings->use_case, reading->complaint))
    return false;
  settings->use_case_name = turnout_name_of(settings->use_case.value);
  return true;
}

static bool read_unit(struct reading *reading, json_t *value) {
  return source_read(value, "unit", &reading->room, &reading->settings->unit, reading->complaint);
}

static bool read_request_id(struct reading *reading, json_t *value) {
  return source_read(value, "request_id", &reading->room, &reading->settings->request_id,
                     reading->complaint);
}

/* Whether `value` is an object of at most `most` members, none with an empty or endless name. */
static bool is_map(struct reading *reading, json_t *value, const char *key, size_t most) {
  if (!json_is_object(value))
    return complain(reading->complaint, "%s: expected an object", key);
  if (json_object_size(value) > most)
    return complain(reading->complaint, "%s: at most %zu", key, most);
  for (void *i = json_object_iter(value); i != NULL; i = json_object_iter_next(value, i)) {
    size_t size = strlen(json_object_iter_key(i));
    if (size == 0 || size > NAME_BYTES_MAX)
      return complain(reading->complaint, "%s: a name has 1 to %d bytes", key, NAME_BYTES_MAX);
  }
  return true;
}

static turnout_name name_of(const char *name) {
  return turnout_name_of((turnout_text){name, strlen(name)});
}

static bool read_units(struct reading *reading, json_t *value) {
  struct settings *settings = reading->settings;
  if (!is_map(reading, value, "units", TURNOUT_UNITS_MAX))
    return false;
  for (void *i = json_object_iter(value); i != NULL; i = json_object_iter_next(value, i)) {
    struct unit_setting *unit = &settings->units[settings->unit_count++];
    char key[160];
    (void)snprintf(key, sizeof key, "units.%s", json_object_iter_key(i));
    unit->name = name_of(json_object_iter_key(i));
    if (!source_read(json_object_iter_value(i), key, &reading->room, &unit->source,
                     reading->complaint))
      return false;
  }
  return true;
}

static bool read_attributes(struct reading *reading, json_t *value) {
  struct settings *settings = reading->settings;
  if (!is_map(reading, value, "attributes", TURNOUT_ATTRIBUTES_MAX))
    return false;
  for (void *i = json_object_iter(value); i != NULL; i = json_object_iter_next(value, i)) {
    struct attribute_setting *setting = &settings->attributes[settings->attribute_count++];
    const char *name = json_object_iter_key(i);
    if (!source_read_attribute(json_object_iter_value(i), name, &reading->room, &setting->source,
                               &setting->attribute, reading->complaint))
      return false;
    setting->attribute.name = name_of(name);
  }
  return true;
}

static bool read_mode(struct reading *reading, json_t *value) {
  const char *mode = json_string_value(value);
  if (mode != NULL && strcmp(mode, "resolve") == 0)
    reading->settings->mode = MODE_RESOLVE;
  else if (mode != NULL && strcmp(mode, "routing_key") == 0)
    reading->settings->mode = MODE_ROUTING_KEY;
  else
    return complain(reading->complaint, "mode: expected resolve or routing_key");
  return true;
}

static bool read_routing_key(struct reading *reading, json_t *value) {
  struct source source;
  if (!source_read(value, "routing_key", &reading->room, &source, reading->complaint))
    return false;
  if (source.header.data == NULL)
    return complain(reading->complaint, "routing_key: expected {header: NAME}");
  reading->settings->routing_key = source.header;
  return true;
}

static bool read_metadata(struct reading *reading, json_t *value) {
  if (!json_is_array(value))
    return complain(reading->complaint, "metadata: expected a list of keys");
  reading->settings->metadata = 0;
  for (size_t i = 0; i < json_array_size(value); i++) {
    const char *name = json_string_value(json_array_get(value, i));
    int key = 0;
    while (key < METADATA_KEYS && (name == NULL || strcmp(name, metadata_names[key].data) != 0))
      key++;
    if (key == METADATA_KEYS)
      return complain(reading->complaint,
                      "metadata: there is no key \"%s\"; there are status, use_case, model, "
                      "version, cluster, shard, routing_key, revision, digest, reason, rule, "
                      "cells, holdouts, traffic, fallback, degraded, shadows, config",
                      name == NULL ? "(not a text)" : name);
    reading->settings->metadata |= UINT32_C(1) << (uint32_t)key;
  }
  return true;
}

/* A whole number: a Struct has only doubles, which may arrive as `2` or as `2.0`. */
static bool read_whole(struct reading *reading, const json_t *value, const char *key,
                       uint32_t least, uint32_t most, uint32_t *number) {
  double said = json_is_number(value) ? json_number_value(value) : -1;
  if (said < least || said > most || said != (double)(uint32_t)said)
    return complain(reading->complaint, "%s: expected a whole number from %u to %u", key, least,
                    most);
  *number = (uint32_t)said;
  return true;
}

static bool read_shadow_slots(struct reading *reading, json_t *value) {
  return read_whole(reading, value, "shadow_slots", 0, TURNOUT_SHADOWS_MAX,
                    &reading->settings->shadow_slots);
}

static bool read_switch(struct reading *reading, const json_t *value, const char *key, bool *on) {
  if (!json_is_boolean(value))
    return complain(reading->complaint, "%s: expected true or false", key);
  *on = json_is_true(value);
  return true;
}

static bool read_shadow_overrides(struct reading *reading, json_t *value) {
  return read_switch(reading, value, "shadow_overrides", &reading->settings->shadow_overrides);
}

static bool read_statuses(struct reading *reading, json_t *value) {
  if (!json_is_object(value))
    return complain(reading->complaint, "statuses: expected an object");
  for (void *i = json_object_iter(value); i != NULL; i = json_object_iter_next(value, i)) {
    const char *name = json_object_iter_key(i);
    enum outcome outcome = OUTCOME_OK + 1;
    while (outcome < OUTCOMES && strcmp(name, outcome_name(outcome).data) != 0)
      outcome++;
    if (outcome == OUTCOMES)
      return complain(reading->complaint, "statuses: there is no refusal \"%s\"", name);
    char key[160];
    (void)snprintf(key, sizeof key, "statuses.%s", name);
    if (!read_whole(reading, json_object_iter_value(i), key, 400, 599,
                    &reading->settings->codes[outcome]))
      return false;
  }
  return true;
}

static bool read_namespace(struct reading *reading, json_t *value) {
  size_t size = json_string_length(value);
  if (size == 0 || size > 256)
    return complain(reading->complaint, "namespace: expected a text of 1 to 256 bytes");
  reading->settings->metadata_namespace = (envoy_text){json_string_value(value), size};
  return true;
}

static bool read_counters(struct reading *reading, json_t *value) {
  return read_switch(reading, value, "counters", &reading->settings->counters);
}

static bool read_response_headers(struct reading *reading, json_t *value) {
  return read_switch(reading, value, "response_headers", &reading->settings->response_headers);
}

static bool read_directory(struct reading *reading, json_t *value) {
  const char *path = json_string_value(value);
  if (path == NULL || path[0] != '/' || strpbrk(path, "?# ") != NULL)
    return complain(reading->complaint, "directory: expected a path such as /turnout/v1/resolve");
  reading->settings->directory = (envoy_text){path, json_string_length(value)};
  return true;
}

#define BOTH (SETTINGS_FOR_SPECIFIER + SETTINGS_FOR_FILTER)
#define ALL (BOTH + SETTINGS_FOR_BOOTSTRAP)
static const struct {
  const char *name;
  bool (*read)(struct reading *reading, json_t *value);
  uint32_t whose; /* SETTINGS_FOR_… */
} keys[] = {
    {"store", read_store, ALL},
    {"use_case", read_use_case, BOTH},
    {"unit", read_unit, BOTH},
    {"units", read_units, BOTH},
    {"attributes", read_attributes, BOTH},
    {"request_id", read_request_id, BOTH},
    {"mode", read_mode, BOTH},
    {"routing_key", read_routing_key, BOTH},
    {"metadata", read_metadata, BOTH},
    {"shadow_slots", read_shadow_slots, BOTH},
    {"shadow_overrides", read_shadow_overrides, SETTINGS_FOR_SPECIFIER},
    {"statuses", read_statuses, BOTH},
    {"namespace", read_namespace, BOTH},
    {"counters", read_counters, BOTH},
    {"response_headers", read_response_headers, SETTINGS_FOR_FILTER},
    {"directory", read_directory, SETTINGS_FOR_FILTER},
};
enum { KEYS = sizeof keys / sizeof keys[0] };

static bool read_key(struct reading *reading, enum settings_for whom, const char *name,
                     json_t *value) {
  for (int i = 0; i < KEYS; i++) {
    if (strcmp(name, keys[i].name) != 0)
      continue;
    if ((keys[i].whose & (uint32_t)whom) == 0)
      return complain(reading->complaint, "%s: only %s has this setting", name,
                      keys[i].whose == BOTH                     ? "a specifier or a filter"
                      : keys[i].whose == SETTINGS_FOR_SPECIFIER ? "the cluster specifier"
                                                                : "the HTTP filter");
    return keys[i].read(reading, value);
  }
  return complain(
      reading->complaint,
      "there is no setting \"%s\"; there are store, use_case, unit, units, attributes, "
      "request_id, mode, routing_key, metadata, shadow_slots, shadow_overrides, statuses, "
      "namespace, counters, and for the HTTP filter response_headers and directory",
      name);
}

static void set_defaults(struct settings *settings) {
  settings->use_case.header = (envoy_text)TEXT("x-turnout-use-case");
  settings->unit.header = (envoy_text)TEXT("x-turnout-unit");
  settings->request_id.header = (envoy_text)TEXT("x-request-id");
  settings->routing_key = (envoy_text)TEXT("x-turnout-routing-key");
  static const enum metadata_key written[] = {METADATA_MODEL,  METADATA_VERSION, METADATA_REVISION,
                                              METADATA_REASON, METADATA_CELLS,   METADATA_SHADOWS};
  for (size_t i = 0; i < sizeof written / sizeof written[0]; i++)
    settings->metadata |= UINT32_C(1) << (uint32_t)written[i];
  settings->shadow_slots = TURNOUT_SHADOWS_MAX;
  for (enum outcome outcome = OUTCOME_OK; outcome < OUTCOMES; outcome++)
    settings->codes[outcome] = outcome_code(outcome);
  settings->metadata_namespace = (envoy_text)TEXT("turnout");
  settings->counters = true;
}

/* Room for what the document has many of. */
static bool make_room(struct settings *settings, const json_t *document, size_t text_size) {
  size_t units = json_object_size(json_object_get(document, "units"));
  size_t attributes = json_object_size(json_object_get(document, "attributes"));
  settings->names = malloc(text_size + 1);
  settings->units = calloc(units + 1, sizeof *settings->units);
  settings->attributes = calloc(attributes + 1, sizeof *settings->attributes);
  return settings->names != NULL && settings->units != NULL && settings->attributes != NULL;
}

static bool read_document(struct settings *settings, enum settings_for whom, size_t text_size,
                          struct complaint *complaint) {
  json_t *document = settings->document;
  if (!json_is_object(document))
    return complain(complaint, "the settings are not an object");
  if (!make_room(settings, document, text_size))
    return complain(complaint, "there is no memory for the settings");
  set_defaults(settings);
  struct reading reading = {settings, {settings->names, text_size}, complaint};
  for (void *i = json_object_iter(document); i != NULL; i = json_object_iter_next(document, i))
    if (!read_key(&reading, whom, json_object_iter_key(i), json_object_iter_value(i)))
      return false;
  if (settings->store == NULL)
    return complain(complaint, "store is missing: the store's directory, an absolute path");
  return true;
}

struct settings *settings_read(envoy_text text, enum settings_for whom,
                               struct complaint *complaint) {
  struct settings *settings = calloc(1, sizeof *settings);
  if (settings == NULL) {
    complain(complaint, "there is no memory for the settings");
    return NULL;
  }
  json_error_t error;
  settings->document =
      json_loadb(text.data == NULL ? "" : text.data, text.size, JSON_REJECT_DUPLICATES, &error);
  if (settings->document == NULL) {
    complain(complaint, "the settings are no JSON object: line %d, column %d: %s", error.line,
             error.column, error.text);
  } else if (read_document(settings, whom, text.size, complaint)) {
    return settings;
  }
  settings_free(settings);
  return NULL;
}

void settings_free(struct settings *settings) {
  if (settings == NULL)
    return;
  json_decref(settings->document);
  free(settings->names);
  free(settings->units);
  free(settings->attributes);
  free(settings);
}
