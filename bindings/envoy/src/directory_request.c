/* SPDX-License-Identifier: Apache-2.0 */
#include "directory_request.h"

#include <stdio.h>
#include <string.h>

#include "base64.h"
#include "instant.h"

static bool wrong(struct directory_fault *fault, const char *where, const char *name,
                  const char *what) {
  /* Names are a client's and may be long. */
  snprintf(fault->where, sizeof fault->where, "%s%s%.100s", where, name ? "." : "",
           name ? name : "");
  snprintf(fault->what, sizeof fault->what, "%s", what);
  return false;
}

/* The value was made from UTF-8, and may hold NULs. */
static turnout_text text_of(const json_t *value) {
  return (turnout_text){json_string_value(value), json_string_length(value)};
}

static turnout_name name_of(const char *name) { return (turnout_name){name, strlen(name), 0}; }

/* A text, or null, which is the same as leaving it out. */
static bool optional_text(const json_t *value, turnout_text *text) {
  *text = json_is_string(value) ? text_of(value) : (turnout_text){NULL, 0};
  return json_is_string(value) || json_is_null(value);
}

static const char must_be_text[] = "it must be a text, in double quotes";

static bool read_units(struct directory_request *to, json_t *object,
                       struct directory_fault *fault) {
  if (!json_is_object(object))
    return wrong(fault, "units", NULL, "it must be an object, of names and texts");
  const char *name = NULL;
  json_t *value = NULL;
  turnout_request *request = &to->request;
  json_object_foreach(object, name, value) {
    turnout_text text;
    if (!optional_text(value, &text))
      return wrong(fault, "units", name, must_be_text);
    if (!text.data)
      continue;
    if (request->unit_count == TURNOUT_UNITS_MAX)
      return wrong(fault, "units", NULL, "a request has at most 16 units beside the primary one");
    to->units[request->unit_count++] = (turnout_unit){name_of(name), text};
  }
  return true;
}

static bool read_context(struct directory_request *to, json_t *object,
                         struct directory_fault *fault) {
  if (!json_is_object(object))
    return wrong(fault, "context", NULL, "it must be an object, of attributes and their values");
  const char *name = NULL;
  json_t *value = NULL;
  turnout_request *request = &to->request;
  json_object_foreach(object, name, value) {
    if (request->attribute_count == TURNOUT_ATTRIBUTES_MAX)
      return wrong(fault, "context", NULL, "a request has at most 120 attributes");
    turnout_attribute *attribute = &to->attributes[request->attribute_count++];
    *attribute = (turnout_attribute){name_of(name), TURNOUT_NULL, 0, 0, {NULL, 0}};
    switch (json_typeof(value)) {
    case JSON_STRING:
      attribute->type = TURNOUT_STRING;
      attribute->text = text_of(value);
      break;
    case JSON_INTEGER:
    case JSON_REAL:
      attribute->type = TURNOUT_NUMBER;
      attribute->number = json_number_value(value);
      break;
    case JSON_TRUE:
    case JSON_FALSE:
      attribute->type = TURNOUT_BOOLEAN;
      attribute->boolean = json_is_true(value);
      break;
    case JSON_NULL:
      break;
    default:
      /* Of a type that no attribute has, so it is missing; but that is never a traffic class. */
      if (strcmp(name, "traffic") == 0)
        return wrong(fault, "context", name, must_be_text);
    }
  }
  return true;
}

static bool read_assignments(struct directory_request *to, json_t *object,
                             struct directory_fault *fault) {
  if (!json_is_object(object))
    return wrong(fault, "assignments", NULL, "it must be an object, of experiments and cells");
  const char *name = NULL;
  json_t *value = NULL;
  turnout_request *request = &to->request;
  json_object_foreach(object, name, value) {
    if (request->assignment_count == TURNOUT_ASSIGNMENTS_MAX)
      return wrong(fault, "assignments", NULL, "a request has at most 256 assignments");
    turnout_assignment *assignment = &to->assignments[request->assignment_count++];
    assignment->experiment = name_of(name);
    if (!optional_text(value, &assignment->cell))
      return wrong(fault, "assignments", name, "it must be a cell in double quotes, or null");
  }
  return true;
}

