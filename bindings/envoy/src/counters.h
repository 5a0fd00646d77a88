/*
 * What /stats and Prometheus show. Names of labels' values come from the table, never from clients.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TURNOUT_ENVOY_COUNTERS_H
#define TURNOUT_ENVOY_COUNTERS_H

#include <stdatomic.h>

#include "answer.h"

/* Envoy's calls about metrics, of the specifier or of the filter: they are of one shape. `define_…`
 * take the config's handle; the others what `handle` is to be below. */
struct meter {
  int (*define_counter)(void *envoy_config, envoy_text name, envoy_text *labels, size_t count,
                        size_t *id);
  int (*define_gauge)(void *envoy_config, envoy_text name, envoy_text *labels, size_t count,
                      size_t *id);
  int (*increment)(void *handle, size_t id, envoy_text *values, size_t count, uint64_t by);
  int (*set)(void *handle, size_t id, envoy_text *values, size_t count, uint64_t value);
};

/* The counters of one config object. Its own are atomic; the rest does not change. */
struct counters {
  const struct meter *meter; /* NULL: switched off */
  size_t decisions;
  size_t statuses;
  size_t fallbacks;
  size_t shadows;
  size_t attributes_unread;
  size_t revision;
  size_t table_age_seconds;
  size_t adopted_at_seconds;
  _Atomic int64_t looked_at_seconds; /* when the gauges were set last; monotonic */
};

/* Defines them; in config_new only. False, and the words, if Envoy refuses. */
bool counters_define(struct counters *counters, const struct meter *meter, void *envoy_config,
                     struct complaint *complaint);

/* Counts one answer, and sets the gauges if more than a second has passed since the last time.
 * `handle` is the config's for the specifier and the stream's for the filter. Any worker. */
void counters_count(struct counters *counters, void *handle, const turnout_engine *engine,
                    const struct settings *settings, const struct question *question,
                    const struct answer *answer);

/* Sets the gauges now. */
void counters_look(struct counters *counters, void *handle, const turnout_engine *engine);

#endif
