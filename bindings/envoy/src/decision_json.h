/* A decision as `turnout resolve --json` writes it: same keys, same order, same values.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TURNOUT_ENVOY_DECISION_JSON_H
#define TURNOUT_ENVOY_DECISION_JSON_H

#include "json_text.h"

#include <turnout.h>

/* `use_case` is the one that was asked for, which a decision does not repeat. With any status but
 * ok all but the status is null, empty or false. */
void decision_json(json_text *text, const turnout_decision *decision, turnout_text use_case);

#endif
