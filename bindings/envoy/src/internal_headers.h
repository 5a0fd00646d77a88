/* The headers by which the filter tells the router, and the upstream, what was decided. Each is set
 * or removed on every request, so that no client can send one.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TURNOUT_ENVOY_INTERNAL_HEADERS_H
#define TURNOUT_ENVOY_INTERNAL_HEADERS_H

#include "answer.h"

/* Writes what the answer says: all that it does not say is removed. */
void internal_headers_set(void *stream, const struct settings *settings,
                          const struct answer *answer);

/* Removes them all. The route is chosen anew if the client sent a cluster, since it may have chosen
 * the route by it. */
void internal_headers_remove(void *stream);

#endif
