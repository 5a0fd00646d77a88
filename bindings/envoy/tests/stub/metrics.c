/* The stub host's metrics, for filter and specifier alike. Series live in a fixed table, so that
 * counting takes no lock and no memory.
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "host.h"

void host_config_clear(struct host_config *config) { memset(config, 0, sizeof *config); }

static int define(void *config_, envoy_text name, envoy_text *labels, size_t count, size_t *id) {
  struct host_config *config = config_;
  (void)labels;
  if (config->frozen)
    return METRIC_FROZEN;
  if (config->metric_count == HOST_METRICS_MAX || name.size >= sizeof config->metrics[0].name)
    return METRIC_BAD_LABELS;
  memcpy(config->metrics[config->metric_count].name, name.data, name.size);
  config->metrics[config->metric_count].label_count = count;
  *id = config->metric_count++;
  return METRIC_OK;
}

static struct host_series *series_of(struct host_config *config, const char *words) {
  for (size_t i = 0; i < HOST_LABELS_MAX; i++) {
    struct host_series *series = &config->series[i];
    unsigned expected = 0;
    if (atomic_compare_exchange_strong(&series->state, &expected, 1)) {
      memcpy(series->words, words, strlen(words) + 1);
      atomic_store(&series->state, 2);
      return series;
    }
    while (atomic_load(&series->state) != 2)
      ;
    if (strcmp(series->words, words) == 0)
      return series;
  }
  return NULL;
}

static int change(void *config_, size_t id, envoy_text *values, size_t count, uint64_t by,
                  bool set) {
  struct host_config *config = config_;
  if (id >= config->metric_count)
    return METRIC_NOT_FOUND;
  if (count != config->metrics[id].label_count)
    return METRIC_BAD_LABELS;
  char words[256];
  size_t size = strlen(config->metrics[id].name);
  memcpy(words, config->metrics[id].name, size);
  words[size++] = '{';
  for (size_t i = 0; i < count; i++) {
    if (values[i].size + size + 3 > sizeof words)
      return METRIC_BAD_LABELS;
    if (i > 0)
      words[size++] = ',';
    memcpy(words + size, values[i].data, values[i].size);
    size += values[i].size;
  }
  words[size++] = '}';
  words[size] = 0;
  struct host_series *series = series_of(config, words);
  if (!series)
    return METRIC_NOT_FOUND;
  if (set)
    atomic_store(&series->value, by);
  else
    atomic_fetch_add(&series->value, by);
  return METRIC_OK;
}

uint64_t host_metric(struct host_config *config, const char *words) {
  for (size_t i = 0; i < HOST_LABELS_MAX; i++)
    if (atomic_load(&config->series[i].state) == 2 && strcmp(config->series[i].words, words) == 0)
      return atomic_load(&config->series[i].value);
  return 0;
}

int CALLBACK(http_filter_config_define_counter)(void *config, envoy_text name, envoy_text *labels,
                                                size_t count, size_t *id) {
  return define(config, name, labels, count, id);
}

int CALLBACK(http_filter_config_define_gauge)(void *config, envoy_text name, envoy_text *labels,
                                              size_t count, size_t *id) {
  return define(config, name, labels, count, id);
}

int CALLBACK(http_filter_increment_counter)(void *stream, size_t id, envoy_text *values,
                                            size_t count, uint64_t by) {
  return change(((struct host_stream *)stream)->config, id, values, count, by, false);
}

int CALLBACK(http_filter_set_gauge)(void *stream, size_t id, envoy_text *values, size_t count,
                                    uint64_t value) {
  return change(((struct host_stream *)stream)->config, id, values, count, value, true);
}

#if SURFACE >= 140
int CALLBACK(cluster_specifier_config_define_counter)(void *config, envoy_text name,
                                                      envoy_text *labels, size_t count,
                                                      size_t *id) {
  return define(config, name, labels, count, id);
}

int CALLBACK(cluster_specifier_config_define_gauge)(void *config, envoy_text name,
                                                    envoy_text *labels, size_t count, size_t *id) {
  return define(config, name, labels, count, id);
}

int CALLBACK(cluster_specifier_config_increment_counter)(void *config, size_t id,
                                                         envoy_text *values, size_t count,
                                                         uint64_t by) {
  return change(config, id, values, count, by, false);
}

int CALLBACK(cluster_specifier_config_set_gauge)(void *config, size_t id, envoy_text *values,
                                                 size_t count, uint64_t value) {
  return change(config, id, values, count, value, true);
}
#endif
