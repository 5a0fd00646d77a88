/* Prints the size of every struct and the place of every field: the ABI, compared with
 * layout.golden. Compiled as C11 and as C++17 with every warning, and every *_INIT used. */
#include <turnout.h>

#include <stdio.h>

#define STRUCT(type) printf(#type " %zu bytes, aligned to %zu\n", sizeof(type), ALIGNMENT(type))
#define FIELD(type, field)                                                                         \
  printf("  %3zu %3zu %s\n", offsetof(type, field), sizeof(((type *)NULL)->field), #field)
#ifdef __cplusplus
#define ALIGNMENT(type) alignof(type)
#else
#define ALIGNMENT(type) _Alignof(type)
#endif

static void inputs(void) {
  STRUCT(turnout_text);
  FIELD(turnout_text, data);
  FIELD(turnout_text, size);
  STRUCT(turnout_name);
  FIELD(turnout_name, data);
  FIELD(turnout_name, size);
  FIELD(turnout_name, hash);
  STRUCT(turnout_error);
  FIELD(turnout_error, struct_size);
  FIELD(turnout_error, status);
  FIELD(turnout_error, message_size);
  FIELD(turnout_error, message);
  STRUCT(turnout_attribute);
  FIELD(turnout_attribute, name);
  FIELD(turnout_attribute, type);
  FIELD(turnout_attribute, boolean);
  FIELD(turnout_attribute, number);
  FIELD(turnout_attribute, text);
  STRUCT(turnout_unit);
  FIELD(turnout_unit, name);
  FIELD(turnout_unit, value);
  STRUCT(turnout_assignment);
  FIELD(turnout_assignment, experiment);
  FIELD(turnout_assignment, cell);
  STRUCT(turnout_request);
  FIELD(turnout_request, struct_size);
  FIELD(turnout_request, use_case);
  FIELD(turnout_request, unit);
  FIELD(turnout_request, units);
  FIELD(turnout_request, unit_count);
  FIELD(turnout_request, attributes);
  FIELD(turnout_request, attribute_count);
  FIELD(turnout_request, request_id);
  FIELD(turnout_request, assignments);
  FIELD(turnout_request, assignment_count);
  FIELD(turnout_request, now_ns);
  FIELD(turnout_request, flags);
  STRUCT(turnout_overlay_entry);
  FIELD(turnout_overlay_entry, kind);
  FIELD(turnout_overlay_entry, state);
  FIELD(turnout_overlay_entry, name);
  FIELD(turnout_overlay_entry, until_ns);
  STRUCT(turnout_open_options);
  FIELD(turnout_open_options, struct_size);
  FIELD(turnout_open_options, constants);
  FIELD(turnout_open_options, constant_count);
  FIELD(turnout_open_options, flags);
}

static void outputs(void) {
  STRUCT(turnout_cell);
  FIELD(turnout_cell, experiment);
  FIELD(turnout_cell, cell);
  FIELD(turnout_cell, by);
  FIELD(turnout_cell, reserved);
  STRUCT(turnout_shadow);
  FIELD(turnout_shadow, name);
  FIELD(turnout_shadow, model);
  FIELD(turnout_shadow, version);
  FIELD(turnout_shadow, cluster);
  FIELD(turnout_shadow, shard);
  FIELD(turnout_shadow, address);
  FIELD(turnout_shadow, routing_key);
  FIELD(turnout_shadow, config);
  STRUCT(turnout_decision);
  FIELD(turnout_decision, struct_size);
  FIELD(turnout_decision, status);
  FIELD(turnout_decision, flags);
  FIELD(turnout_decision, revision);
  FIELD(turnout_decision, digest);
  FIELD(turnout_decision, model);
  FIELD(turnout_decision, version);
  FIELD(turnout_decision, cluster);
  FIELD(turnout_decision, shard);
  FIELD(turnout_decision, address);
  FIELD(turnout_decision, routing_key);
  FIELD(turnout_decision, rule);
  FIELD(turnout_decision, traffic);
  FIELD(turnout_decision, config);
  FIELD(turnout_decision, cells);
  FIELD(turnout_decision, cell_count);
  FIELD(turnout_decision, holdouts);
  FIELD(turnout_decision, holdout_count);
  FIELD(turnout_decision, shadows);
  FIELD(turnout_decision, shadow_count);
  FIELD(turnout_decision, reason);
  FIELD(turnout_decision, reserved);
  FIELD(turnout_decision, buffer_needed);
  STRUCT(turnout_engine_info);
  FIELD(turnout_engine_info, struct_size);
  FIELD(turnout_engine_info, revision);
  FIELD(turnout_engine_info, head_revision);
  FIELD(turnout_engine_info, overlay_generation);
  FIELD(turnout_engine_info, digest);
  FIELD(turnout_engine_info, image_bytes);
  FIELD(turnout_engine_info, adopted_at_ns);
  FIELD(turnout_engine_info, head_status);
  FIELD(turnout_engine_info, keeper_running);
  FIELD(turnout_engine_info, views_open);
  FIELD(turnout_engine_info, views_oldest_ns);
  FIELD(turnout_engine_info, views_bytes);
  FIELD(turnout_engine_info, resolves);
  FIELD(turnout_engine_info, refused);
  FIELD(turnout_engine_info, attributes_undeclared);
  FIELD(turnout_engine_info, attributes_mistyped);
  FIELD(turnout_engine_info, shadows_left_out);
  FIELD(turnout_engine_info, assignments_unknown);
  STRUCT(turnout_overlay);
  FIELD(turnout_overlay, struct_size);
  FIELD(turnout_overlay, generation);
  FIELD(turnout_overlay, entries);
  FIELD(turnout_overlay, entry_count);
  FIELD(turnout_overlay, buffer_needed);
}

static void numbers(void) {
  printf("limits %d %d %d %d %d %d %d, ABI %d\n", TURNOUT_BYTES_MAX, TURNOUT_ATTRIBUTES_MAX,
         TURNOUT_UNITS_MAX, TURNOUT_ASSIGNMENTS_MAX, TURNOUT_BATCH_MAX, TURNOUT_VIEWS_MAX,
         TURNOUT_DECISION_BYTES, TURNOUT_ABI_VERSION);
  printf("lists %d %d %d\n", TURNOUT_CELLS_MAX, TURNOUT_HOLDOUTS_MAX, TURNOUT_SHADOWS_MAX);
  printf("statuses %d %d %d %d %d, %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d %d\n",
         TURNOUT_OK, TURNOUT_UNKNOWN_USE_CASE, TURNOUT_DISABLED, TURNOUT_MISSING_REQUIRED,
         TURNOUT_UNAVAILABLE, TURNOUT_INVALID_ARGUMENT, TURNOUT_NO_TABLE, TURNOUT_BUFFER_TOO_SMALL,
         TURNOUT_REENTRANT, TURNOUT_NO_STORE, TURNOUT_NOT_A_STORE, TURNOUT_CORRUPT,
         TURNOUT_NEWER_FORMAT, TURNOUT_PERMISSION_DENIED, TURNOUT_DISK_FULL,
         TURNOUT_NETWORK_FILE_SYSTEM, TURNOUT_IO_ERROR, TURNOUT_OUT_OF_MEMORY, TURNOUT_NO_REVISION,
         TURNOUT_CONFLICT, TURNOUT_LIMIT_EXCEEDED, TURNOUT_CLOSED);
  printf("types %d %d %d %d, reasons %d %d %d %d %d %d, by %d %d %d\n", TURNOUT_NULL,
         TURNOUT_STRING, TURNOUT_NUMBER, TURNOUT_BOOLEAN, TURNOUT_REASON_NONE,
         TURNOUT_REASON_OVERRIDE, TURNOUT_REASON_ROUTE, TURNOUT_REASON_SPLIT, TURNOUT_REASON_LOOKUP,
         TURNOUT_REASON_EXPERIMENT, TURNOUT_BY_HASH, TURNOUT_BY_OVERRIDE, TURNOUT_BY_ASSIGNMENT);
  printf("overlay %d, kinds %d %d %d %d, states %d %d %d %d %d\n", TURNOUT_OVERLAY_MAX,
         TURNOUT_CLUSTER, TURNOUT_USE_CASE, TURNOUT_EXPERIMENT, TURNOUT_SHADOW, TURNOUT_UP,
         TURNOUT_DRAINING, TURNOUT_DOWN, TURNOUT_ON, TURNOUT_OFF);
  printf("flags %u %u %u %u\n", (unsigned)TURNOUT_WANT_CONFIG, (unsigned)TURNOUT_NO_THREAD,
         TURNOUT_FALLBACK, TURNOUT_DEGRADED);
}

/* Each initialiser gives its struct's size, and zero otherwise. */
static void initialisers(void) {
  turnout_error error = TURNOUT_ERROR_INIT;
  turnout_request request = TURNOUT_REQUEST_INIT;
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_open_options options = TURNOUT_OPEN_OPTIONS_INIT;
  turnout_engine_info info = TURNOUT_ENGINE_INFO_INIT;
  turnout_overlay overlay = TURNOUT_OVERLAY_INIT;
  printf("initialisers %d %d %d %d %d %d\n", error.struct_size == sizeof error,
         request.struct_size == sizeof request, decision.struct_size == sizeof decision,
         options.struct_size == sizeof options, info.struct_size == sizeof info,
         overlay.struct_size == sizeof overlay);
  printf("zero %d %d %d %d %d %d\n", error.message[0] == 0 && error.message_size == 0,
         request.flags == 0 && request.now_ns == 0,
         decision.buffer_needed == 0 && decision.reserved == 0, options.flags == 0,
         info.assignments_unknown == 0 && info.keeper_running == 0,
         overlay.generation == 0 && overlay.entry_count == 0 && overlay.buffer_needed == 0);
}

int main(void) {
  inputs();
  outputs();
  numbers();
  initialisers();
  return 0;
}
