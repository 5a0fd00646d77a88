/* Playing requests through the module by the stub host.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef STUB_PLAY_H
#define STUB_PLAY_H

#include "../../../../Tests/C/stores.h"
#include "host.h"

/* A filter or a specifier in the stub host. */
struct played {
  struct host_config host;
  const void *config;
};

/* "SETTINGS" with the store of this program put in for %s. */
static inline void play_new(struct played *played, const char *store, const char *settings,
                            bool filter) {
  char words[4096];
  snprintf(words, sizeof words, settings, store);
  host_config_clear(&played->host);
  envoy_text config = {words, strlen(words)};
  envoy_text name = {"turnout", 7};
  played->config = filter ? HOOK(http_filter_config_new)(&played->host, name, config)
                          : HOOK(cluster_specifier_config_new)(&played->host, name, config);
  played->host.frozen = true;
  if (!played->config)
    give_up("the module refuses its settings:", host_log());
}

static inline void play_free(struct played *played, bool filter) {
  if (filter)
    HOOK(http_filter_config_destroy)(played->config);
  else
    HOOK(cluster_specifier_config_destroy)(played->config);
}

/* Begins a request. */
static inline const void *play_begin(struct played *played, struct host_stream *stream) {
  stream->config = &played->host;
  return HOOK(http_filter_new)(played->config, stream);
}

/* Plays the request's headers through a filter; the stream keeps what became of it. After the hook
 * nothing that the module was given is where it was. */
static inline int play_headers(struct host_stream *stream, const void *filter, bool end) {
  int status = HOOK(http_filter_request_headers)(stream, filter, end);
  host_move(stream);
  return status;
}

static inline int play_body(struct host_stream *stream, const void *filter, bool end) {
  int status = HOOK(http_filter_request_body)(stream, filter, end);
  if (status == BODY_STOP_AND_BUFFER)
    host_buffer(stream);
  else
    stream->received_count = 0;
  host_move(stream);
  return status;
}

/* A whole request without a body: headers, then the response's if it was not answered. */
static inline int play_request(struct played *played, struct host_stream *stream) {
  const void *filter = play_begin(played, stream);
  int status = play_headers(stream, filter, true);
  HOOK(http_filter_response_headers)(stream, filter, true);
  host_move(stream);
  HOOK(http_filter_stream_complete)(stream, filter);
  HOOK(http_filter_destroy)(filter);
  return status;
}

static inline bool play_select(struct played *played, struct host_stream *stream) {
  bool chosen = HOOK(cluster_specifier_select)(played->config, stream);
  host_move(stream);
  return chosen;
}

static inline turnout_text said(envoy_text text) { return (turnout_text){text.data, text.size}; }

#define CHECK_SAYS(text, expected) CHECK_TEXT(said(text), expected)

#endif
