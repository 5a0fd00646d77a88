/*
 * What became of a request, in one word: the values of `status` in metadata, counters and headers,
 * and the keys of the setting `statuses`.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TURNOUT_ENVOY_OUTCOME_H
#define TURNOUT_ENVOY_OUTCOME_H

#include "abi.h"
#include "turnout.h"

enum outcome {
  OUTCOME_OK,
  OUTCOME_MISSING_HEADER, /* the header of the use case, or of the routing key, is absent or empty
                           */
  OUTCOME_UNKNOWN_USE_CASE,
  OUTCOME_UNKNOWN_ROUTING_KEY,
  OUTCOME_DISABLED,
  OUTCOME_MISSING_REQUIRED,
  OUTCOME_UNAVAILABLE,
  OUTCOME_INVALID_ARGUMENT,
  OUTCOME_NO_TABLE,
  OUTCOME_FAILURE, /* any other status of the library */
  OUTCOMES
};

/* "ok", "missing_header", … */
envoy_text outcome_name(enum outcome outcome);

/* The HTTP status unless the settings say otherwise; 200 for OUTCOME_OK. */
uint32_t outcome_code(enum outcome outcome);

/* What a status of the library is. */
enum outcome outcome_of(turnout_status status);

#endif
