/* SPDX-License-Identifier: Apache-2.0 */
#include "response_words.h"

#include <stdio.h>
#include <string.h>

void response_words_clear(struct response_words *words) {
  words->count = 0;
  words->size = 0;
}

static void keep(struct response_words *words, const char *name, const char *data, size_t size) {
  if (!data || size > sizeof words->bytes - words->size ||
      words->count == sizeof words->headers / sizeof *words->headers)
    return;
  words->headers[words->count].name = (envoy_text){name, strlen(name)};
  words->headers[words->count].offset = words->size;
  words->headers[words->count].size = (uint32_t)size;
  words->count++;
  memcpy(words->bytes + words->size, data, size);
  words->size += (uint32_t)size;
}

void response_words_keep(struct response_words *words, const struct answer *answer) {
  response_words_clear(words);
  const turnout_decision *decision = &answer->decision;
  envoy_text status = outcome_name(answer->outcome);
  keep(words, "x-turnout-status", status.data, status.size);
  if (decision->revision != 0) {
    char digits[24];
    int size = snprintf(digits, sizeof digits, "%llu", (unsigned long long)decision->revision);
    keep(words, "x-turnout-revision", digits, (size_t)size);
  }
  if (answer->outcome != OUTCOME_OK)
    return;
  envoy_text reason = answer_reason(decision->reason);
  keep(words, "x-turnout-routing-key", decision->routing_key.data, decision->routing_key.size);
  keep(words, "x-turnout-model", decision->model.data, decision->model.size);
  keep(words, "x-turnout-version", decision->version.data, decision->version.size);
  keep(words, "x-turnout-reason", reason.size > 0 ? reason.data : NULL, reason.size);
  keep(words, "x-turnout-rule", decision->rule.data, decision->rule.size);
  if (decision->flags & TURNOUT_FALLBACK)
    keep(words, "x-turnout-fallback", "true", 4);
  if (decision->flags & TURNOUT_DEGRADED)
    keep(words, "x-turnout-degraded", "true", 4);
}

void response_words_write(const struct response_words *words, void *stream) {
  for (uint32_t i = 0; i < words->count; i++)
    CALLBACK(http_set_header)
  (stream, RESPONSE_HEADERS, words->headers[i].name,
   (envoy_text){words->bytes + words->headers[i].offset, words->headers[i].size});
}
