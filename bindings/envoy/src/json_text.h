/* JSON on one line, written as it comes: the same bytes as the command writes.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TURNOUT_ENVOY_JSON_TEXT_H
#define TURNOUT_ENVOY_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Grows up to size_max. What no longer fits, or finds no memory, makes it `is_full` for good, and
 * its bytes are worth nothing; writers need not look before the end. */
typedef struct json_text {
  char *bytes; /* from malloc(); json_text_free() gives them back */
  size_t size;
  size_t capacity;
  size_t size_max;
  bool is_full;
} json_text;

void json_text_free(json_text *text);

/* Bytes that are JSON already. */
void json_append(json_text *text, const char *bytes, size_t size);
#define json_append_literal(text, literal) json_append((text), (literal), sizeof(literal) - 1)

/* A string in quotes, with only those characters escaped that JSON forbids; null if data is NULL.
 */
void json_append_string(json_text *text, const char *data, size_t size);

void json_append_number(json_text *text, uint64_t number);

#endif
