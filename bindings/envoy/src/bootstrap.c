/*
 * The bootstrap extension: a timer on Envoy's main thread keeps the gauges true without traffic.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Workers cannot: what an engine serves is asked under a lock.
 */
#include <stdlib.h>

#include "counters.h"

#define TEXT(literal) {literal, sizeof(literal) - 1}
#define LOOK_MILLISECONDS 1000

struct bootstrap {
  void *envoy_config;
  struct engine *engine;
  void *timer;
  struct table_gauges gauges;
  size_t head_revision;
  size_t head_refused;
  size_t overlay_generation;
};

static bool define(struct bootstrap *bootstrap, struct complaint *complaint) {
  const struct {
    envoy_text name;
    size_t *id;
  } more[] = {
      {TEXT("head_revision"), &bootstrap->head_revision},
      {TEXT("head_refused"), &bootstrap->head_refused},
      {TEXT("overlay_generation"), &bootstrap->overlay_generation},
  };
  for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
    if (CALLBACK(bootstrap_extension_config_define_gauge)(bootstrap->envoy_config, more[i].name,
                                                          NULL, 0, more[i].id) != METRIC_OK)
      return complain(complaint, "Envoy does not define the metric %s", more[i].name.data);
  }
  return counters_define_gauges(&bootstrap->gauges,
                                CALLBACK(bootstrap_extension_config_define_gauge),
                                bootstrap->envoy_config, complaint);
}

static bool make(struct bootstrap *bootstrap, void *envoy_config, envoy_text config,
                 struct complaint *complaint) {
  bootstrap->envoy_config = envoy_config;
  struct settings *settings = settings_read(config, SETTINGS_FOR_BOOTSTRAP, complaint);
  if (settings == NULL)
    return false;
  bootstrap->engine = engines_take(settings->store, complaint);
  settings_free(settings);
  return bootstrap->engine != NULL && define(bootstrap, complaint);
}

static void destroy(struct bootstrap *bootstrap) {
  if (bootstrap->timer != NULL)
    CALLBACK(bootstrap_extension_timer_delete)(bootstrap->timer);
  if (bootstrap->engine != NULL)
    engines_release(bootstrap->engine);
  free(bootstrap);
}

const void *HOOK(bootstrap_extension_config_new)(void *envoy_config, envoy_text name,
                                                 envoy_text config) {
  (void)name;
  struct complaint complaint = {"there is no memory for the bootstrap extension"};
  struct bootstrap *bootstrap = calloc(1, sizeof *bootstrap);
  if (bootstrap != NULL && make(bootstrap, envoy_config, config, &complaint)) {
    CALLBACK(bootstrap_extension_config_signal_init_complete)(envoy_config);
    return bootstrap;
  }
  complaint_log(&complaint, LOG_ERROR);
  if (bootstrap != NULL)
    destroy(bootstrap);
  return NULL;
}

void HOOK(bootstrap_extension_config_destroy)(const void *config) {
  destroy((struct bootstrap *)config);
}

const void *HOOK(bootstrap_extension_new)(const void *config, void *envoy_extension) {
  (void)envoy_extension;
  return config;
}

void HOOK(bootstrap_extension_destroy)(const void *extension) { (void)extension; }

static void show(const struct bootstrap *bootstrap) {
  turnout_engine_info info;
  if (!engines_look(bootstrap->engine, &info))
    return;
  void *envoy_config = bootstrap->envoy_config;
  int (*set)(void *, size_t, envoy_text *, size_t, uint64_t) =
      CALLBACK(bootstrap_extension_config_set_gauge);
  counters_set_gauges(&bootstrap->gauges, set, envoy_config, bootstrap->engine, counters_now());
  (void)set(envoy_config, bootstrap->head_revision, NULL, 0, info.head_revision);
  (void)set(envoy_config, bootstrap->head_refused, NULL, 0, info.head_status != TURNOUT_OK);
  (void)set(envoy_config, bootstrap->overlay_generation, NULL, 0, info.overlay_generation);
}

void HOOK(bootstrap_extension_server_initialized)(void *envoy_extension, const void *extension) {
  (void)envoy_extension;
  struct bootstrap *bootstrap = (struct bootstrap *)extension;
  if (CALLBACK(is_validation_mode)() || bootstrap->timer != NULL)
    return;
  bootstrap->timer = CALLBACK(bootstrap_extension_timer_new)(bootstrap->envoy_config);
  if (bootstrap->timer != NULL)
    CALLBACK(bootstrap_extension_timer_enable)(bootstrap->timer, 0);
}

void HOOK(bootstrap_extension_timer_fired)(void *envoy_config, const void *config, void *timer) {
  (void)envoy_config;
  show(config);
  CALLBACK(bootstrap_extension_timer_enable)(timer, LOOK_MILLISECONDS);
}

void HOOK(bootstrap_extension_worker_thread_initialized)(void *envoy_extension,
                                                         const void *extension) {
  (void)envoy_extension;
  (void)extension;
}

void HOOK(bootstrap_extension_drain_started)(void *envoy_extension, const void *extension) {
  (void)envoy_extension;
  (void)extension;
}

void HOOK(bootstrap_extension_shutdown)(void *envoy_extension, const void *extension,
                                        void (*completion)(void *context), void *context) {
  (void)envoy_extension;
  (void)extension;
  if (completion != NULL)
    completion(context);
}

void HOOK(bootstrap_extension_config_scheduled)(void *envoy_config, const void *config,
                                                uint64_t event) {
  (void)envoy_config;
  (void)config;
  (void)event;
}

void HOOK(bootstrap_extension_http_callout_done)(void *envoy_config, const void *config,
                                                 uint64_t id, int result, const envoy_pair *headers,
                                                 size_t count, const envoy_text *body,
                                                 size_t body_count) {
  (void)envoy_config;
  (void)config;
  (void)id;
  (void)result;
  (void)headers;
  (void)count;
  (void)body;
  (void)body_count;
}

void HOOK(bootstrap_extension_file_changed)(void *envoy_config, const void *config, envoy_text path,
                                            uint32_t events) {
  (void)envoy_config;
  (void)config;
  (void)path;
  (void)events;
}

uint32_t HOOK(bootstrap_extension_admin_request)(void *envoy_config, const void *config,
                                                 envoy_text method, envoy_text path,
                                                 envoy_text body) {
  (void)envoy_config;
  (void)config;
  (void)method;
  (void)path;
  (void)body;
  return 404;
}

void HOOK(bootstrap_extension_cluster_add_or_update)(void *envoy_config, const void *config,
                                                     envoy_text name) {
  (void)envoy_config;
  (void)config;
  (void)name;
}

void HOOK(bootstrap_extension_cluster_removal)(void *envoy_config, const void *config,
                                               envoy_text name) {
  (void)envoy_config;
  (void)config;
  (void)name;
}

void HOOK(bootstrap_extension_listener_add_or_update)(void *envoy_config, const void *config,
                                                      envoy_text name) {
  (void)envoy_config;
  (void)config;
  (void)name;
}

void HOOK(bootstrap_extension_listener_removal)(void *envoy_config, const void *config,
                                                envoy_text name) {
  (void)envoy_config;
  (void)config;
  (void)name;
}
