/* SPDX-License-Identifier: Apache-2.0 */
#include "host.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)0)
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)0)
#endif

_Thread_local int host_depth;
atomic_bool host_validates;

/* ---- The log -------------------------------------------------------------------------------- */

static pthread_mutex_t log_mutex = PTHREAD_MUTEX_INITIALIZER;
static char log_lines[65536];
static size_t log_size;

const char *host_log(void) { return log_lines; }

void host_log_clear(void) {
  log_size = 0;
  log_lines[0] = 0;
}

void CALLBACK(log)(int level, envoy_text message) {
  (void)level;
  host_depth++;
  pthread_mutex_lock(&log_mutex);
  size_t left = sizeof log_lines - log_size;
  if (message.size + 2 < left) {
    memcpy(log_lines + log_size, message.data, message.size);
    log_size += message.size;
    log_lines[log_size++] = '\n';
    log_lines[log_size] = 0;
  }
  pthread_mutex_unlock(&log_mutex);
  host_depth--;
}

bool CALLBACK(is_validation_mode)(void) { return atomic_load(&host_validates); }

/* ---- Memory of a stream --------------------------------------------------------------------- */

static void out_of_room(void) {
  fprintf(stderr, "the stub host has no room left\n");
  abort();
}

static char *keep(struct host_stream *stream, const char *data, size_t size) {
  if (size > HOST_ARENA_BYTES - stream->used)
    out_of_room();
  char *kept = stream->arena + stream->used;
  if (size > 0)
    memcpy(kept, data, size);
  stream->used += size;
  return kept;
}

static envoy_text keep_text(struct host_stream *stream, envoy_text text) {
  return (envoy_text){text.data ? keep(stream, text.data, text.size) : NULL, text.size};
}

static envoy_pair keep_pair(struct host_stream *stream, envoy_pair pair) {
  pair.key = keep(stream, pair.key, pair.key_size);
  pair.value = keep(stream, pair.value, pair.value_size);
  return pair;
}

static void keep_map(struct host_stream *stream, struct host_map *map) {
  for (size_t i = 0; i < map->count; i++)
    map->pairs[i] = keep_pair(stream, map->pairs[i]);
}

static void keep_pieces(struct host_stream *stream, envoy_text *pieces, size_t count) {
  for (size_t i = 0; i < count; i++)
    pieces[i] = keep_text(stream, pieces[i]);
}

void host_move(struct host_stream *stream) {
  size_t old_size = stream->used;
  char *old = stream->arena;
  ASAN_UNPOISON_MEMORY_REGION(stream->other, HOST_ARENA_BYTES);
  stream->arena = stream->other;
  stream->other = old;
  stream->used = 0;
  for (int kind = 0; kind < 4; kind++)
    keep_map(stream, &stream->maps[kind]);
  keep_pieces(stream, stream->buffered, stream->buffered_count);
  keep_pieces(stream, stream->received, stream->received_count);
  for (size_t i = 0; i < stream->metadata_count; i++) {
    stream->metadata[i].namespace_ = keep_text(stream, stream->metadata[i].namespace_);
    stream->metadata[i].pair = keep_pair(stream, stream->metadata[i].pair);
  }
  keep_map(stream, &stream->reply_headers);
  stream->reply_body = keep_text(stream, stream->reply_body);
  stream->reply_details = keep_text(stream, stream->reply_details);
  stream->cluster = keep_text(stream, stream->cluster);
  stream->override_ = keep_text(stream, stream->override_);
  memset(old, 0xDD, old_size);
  ASAN_POISON_MEMORY_REGION(old, HOST_ARENA_BYTES);
  stream->moves++;
}

void host_stream_reset(struct host_stream *stream) {
  struct host_stream empty = {
      .config = stream->config, .arena = stream->arena, .other = stream->other};
  *stream = empty;
}

struct host_stream *host_stream_new(struct host_config *config) {
  struct host_stream *stream = calloc(1, sizeof *stream);
  char *arenas = calloc(2, HOST_ARENA_BYTES);
  if (!stream || !arenas)
    abort();
  stream->config = config;
  stream->arena = arenas;
  stream->other = arenas + HOST_ARENA_BYTES;
  return stream;
}

void host_stream_free(struct host_stream *stream) {
  char *first = stream->arena < stream->other ? stream->arena : stream->other;
  ASAN_UNPOISON_MEMORY_REGION(first, 2 * HOST_ARENA_BYTES);
  free(first);
  free(stream);
}

/* ---- What tests put in and take out --------------------------------------------------------- */

static envoy_text words(const char *text) { return (envoy_text){text, strlen(text)}; }

static bool same(const char *data, size_t size, envoy_text text) {
  return size == text.size && memcmp(data, text.data, size) == 0;
}

