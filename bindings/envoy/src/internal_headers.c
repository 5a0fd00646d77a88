/* SPDX-License-Identifier: Apache-2.0 */
#include "internal_headers.h"

#include <stdio.h>

#define NAME(literal) {literal, sizeof(literal) - 1}

static const envoy_text cluster_header = NAME("x-turnout-cluster");
static const envoy_text shadow_header = NAME("x-turnout-shadow");
static const envoy_text shadow_headers[TURNOUT_SHADOWS_MAX] = {
    NAME("x-turnout-shadow-1"), NAME("x-turnout-shadow-2"), NAME("x-turnout-shadow-3"),
    NAME("x-turnout-shadow-4"), NAME("x-turnout-shadow-5"), NAME("x-turnout-shadow-6"),
    NAME("x-turnout-shadow-7"), NAME("x-turnout-shadow-8")};
static const envoy_text model_header = NAME("x-turnout-model");
static const envoy_text version_header = NAME("x-turnout-version");
static const envoy_text revision_header = NAME("x-turnout-revision");

/* A value with data NULL, which the absent text has, removes the header. */
static void set(void *stream, envoy_text name, turnout_text value) {
  CALLBACK(http_set_header)(stream, REQUEST_HEADERS, name, (envoy_text){value.data, value.size});
}

static void set_all(void *stream, const struct settings *settings,
                    const turnout_decision *decision) {
  static const turnout_text absent = {NULL, 0};
  char digits[24];
  turnout_text revision = absent;
  if (decision && decision->revision != 0 && settings_write(settings, METADATA_REVISION)) {
    int size = snprintf(digits, sizeof digits, "%llu", (unsigned long long)decision->revision);
    revision = (turnout_text){digits, (size_t)size};
  }
  bool says_model = decision && settings_write(settings, METADATA_MODEL);
  bool says_version = decision && settings_write(settings, METADATA_VERSION);
  set(stream, cluster_header, decision ? decision->routing_key : absent);
  set(stream, model_header, says_model ? decision->model : absent);
  set(stream, version_header, says_version ? decision->version : absent);
  set(stream, revision_header, revision);
  set(stream, shadow_header, absent);
  for (size_t i = 0; i < TURNOUT_SHADOWS_MAX; i++) {
    bool has_shadow = decision && i < decision->shadow_count && i < settings->shadow_slots;
    set(stream, shadow_headers[i], has_shadow ? decision->shadows[i].routing_key : absent);
  }
}

void internal_headers_set(void *stream, const struct settings *settings,
                          const struct answer *answer) {
  set_all(stream, settings, answer->outcome == OUTCOME_OK ? &answer->decision : NULL);
}

void internal_headers_remove(void *stream) {
  envoy_text sent;
  bool has_cluster =
      CALLBACK(http_get_header)(stream, REQUEST_HEADERS, cluster_header, &sent, 0, NULL);
  set_all(stream, NULL, NULL);
  if (has_cluster)
    CALLBACK(http_clear_route_cache)(stream);
}
