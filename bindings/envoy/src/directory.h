/* Directory assistance: the sidecar answers who should serve a request, and steps aside.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TURNOUT_ENVOY_DIRECTORY_H
#define TURNOUT_ENVOY_DIRECTORY_H

#include "json_text.h"
#include "settings.h"

/* Bounds of one call, so that it holds a worker for milliseconds at most. */
#define DIRECTORY_BODY_BYTES_MAX 262144
#define DIRECTORY_REQUESTS_MAX 256
#define DIRECTORY_VALUES_MAX 8192 /* in the JSON of a body */
#define DIRECTORY_ANSWER_BYTES_MAX 4194304

/* What is sent back. The body is one line of JSON without its end. */
struct directory_reply {
  uint32_t code;       /* 200, 400, 413 or 503 */
  const char *details; /* for %RESPONSE_CODE_DETAILS% */
  json_text body;      /* json_text_free() */
};

/* Answers `body`: one request in JSON, or a list of them, all from one revision. 200 means that the
 * question could be read; each answer has its own status. Any thread; no lock. It allocates. */
void directory_answer(struct directory_reply *reply, const turnout_engine *engine,
                      const struct settings *settings, const char *body, size_t body_size);

/* Makes the reply one that says what is wrong: {"error":"<where><what>"}. */
void directory_refuse(struct directory_reply *reply, uint32_t code, const char *details,
                      const char *where, const char *what);

#endif
