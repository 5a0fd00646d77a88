/*
 * Counts answers.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "counters.h"

#include <time.h>

#define TEXT(literal) {literal, sizeof(literal) - 1}

/* The use case of a routing key that was looked up. */
static const envoy_text no_use_case = TEXT("-");

static bool refused(struct complaint *complaint, const char *name, int result) {
  return complain(complaint, "Envoy does not define the metric %s (%d)", name, result);
}

bool counters_define_gauges(struct table_gauges *gauges,
                            int (*define)(void *envoy_config, envoy_text name, envoy_text *labels,
                                          size_t count, size_t *id),
                            void *envoy_config, struct complaint *complaint) {
  const struct {
    envoy_text name;
    size_t *id;
  } all[] = {
      {TEXT("revision"), &gauges->revision},
      {TEXT("adopted_at_seconds"), &gauges->adopted_at_seconds},
      {TEXT("table_age_seconds"), &gauges->table_age_seconds},
  };
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
    int result = define(envoy_config, all[i].name, NULL, 0, all[i].id);
    if (result != METRIC_OK)
      return refused(complaint, all[i].name.data, result);
  }
  return true;
}

struct touching {
  const struct counters *counters;
  void *envoy_config;
};

static void touch(void *context, uint16_t counter, envoy_text *values, size_t count) {
  const struct touching *touching = context;
  (void)touching->counters->meter->touch(touching->envoy_config, touching->counters->ids[counter],
                                         values, count, 0);
}

bool counters_define(struct counters *counters, const struct meter *meter, void *envoy_config,
                     struct engine *engine, struct complaint *complaint) {
  static const struct {
    envoy_text name;
    envoy_text labels[2];
    size_t count;
  } all[COUNTERS] = {
      [COUNTER_DECISIONS] = {TEXT("decisions"), {TEXT("use_case"), TEXT("destination")}, 2},
      [COUNTER_STATUSES] = {TEXT("statuses"), {TEXT("status")}, 1},
      [COUNTER_FALLBACKS] = {TEXT("fallbacks"), {TEXT("use_case")}, 1},
      [COUNTER_DEGRADED] = {TEXT("degraded"), {TEXT("use_case")}, 1},
      [COUNTER_SHADOWS] = {TEXT("shadows"), {TEXT("use_case"), TEXT("destination")}, 2},
      [COUNTER_ATTRIBUTES_UNREAD] = {TEXT("attributes_unread"), {{NULL, 0}}, 0},
  };
  for (size_t i = 0; i < COUNTERS; i++) {
    envoy_text labels[2] = {all[i].labels[0], all[i].labels[1]};
    int result = meter->define_counter(envoy_config, all[i].name, all[i].count == 0 ? NULL : labels,
                                       all[i].count, &counters->ids[i]);
    if (result != METRIC_OK)
      return refused(complaint, all[i].name.data, result);
  }
  counters->meter = meter;
  struct touching touching = {counters, envoy_config};
  if (meter->touch != NULL)
    series_each(engine->series, touch, &touching);
  return counters_define_gauges(&counters->gauges, meter->define_gauge, envoy_config, complaint);
}

int64_t counters_now(void) {
  struct timespec now;
  return clock_gettime(CLOCK_REALTIME_COARSE, &now) == 0 ? now.tv_sec : 0;
}

void counters_set_gauges(const struct table_gauges *gauges,
                         int (*set)(void *handle, size_t id, envoy_text *values, size_t count,
                                    uint64_t value),
                         void *handle, const struct engine *engine, int64_t now_seconds) {
  uint64_t revision = atomic_load_explicit(&engine->revision, memory_order_relaxed);
  int64_t adopted = atomic_load_explicit(&engine->adopted_at_seconds, memory_order_relaxed);
  /* Without a table there is no age; a clock that was set back makes none below zero. */
  uint64_t at = revision == 0 || adopted < 0 ? 0 : (uint64_t)adopted;
  uint64_t age = revision == 0 || now_seconds < adopted ? 0 : (uint64_t)(now_seconds - adopted);
  (void)set(handle, gauges->revision, NULL, 0, revision);
  (void)set(handle, gauges->adopted_at_seconds, NULL, 0, at);
  (void)set(handle, gauges->table_age_seconds, NULL, 0, age);
}

/* Sets the gauges if that is due. Of several workers one does it, mostly; two at once do no harm.
 */
static void show_table(struct counters *counters, void *handle, struct engine *engine,
                       uint64_t revision) {
  int64_t now = counters_now();
  engines_saw(engine, revision, now);
  uint64_t shown = atomic_load_explicit(&counters->shown_revision, memory_order_relaxed);
  int64_t at = atomic_load_explicit(&counters->shown_at_seconds, memory_order_relaxed);
  if (((shown == revision || revision == 0) && at == now) ||
      !atomic_compare_exchange_strong_explicit(&counters->shown_at_seconds, &at, now,
                                               memory_order_relaxed, memory_order_relaxed))
    return;
  if (revision != 0)
    atomic_store_explicit(&counters->shown_revision, revision, memory_order_relaxed);
  counters_set_gauges(&counters->gauges, counters->meter->set, handle, engine, now);
}

static envoy_text text_of(turnout_text text) { return (envoy_text){text.data, text.size}; }

/* Adds one to the series with these labels. */
static void count_one(const struct counters *counters, void *handle, const struct engine *engine,
                      enum counter counter, envoy_text *values, size_t count) {
  (void)counters->meter->increment(handle, counters->ids[counter], values, count, 1);
  series_note(engine->series, (uint16_t)counter, values, count);
}

static void count_decision(const struct counters *counters, void *handle,
                           const struct engine *engine, const struct settings *settings,
                           const struct answer *answer) {
  const turnout_decision *decision = &answer->decision;
  envoy_text values[2] = {answer->use_case.size == 0 ? no_use_case : text_of(answer->use_case),
                          text_of(decision->routing_key)};
  count_one(counters, handle, engine, COUNTER_DECISIONS, values, 2);
  if ((decision->flags & TURNOUT_FALLBACK) != 0)
    count_one(counters, handle, engine, COUNTER_FALLBACKS, values, 1);
  if ((decision->flags & TURNOUT_DEGRADED) != 0)
    count_one(counters, handle, engine, COUNTER_DEGRADED, values, 1);
  size_t shadows = answer_shadows(settings, decision);
  for (size_t i = 0; i < shadows; i++) {
    values[1] = text_of(decision->shadows[i].routing_key);
    count_one(counters, handle, engine, COUNTER_SHADOWS, values, 2);
  }
}

void counters_count(struct counters *counters, void *handle, struct engine *engine,
                    const struct settings *settings, const struct question *question,
                    const struct answer *answer) {
  if (counters->meter == NULL)
    return;
  envoy_text status[] = {outcome_name(answer->outcome)};
  if (answer->outcome == OUTCOME_OK)
    count_decision(counters, handle, engine, settings, answer);
  else
    count_one(counters, handle, engine, COUNTER_STATUSES, status, 1);
  if (question != NULL && question->attributes_unread != 0)
    (void)counters->meter->increment(handle, counters->ids[COUNTER_ATTRIBUTES_UNREAD], NULL, 0,
                                     question->attributes_unread);
  show_table(counters, handle, engine, answer->decision.revision);
}
