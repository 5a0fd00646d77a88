/* What the filter answers itself.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TURNOUT_ENVOY_REFUSAL_H
#define TURNOUT_ENVOY_REFUSAL_H

#include "settings.h"

/* Refuses a request: the HTTP status of the settings, `x-turnout-status`, one line that says what
 * and what to do; details `turnout_<outcome>`. gRPC gets a grpc-status, which is never OK. */
void refuse_request(void *stream, const struct settings *settings, enum outcome outcome);

#endif
