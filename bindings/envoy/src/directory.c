/* SPDX-License-Identifier: Apache-2.0 */
#include "directory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decision_json.h"
#include "directory_request.h"

/* One call: the body and how far it is read, the table that answers, and what is answered. */
struct call {
  const char *body;
  size_t size;
  size_t offset;
  bool is_list;
  size_t request_count;
  const struct settings *settings;
  turnout_view *view; /* NULL: there is no table */
  struct directory_reply *reply;
};

void directory_refuse(struct directory_reply *reply, uint32_t code, const char *details,
                      const char *where, const char *what) {
  char words[640];
  int size = snprintf(words, sizeof words, "%s%s%s", where, *where ? ": " : "", what);
  if (size >= (int)sizeof words)
    size = sizeof words - 1;
  /* A client's names may be in it, cut anywhere, and what they are in need not be UTF-8. */
  for (int i = 0; i < size; i++)
    if ((unsigned char)words[i] >= 0x80)
      words[i] = '?';
  reply->code = code;
  reply->details = details;
  json_text_free(&reply->body);
  json_append_literal(&reply->body, "{\"error\":");
  json_append_string(&reply->body, words, (size_t)size);
  json_append_literal(&reply->body, "}");
}

static bool refuse(struct call *call, uint32_t code, const char *where, const char *what) {
  char place[256];
  char list[32] = "";
  if (call->is_list)
    snprintf(list, sizeof list, "request %zu", call->request_count);
  snprintf(place, sizeof place, "%s%s%s", list, *list && *where ? ", " : "", where);
  static const char *const details[] = {"turnout_directory_bad_request",
                                        "turnout_directory_too_large",
                                        "turnout_directory_unavailable"};
  directory_refuse(call->reply, code, details[code == 400 ? 0 : code == 413 ? 1 : 2], place, what);
  return false;
}

static void skip_space(struct call *call) {
  while (call->offset < call->size && strchr(" \t\r\n", call->body[call->offset]) &&
         call->body[call->offset])
    call->offset++;
}

static bool skip(struct call *call, char byte) {
  skip_space(call);
  if (call->offset == call->size || call->body[call->offset] != byte)
    return false;
  call->offset++;
  return true;
}

/* "line 1, column 12": of the byte at `offset`; columns count characters. */
static void place_of(const struct call *call, size_t offset, char *words, size_t size) {
  size_t line = 1;
  size_t column = 1;
  for (size_t i = 0; i < offset && i < call->size; i++) {
    if (call->body[i] == '\n') {
      line++;
      column = 1;
    } else if (((unsigned char)call->body[i] & 0xc0U) != 0x80U) {
      column++;
    }
  }
  snprintf(words, size, "line %zu, column %zu", line, column);
}

static bool refuse_syntax(struct call *call, size_t offset, const char *what) {
  char place[64];
  place_of(call, offset, place, sizeof place);
  return refuse(call, 400, place, what);
}

/* Reads the value that begins here. One at a time, so that memory is bounded by one request. */
static json_t *read_value(struct call *call) {
  json_error_t error;
  json_t *value = json_loadb(call->body + call->offset, call->size - call->offset,
                             JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY |
                                 JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL,
                             &error);
  size_t offset = error.position > 0 ? (size_t)error.position : 0;
  if (value)
    call->offset += offset;
  else
    refuse_syntax(call, call->offset + offset, error.text);
  return value;
}

static bool too_large(struct call *call) {
  return refuse(call, 413, "", "the answers are larger than 4 MiB; ask for fewer at once");
}

