/* SPDX-License-Identifier: Apache-2.0 */
#include "route_document.h"

/* Tags of the wire format: the field's number, and 2 for "length-delimited". */
enum { FIRST_TEXT = 0x0a, SECOND_TEXT = 0x12, THIRD_TEXT = 0x1a };

/* Takes a field with this tag from the front of `bytes`; false if there is none, whole. */
static bool take_field(envoy_text *bytes, char tag, envoy_text *field) {
  size_t at = 1;
  size_t size = 0;
  if (bytes->size < 2 || bytes->data[0] != tag)
    return false;
  /* A length of more than two bytes is none of a route's settings. */
  for (unsigned shift = 0; shift < 14 && at < bytes->size; shift += 7) {
    unsigned char byte = (unsigned char)bytes->data[at++];
    size |= (size_t)(byte & 127U) << shift;
    if (byte < 128) {
      if (size > bytes->size - at)
        return false;
      *field = (envoy_text){bytes->data + at, size};
      *bytes = (envoy_text){bytes->data + at + size, bytes->size - at - size};
      return true;
    }
  }
  return false;
}

/* Takes an entry of a Struct, whose value is a text, into the object. */
static bool take_entry(envoy_text *bytes, json_t *object) {
  envoy_text entry;
  envoy_text key;
  envoy_text value;
  envoy_text words;
  char name[129];
  if (!take_field(bytes, FIRST_TEXT, &entry) || !take_field(&entry, FIRST_TEXT, &key) ||
      !take_field(&entry, SECOND_TEXT, &value) || !take_field(&value, THIRD_TEXT, &words) ||
      entry.size > 0 || value.size > 0 || key.size >= sizeof name)
    return false;
  (void)snprintf(name, sizeof name, "%.*s", (int)key.size, key.data);
  return json_object_get(object, name) == NULL &&
         json_object_set_new(object, name, json_stringn(words.data, words.size)) == 0;
}

/* An object of the Struct's texts, which are all that a route's settings have; NULL if the bytes
 * are something else. */
static json_t *read_struct(envoy_text bytes) {
  json_t *object = json_object();
  while (object && bytes.size > 0)
    if (!take_entry(&bytes, object)) {
      json_decref(object);
      return NULL;
    }
  return object;
}

json_t *route_document_read(envoy_text text, struct complaint *complaint) {
  envoy_text rest = text;
  envoy_text inside;
  if (text.size == 0)
    return json_object();
  json_t *object = text.data[0] == FIRST_TEXT ? read_struct(text) : NULL;
  if (object)
    return object;
  /* The text of a StringValue. White space is a line feed, too, so it may be JSON all the same. */
  if (take_field(&rest, FIRST_TEXT, &inside) && rest.size == 0)
    text = inside;
  json_error_t error;
  object = json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES, &error);
  if (json_is_object(object))
    return object;
  complain(complaint,
           "a route's settings are one object of texts: give them as google.protobuf.Struct, or as "
           "JSON in a StringValue%s%s",
           object ? "" : "; ", object ? "" : error.text);
  json_decref(object);
  return NULL;
}
