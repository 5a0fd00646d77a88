/* SPDX-License-Identifier: Apache-2.0 */
#include "refusal.h"

#include <stdio.h>
#include <string.h>

/* Envoy gives a local reply to gRPC the status OK whatever the HTTP status, unless it is told. */
const char *refusal_grpc_status(uint32_t code) {
  switch (code) {
  case 400:
    return "3"; /* INVALID_ARGUMENT */
  case 404:
    return "5"; /* NOT_FOUND */
  case 405:
    return "12"; /* UNIMPLEMENTED */
  case 413:
    return "8"; /* RESOURCE_EXHAUSTED */
  case 415:
    return "3"; /* INVALID_ARGUMENT */
  case 503:
    return "14"; /* UNAVAILABLE */
  default:
    return "2"; /* UNKNOWN */
  }
}

bool refusal_is_for_grpc(void *stream) {
  static const char grpc[] = "application/grpc";
  envoy_text type;
  return CALLBACK(http_get_header)(stream, REQUEST_HEADERS, (envoy_text){"content-type", 12}, &type,
                                   0, NULL) &&
         type.size >= sizeof grpc - 1 && memcmp(type.data, grpc, sizeof grpc - 1) == 0;
}

/* Nothing of the client's is repeated. */
static int words_of(char *words, size_t size, const struct settings *settings,
                    enum outcome outcome) {
  envoy_text header =
      settings->mode == MODE_ROUTING_KEY ? settings->routing_key : settings->use_case.header;
  switch (outcome) {
  case OUTCOME_MISSING_HEADER:
    return snprintf(words, size, "This request has no header %.*s: send the %s in it.\n",
                    (int)header.size, header.data ? header.data : "",
                    settings->mode == MODE_ROUTING_KEY ? "routing key" : "name of a use case");
  case OUTCOME_UNKNOWN_USE_CASE:
    return snprintf(words, size,
                    "There is no use case of this name: look for a typing error, or publish it.\n");
  case OUTCOME_UNKNOWN_ROUTING_KEY:
    return snprintf(words, size,
                    "The table in force has no such routing key: resolve again and send the new "
                    "one.\n");
  case OUTCOME_DISABLED:
    return snprintf(words, size,
                    "This use case is switched off: ask its owner, or see `turnout overlay`.\n");
  case OUTCOME_MISSING_REQUIRED:
    return snprintf(words, size,
                    "This use case requires an attribute or a unit that the request lacks: see "
                    "`requires` in its document.\n");
  case OUTCOME_UNAVAILABLE:
    return snprintf(words, size,
                    "Every cluster of this use case is down: try again later, or see `turnout "
                    "overlay`.\n");
  case OUTCOME_INVALID_ARGUMENT:
    return snprintf(words, size,
                    "A header that routing reads holds what cannot be read: it is too long or not "
                    "UTF-8.\n");
  case OUTCOME_NO_TABLE:
    return snprintf(words, size,
                    "Nothing has been published yet in this host's store: run `turnout "
                    "publish`.\n");
  default:
    return snprintf(words, size, "This request could not be routed: see Envoy's log.\n");
  }
}

void refuse_request(void *stream, const struct settings *settings, enum outcome outcome) {
  uint32_t code = settings->codes[outcome];
  envoy_text name = outcome_name(outcome);
  const char *status = refusal_grpc_status(code);
  envoy_pair headers[] = {
      {"x-turnout-status", 16, name.data, name.size},
      {"grpc-status", 11, status, strlen(status)},
  };
  char words[256];
  char details[64];
  int words_size = words_of(words, sizeof words, settings, outcome);
  int details_size = snprintf(details, sizeof details, "turnout_%.*s", (int)name.size, name.data);
  if (words_size >= (int)sizeof words)
    words_size = sizeof words - 1;
  bool grpc = refusal_is_for_grpc(stream);
  /* A status message of gRPC is one line without its end. */
  CALLBACK(http_send_response)(stream, code, headers, grpc ? 2 : 1,
                               (envoy_text){words, (size_t)words_size - (grpc ? 1 : 0)},
                               (envoy_text){details, (size_t)details_size});
}
