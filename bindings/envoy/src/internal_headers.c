/* SPDX-License-Identifier: Apache-2.0 */
#include "internal_headers.h"

#include <stdio.h>
#include <string.h>

enum {
  CLUSTER,
  SHADOW,
  MODEL,
  VERSION,
  REVISION,
  SHADOW_1,
  NAMES = SHADOW_1 + TURNOUT_SHADOWS_MAX
};

#define NAME(literal) {literal, sizeof(literal) - 1}
static const envoy_text names[NAMES] = {
    [CLUSTER] = NAME("x-turnout-cluster"),       [SHADOW] = NAME("x-turnout-shadow"),
    [MODEL] = NAME("x-turnout-model"),           [VERSION] = NAME("x-turnout-version"),
    [REVISION] = NAME("x-turnout-revision"),     [SHADOW_1] = NAME("x-turnout-shadow-1"),
    [SHADOW_1 + 1] = NAME("x-turnout-shadow-2"), [SHADOW_1 + 2] = NAME("x-turnout-shadow-3"),
    [SHADOW_1 + 3] = NAME("x-turnout-shadow-4"), [SHADOW_1 + 4] = NAME("x-turnout-shadow-5"),
    [SHADOW_1 + 5] = NAME("x-turnout-shadow-6"), [SHADOW_1 + 6] = NAME("x-turnout-shadow-7"),
    [SHADOW_1 + 7] = NAME("x-turnout-shadow-8")};
static const envoy_text prefix = NAME("x-turnout-");

internal_headers internal_headers_sent(const struct headers *headers) {
  internal_headers sent = 0;
  if (!headers->pairs)
    return (1U << (unsigned)NAMES) - 1U;
  for (size_t i = 0; i < headers->count; i++) {
    const envoy_pair *pair = &headers->pairs[i];
    if (pair->key_size <= prefix.size || memcmp(pair->key, prefix.data, prefix.size) != 0)
      continue;
    for (unsigned name = 0; name < NAMES; name++)
      if (pair->key_size == names[name].size &&
          memcmp(pair->key, names[name].data, pair->key_size) == 0)
        sent |= 1U << name;
  }
  return sent;
}

static void write(void *stream, unsigned name, turnout_text value) {
  envoy_text text = {value.data, value.size};
  if (text.data)
    CALLBACK(http_add_header)(stream, REQUEST_HEADERS, names[name], text);
}

void internal_headers_add(void *stream, const struct settings *settings,
                          const turnout_decision *decision) {
  write(stream, CLUSTER, decision->routing_key);
  if (settings_write(settings, METADATA_MODEL))
    write(stream, MODEL, decision->model);
  if (settings_write(settings, METADATA_VERSION))
    write(stream, VERSION, decision->version);
  if (decision->revision != 0 && settings_write(settings, METADATA_REVISION)) {
    char digits[24];
    int size = snprintf(digits, sizeof digits, "%llu", (unsigned long long)decision->revision);
    write(stream, REVISION, (turnout_text){digits, (size_t)size});
  }
  size_t shadows = answer_shadows(settings, decision);
  for (unsigned i = 0; i < shadows; i++)
    write(stream, SHADOW_1 + i, decision->shadows[i].routing_key);
}

void internal_headers_remove(void *stream, internal_headers sent) {
  for (unsigned name = 0; name < NAMES; name++)
    if ((sent >> name & 1U) != 0)
      CALLBACK(http_set_header)(stream, REQUEST_HEADERS, names[name], (envoy_text){NULL, 0});
  /* A route may have matched any of them. */
  if (sent != 0)
    CALLBACK(http_clear_route_cache)(stream);
}

void internal_headers_remove_trailers(void *stream) {
  for (unsigned name = 0; name < NAMES; name++)
    CALLBACK(http_set_header)(stream, REQUEST_TRAILERS, names[name], (envoy_text){NULL, 0});
}
