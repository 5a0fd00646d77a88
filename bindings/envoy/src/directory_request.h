/* A request of directory assistance: the JSON that `turnout resolve --batch` reads.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TURNOUT_ENVOY_DIRECTORY_REQUEST_H
#define TURNOUT_ENVOY_DIRECTORY_REQUEST_H

#include <jansson.h>

#include "settings.h"

/* Lives on the caller's stack; its texts belong to the JSON and to the settings. */
struct directory_request {
  turnout_request request;
  turnout_attribute attributes[TURNOUT_ATTRIBUTES_MAX];
  turnout_unit units[TURNOUT_UNITS_MAX];
  turnout_assignment assignments[TURNOUT_ASSIGNMENTS_MAX];
};

/* What is wrong with a request, and at which of its keys. */
struct directory_fault {
  char where[160]; /* "context.country"; empty for the request as a whole */
  char what[240];
};

/* Reads `object`. The settings' attributes of a fixed value come first, so that the request's own
 * hold. The decision is to carry its config. False, and the fault, if it is no request; units given
 * as Base64 are decoded in place. */
bool directory_request_read(struct directory_request *to, json_t *object,
                            const struct settings *settings, struct directory_fault *fault);

#endif
