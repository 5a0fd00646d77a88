/* What the filter answers itself.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TURNOUT_ENVOY_REFUSAL_H
#define TURNOUT_ENVOY_REFUSAL_H

#include "settings.h"

/* Refuses a request: the HTTP status of the settings, `x-turnout-status`, one line that says what
 * and what to do; details `turnout_<outcome>`. gRPC gets a grpc-status, which is never OK. */
void refuse_request(void *stream, const struct settings *settings, enum outcome outcome);

/* Whether the request is gRPC: then every local reply that is not 200 needs a grpc-status. */
bool refusal_is_for_grpc(void *stream);

/* The grpc-status that fits an HTTP status of ours; static text. */
const char *refusal_grpc_status(uint32_t code);

#endif
