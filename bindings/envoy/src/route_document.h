/* A route's settings as Envoy gives them.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TURNOUT_ENVOY_ROUTE_DOCUMENT_H
#define TURNOUT_ENVOY_ROUTE_DOCUMENT_H

#include <jansson.h>

#include "complaint.h"

/* Reads them: JSON, as Envoy 1.39 and later make of a Struct and take from a StringValue; or the
 * bytes of that Struct or StringValue on the wire, as Envoy 1.38 gives them. No bytes are an empty
 * object. Returns a new object, or NULL and the words. */
json_t *route_document_read(envoy_text text, struct complaint *complaint);

#endif
