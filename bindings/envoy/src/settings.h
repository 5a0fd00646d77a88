/*
 * The settings of a specifier or a filter: bindings/envoy/README.md says what each means.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Made once on the main thread, read by any number of workers, never changed.
 */
#ifndef TURNOUT_ENVOY_SETTINGS_H
#define TURNOUT_ENVOY_SETTINGS_H

#include "complaint.h"
#include "outcome.h"
#include "source.h"

struct unit_setting {
  turnout_name name;
  struct source source;
};

struct attribute_setting {
  struct source source;
  turnout_attribute attribute; /* name with hash, type; with a fixed value, this too */
};

enum mode { MODE_RESOLVE, MODE_ROUTING_KEY };

/* The keys of metadata, in the order in which they are written. METADATA_SHADOWS stands for
 * shadow_1, shadow_1_model, shadow_1_version, shadow_2 … */
enum metadata_key {
  METADATA_STATUS,
  METADATA_USE_CASE,
  METADATA_MODEL,
  METADATA_VERSION,
  METADATA_CLUSTER,
  METADATA_SHARD,
  METADATA_ROUTING_KEY,
  METADATA_REVISION,
  METADATA_DIGEST,
  METADATA_REASON,
  METADATA_RULE,
  METADATA_CELLS,
  METADATA_HOLDOUTS,
  METADATA_TRAFFIC,
  METADATA_FALLBACK,
  METADATA_DEGRADED,
  METADATA_SHADOWS,
  METADATA_CONFIG,
  METADATA_KEYS
};

struct settings {
  const char *store;          /* NUL-terminated, absolute */
  struct source use_case;     /* MODE_RESOLVE */
  turnout_name use_case_name; /* its value with its hash, if it has a fixed one */
  struct source unit;
  struct unit_setting *units;
  size_t unit_count;
  struct attribute_setting *attributes;
  size_t attribute_count;
  struct source request_id;
  enum mode mode;
  envoy_text routing_key;   /* MODE_ROUTING_KEY: the name of the header */
  uint32_t metadata;        /* bit 1 << METADATA_… for each key that is written */
  uint32_t shadow_slots;    /* 0 to TURNOUT_SHADOWS_MAX */
  bool shadow_overrides;    /* specifier only: the override shadows-K is asked for */
  uint32_t codes[OUTCOMES]; /* the HTTP status of each refusal */
  envoy_text metadata_namespace;
  bool counters;
  bool response_headers; /* filter only */
  envoy_text directory;  /* filter only: a path; data NULL without directory assistance */
  json_t *document;      /* what the texts above point into … */
  char *names;           /* … but the names of headers */
};

/* Who asks: a key that would not be obeyed is refused. */
enum settings_for {
  SETTINGS_FOR_SPECIFIER = 1,
  SETTINGS_FOR_FILTER = 2,
  SETTINGS_FOR_BOOTSTRAP = 4
};

/* Reads the JSON object `text`. Returns the settings, or NULL and the words. */
struct settings *settings_read(envoy_text text, enum settings_for whom,
                               struct complaint *complaint);

/* Releases what settings_read made; NULL is allowed. Any thread. */
void settings_free(struct settings *settings);

/* The name of a key of metadata; of METADATA_SHADOWS, its name in the settings. */
envoy_text settings_key(enum metadata_key key);

/* Whether a key of metadata is written. */
static inline bool settings_write(const struct settings *settings, enum metadata_key key) {
  return (settings->metadata >> (uint32_t)key & 1U) != 0;
}

#endif
