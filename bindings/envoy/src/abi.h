/*
 * What this module uses of Envoy's ABI for dynamic modules: the types, what Envoy offers
 * (callbacks, which the loader finds in the envoy executable) and what the module gives (hooks).
 * SPDX-License-Identifier: Apache-2.0
 *
 * Only what is used is declared, in this module's own words; names, values and layouts are Envoy's.
 * Callbacks that Envoy 1.38 lacks are weak: test them for NULL before the call.
 *
 * A config handle (void *envoy_config) lives as long as the module's config object; a stream
 * (void *stream) as long as its filter object; a selection (void *selection) during the call.
 * What getters return stays valid until the hook returns; in the filter only until the next setter.
 * Setters copy. Values of headers are bytes of the client: any, not always UTF-8.
 */
#ifndef TURNOUT_ENVOY_ABI_H
#define TURNOUT_ENVOY_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOOK(name) envoy_dynamic_module_on_##name
#define CALLBACK(name) envoy_dynamic_module_callback_##name
#define EXPORTED __attribute__((visibility("default")))
#define OPTIONAL __attribute__((weak))

/* Text that either side owns; not NUL-terminated. */
typedef struct envoy_text {
  const char *data;
  size_t size;
} envoy_text;

/* A header, or an entry of metadata. */
typedef struct envoy_pair {
  const char *key;
  size_t key_size;
  const char *value;
  size_t value_size;
} envoy_pair;

enum { LOG_TRACE, LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR, LOG_CRITICAL };

/* What calls about metrics answer. */
enum { METRIC_OK, METRIC_NOT_FOUND, METRIC_BAD_LABELS, METRIC_FROZEN };

/* ---- Any part ------------------------------------------------------------------------------- */
void CALLBACK(log)(int level, envoy_text message);
/* Whether Envoy only checks its configuration (`--mode validate`). */
bool CALLBACK(is_validation_mode)(void);

/* The ABI's version that the module was made for. */
EXPORTED const char *HOOK(program_init)(void);

/* ---- Cluster specifier: Envoy 1.40 ---------------------------------------------------------- */
/* The first value of a request header is at index 0; false if there is none. */
OPTIONAL bool CALLBACK(cluster_specifier_get_request_header_value)(void *selection, envoy_text name,
                                                                   envoy_text *value, size_t index,
                                                                   size_t *count);
/* All of them in one call, which costs less than two single ones; `headers` has room for as many as
 * the size says. */
OPTIONAL size_t CALLBACK(cluster_specifier_get_request_headers_size)(void *selection);
OPTIONAL bool CALLBACK(cluster_specifier_get_request_headers)(void *selection, envoy_pair *headers);
/* The same for one request over its retries. */
OPTIONAL uint64_t CALLBACK(cluster_specifier_get_random_value)(void *selection);
OPTIONAL void CALLBACK(cluster_specifier_set_cluster_name)(void *selection, envoy_text name);
/* 200 to 599; false for others. */
OPTIONAL bool CALLBACK(cluster_specifier_set_cluster_not_found_response_code)(void *selection,
                                                                              uint32_t code);
/* Takes the mirrors, retries … of an entry of route_action_overrides; false if there is none of
 * that name. */
OPTIONAL bool CALLBACK(cluster_specifier_set_route_action_override)(void *selection,
                                                                    envoy_text name);
OPTIONAL void CALLBACK(cluster_specifier_set_route_metadata_string)(void *selection,
                                                                    envoy_text namespace_,
                                                                    envoy_text key,
                                                                    envoy_text value);
/* Metrics are defined in config_new only, and changed from any worker. The handle is the config's,
 * always. A gauge or counter without labels takes NULL and 0. */
OPTIONAL int CALLBACK(cluster_specifier_config_define_counter)(void *envoy_config, envoy_text name,
                                                               envoy_text *labels, size_t count,
                                                               size_t *id);
OPTIONAL int CALLBACK(cluster_specifier_config_define_gauge)(void *envoy_config, envoy_text name,
                                                             envoy_text *labels, size_t count,
                                                             size_t *id);
OPTIONAL int CALLBACK(cluster_specifier_config_increment_counter)(void *envoy_config, size_t id,
                                                                  envoy_text *values, size_t count,
                                                                  uint64_t by);
OPTIONAL int CALLBACK(cluster_specifier_config_set_gauge)(void *envoy_config, size_t id,
                                                          envoy_text *values, size_t count,
                                                          uint64_t value);

/* Makes the config of one specifier, on the main thread; NULL refuses the configuration. */
EXPORTED const void *HOOK(cluster_specifier_config_new)(void *envoy_config, envoy_text name,
                                                        envoy_text config);
/* Runs on the main thread or on a worker. */
EXPORTED void HOOK(cluster_specifier_config_destroy)(const void *config);
/* Chooses, on the request's worker; again on each retry with refresh_cluster_on_retry and after a
 * filter clears a route cache. false: no decision, and the route's own cluster, if any. */
