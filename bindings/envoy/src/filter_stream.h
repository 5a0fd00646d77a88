/*
 * What a filter knows: of its listener, of a route, and of one request.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TURNOUT_ENVOY_FILTER_STREAM_H
#define TURNOUT_ENVOY_FILTER_STREAM_H

#include "counters.h"
#include "engines.h"
#include "settings.h"

struct filter;

/* What a stream waits for. */
enum stage {
  STAGE_ROUTED,    /* nothing more: the request goes on, or has been answered */
  STAGE_DIRECTORY, /* the body of a question to the directory */
};

/* What response headers say, kept from the request to its response. */
struct response_words {
  uint32_t count;
  uint32_t size;
  struct {
    envoy_text name; /* static */
    uint32_t offset;
    uint32_t size;
  } headers[12];
  char bytes[2048];
};

/* One request. A filter that needs to remember nothing gives every request the same one, which
 * nobody writes. */
struct stream {
  struct filter *filter;
  enum stage stage;
  struct response_words words[]; /* one if the settings want response headers, else none */
};

/* The config object: made on the main thread, read by all workers; only its counters change. */
struct filter {
  struct settings *settings;
  struct engine *engine;
  struct counters counters;
  struct stream *shared; /* NULL if each request needs its own */
};

#endif
