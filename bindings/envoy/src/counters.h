/*
 * What /stats and Prometheus show. The values of labels come from the table and from the settings,
 * never from clients.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TURNOUT_ENVOY_COUNTERS_H
#define TURNOUT_ENVOY_COUNTERS_H

#include <stdatomic.h>

#include "answer.h"
#include "engines.h"

/* Envoy's calls about metrics, of the specifier or of the filter: they are of one shape. The first
 * three take the config's handle; the others the config's for the specifier, the stream's for the
 * filter. `touch` increments, too; NULL where Envoy has no such call. */
struct meter {
  int (*define_counter)(void *envoy_config, envoy_text name, envoy_text *labels, size_t count,
                        size_t *id);
  int (*define_gauge)(void *envoy_config, envoy_text name, envoy_text *labels, size_t count,
                      size_t *id);
  int (*touch)(void *envoy_config, size_t id, envoy_text *values, size_t count, uint64_t by);
  int (*increment)(void *handle, size_t id, envoy_text *values, size_t count, uint64_t by);
  int (*set)(void *handle, size_t id, envoy_text *values, size_t count, uint64_t value);
};

/* Three gauges of a store's table, by Envoy's numbers. They have no label: Envoy would keep a copy
 * of its value for each time that a bootstrap extension sets one. */
struct table_gauges {
  size_t revision;
  size_t adopted_at_seconds;
  size_t table_age_seconds;
};

enum counter {
  COUNTER_DECISIONS,
  COUNTER_STATUSES,
  COUNTER_FALLBACKS,
  COUNTER_DEGRADED,
  COUNTER_SHADOWS,
  COUNTER_ATTRIBUTES_UNREAD,
  COUNTERS
};

/* The counters of one config object. Its own are atomic; the rest does not change. */
struct counters {
  const struct meter *meter; /* NULL: switched off */
  size_t ids[COUNTERS];      /* Envoy's numbers for them */
  struct table_gauges gauges;
  _Atomic uint64_t shown_revision;  /* what the gauges were last set to … */
  _Atomic int64_t shown_at_seconds; /* … and when */
};

/* Defines them, and goes on where another configuration of the engine's store stands; in config_new
 * only. False, and the words, if Envoy refuses. */
bool counters_define(struct counters *counters, const struct meter *meter, void *envoy_config,
                     struct engine *engine, struct complaint *complaint);

/* Counts one answer. Sets the gauges, too, if it came from another table than the last, or if they
 * were set in another second. Any worker. */
void counters_count(struct counters *counters, void *handle, struct engine *engine,
                    const struct settings *settings, const struct question *question,
                    const struct answer *answer);

/* The same calls for whoever has gauges only. */
bool counters_define_gauges(struct table_gauges *gauges,
                            int (*define)(void *envoy_config, envoy_text name, envoy_text *labels,
                                          size_t count, size_t *id),
                            void *envoy_config, struct complaint *complaint);
void counters_set_gauges(const struct table_gauges *gauges,
                         int (*set)(void *handle, size_t id, envoy_text *values, size_t count,
                                    uint64_t value),
                         void *handle, const struct engine *engine, int64_t now_seconds);

/* The time in whole seconds since 1970; no system call. */
int64_t counters_now(void);

#endif
