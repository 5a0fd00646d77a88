/* The library itself, as an Envoy loads it: opened with every symbol bound at once, into a process
 * that has this surface's callbacks; again and again, with requests in between.
 * SPDX-License-Identifier: Apache-2.0 */
#include "play.h"

#include <dlfcn.h>
#include <link.h>

enum { LOADS = 30 };

static char store[PATH_BYTES];

static void *module_open(void) {
  void *module = dlopen(setting("MODULE"), RTLD_NOW | RTLD_LOCAL);
  if (!module)
    give_up("the module does not load:", dlerror());
  return module;
}

static void *hook(void *module, const char *name) {
  char symbol[128];
  snprintf(symbol, sizeof symbol, "envoy_dynamic_module_on_%s", name);
  void *found = dlsym(module, symbol);
  if (!found)
    give_up("the module lacks", symbol);
  return found;
}

/* Loads, serves, drains: what remains is the library, which is never unloaded. */
static void play_once(struct host_stream *stream) {
  static struct host_config host;
  void *module = module_open();
  const char *(*init)(void);
  const void *(*config_new)(void *, envoy_text, envoy_text);
  void (*config_destroy)(const void *);
  const void *(*stream_new)(const void *, void *);
  int (*request_headers)(void *, const void *, bool);
  void (*destroy)(const void *);
  *(void **)&init = hook(module, "program_init");
  *(void **)&config_new = hook(module, "http_filter_config_new");
  *(void **)&config_destroy = hook(module, "http_filter_config_destroy");
  *(void **)&stream_new = hook(module, "http_filter_new");
  *(void **)&request_headers = hook(module, "http_filter_request_headers");
  *(void **)&destroy = hook(module, "http_filter_destroy");
  CHECK_TEXT(text(init()), SURFACE >= 140 ? "v0.2.0" : "v0.1.0");
  char settings[PATH_BYTES + 32];
  snprintf(settings, sizeof settings, "{\"store\":\"%s\"}", store);
  host_config_clear(&host);
  const void *config =
      config_new(&host, (envoy_text){"turnout", 7}, (envoy_text){settings, strlen(settings)});
  CHECK(config != NULL);
  for (int i = 0; i < 20; i++) {
    host_stream_reset(stream);
    stream->config = &host;
    host_add(stream, REQUEST_HEADERS, "x-turnout-use-case", "Home");
    host_add(stream, REQUEST_HEADERS, "x-turnout-unit", "ada");
    const void *filter = stream_new(config, stream);
    CHECK_INT(request_headers(stream, filter, true), HEADERS_CONTINUE);
    CHECK_SAYS(host_header(stream, REQUEST_HEADERS, "x-turnout-cluster"), "to-beta");
    destroy(filter);
  }
  config_destroy(config);
  dlclose(module);
}

static void it_loads_serves_and_drains_again_and_again(void) {
  struct host_stream *stream = host_stream_new(NULL);
  for (int i = 0; i < LOADS; i++)
    play_once(stream);
  host_stream_free(stream);
}

/* The hooks of each part; an Envoy refuses a part of which one is missing. */
static void it_has_every_hook_that_is_required(void) {
  static const char *const hooks[] = {
      "program_init",
      "cluster_specifier_config_new",
      "cluster_specifier_config_destroy",
      "cluster_specifier_select",
      "http_filter_config_new",
      "http_filter_config_destroy",
      "http_filter_per_route_config_new",
      "http_filter_per_route_config_destroy",
      "http_filter_new",
      "http_filter_request_headers",
      "http_filter_request_body",
      "http_filter_request_trailers",
      "http_filter_response_headers",
      "http_filter_response_body",
      "http_filter_response_trailers",
      "http_filter_stream_complete",
      "http_filter_destroy",
      "http_filter_http_callout_done",
      "http_filter_http_stream_headers",
      "http_filter_http_stream_data",
      "http_filter_http_stream_trailers",
      "http_filter_http_stream_complete",
      "http_filter_http_stream_reset",
      "http_filter_scheduled",
      "http_filter_downstream_above_write_buffer_high_watermark",
      "http_filter_downstream_below_write_buffer_low_watermark",
  };
  void *module = module_open();
  for (size_t i = 0; i < sizeof hooks / sizeof *hooks; i++)
    CHECK(hook(module, hooks[i]) != NULL);
  dlclose(module);
}

int main(void) {
  path_below_work(store, "loading");
  char document[PATH_BYTES];
  path_below_work(document, "routes.yaml");
  publish(store, document);
  RUN(it_has_every_hook_that_is_required);
  RUN(it_loads_serves_and_drains_again_and_again);
  return claims_end();
}
