/*
 * The names and HTTP statuses of outcomes.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "outcome.h"

#define TEXT(literal) {literal, sizeof(literal) - 1}

static const struct {
  envoy_text name;
  uint32_t code;
} outcomes[OUTCOMES] = {
    [OUTCOME_OK] = {TEXT("ok"), 200},
    [OUTCOME_MISSING_HEADER] = {TEXT("missing_header"), 400},
    [OUTCOME_UNKNOWN_USE_CASE] = {TEXT("unknown_use_case"), 404},
    [OUTCOME_UNKNOWN_ROUTING_KEY] = {TEXT("unknown_routing_key"), 404},
    [OUTCOME_DISABLED] = {TEXT("disabled"), 503},
    [OUTCOME_MISSING_REQUIRED] = {TEXT("missing_required"), 400},
    [OUTCOME_UNAVAILABLE] = {TEXT("unavailable"), 503},
    [OUTCOME_INVALID_ARGUMENT] = {TEXT("invalid_argument"), 400},
    [OUTCOME_NO_TABLE] = {TEXT("no_table"), 503},
    [OUTCOME_FAILURE] = {TEXT("failure"), 503},
};

envoy_text outcome_name(enum outcome outcome) { return outcomes[outcome].name; }

uint32_t outcome_code(enum outcome outcome) { return outcomes[outcome].code; }

enum outcome outcome_of(turnout_status status) {
  switch (status) {
  case TURNOUT_OK:
    return OUTCOME_OK;
  case TURNOUT_UNKNOWN_USE_CASE:
    return OUTCOME_UNKNOWN_USE_CASE;
  case TURNOUT_DISABLED:
    return OUTCOME_DISABLED;
  case TURNOUT_MISSING_REQUIRED:
    return OUTCOME_MISSING_REQUIRED;
  case TURNOUT_UNAVAILABLE:
    return OUTCOME_UNAVAILABLE;
  case TURNOUT_INVALID_ARGUMENT:
    return OUTCOME_INVALID_ARGUMENT;
  case TURNOUT_NO_TABLE:
    return OUTCOME_NO_TABLE;
  default:
    return OUTCOME_FAILURE;
  }
}
