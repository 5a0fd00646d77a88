/* What the stub host offers a bootstrap extension: one timer, and gauges.
 * SPDX-License-Identifier: Apache-2.0 */
#include "host.h"

static int timer;

void *CALLBACK(bootstrap_extension_timer_new)(void *config) {
  (void)config;
  return &timer;
}

void CALLBACK(bootstrap_extension_timer_enable)(void *which, uint64_t milliseconds) {
  (void)milliseconds;
  *(int *)which = 1;
}

void CALLBACK(bootstrap_extension_timer_delete)(void *which) { *(int *)which = 0; }

void CALLBACK(bootstrap_extension_config_signal_init_complete)(void *config) { (void)config; }

int CALLBACK(bootstrap_extension_config_define_gauge)(void *config, envoy_text name,
                                                      envoy_text *labels, size_t count,
                                                      size_t *id) {
  return CALLBACK(http_filter_config_define_gauge)(config, name, labels, count, id);
}

int CALLBACK(bootstrap_extension_config_set_gauge)(void *config, size_t id, envoy_text *values,
                                                   size_t count, uint64_t value) {
  struct host_stream stream = {.config = config};
  return CALLBACK(http_filter_set_gauge)(&stream, id, values, count, value);
}
