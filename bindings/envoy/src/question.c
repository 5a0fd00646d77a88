/*
 * Reads a question from headers.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "question.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Longer texts are no numbers that anybody means. */
#define NUMBER_BYTES_MAX 64

/* Whether the text is [-]digits[.digits][e[-+]digits], with a digit before or after the point. */
static bool looks_like_number(const char *text) {
  if (*text == '-')
    text++;
  size_t whole = strspn(text, "0123456789");
  text += whole;
  size_t fraction = 0;
  if (*text == '.') {
    fraction = strspn(text + 1, "0123456789");
    text += 1 + fraction;
  }
  if (whole + fraction == 0)
    return false;
  if (*text == 'e' || *text == 'E') {
    text++;
    if (*text == '-' || *text == '+')
      text++;
    size_t exponent = strspn(text, "0123456789");
    if (exponent == 0)
      return false;
    text += exponent;
  }
  return *text == 0;
}

bool question_number(envoy_text text, double *number) {
  char copy[NUMBER_BYTES_MAX + 1];
  if (text.size == 0 || text.size > NUMBER_BYTES_MAX || memchr(text.data, 0, text.size) != NULL)
    return false;
  memcpy(copy, text.data, text.size);
  copy[text.size] = 0;
  if (!looks_like_number(copy))
    return false;
  /* strtod reads the process's decimal point; Envoy's is C's, where it is the one above. */
  char *end;
  *number = strtod(copy, &end);
  return *end == 0 && isfinite(*number);
}

static bool is(envoy_text text, const char *word) {
  return text.size == strlen(word) && memcmp(text.data, word, text.size) == 0;
}

bool question_boolean(envoy_text text, uint32_t *boolean) {
  if (is(text, "true") || is(text, "1"))
    *boolean = 1;
  else if (is(text, "false") || is(text, "0"))
    *boolean = 0;
  else
    return false;
  return true;
}

envoy_text question_header(const struct headers *headers, envoy_text name) {
  envoy_text value = {NULL, 0};
  if (headers->pairs == NULL) {
    if (!headers->first(headers->context, name, &value))
      return (envoy_text){NULL, 0};
  } else {
    const envoy_pair *end = headers->pairs + headers->count;
    const envoy_pair *pair = headers->pairs;
    while (pair != end &&
           (pair->key_size != name.size || memcmp(pair->key, name.data, name.size) != 0))
      pair++;
    if (pair == end)
      return (envoy_text){NULL, 0};
    value = (envoy_text){pair->value, pair->value_size};
  }
  /* An empty header is one that is there. */
  return value.data == NULL ? (envoy_text){"", 0} : value;
}

/* The value of a source; {NULL, 0} if its header is absent. */
static turnout_text value_of(const struct source *source, const struct headers *headers) {
  if (source->header.data == NULL)
    return source->value;
  envoy_text value = question_header(headers, source->header);
  return (turnout_text){value.data, value.size};
}

/* Adds the attribute of one setting, unless its header is absent or of another type. */
static void read_attribute(struct question *question, const struct attribute_setting *setting,
                           const struct headers *headers) {
  turnout_attribute *attribute = &question->attributes[question->request.attribute_count];
  *attribute = setting->attribute;
  if (setting->source.header.data != NULL) {
    turnout_text text = value_of(&setting->source, headers);
    if (text.data == NULL)
      return;
    envoy_text value = {text.data, text.size};
    bool read = true;
    if (attribute->type == TURNOUT_STRING)
      attribute->text = text;
    else if (attribute->type == TURNOUT_NUMBER)
      read = question_number(value, &attribute->number);
    else
      read = question_boolean(value, &attribute->boolean);
    if (!read) {
      question->attributes_unread++;
      return;
    }
  }
  question->request.attribute_count++;
}

/* The request id; where its header is absent, the request's random number as hexadecimal digits. */
static turnout_text request_id(struct question *question, const struct settings *settings,
                               const struct headers *headers) {
  turnout_text id = value_of(&settings->request_id, headers);
  if (id.size != 0 || headers->random == NULL)
    return id;
  uint64_t random = headers->random(headers->context);
  for (size_t i = 0; i < sizeof question->random; i++, random >>= 4U)
    question->random[i] = "0123456789abcdef"[random & 15U];
  return (turnout_text){question->random, sizeof question->random};
}

enum outcome question_read(struct question *question, const struct settings *settings,
                           const struct headers *headers) {
  turnout_request *request = &question->request;
  *request = (turnout_request)TURNOUT_REQUEST_INIT;
  question->attributes_unread = 0;
  request->use_case = settings->use_case_name;
  if (settings->use_case.header.data != NULL) {
    turnout_text name = value_of(&settings->use_case, headers);
    if (name.size == 0)
      return OUTCOME_MISSING_HEADER;
    request->use_case = (turnout_name){name.data, name.size, 0};
  }
  request->unit = value_of(&settings->unit, headers);
  request->units = question->units;
  for (size_t i = 0; i < settings->unit_count; i++) {
    turnout_text value = value_of(&settings->units[i].source, headers);
    if (value.size != 0)
      question->units[request->unit_count++] =
          (turnout_unit){.name = settings->units[i].name, .value = value};
  }
  request->attributes = question->attributes;
  for (size_t i = 0; i < settings->attribute_count; i++)
    read_attribute(question, &settings->attributes[i], headers);
  request->request_id = request_id(question, settings, headers);
  return OUTCOME_OK;
}
