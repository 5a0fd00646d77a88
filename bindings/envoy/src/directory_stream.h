/* Directory assistance as a request through Envoy: its path, its method, its body.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TURNOUT_ENVOY_DIRECTORY_STREAM_H
#define TURNOUT_ENVOY_DIRECTORY_STREAM_H

#include "filter_stream.h"

/* Whether the request's path, up to its query, is the directory's. */
bool directory_is_asked(const struct headers *headers, const struct settings *settings);

/* What the hooks of such a request do; they return what Envoy is to be told. */
int directory_headers(void *envoy_stream, struct stream *stream, const struct headers *headers,
                      bool end);
int directory_body(void *envoy_stream, struct stream *stream, bool end);
int directory_trailers(void *envoy_stream, struct stream *stream);

#endif
