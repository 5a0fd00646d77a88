/* SPDX-License-Identifier: Apache-2.0 */
#include "route_settings.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "route_document.h"

/* Whether any route of this process ever had settings: it saves all others the look. */
static atomic_bool routes_have_settings;

static bool mode_of(const char *word, enum route_mode *mode) {
  static const struct {
    const char *word;
    enum route_mode mode;
  } modes[] = {{"resolve", ROUTE_RESOLVE}, {"routing_key", ROUTE_ROUTING_KEY}, {"off", ROUTE_OFF}};
  for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
    if (strcmp(word, modes[i].word) == 0) {
      *mode = modes[i].mode;
      return true;
    }
  return false;
}

static bool check(json_t *object, enum route_mode *mode, const char **use_case,
                  struct complaint *complaint) {
  const char *key = NULL;
  json_t *value = NULL;
  json_object_foreach(object, key, value) {
    if (strcmp(key, "mode") == 0) {
      if (!json_is_string(value) || !mode_of(json_string_value(value), mode))
        return complain(complaint, "mode: it is resolve, routing_key or off");
    } else if (strcmp(key, "use_case") == 0) {
      *use_case = json_string_value(value);
      if (!*use_case || !**use_case || json_string_length(value) > 128)
        return complain(complaint, "use_case: it is the name of a use case, in quotes");
    } else {
      return complain(complaint,
                      "%.100s: a route has no such setting, but mode and use_case; the others are "
                      "the listener's",
                      key);
    }
  }
  if (*use_case && *mode != ROUTE_AS_LISTENER && *mode != ROUTE_RESOLVE)
    return complain(complaint, "use_case: it means nothing in this mode, in which nothing is "
                               "resolved");
  return true;
}

struct route_settings *route_settings_read(envoy_text text, struct complaint *complaint) {
  json_t *object = route_document_read(text, complaint);
  if (!object)
    return NULL;
  enum route_mode mode = ROUTE_AS_LISTENER;
  const char *use_case = NULL;
  struct route_settings *route = NULL;
  if (check(object, &mode, &use_case, complaint)) {
    size_t size = use_case ? strlen(use_case) : 0;
    route = calloc(1, sizeof *route + size + 1);
    if (route) {
      route->mode = mode;
      memcpy(route->use_case_bytes, use_case ? use_case : "", size);
      if (use_case)
        route->use_case = turnout_name_of((turnout_text){route->use_case_bytes, size});
      atomic_store_explicit(&routes_have_settings, true, memory_order_relaxed);
    } else {
      complain(complaint, "there is no memory left");
    }
  }
  json_decref(object);
  return route;
}

const struct route_settings *route_settings_of(void *stream) {
  if (!atomic_load_explicit(&routes_have_settings, memory_order_relaxed))
    return NULL;
  return CALLBACK(get_most_specific_route_config)(stream);
}
