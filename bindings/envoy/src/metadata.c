/*
 * Sets route metadata in one call: as a Struct, which costs Envoy less than a call for each key.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "metadata.h"

#include <string.h>

/* The texts of a decision and the scratch, and for each entry its key and what is around it. */
#define STRUCT_BYTES_MAX                                                                           \
  (TURNOUT_DECISION_BYTES + ANSWER_SCRATCH_BYTES + ANSWER_ENTRIES_MAX * (32 + 16))

/* Tags of the wire format: the field's number, and 2 for "length-delimited". */
enum {
  STRUCT_FIELDS = 1 << 3 | 2, /* an entry of the map, again and again */
  ENTRY_KEY = 1 << 3 | 2,
  ENTRY_VALUE = 2 << 3 | 2,
  VALUE_STRING = 3 << 3 | 2,
};

static size_t length_size(size_t length) {
  size_t size = 1;
  for (; length >= 128; length >>= 7)
    size++;
  return size;
}

/* A tag and a length. */
static char *put_head(char *at, char tag, size_t length) {
  *at++ = tag;
  for (; length >= 128; length >>= 7)
    *at++ = (char)(length | 128);
  *at++ = (char)length;
  return at;
}

static char *put_text(char *at, char tag, const char *data, size_t size) {
  at = put_head(at, tag, size);
  memcpy(at, data, size);
  return at + size;
}

size_t metadata_serialise(const struct entries *entries, char *bytes, size_t size) {
  char *at = bytes;
  for (size_t i = 0; i < entries->count; i++) {
    const envoy_pair *pair = &entries->pairs[i];
    size_t value = 1 + length_size(pair->value_size) + pair->value_size;
    size_t entry =
        1 + length_size(pair->key_size) + pair->key_size + 1 + length_size(value) + value;
    if (1 + length_size(entry) + entry > size - (size_t)(at - bytes))
      return 0;
    at = put_head(at, STRUCT_FIELDS, entry);
    at = put_text(at, ENTRY_KEY, pair->key, pair->key_size);
    at = put_head(at, ENTRY_VALUE, value);
    at = put_text(at, VALUE_STRING, pair->value, pair->value_size);
  }
  return (size_t)(at - bytes);
}

void metadata_set(void *selection, const struct settings *settings, const struct answer *answer) {
  struct entries entries;
  answer_entries(&entries, answer, settings);
  char bytes[STRUCT_BYTES_MAX];
  size_t size = metadata_serialise(&entries, bytes, sizeof bytes);
  if (size != 0)
    CALLBACK(cluster_specifier_set_route_metadata_struct)(selection, settings->metadata_namespace,
                                                          (envoy_text){bytes, size});
}