EXPORTED bool HOOK(cluster_specifier_select)(const void *config, void *selection);

/* ---- Bootstrap extension: Envoy 1.38 -------------------------------------------------------- */
/* A timer of the main thread, which fires once each time it is enabled. */
void *CALLBACK(bootstrap_extension_timer_new)(void *envoy_config);
void CALLBACK(bootstrap_extension_timer_enable)(void *timer, uint64_t milliseconds);
void CALLBACK(bootstrap_extension_timer_delete)(void *timer);
/* Envoy takes no traffic before it is told. */
void CALLBACK(bootstrap_extension_config_signal_init_complete)(void *envoy_config);
int CALLBACK(bootstrap_extension_config_define_gauge)(void *envoy_config, envoy_text name,
                                                      envoy_text *labels, size_t count, size_t *id);
int CALLBACK(bootstrap_extension_config_set_gauge)(void *envoy_config, size_t id,
                                                   envoy_text *values, size_t count,
                                                   uint64_t value);

EXPORTED const void *HOOK(bootstrap_extension_config_new)(void *envoy_config, envoy_text name,
                                                          envoy_text config);
EXPORTED void HOOK(bootstrap_extension_config_destroy)(const void *config);
EXPORTED const void *HOOK(bootstrap_extension_new)(const void *config, void *envoy_extension);
EXPORTED void HOOK(bootstrap_extension_server_initialized)(void *envoy_extension,
                                                           const void *extension);
EXPORTED void HOOK(bootstrap_extension_worker_thread_initialized)(void *envoy_extension,
                                                                  const void *extension);
EXPORTED void HOOK(bootstrap_extension_drain_started)(void *envoy_extension, const void *extension);
/* Envoy goes on when `completion` is called with `context`. */
EXPORTED void HOOK(bootstrap_extension_shutdown)(void *envoy_extension, const void *extension,
                                                 void (*completion)(void *context), void *context);
EXPORTED void HOOK(bootstrap_extension_destroy)(const void *extension);
EXPORTED void HOOK(bootstrap_extension_timer_fired)(void *envoy_config, const void *config,
                                                    void *timer);
/* Required of every such extension, though this module asks for none of what they would report. */
EXPORTED void HOOK(bootstrap_extension_config_scheduled)(void *envoy_config, const void *config,
                                                         uint64_t event);
EXPORTED void HOOK(bootstrap_extension_http_callout_done)(void *envoy_config, const void *config,
                                                          uint64_t id, int result,
                                                          const envoy_pair *headers, size_t count,
                                                          const envoy_text *body,
                                                          size_t body_count);
EXPORTED void HOOK(bootstrap_extension_file_changed)(void *envoy_config, const void *config,
                                                     envoy_text path, uint32_t events);
EXPORTED uint32_t HOOK(bootstrap_extension_admin_request)(void *envoy_config, const void *config,
                                                          envoy_text method, envoy_text path,
                                                          envoy_text body);
EXPORTED void HOOK(bootstrap_extension_cluster_add_or_update)(void *envoy_config,
                                                              const void *config, envoy_text name);
EXPORTED void HOOK(bootstrap_extension_cluster_removal)(void *envoy_config, const void *config,
                                                        envoy_text name);
EXPORTED void HOOK(bootstrap_extension_listener_add_or_update)(void *envoy_config,
                                                               const void *config, envoy_text name);
EXPORTED void HOOK(bootstrap_extension_listener_removal)(void *envoy_config, const void *config,
                                                         envoy_text name);

/* ---- HTTP filter: Envoy 1.38 ---------------------------------------------------------------- */
/* Which headers. */
enum { REQUEST_HEADERS, REQUEST_TRAILERS, RESPONSE_HEADERS, RESPONSE_TRAILERS };
/* What hooks on headers, bodies and trailers answer. */
enum {
  HEADERS_CONTINUE,
  HEADERS_STOP,
  HEADERS_CONTINUE_AND_DONT_END,
  HEADERS_STOP_AND_BUFFER,
  HEADERS_STOP_AND_WATERMARK
};
enum { BODY_CONTINUE, BODY_STOP_AND_BUFFER, BODY_STOP_AND_WATERMARK, BODY_STOP };
enum { TRAILERS_CONTINUE, TRAILERS_STOP };

bool CALLBACK(http_get_header)(void *stream, int kind, envoy_text name, envoy_text *value,
                               size_t index, size_t *count);
size_t CALLBACK(http_get_headers_size)(void *stream, int kind);
bool CALLBACK(http_get_headers)(void *stream, int kind, envoy_pair *headers);
/* Replaces all values of the header; a value with data NULL removes it. */
bool CALLBACK(http_set_header)(void *stream, int kind, envoy_text name, envoy_text value);
bool CALLBACK(http_add_header)(void *stream, int kind, envoy_text name, envoy_text value);
void CALLBACK(http_clear_route_cache)(void *stream);
void CALLBACK(http_send_response)(void *stream, uint32_t status, envoy_pair *headers, size_t count,
                                  envoy_text body, envoy_text details);
