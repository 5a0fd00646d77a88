/*
 * A host of the module that is no Envoy: it offers the same callbacks, plays requests one by one
 * and notes what the module does with them. Stricter than Envoy: whatever a getter gave is moved
 * away and overwritten at the next setter, and at the end of each hook. SPDX-License-Identifier:
 * Apache-2.0
 *
 * SURFACE (138, 139, 140) says which Envoy's callbacks are there.
 */
#ifndef STUB_HOST_H
#define STUB_HOST_H

#include <stdatomic.h>

#include "../../src/abi.h"

#ifndef SURFACE
#define SURFACE 140
#endif

enum {
  HOST_HEADERS_MAX = 160,
  HOST_METADATA_MAX = 64,
  HOST_METRICS_MAX = 16,
  HOST_LABELS_MAX = 64,
  HOST_ARENA_BYTES = 1 << 20,
  HOST_PIECES_MAX = 64,
};

/* One value of a metric: `name{a,b}`, labels' values in order. */
struct host_series {
  char words[256];
  _Atomic uint64_t value;
  atomic_uint state; /* 0 free, 1 being written, 2 there */
};

/* What Envoy knows of a config object. */
struct host_config {
  struct {
    char name[64];
    size_t label_count;
  } metrics[HOST_METRICS_MAX];
  size_t metric_count;
  bool frozen;
  struct host_series series[HOST_LABELS_MAX];
};

struct host_map {
  size_t count;
  envoy_pair pairs[HOST_HEADERS_MAX];
};

/* One request, of a filter or of a specifier. Texts stand in one of two arenas. */
struct host_stream {
  struct host_config *config;
  const void *route_config;
  struct host_map maps[4];
  envoy_text buffered[HOST_PIECES_MAX];
  size_t buffered_count;
  envoy_text received[HOST_PIECES_MAX];
  size_t received_count;
  bool received_is_buffered;
  struct {
    envoy_text namespace_;
    envoy_pair pair;
  } metadata[HOST_METADATA_MAX];
  size_t metadata_count;
  unsigned clears; /* of the route cache */
  unsigned moves;
  uint32_t reply_code; /* 0: none */
  struct host_map reply_headers;
  envoy_text reply_body;
  envoy_text reply_details;
  envoy_text cluster;   /* a specifier's choice */
  envoy_text override_; /* of its route's action */
  uint32_t not_found_code;
  char *arena;
  char *other;
  size_t used;
};

/* Empties a stream, or makes one (from calloc). A stream is one thread's. */
struct host_stream *host_stream_new(struct host_config *config);
void host_stream_reset(struct host_stream *stream);
void host_stream_free(struct host_stream *stream);

/* Whether what getters gave is moved at setters; the specifier's Envoy promises more. */
void host_move(struct host_stream *stream);

void host_add(struct host_stream *stream, int kind, const char *name, const char *value);
void host_add_bytes(struct host_stream *stream, int kind, envoy_text name, envoy_text value);
/* A piece of the request's body, as received. */
void host_receive(struct host_stream *stream, const char *bytes, size_t size);
/* What Envoy does after BODY_STOP_AND_BUFFER. */
void host_buffer(struct host_stream *stream);

/* The first value; data NULL if there is none. */
envoy_text host_header(const struct host_stream *stream, int kind, const char *name);
size_t host_header_count(const struct host_stream *stream, int kind, const char *name);
envoy_text host_reply_header(const struct host_stream *stream, const char *name);
/* The last value that was written in the namespace `turnout`. */
envoy_text host_metadata(const struct host_stream *stream, const char *key);

uint64_t host_metric(struct host_config *config, const char *series);
void host_config_clear(struct host_config *config);

/* The log since it was cleared, one line each. */
const char *host_log(void);
void host_log_clear(void);
/* What is_validation_mode answers. */
extern atomic_bool host_validates;

/* Whether this thread is in the host's own code, which may do what the module may not. */
extern _Thread_local int host_depth;

#endif