static bool append_answer(struct call *call, const turnout_request *request) {
  char buffer[TURNOUT_DECISION_BYTES];
  char *larger = NULL;
  turnout_decision decision = TURNOUT_DECISION_INIT;
  decision.status = TURNOUT_NO_TABLE;
  if (call->view)
    turnout_view_resolve(call->view, request, buffer, sizeof buffer, &decision);
  if (decision.status == TURNOUT_BUFFER_TOO_SMALL) {
    /* A large config. The view's table does not change, so what is needed now is enough. */
    size_t needed = decision.buffer_needed;
    if (needed > DIRECTORY_ANSWER_BYTES_MAX)
      return too_large(call);
    larger = malloc(needed);
    if (!larger)
      return refuse(call, 503, "", "this sidecar has no memory left");
    turnout_view_resolve(call->view, request, larger, needed, &decision);
  }
  decision_json(&call->reply->body, &decision,
                (turnout_text){request->use_case.data, request->use_case.size});
  free(larger);
  return !call->reply->body.is_full || too_large(call);
}

static bool answer_one(struct call *call) {
  call->request_count++;
  skip_space(call);
  if (call->offset == call->size || call->body[call->offset] != '{')
    return refuse_syntax(call, call->offset, "expected a request, `{`");
  json_t *value = read_value(call);
  if (!value)
    return false;
  struct directory_request request;
  struct directory_fault fault;
  bool answered = directory_request_read(&request, value, call->settings, &fault)
                      ? append_answer(call, &request.request)
                      : refuse(call, 400, fault.where, fault.what);
  json_decref(value);
  return answered;
}

static bool answer_list(struct call *call) {
  json_append_literal(&call->reply->body, "[");
  call->is_list = true;
  if (!skip(call, ']'))
    for (;;) {
      if (call->request_count == DIRECTORY_REQUESTS_MAX) {
        call->is_list = false;
        return refuse(call, 413, "", "a list has at most 256 requests; ask for fewer at once");
      }
      if (!answer_one(call))
        return false;
      if (skip(call, ']'))
        break;
      if (!skip(call, ','))
        return refuse_syntax(call, call->offset, "expected `,` or `]`");
      json_append_literal(&call->reply->body, ",");
    }
  call->is_list = false;
  json_append_literal(&call->reply->body, "]");
  return true;
}

/* How many values the body's JSON has, about: reading them is what takes time and memory, and short
 * ones take many times their bytes. */
static size_t value_count(const struct call *call) {
  size_t count = 1;
  bool in_string = false;
  for (size_t i = 0; i < call->size; i++) {
    char byte = call->body[i];
    if (in_string && byte == '\\')
      i++;
    else if (byte == '"')
      in_string = !in_string;
    else if (!in_string && (byte == ',' || byte == '[' || byte == '{'))
      count++;
  }
  return count;
}

static void answer(struct call *call) {
  skip_space(call);
  if (call->offset == call->size) {
    refuse(call, 400, "", "the body is empty; send a request in JSON, or a list of them");
    return;
  }
  if (!(skip(call, '[') ? answer_list(call) : answer_one(call)))
    return;
  skip_space(call);
  if (call->offset != call->size)
    refuse_syntax(call, call->offset, "more follows after the end");
}

void directory_answer(struct directory_reply *reply, const turnout_engine *engine,
                      const struct settings *settings, const char *body, size_t body_size) {
  *reply =
      (struct directory_reply){200, "turnout_directory", {.size_max = DIRECTORY_ANSWER_BYTES_MAX}};
  struct call call = {.body = body, .size = body_size, .settings = settings, .reply = reply};
  if (body_size > DIRECTORY_BODY_BYTES_MAX) {
    refuse(&call, 413, "", "a body has at most 256 KiB; ask for fewer at once");
    return;
  }
  if (value_count(&call) > DIRECTORY_VALUES_MAX) {
    refuse(&call, 413, "", "a body has at most 8192 values; ask for fewer at once");
    return;
  }
  turnout_error error = TURNOUT_ERROR_INIT;
  turnout_status status = turnout_view_open(engine, &error, &call.view);
  if (status != TURNOUT_OK && status != TURNOUT_NO_TABLE) {
    refuse(&call, 503, "", error.message);
    return;
  }
  answer(&call);
  turnout_view_close(call.view);
  /* json_text_free() by the caller; a reply that found no memory has no body. */
  if (reply->body.is_full)
    json_text_free(&reply->body);
}
