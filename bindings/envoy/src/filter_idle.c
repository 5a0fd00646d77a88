/*
 * Hooks that Envoy requires of every filter, and of which this one makes nothing: it does not touch
 * responses' bodies, starts no call and schedules nothing.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "abi.h"

int HOOK(http_filter_response_body)(void *stream, const void *filter, bool end) {
  (void)stream, (void)filter, (void)end;
  return BODY_CONTINUE;
}

int HOOK(http_filter_response_trailers)(void *stream, const void *filter) {
  (void)stream, (void)filter;
  return TRAILERS_CONTINUE;
}

void HOOK(http_filter_stream_complete)(void *stream, const void *filter) {
  (void)stream, (void)filter;
}

void HOOK(http_filter_http_callout_done)(void *stream, const void *filter, uint64_t id, int result,
                                         envoy_pair *headers, size_t header_count, envoy_text *body,
                                         size_t body_count) {
  (void)stream, (void)filter, (void)id, (void)result;
  (void)headers, (void)header_count, (void)body, (void)body_count;
}

void HOOK(http_filter_http_stream_headers)(void *stream, const void *filter, uint64_t id,
                                           envoy_pair *headers, size_t count, bool end) {
  (void)stream, (void)filter, (void)id, (void)headers, (void)count, (void)end;
}

void HOOK(http_filter_http_stream_data)(void *stream, const void *filter, uint64_t id,
                                        const envoy_text *data, size_t count, bool end) {
  (void)stream, (void)filter, (void)id, (void)data, (void)count, (void)end;
}

void HOOK(http_filter_http_stream_trailers)(void *stream, const void *filter, uint64_t id,
                                            envoy_pair *trailers, size_t count) {
  (void)stream, (void)filter, (void)id, (void)trailers, (void)count;
}

void HOOK(http_filter_http_stream_complete)(void *stream, const void *filter, uint64_t id) {
  (void)stream, (void)filter, (void)id;
}

void HOOK(http_filter_http_stream_reset)(void *stream, const void *filter, uint64_t id,
                                         int reason) {
  (void)stream, (void)filter, (void)id, (void)reason;
}

void HOOK(http_filter_scheduled)(void *stream, const void *filter, uint64_t event) {
  (void)stream, (void)filter, (void)event;
}

void HOOK(http_filter_downstream_above_write_buffer_high_watermark)(void *stream,
                                                                    const void *filter) {
  (void)stream, (void)filter;
}

void HOOK(http_filter_downstream_below_write_buffer_low_watermark)(void *stream,
                                                                   const void *filter) {
  (void)stream, (void)filter;
}
