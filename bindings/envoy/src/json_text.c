/* SPDX-License-Identifier: Apache-2.0 */
#include "json_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void json_text_free(json_text *text) {
  free(text->bytes);
  *text = (json_text){.size_max = text->size_max};
}

static bool reserve(json_text *text, size_t size) {
  if (text->is_full)
    return false;
  if (size > text->size_max - text->size) {
    text->is_full = true;
    return false;
  }
  if (size <= text->capacity - text->size)
    return true;
  size_t capacity = text->capacity ? text->capacity : 1024;
  while (capacity - text->size < size)
    capacity *= 2;
  char *bytes = realloc(text->bytes, capacity);
  if (!bytes) {
    text->is_full = true;
    return false;
  }
  text->bytes = bytes;
  text->capacity = capacity;
  return true;
}

void json_append(json_text *text, const char *bytes, size_t size) {
  if (size == 0 || !reserve(text, size))
    return;
  memcpy(text->bytes + text->size, bytes, size);
  text->size += size;
}

static void append_escape(json_text *text, unsigned char byte) {
  static const struct {
    unsigned char byte;
    char letter;
  } letters[] = {{'"', '"'},  {'\\', '\\'}, {'\n', 'n'}, {'\r', 'r'},
                 {'\t', 't'}, {0x08, 'b'},  {0x0c, 'f'}};
  for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
    if (letters[i].byte == byte) {
      json_append(text, (char[]){'\\', letters[i].letter}, 2);
      return;
    }
  static const char digits[] = "0123456789abcdef";
  json_append(text, (char[]){'\\', 'u', '0', '0', digits[(unsigned)byte >> 4U], digits[byte & 15U]},
              6);
}

void json_append_string(json_text *text, const char *data, size_t size) {
  if (!data) {
    json_append_literal(text, "null");
    return;
  }
  json_append_literal(text, "\"");
  size_t written = 0;
  for (size_t i = 0; i < size; i++) {
    unsigned char byte = (unsigned char)data[i];
    if (byte >= 0x20 && byte != '"' && byte != '\\')
      continue;
    json_append(text, data + written, i - written);
    append_escape(text, byte);
    written = i + 1;
  }
  json_append(text, data + written, size - written);
  json_append_literal(text, "\"");
}

void json_append_number(json_text *text, uint64_t number) {
  char digits[21];
  int size = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
  json_append(text, digits, (size_t)size);
}