static void add(struct host_stream *stream, struct host_map *map, envoy_text name,
                envoy_text value) {
  if (map->count == HOST_HEADERS_MAX)
    out_of_room();
  map->pairs[map->count++] =
      keep_pair(stream, (envoy_pair){name.data, name.size, value.data, value.size});
}

void host_add_bytes(struct host_stream *stream, int kind, envoy_text name, envoy_text value) {
  add(stream, &stream->maps[kind], name, value);
}

void host_add(struct host_stream *stream, int kind, const char *name, const char *value) {
  host_add_bytes(stream, kind, words(name), words(value));
}

void host_receive(struct host_stream *stream, const char *bytes, size_t size) {
  if (stream->received_count == HOST_PIECES_MAX)
    out_of_room();
  stream->received[stream->received_count++] = (envoy_text){keep(stream, bytes, size), size};
}

void host_buffer(struct host_stream *stream) {
  for (size_t i = 0; i < stream->received_count; i++) {
    if (stream->buffered_count == HOST_PIECES_MAX)
      out_of_room();
    stream->buffered[stream->buffered_count++] = stream->received[i];
  }
  stream->received_count = 0;
}

static const envoy_pair *find(const struct host_map *map, envoy_text name, size_t index,
                              size_t *count) {
  const envoy_pair *found = NULL;
  size_t seen = 0;
  for (size_t i = 0; i < map->count; i++)
    if (same(map->pairs[i].key, map->pairs[i].key_size, name) && seen++ == index)
      found = &map->pairs[i];
  if (count)
    *count = seen;
  return found;
}

static envoy_text value_of(const envoy_pair *pair) {
  return pair ? (envoy_text){pair->value, pair->value_size} : (envoy_text){NULL, 0};
}

envoy_text host_header(const struct host_stream *stream, int kind, const char *name) {
  return value_of(find(&stream->maps[kind], words(name), 0, NULL));
}

size_t host_header_count(const struct host_stream *stream, int kind, const char *name) {
  size_t count = 0;
  find(&stream->maps[kind], words(name), 0, &count);
  return count;
}

envoy_text host_reply_header(const struct host_stream *stream, const char *name) {
  return value_of(find(&stream->reply_headers, words(name), 0, NULL));
}

envoy_text host_metadata(const struct host_stream *stream, const char *key) {
  for (size_t i = stream->metadata_count; i > 0; i--) {
    const envoy_pair *pair = &stream->metadata[i - 1].pair;
    if (same(pair->key, pair->key_size, words(key)) &&
        same("turnout", 7, stream->metadata[i - 1].namespace_))
      return value_of(pair);
  }
  return (envoy_text){NULL, 0};
}

/* ---- Callbacks of the filter ---------------------------------------------------------------- */

bool CALLBACK(http_get_header)(void *stream_, int kind, envoy_text name, envoy_text *value,
                               size_t index, size_t *count) {
  struct host_stream *stream = stream_;
  const envoy_pair *pair = find(&stream->maps[kind], name, index, count);
  *value = value_of(pair);
  return pair != NULL;
}

size_t CALLBACK(http_get_headers_size)(void *stream, int kind) {
  return ((struct host_stream *)stream)->maps[kind].count;
}

bool CALLBACK(http_get_headers)(void *stream_, int kind, envoy_pair *headers) {
  struct host_stream *stream = stream_;
  memcpy(headers, stream->maps[kind].pairs, stream->maps[kind].count * sizeof *headers);
  return true;
}

bool CALLBACK(http_set_header)(void *stream_, int kind, envoy_text name, envoy_text value) {
  struct host_stream *stream = stream_;
  struct host_map *map = &stream->maps[kind];
  size_t kept = 0;
  for (size_t i = 0; i < map->count; i++)
    if (!same(map->pairs[i].key, map->pairs[i].key_size, name))
      map->pairs[kept++] = map->pairs[i];
  map->count = kept;
  if (value.data)
    add(stream, map, name, value);
  host_move(stream);
  return true;
}

bool CALLBACK(http_add_header)(void *stream_, int kind, envoy_text name, envoy_text value) {
  struct host_stream *stream = stream_;
  add(stream, &stream->maps[kind], name, value);
  host_move(stream);
  return true;
}

void CALLBACK(http_clear_route_cache)(void *stream_) {
  struct host_stream *stream = stream_;
  stream->clears++;
  host_move(stream);
}

