/*
 * From the headers of a request to the question that the engine answers.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TURNOUT_ENVOY_QUESTION_H
#define TURNOUT_ENVOY_QUESTION_H

#include "settings.h"

/* Envoy's own limit unless it was raised. */
#define HEADERS_MAX 100

/* How a request is read: the specifier and the filter have different callbacks. `first` gives the
 * first value of the header `name` (in lower case), or false; it is asked only where `pairs` is
 * NULL, since each call costs Envoy as much as all headers at once. `random`, which may be NULL,
 * gives a number that is the same for one request over its retries. */
struct headers {
  void *context;
  bool (*first)(void *context, envoy_text name, envoy_text *value);
  uint64_t (*random)(void *context);
  const envoy_pair *pairs; /* all headers, in their order */
  size_t count;
};

/* The first value of a header; data is NULL if it is absent. */
envoy_text question_header(const struct headers *headers, envoy_text name);

/* Lives on the caller's stack; everything in it borrows from the headers and the settings. */
struct question {
  turnout_request request;
  uint32_t attributes_unread; /* headers that are there but are no number, or no boolean */
  char random[16];            /* the request id of a request that has none */
  turnout_unit units[TURNOUT_UNITS_MAX];
  turnout_attribute attributes[TURNOUT_ATTRIBUTES_MAX];
};

/* Fills the question. OUTCOME_OK, or OUTCOME_MISSING_HEADER without a use case. An absent unit,
 * attribute or request id is left out: whether it is needed is for the table to say. */
enum outcome question_read(struct question *question, const struct settings *settings,
                           const struct headers *headers);

/* The two readings of typed headers, also for directory assistance. A number is finite, in decimal
 * or with an exponent, without blanks; a boolean is true, false, 1 or 0. */
bool question_number(envoy_text text, double *number);
bool question_boolean(envoy_text text, uint32_t *boolean);

#endif
