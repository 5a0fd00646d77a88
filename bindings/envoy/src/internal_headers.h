/* The headers by which the filter tells the router, and the upstream, what was decided. Each is set
 * or removed on every request, so that no client can send one.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TURNOUT_ENVOY_INTERNAL_HEADERS_H
#define TURNOUT_ENVOY_INTERNAL_HEADERS_H

#include "answer.h"

/* Which of them the client sent, one bit each. Only what was sent needs to be removed: Envoy makes
 * an index of all headers at the first removal, and most requests do without. */
typedef uint32_t internal_headers;

/* Looks at the request's headers; without `pairs` any may have been sent. */
internal_headers internal_headers_sent(const struct headers *headers);

/* Adds what was decided to a request from which all of them were removed. */
void internal_headers_add(void *stream, const struct settings *settings,
                          const turnout_decision *decision);

/* Removes them all. If the client sent any the route is chosen anew: Envoy had chosen it with that,
 * and would go there, take its settings, or write into its access log that it had. */
void internal_headers_remove(void *stream, internal_headers sent);

/* Removes trailers of these names. */
void internal_headers_remove_trailers(void *stream);

#endif