void CALLBACK(http_send_response)(void *stream_, uint32_t status, envoy_pair *headers, size_t count,
                                  envoy_text body, envoy_text details) {
  struct host_stream *stream = stream_;
  if (stream->reply_code != 0) {
    fprintf(stderr, "the module answered twice\n");
    abort();
  }
  stream->reply_code = status;
  for (size_t i = 0; i < count; i++)
    add(stream, &stream->reply_headers, (envoy_text){headers[i].key, headers[i].key_size},
        (envoy_text){headers[i].value, headers[i].value_size});
  stream->reply_body = keep_text(stream, body);
  stream->reply_details = keep_text(stream, details);
  host_move(stream);
}

size_t CALLBACK(http_get_body_size)(void *stream_, int kind) {
  struct host_stream *stream = stream_;
  const envoy_text *pieces = kind == REQUEST_BODY_RECEIVED ? stream->received : stream->buffered;
  size_t count = kind == REQUEST_BODY_RECEIVED ? stream->received_count : stream->buffered_count;
  size_t size = 0;
  for (size_t i = 0; i < count; i++)
    size += pieces[i].size;
  return size;
}

size_t CALLBACK(http_get_body_chunks_size)(void *stream_, int kind) {
  struct host_stream *stream = stream_;
  return kind == REQUEST_BODY_RECEIVED ? stream->received_count : stream->buffered_count;
}

bool CALLBACK(http_get_body_chunks)(void *stream_, int kind, envoy_text *pieces) {
  struct host_stream *stream = stream_;
  if (kind == REQUEST_BODY_RECEIVED)
    memcpy(pieces, stream->received, stream->received_count * sizeof *pieces);
  else
    memcpy(pieces, stream->buffered, stream->buffered_count * sizeof *pieces);
  return true;
}

bool CALLBACK(http_received_buffered_request_body)(void *stream) {
  return ((struct host_stream *)stream)->received_is_buffered;
}

const void *CALLBACK(get_most_specific_route_config)(void *stream) {
  return ((struct host_stream *)stream)->route_config;
}

static void note_metadata(struct host_stream *stream, envoy_text namespace_, envoy_pair pair) {
  if (stream->metadata_count == HOST_METADATA_MAX)
    out_of_room();
  stream->metadata[stream->metadata_count].namespace_ = keep_text(stream, namespace_);
  stream->metadata[stream->metadata_count++].pair = keep_pair(stream, pair);
}

void CALLBACK(http_set_dynamic_metadata_string)(void *stream, envoy_text namespace_, envoy_text key,
                                                envoy_text value) {
  note_metadata(stream, namespace_, (envoy_pair){key.data, key.size, value.data, value.size});
  host_move(stream);
}

#if SURFACE >= 139
void CALLBACK(http_set_dynamic_metadata_string_batch)(void *stream, envoy_text namespace_,
                                                      const envoy_pair *entries, size_t count) {
  for (size_t i = 0; i < count; i++)
    note_metadata(stream, namespace_, entries[i]);
  host_move(stream);
}
#endif

/* ---- Callbacks of the specifier ------------------------------------------------------------- */

#if SURFACE >= 140
bool CALLBACK(cluster_specifier_get_request_header_value)(void *stream_, envoy_text name,
                                                          envoy_text *value, size_t index,
                                                          size_t *count) {
  struct host_stream *stream = stream_;
  const envoy_pair *pair = find(&stream->maps[REQUEST_HEADERS], name, index, count);
  *value = value_of(pair);
  return pair != NULL;
}

uint64_t CALLBACK(cluster_specifier_get_random_value)(void *stream) {
  (void)stream;
  return 4;
}

void CALLBACK(cluster_specifier_set_cluster_name)(void *stream_, envoy_text name) {
  struct host_stream *stream = stream_;
  stream->cluster = keep_text(stream, name);
}

bool CALLBACK(cluster_specifier_set_cluster_not_found_response_code)(void *stream, uint32_t code) {
  ((struct host_stream *)stream)->not_found_code = code;
  return code >= 200 && code <= 599;
}

void CALLBACK(cluster_specifier_set_route_metadata_string)(void *stream, envoy_text namespace_,
                                                           envoy_text key, envoy_text value) {
  note_metadata(stream, namespace_, (envoy_pair){key.data, key.size, value.data, value.size});
}

bool CALLBACK(cluster_specifier_set_route_action_override)(void *stream_, envoy_text name) {
  struct host_stream *stream = stream_;
  stream->override_ = keep_text(stream, name);
  return true;
}

size_t CALLBACK(cluster_specifier_get_request_headers_size)(void *stream) {
  return CALLBACK(http_get_headers_size)(stream, REQUEST_HEADERS);
}

bool CALLBACK(cluster_specifier_get_request_headers)(void *stream, envoy_pair *headers) {
  return CALLBACK(http_get_headers)(stream, REQUEST_HEADERS, headers);
}
#endif