static bool read_unit(turnout_request *request, json_t *plain, json_t *base64,
                      struct directory_fault *fault) {
  if (plain && !json_is_null(plain)) {
    if (base64 && !json_is_null(base64))
      return wrong(fault, "unit_base64", NULL, "give `unit` or `unit_base64`, not both");
    return optional_text(plain, &request->unit) || wrong(fault, "unit", NULL, must_be_text);
  }
  if (!base64 || json_is_null(base64))
    return true;
  if (!json_is_string(base64))
    return wrong(fault, "unit_base64", NULL, must_be_text);
  request->unit = text_of(base64);
  /* The text is this request's own and is read no more. */
  if (!base64_decode((char *)json_string_value(base64), &request->unit.size))
    return wrong(fault, "unit_base64", NULL, "it must be Base64 with its padding (RFC 4648)");
  return true;
}

static bool read_now(turnout_request *request, json_t *value, struct directory_fault *fault) {
  if (json_is_null(value))
    return true;
  if (!json_is_string(value))
    return wrong(fault, "now", NULL, must_be_text);
  if (!instant_read(json_string_value(value), json_string_length(value), &request->now_ns))
    return wrong(fault, "now", NULL, INSTANT_EXPECTATION);
  /* 0 would be the clock. */
  if (request->now_ns == 0)
    request->now_ns = 1;
  return true;
}

static bool only_known_keys(json_t *object, struct directory_fault *fault) {
  static const char *const keys[] = {"use_case", "unit",       "unit_base64", "units",
                                     "context",  "request_id", "assignments", "now"};
  const char *name = NULL;
  json_t *value = NULL;
  json_object_foreach(object, name, value) {
    bool known = false;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
      known = known || strcmp(name, keys[i]) == 0;
    if (!known) {
      wrong(fault, name, NULL,
            "a request has no such key; it has use_case, unit, unit_base64, units, context, "
            "request_id, assignments and now");
      fault->where[100] = 0;
      return false;
    }
  }
  return true;
}

static void take_constants(struct directory_request *to, const struct settings *settings) {
  for (size_t i = 0; i < settings->attribute_count; i++)
    if (!settings->attributes[i].source.header.data &&
        to->request.attribute_count < TURNOUT_ATTRIBUTES_MAX)
      to->attributes[to->request.attribute_count++] = settings->attributes[i].attribute;
}

bool directory_request_read(struct directory_request *to, json_t *object,
                            const struct settings *settings, struct directory_fault *fault) {
  to->request = (turnout_request)TURNOUT_REQUEST_INIT;
  turnout_request *request = &to->request;
  request->attributes = to->attributes;
  request->units = to->units;
  request->assignments = to->assignments;
  request->flags = TURNOUT_WANT_CONFIG;
  take_constants(to, settings);
  if (!json_is_object(object))
    return wrong(fault, "", NULL, "a request is an object, `{`");
  if (!only_known_keys(object, fault))
    return false;
  json_t *use_case = json_object_get(object, "use_case");
  if (use_case && !json_is_string(use_case))
    return wrong(fault, "use_case", NULL, must_be_text);
  if (!use_case || json_string_length(use_case) == 0)
    return wrong(fault, "use_case", NULL, "it is missing; it says what to resolve");
  request->use_case =
      turnout_name_of((turnout_text){json_string_value(use_case), json_string_length(use_case)});
  json_t *request_id = json_object_get(object, "request_id");
  if (request_id && !optional_text(request_id, &request->request_id))
    return wrong(fault, "request_id", NULL, must_be_text);
  json_t *units = json_object_get(object, "units");
  json_t *context = json_object_get(object, "context");
  json_t *assignments = json_object_get(object, "assignments");
  json_t *now = json_object_get(object, "now");
  return read_unit(request, json_object_get(object, "unit"), json_object_get(object, "unit_base64"),
                   fault) &&
         (!units || read_units(to, units, fault)) &&
         (!context || read_context(to, context, fault)) &&
         (!assignments || read_assignments(to, assignments, fault)) &&
         (!now || read_now(request, now, fault));
}
