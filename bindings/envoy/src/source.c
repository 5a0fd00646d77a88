/*
 * Reads where values come from.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "source.h"

#include <math.h>
#include <string.h>

#define HEADER_BYTES_MAX 256

static envoy_text text_of(const json_t *string) {
  return (envoy_text){json_string_value(string), json_string_length(string)};
}

/* A character of a header's name, in lower case; 0 if it is none (RFC 9110, 5.6.2). */
static char name_character(char c) {
  if (c >= 'A' && c <= 'Z')
    return (char)(c - 'A' + 'a');
  if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c != 0 && strchr("!#$%&'*+-.^_`|~", c)))
    return c;
  return 0;
}

static bool read_header(const json_t *value, const char *key, struct room *room, envoy_text *header,
                        struct complaint *complaint) {
  if (!json_is_string(value))
    return complain(complaint, "%s.header: expected the name of a header", key);
  envoy_text text = text_of(value);
  if (text.size == 0 || text.size > HEADER_BYTES_MAX || text.size > room->left)
    return complain(complaint, "%s.header: a name has 1 to %d bytes", key, HEADER_BYTES_MAX);
  for (size_t i = 0; i < text.size; i++) {
    /* Pseudo-headers start with a colon. */
    char c = i == 0 && text.size > 1 && text.data[i] == ':' ? ':' : name_character(text.data[i]);
    if (c == 0)
      return complain(complaint, "%s.header: \"%s\" is no name of a header", key, text.data);
    room->next[i] = c;
  }
  *header = (envoy_text){room->next, text.size};
  /* Envoy keeps the header `host` of HTTP/1 under the name that it has in HTTP/2. */
  if (text.size == 4 && memcmp(room->next, "host", 4) == 0)
    *header = (envoy_text){":authority", 10};
  room->next += text.size;
  room->left -= text.size;
  return true;
}

/* Gives the members of `{header: …, type: …}` or `{value: …}`: one of header and value, and nothing
 * else but `type` where it may be. */
static bool open_object(json_t *object, const char *key, bool may_type, json_t **header,
                        json_t **value, json_t **type, struct complaint *complaint) {
  const char *form = may_type ? "{header: NAME, type: string | number | boolean} or {value: VALUE}"
                              : "{header: NAME} or {value: TEXT}";
  if (!json_is_object(object))
    return complain(complaint, "%s: expected %s", key, form);
  *header = json_object_get(object, "header");
  *value = json_object_get(object, "value");
  *type = may_type ? json_object_get(object, "type") : NULL;
  size_t known = (*header != NULL) + (*value != NULL) + (*type != NULL);
  if ((*header != NULL) == (*value != NULL) || json_object_size(object) != known)
    return complain(complaint, "%s: expected %s, one of the two and no other key", key, form);
  return true;
}

bool source_read(json_t *object, const char *key, struct room *room, struct source *source,
                 struct complaint *complaint) {
  json_t *header = NULL;
  json_t *value = NULL;
  json_t *type = NULL;
  if (!open_object(object, key, false, &header, &value, &type, complaint))
    return false;
  *source = (struct source){0};
  if (header != NULL)
    return read_header(header, key, room, &source->header, complaint);
  if (!json_is_string(value) || json_string_length(value) == 0 ||
      json_string_length(value) > TURNOUT_BYTES_MAX)
    return complain(complaint, "%s.value: expected a text of 1 to %d bytes", key,
                    TURNOUT_BYTES_MAX);
  source->value = (turnout_text){json_string_value(value), json_string_length(value)};
  return true;
}

static bool read_type(const json_t *type, const char *key, uint32_t *number,
                      struct complaint *complaint) {
  const char *name = json_string_value(type);
  if (name != NULL && strcmp(name, "string") == 0)
    *number = TURNOUT_STRING;
  else if (name != NULL && strcmp(name, "number") == 0)
    *number = TURNOUT_NUMBER;
  else if (name != NULL && strcmp(name, "boolean") == 0)
    *number = TURNOUT_BOOLEAN;
  else
    return complain(complaint, "%s.type: expected string, number or boolean", key);
  return true;
}

static bool read_value(const json_t *value, const char *key, turnout_attribute *attribute,
                       struct complaint *complaint) {
  if (json_is_string(value)) {
    attribute->type = TURNOUT_STRING;
    attribute->text = (turnout_text){json_string_value(value), json_string_length(value)};
    if (attribute->text.size > TURNOUT_BYTES_MAX)
      return complain(complaint, "%s.value: at most %d bytes", key, TURNOUT_BYTES_MAX);
  } else if (json_is_number(value)) {
    attribute->type = TURNOUT_NUMBER;
    attribute->number = json_number_value(value);
    if (!isfinite(attribute->number))
      return complain(complaint, "%s.value: the number is not finite", key);
  } else if (json_is_boolean(value)) {
    attribute->type = TURNOUT_BOOLEAN;
    attribute->boolean = json_is_true(value);
  } else {
    return complain(complaint, "%s.value: expected a text, a number or a boolean", key);
  }
  return true;
}

bool source_read_attribute(json_t *object, const char *name, struct room *room,
                           struct source *source, turnout_attribute *attribute,
                           struct complaint *complaint) {
  char key[160];
  (void)snprintf(key, sizeof key, "attributes.%s", name);
  json_t *header = NULL;
  json_t *value = NULL;
  json_t *type = NULL;
  if (!open_object(object, key, true, &header, &value, &type, complaint))
    return false;
  *source = (struct source){0};
  *attribute = (turnout_attribute){.type = TURNOUT_STRING};
  if (header != NULL) {
    if (type != NULL && !read_type(type, key, &attribute->type, complaint))
      return false;
    if (!read_header(header, key, room, &source->header, complaint))
      return false;
  } else {
    uint32_t said = 0;
    if (type != NULL && !read_type(type, key, &said, complaint))
      return false;
    if (!read_value(value, key, attribute, complaint))
      return false;
    if (said != 0 && said != attribute->type)
      return complain(complaint, "%s: the value is not of the type beside it", key);
  }
  if (strcmp(name, "traffic") == 0 &&
      (attribute->type != TURNOUT_STRING || attribute->text.size > TURNOUT_TRAFFIC_MAX))
    return complain(complaint, "%s: the traffic class is a string of at most %d bytes", key,
                    TURNOUT_TRAFFIC_MAX);
  return true;
}