/* The body in pieces: what has come with this hook, and what was kept by BODY_STOP_AND_BUFFER. */
enum { REQUEST_BODY_RECEIVED, REQUEST_BODY_BUFFERED };
size_t CALLBACK(http_get_body_size)(void *stream, int kind);
size_t CALLBACK(http_get_body_chunks_size)(void *stream, int kind);
bool CALLBACK(http_get_body_chunks)(void *stream, int kind, envoy_text *pieces);
/* Whether what has come is what was kept: another filter let the whole body wait. */
bool CALLBACK(http_received_buffered_request_body)(void *stream);
/* The nearest config of this filter on the request's route, virtual host or route table, or NULL.
 */
const void *CALLBACK(get_most_specific_route_config)(void *stream);
void CALLBACK(http_set_dynamic_metadata_string)(void *stream, envoy_text namespace_, envoy_text key,
                                                envoy_text value);
/* Since 1.39. */
OPTIONAL void CALLBACK(http_set_dynamic_metadata_string_batch)(void *stream, envoy_text namespace_,
                                                               const envoy_pair *entries,
                                                               size_t count);
int CALLBACK(http_filter_config_define_counter)(void *envoy_config, envoy_text name,
                                                envoy_text *labels, size_t count, size_t *id);
int CALLBACK(http_filter_config_define_gauge)(void *envoy_config, envoy_text name,
                                              envoy_text *labels, size_t count, size_t *id);
/* Since 1.39. */
OPTIONAL int CALLBACK(http_filter_config_increment_counter)(void *envoy_config, size_t id,
                                                            envoy_text *values, size_t count,
                                                            uint64_t by);
/* The handle is the stream's. */
int CALLBACK(http_filter_increment_counter)(void *stream, size_t id, envoy_text *values,
                                            size_t count, uint64_t by);
int CALLBACK(http_filter_set_gauge)(void *stream, size_t id, envoy_text *values, size_t count,
                                    uint64_t value);

EXPORTED const void *HOOK(http_filter_config_new)(void *envoy_config, envoy_text name,
                                                  envoy_text config);
EXPORTED void HOOK(http_filter_config_destroy)(const void *config);
/* For typed_per_filter_config. */
EXPORTED const void *HOOK(http_filter_per_route_config_new)(envoy_text name, envoy_text config);
EXPORTED void HOOK(http_filter_per_route_config_destroy)(const void *config);
EXPORTED const void *HOOK(http_filter_new)(const void *config, void *stream);
EXPORTED int HOOK(http_filter_request_headers)(void *stream, const void *filter, bool end);
EXPORTED int HOOK(http_filter_request_body)(void *stream, const void *filter, bool end);
EXPORTED int HOOK(http_filter_request_trailers)(void *stream, const void *filter);
EXPORTED int HOOK(http_filter_response_headers)(void *stream, const void *filter, bool end);
EXPORTED int HOOK(http_filter_response_body)(void *stream, const void *filter, bool end);
EXPORTED int HOOK(http_filter_response_trailers)(void *stream, const void *filter);
EXPORTED void HOOK(http_filter_stream_complete)(void *stream, const void *filter);
EXPORTED void HOOK(http_filter_destroy)(const void *filter);
/* Required of every filter, though this module starts nothing that they would report. */
EXPORTED void HOOK(http_filter_http_callout_done)(void *stream, const void *filter, uint64_t id,
                                                  int result, envoy_pair *headers,
                                                  size_t header_count, envoy_text *body,
                                                  size_t body_count);
EXPORTED void HOOK(http_filter_http_stream_headers)(void *stream, const void *filter, uint64_t id,
                                                    envoy_pair *headers, size_t count, bool end);
EXPORTED void HOOK(http_filter_http_stream_data)(void *stream, const void *filter, uint64_t id,
                                                 const envoy_text *data, size_t count, bool end);
EXPORTED void HOOK(http_filter_http_stream_trailers)(void *stream, const void *filter, uint64_t id,
                                                     envoy_pair *trailers, size_t count);
EXPORTED void HOOK(http_filter_http_stream_complete)(void *stream, const void *filter, uint64_t id);
EXPORTED void HOOK(http_filter_http_stream_reset)(void *stream, const void *filter, uint64_t id,
                                                  int reason);
EXPORTED void HOOK(http_filter_scheduled)(void *stream, const void *filter, uint64_t event);
EXPORTED void HOOK(http_filter_downstream_above_write_buffer_high_watermark)(void *stream,
                                                                             const void *filter);
EXPORTED void HOOK(http_filter_downstream_below_write_buffer_low_watermark)(void *stream,
                                                                            const void *filter);

#endif
