/* SPDX-License-Identifier: Apache-2.0 */
#include "directory_stream.h"

#include <stdlib.h>
#include <string.h>

#include "directory.h"
#include "refusal.h"

static envoy_text header(const struct headers *headers, const char *name) {
  return question_header(headers, (envoy_text){name, strlen(name)});
}

static bool is(envoy_text text, const char *word) {
  return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0;
}

bool directory_is_asked(const struct headers *headers, const struct settings *settings) {
  envoy_text path = header(headers, ":path");
  if (path.size < settings->directory.size ||
      memcmp(path.data, settings->directory.data, settings->directory.size) != 0)
    return false;
  return path.size == settings->directory.size || path.data[settings->directory.size] == '?';
}

static void send_reply(void *envoy_stream, struct stream *stream,
                       const struct directory_reply *reply) {
  envoy_pair headers[4] = {{"content-type", 12, "application/json", 16},
                           {"cache-control", 13, "no-store", 8}};
  size_t count = 2;
  if (reply->code == 405)
    headers[count++] = (envoy_pair){"allow", 5, "POST", 4};
  if (reply->code != 200 && refusal_is_for_grpc(envoy_stream)) {
    const char *status = refusal_grpc_status(reply->code);
    headers[count++] = (envoy_pair){"grpc-status", 11, status, strlen(status)};
  }
  stream->stage = STAGE_ROUTED;
  CALLBACK(http_send_response)
  (envoy_stream, reply->code, headers, count,
   (envoy_text){reply->body.bytes ? reply->body.bytes : "", reply->body.size},
   (envoy_text){reply->details, strlen(reply->details)});
}

static void send_refusal(void *envoy_stream, struct stream *stream, uint32_t code,
                         const char *details, const char *what) {
  struct directory_reply reply = {.body.size_max = DIRECTORY_ANSWER_BYTES_MAX};
  directory_refuse(&reply, code, details, "", what);
  send_reply(envoy_stream, stream, &reply);
  json_text_free(&reply.body);
}

static void send_too_large(void *envoy_stream, struct stream *stream) {
  send_refusal(envoy_stream, stream, 413, "turnout_directory_too_large",
               "a body has at most 256 KiB; ask for fewer at once");
}

/* The size that the client announces; 0 if it announces none. */
static size_t announced(const struct headers *headers) {
  envoy_text digits = header(headers, "content-length");
  size_t size = 0;
  for (size_t i = 0; i < digits.size && digits.data[i] >= '0' && digits.data[i] <= '9'; i++) {
    if (size > DIRECTORY_BODY_BYTES_MAX)
      break;
    size = size * 10 + (size_t)(digits.data[i] - '0');
  }
  return size;
}

static void answer(void *envoy_stream, struct stream *stream, const char *body, size_t size) {
  struct directory_reply reply;
  directory_answer(&reply, stream->filter->engine->handle, stream->filter->settings, body, size);
  send_reply(envoy_stream, stream, &reply);
  json_text_free(&reply.body);
}

int directory_headers(void *envoy_stream, struct stream *stream, const struct headers *headers,
                      bool end) {
  envoy_text encoding = header(headers, "content-encoding");
  if (!is(header(headers, ":method"), "POST"))
    send_refusal(envoy_stream, stream, 405, "turnout_directory_method",
                 "send the question by POST, in JSON");
  else if (encoding.data && !is(encoding, "identity"))
    send_refusal(envoy_stream, stream, 415, "turnout_directory_encoding",
                 "send the body as it is, without content-encoding");
  else if (announced(headers) > DIRECTORY_BODY_BYTES_MAX)
    send_too_large(envoy_stream, stream);
  else if (end)
    answer(envoy_stream, stream, "", 0);
  else
    stream->stage = STAGE_DIRECTORY;
  return HEADERS_STOP;
}

/* Appends the pieces of one kind to `bytes`, which has room for `size` of them. */
static size_t gather(void *envoy_stream, int kind, char *bytes, size_t size) {
  size_t count = CALLBACK(http_get_body_chunks_size)(envoy_stream, kind);
  if (count == 0)
    return 0;
  envoy_text *pieces = calloc(count, sizeof *pieces);
  size_t gathered = 0;
  if (pieces && CALLBACK(http_get_body_chunks)(envoy_stream, kind, pieces))
    for (size_t i = 0; i < count && pieces[i].size <= size - gathered; i++) {
      if (pieces[i].size > 0)
        memcpy(bytes + gathered, pieces[i].data, pieces[i].size);
      gathered += pieces[i].size;
    }
  free(pieces);
  return gathered;
}

static void answer_whole_body(void *envoy_stream, struct stream *stream, size_t size) {
  char *body = malloc(size + 1);
  size_t gathered = 0;
  if (body) {
    gathered = gather(envoy_stream, REQUEST_BODY_BUFFERED, body, size);
    if (gathered < size)
      gathered += gather(envoy_stream, REQUEST_BODY_RECEIVED, body + gathered, size - gathered);
  }
  if (body && gathered == size)
    answer(envoy_stream, stream, body, size);
  else
    send_refusal(envoy_stream, stream, 503, "turnout_directory_unavailable",
                 "this sidecar has no memory left");
  free(body);
}

int directory_body(void *envoy_stream, struct stream *stream, bool end) {
  size_t size = CALLBACK(http_get_body_size)(envoy_stream, REQUEST_BODY_BUFFERED);
  if (size == 0 || !CALLBACK(http_received_buffered_request_body)(envoy_stream))
    size += CALLBACK(http_get_body_size)(envoy_stream, REQUEST_BODY_RECEIVED);
  if (size > DIRECTORY_BODY_BYTES_MAX)
    send_too_large(envoy_stream, stream);
  else if (end)
    answer_whole_body(envoy_stream, stream, size);
  else
    return BODY_STOP_AND_BUFFER;
  return BODY_STOP;
}

int directory_trailers(void *envoy_stream, struct stream *stream) {
  answer_whole_body(envoy_stream, stream,
                    CALLBACK(http_get_body_size)(envoy_stream, REQUEST_BODY_BUFFERED));
  return TRAILERS_STOP;
}
