/*
 * turnout.h: the C API of Turnout, and its manual.
 * SPDX-License-Identifier: Apache-2.0
 *
 * WHAT IT DOES
 *
 *   A client names a use case. Turnout answers which model version, on which cluster, at which
 *   address, under which routing key and with which config should serve this request, and steps
 *   aside: it never sees the payload. The answer comes from memory, inside the calling process.
 *
 * THE NOUNS
 *
 *   store      A directory, written by `turnout publish` and read by every process on the host.
 *   table      The compiled, immutable image of the routing documents, mapped into memory and
 *              shared by all processes. Its digest (XXH3-128) names it on any host.
 *   revision   A table's number in a store: 1, 2, 3 …, never reused.
 *   head       The revision that readers resolve against.
 *   engine     This process's door to one store. Engines on one store share one core, with one
 *              keeper thread that adopts each new head within milliseconds.
 *   view       Pins one revision, for several resolves that must agree.
 *   request    The use case, the unit (whom the answer is for) and the context (attributes).
 *   decision   The answer, whole: every field comes from one table.
 *   overlay    States of clusters, and switches, beside the tables and for every revision.
 *
 * CAVEATS, BEFORE THE FUNCTIONS
 *
 *   - Nothing here is async-signal-safe. A resolve from a signal handler that interrupted a
 *     resolve on the same thread is refused with TURNOUT_REENTRANT.
 *   - After fork() an engine that was opened before goes on working in the child: the child makes
 *     its own core and keeper at its first call. A view does not cross a fork: in the child it
 *     answers TURNOUT_CLOSED, and closing it there does nothing to the parent's.
 *   - The library is never unloaded: dlclose() leaves it in place.
 *   - Starting takes time in proportion to the table (digest and validation); resolving does not.
 *   - The library reads no environment variable. It writes no file but in turnout_overlay_set().
 *
 * CONVENTIONS
 *
 *   Status    Functions that can fail return a turnout_status: 0 is ok, positive is a normal answer
 *             that is not a decision, negative is a failure. Values are frozen; read unknown
 *             negative values as failures and unknown positive ones as answers.
 *   Words     A failure that needs words gives them through the call's own turnout_error, which
 *             may be NULL. There is no hidden thread state.
 *   Text      {data, size}, not NUL-terminated, UTF-8. {NULL, 0} is an absent text; as the value
 *             of a string attribute it is the empty one. Units and request ids are bytes: any
 *             values, of at most TURNOUT_BYTES_MAX.
 *   Inputs    are read during the call only.
 *   Outputs   live in the caller's buffer, which the struct that is filled must not overlap, and
 *             stay valid as long as it does.
 *   Structs   that may grow start with struct_size; make them with their *_INIT macro. Zero means
 *             default, unknown flags are refused. Of an input larger than this library knows (up
 *             to 4096 bytes for a request, 65536 for options) the rest must be zero; of an output
 *             it is zeroed. An output too small, or above 65536, is refused, an error left alone.
 *   Limits    TURNOUT_*_MAX below. What exceeds them is TURNOUT_INVALID_ARGUMENT.
 *
 * Each function states five facts: Threads, Lifetime, Memory, Result, Since.
 */
#ifndef TURNOUT_H
#define TURNOUT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__clang__)
#define TURNOUT_NULLABLE _Nullable
#define TURNOUT_NONNULL _Nonnull
#if !defined(__swift__) && !defined(__OBJC__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-extension"
#endif
#else
#define TURNOUT_NULLABLE
#define TURNOUT_NONNULL
#endif

/* The ABI that this header describes; see turnout_abi_version(). */
#define TURNOUT_ABI_VERSION 0

/* Limits of one call. */
#define TURNOUT_BYTES_MAX 65536        /* bytes of one text, unit or request id */
#define TURNOUT_TRAFFIC_MAX 128        /* bytes of a traffic class, which the decision repeats */
#define TURNOUT_ATTRIBUTES_MAX 120     /* attributes of one request, and constants of an engine */
#define TURNOUT_UNITS_MAX 16           /* units of one request beside the primary one */
#define TURNOUT_ASSIGNMENTS_MAX 256    /* assignments of one request */
#define TURNOUT_BATCH_MAX 1048576      /* elements of one batch */
#define TURNOUT_VIEWS_MAX 1024         /* views open at once in one process, per store */
#define TURNOUT_OVERLAY_MAX 4096       /* entries of an overlay */
#define TURNOUT_CELLS_MAX 16           /* cells of one decision */
#define TURNOUT_HOLDOUTS_MAX 64        /* holdouts of one decision */
#define TURNOUT_SHADOWS_MAX 8          /* shadows of one decision */
#define TURNOUT_DECISION_BYTES 32768   /* a buffer of this size holds any decision without config */
#define TURNOUT_DESTINATION_BYTES 1024 /* and of this size any destination */

typedef int32_t turnout_status;
enum {
  TURNOUT_OK = 0,
  TURNOUT_UNKNOWN_USE_CASE = 1,      /* the table has no use case of this name */
  TURNOUT_DISABLED = 2,              /* the use case is switched off */
  TURNOUT_MISSING_REQUIRED = 3,      /* the request lacks what the use case requires */
  TURNOUT_UNAVAILABLE = 4,           /* every cluster is down and the use case refuses */
  TURNOUT_UNKNOWN_ROUTING_KEY = 5,   /* the table has no such routing key */
  TURNOUT_INVALID_ARGUMENT = -1,     /* NULL, a size over its limit, invalid UTF-8, NaN, infinity */
  TURNOUT_NO_TABLE = -2,             /* nothing has been published in this store yet */
  TURNOUT_BUFFER_TOO_SMALL = -3,     /* buffer_needed says how large it must be */
  TURNOUT_REENTRANT = -4,            /* called from a signal handler inside another resolve */
  TURNOUT_NO_STORE = -5,             /* no such directory */
  TURNOUT_NOT_A_STORE = -6,          /* a directory, but not a store */
  TURNOUT_CORRUPT = -7,              /* bytes that are not what was written */
  TURNOUT_NEWER_FORMAT = -8,         /* written by a later version of Turnout */
  TURNOUT_PERMISSION_DENIED = -9,    /* the system refused access */
  TURNOUT_DISK_FULL = -10,           /* no space left; nothing was changed */
  TURNOUT_NETWORK_FILE_SYSTEM = -11, /* stores live on local file systems */
  TURNOUT_IO_ERROR = -12,            /* the system failed otherwise; the words say how */
  TURNOUT_OUT_OF_MEMORY = -13,       /* no memory, mapping or thread could be had */
  TURNOUT_NO_REVISION = -14,         /* no such revision, or it is no longer kept */
  TURNOUT_CONFLICT = -15,            /* head is not what the caller expected */
  TURNOUT_LIMIT_EXCEEDED = -16,      /* one of the limits above, of open things */
  TURNOUT_CLOSED = -17               /* the handle has been closed */
};

/* Text, or bytes. */
typedef struct turnout_text {
  const char *TURNOUT_NULLABLE data;
  size_t size;
} turnout_text;

/* A name that may carry its hash: what turnout_name_of() returns is a handle, which saves a caller
 * who resolves in a loop the hashing. It holds no resource, borrows the text, fits every store and
 * survives every revision. A hash of 0 means "not computed yet"; a wrong one finds nothing, or the
 * same. Names of units and assignments are compared as texts. */
typedef struct turnout_name {
  const char *TURNOUT_NULLABLE data;
  size_t size;
  uint64_t hash;
} turnout_name;

typedef struct turnout_error {
  size_t struct_size;
  turnout_status status;
  uint32_t message_size; /* bytes of message, without the NUL */
  char message[1008];    /* what, where and what to do; NUL-terminated, cut at a character */
} turnout_error;

/* The type of an attribute's value: `text`, also of one declared as version; `number`, finite;
 * `boolean`, 0 or 1. A value of another type than declared counts as missing. `traffic` is a string
 * of at most TURNOUT_TRAFFIC_MAX bytes, or null: anything else is an invalid argument. */
enum { TURNOUT_NULL = 0, TURNOUT_STRING = 1, TURNOUT_NUMBER = 2, TURNOUT_BOOLEAN = 3 };

typedef struct turnout_attribute {
  turnout_name name;
  uint32_t type, boolean;
  double number;
  turnout_text text;
} turnout_attribute;

/* A unit other than the primary one. */
typedef struct turnout_unit {
  turnout_name name;
  turnout_text value;
} turnout_unit;

/* A cell allocated elsewhere, for an experiment that the use case names; of two for one experiment
 * the later holds. A cell of {NULL, 0} keeps the unit out, and so does one that does not exist. */
typedef struct turnout_assignment {
  turnout_name experiment;
  turnout_text cell;
} turnout_assignment;

/* turnout_request.flags */
#define TURNOUT_WANT_CONFIG UINT64_C(1) /* merge the config; without it, none is produced */

typedef struct turnout_request {
  size_t struct_size;
  turnout_name use_case; /* required */
  turnout_text unit;     /* the primary unit: bytes; absent or empty is missing */
  const turnout_unit *TURNOUT_NULLABLE units; /* others; the primary one by name, if not above */
  size_t unit_count;
  const turnout_attribute *TURNOUT_NULLABLE attributes; /* of two with one name the later holds */
  size_t attribute_count;
  turnout_text request_id; /* bytes; draws where there is no unit */
  const turnout_assignment *TURNOUT_NULLABLE assignments;
  size_t assignment_count;
  int64_t now_ns; /* since 1970 in UTC; 0 is the system's clock, read only if a window needs it */
  uint64_t flags;
} turnout_request;

/* turnout_decision.reason: what decided. */
enum { TURNOUT_REASON_NONE = 0, TURNOUT_REASON_OVERRIDE = 1, TURNOUT_REASON_ROUTE = 2 };
enum { TURNOUT_REASON_SPLIT = 3, TURNOUT_REASON_LOOKUP = 4, TURNOUT_REASON_EXPERIMENT = 5 };

/* turnout_decision.flags */
#define TURNOUT_FALLBACK UINT32_C(1) /* not the first cluster of the list, or by `otherwise` */
#define TURNOUT_DEGRADED UINT32_C(2) /* every cluster is down; this is the first one */

/* turnout_cell.by */
enum { TURNOUT_BY_HASH = 1, TURNOUT_BY_OVERRIDE = 2, TURNOUT_BY_ASSIGNMENT = 3 };

/* A cell that the unit is in. */
typedef struct turnout_cell {
  turnout_text experiment, cell;
  uint32_t by, reserved;
} turnout_cell;

/* Where a copy of the request should go, too; its answer is thrown away. */
typedef struct turnout_shadow {
  turnout_text name, model, version;
  turnout_text cluster, shard, address, routing_key;
  turnout_text config; /* the model version's own; absent unless asked for */
} turnout_shadow;

/* With any status but TURNOUT_OK the texts are absent and the counts 0; with
 * TURNOUT_BUFFER_TOO_SMALL, buffer_needed is set. The lists stand in the buffer, aligned whatever
 * its address; one without elements is NULL. */
typedef struct turnout_decision {
  size_t struct_size;
  turnout_status status;
  uint32_t flags;
  uint64_t revision;  /* 0 without a table, and if refused before one was looked at */
  uint8_t digest[16]; /* the table's, in the order in which it is written */
  turnout_text model, version;
  turnout_text cluster, shard, address, routing_key; /* no shard if the cluster has none */
  turnout_text rule;                          /* the name of what decided; absent if it has none */
  turnout_text traffic;                       /* the request's traffic class */
  turnout_text config;                        /* one JSON object; absent unless asked for */
  const turnout_cell *TURNOUT_NULLABLE cells; /* in the order of their rules */
  size_t cell_count;
  const turnout_text *TURNOUT_NULLABLE holdouts; /* that kept the unit out; in byte order */
  size_t holdout_count;
  const turnout_shadow *TURNOUT_NULLABLE shadows; /* as the use case lists them */
  size_t shadow_count;
  uint32_t reason, reserved;
  size_t buffer_needed; /* bytes of buffer that this decision takes, at any address */
} turnout_decision;

/* turnout_open_options.flags */
#define TURNOUT_NO_THREAD UINT64_C(1)      /* no keeper; the host calls turnout_engine_refresh() */
#define TURNOUT_PRIVATE_TABLES UINT64_C(2) /* tables are copied into the process's own memory */
typedef struct turnout_open_options {
  size_t struct_size;
  /* Of every request; copied. A request's own of the same name holds instead, null ones too. */
  const turnout_attribute *TURNOUT_NULLABLE constants;
  size_t constant_count;
  uint64_t flags;
} turnout_open_options;

/* What an engine serves and why. Counters are sums over all threads of this process, and over all
 * its stores; calls that are refused before a table is looked at are not among them. */
typedef struct turnout_engine_info {
  size_t struct_size;
  uint64_t revision;           /* served; 0 is none */
  uint64_t head_revision;      /* of the store when it was last looked at */
  uint64_t overlay_generation; /* grows with every overlay change */
  uint8_t digest[16];          /* of the table served */
  uint64_t image_bytes;        /* of the table served */
  int64_t adopted_at_ns;       /* when it was adopted; UTC since 1970 */
  turnout_status head_status;  /* 0, or why head is not served; the words are in the error */
  uint32_t keeper_running;     /* 0 or 1 */
  uint64_t views_open;
  uint64_t views_oldest_ns;       /* age of the oldest open view */
  uint64_t views_bytes;           /* bytes of tables that only views keep alive */
  uint64_t resolves;              /* requests, batches counted by element */
  uint64_t refused;               /* of these, with a status other than ok */
  uint64_t attributes_undeclared; /* attributes ignored because no document declares them */
  uint64_t attributes_mistyped;   /* attributes of another type than declared, so missing */
  uint64_t shadows_left_out;      /* shadows switched off, or whose first cluster is not up */
  uint64_t assignments_unknown;   /* assignments to cells that do not exist */
} turnout_engine_info;

/* Where a routing key leads. But for TURNOUT_OK the texts are absent and the state is 0. */
typedef struct turnout_destination {
  size_t struct_size;
  uint64_t revision;                                 /* 0 without a table */
  turnout_text cluster, shard, address, routing_key; /* no shard if the cluster has none */
  uint32_t state; /* TURNOUT_UP, _DRAINING or _DOWN: of cluster and shard the worse */
  uint32_t reserved;
  size_t buffer_needed; /* as in a decision */
} turnout_destination;

/* turnout_overlay_entry.kind, and .state: up, draining, down of clusters, on, off of the others */
enum { TURNOUT_CLUSTER = 1, TURNOUT_USE_CASE = 2, TURNOUT_EXPERIMENT = 3, TURNOUT_SHADOW = 4 };
enum { TURNOUT_UP = 1, TURNOUT_DRAINING = 2, TURNOUT_DOWN = 3, TURNOUT_ON = 4, TURNOUT_OFF = 5 };

typedef struct turnout_overlay_entry {
  uint32_t kind, state;
  turnout_text name; /* `name`, `cluster/shard` or `use case/shadow` */
  int64_t until_ns;  /* when it ends, in UTC since 1970; 0 is never */
} turnout_overlay_entry;
typedef struct turnout_overlay {
  size_t struct_size;
  uint64_t generation;                                   /* as in turnout_engine_info */
  const turnout_overlay_entry *TURNOUT_NULLABLE entries; /* by kind and the bytes of the name */
  size_t entry_count;
  size_t buffer_needed; /* bytes of buffer that the entries take */
} turnout_overlay;

typedef struct turnout_engine turnout_engine;
typedef struct turnout_view turnout_view;

/* clang-format off */
#define TURNOUT_NONE_ {NULL, 0}
#define TURNOUT_ERROR_INIT {sizeof(turnout_error), 0, 0, {0}}
#define TURNOUT_REQUEST_INIT \
  {sizeof(turnout_request), {NULL, 0, 0}, TURNOUT_NONE_, NULL, 0, NULL, 0, TURNOUT_NONE_, NULL, 0, 0, 0}
#define TURNOUT_DECISION_INIT \
  {sizeof(turnout_decision), 0, 0, 0, {0}, \
   TURNOUT_NONE_, TURNOUT_NONE_, TURNOUT_NONE_, TURNOUT_NONE_, TURNOUT_NONE_, TURNOUT_NONE_, \
   TURNOUT_NONE_, TURNOUT_NONE_, TURNOUT_NONE_, NULL, 0, NULL, 0, NULL, 0, 0, 0, 0}
#define TURNOUT_DESTINATION_INIT \
  {sizeof(turnout_destination), 0, TURNOUT_NONE_, TURNOUT_NONE_, TURNOUT_NONE_, TURNOUT_NONE_, 0, 0, 0}
#define TURNOUT_OPEN_OPTIONS_INIT {sizeof(turnout_open_options), NULL, 0, 0}
#define TURNOUT_ENGINE_INFO_INIT \
  {sizeof(turnout_engine_info), 0, 0, 0, {0}, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
#define TURNOUT_OVERLAY_INIT {sizeof(turnout_overlay), 0, NULL, 0, 0}
/* clang-format on */

/* ---- The library ----------------------------------------------------------------------------- */
/* The ABI of the library that is loaded. It equals TURNOUT_ABI_VERSION, or the two do not fit.
 * Threads: any. Lifetime: none. Memory: none. Result: the number. Since: 0.1. */
uint32_t turnout_abi_version(void);

/* The library's version, "0.1.0".
 * Threads: any. Lifetime: static. Memory: none. Result: NUL-terminated text. Since: 0.1. */
const char *TURNOUT_NONNULL turnout_version(void);

/* The name of a status: "ok", "unknown_use_case", …; "unknown_status" for other values.
 * Threads: any. Lifetime: static. Memory: none. Result: NUL-terminated text. Since: 0.1. */
const char *TURNOUT_NONNULL turnout_status_name(turnout_status status);

/* A name with its hash: the handle of a use case, an attribute, a unit or an experiment. Threads:
 * any. Lifetime: the handle borrows text.data. Memory: none. Result: the handle; with hash 0 if the
 * text is NULL, empty or too large. That it is UTF-8 is seen when it is used. Since: 0.1. */
turnout_name turnout_name_of(turnout_text text);

/* ---- Engine ---------------------------------------------------------------------------------- */
/* Opens the store in the directory `path` (UTF-8, NUL-terminated) for resolving; a relative path is
 * made absolute now. A store in which nothing is published yet answers TURNOUT_NO_TABLE until
 * something is. If head cannot be served, the latest head before it that is whole is, and
 * turnout_engine_status() says why; without one opening fails. Threads: any. Lifetime: until
 * turnout_engine_close(). Memory: the engine's, released by close; the table a shared read-only
 * mapping, or private. Result: TURNOUT_OK; or words, *out NULL and INVALID_ARGUMENT, NO_STORE,
 * NOT_A_STORE, CORRUPT, NEWER_FORMAT, PERMISSION_DENIED, IO_ERROR, OUT_OF_MEMORY. Since: 0.1. */
turnout_status turnout_engine_open(const char *TURNOUT_NULLABLE path,
                                   const turnout_open_options *TURNOUT_NULLABLE options,
                                   turnout_error *TURNOUT_NULLABLE error,
                                   turnout_engine * TURNOUT_NULLABLE * TURNOUT_NULLABLE out);

/* Ends an engine; with the store's last engine and view in this process its keeper ends too. NULL
 * is allowed. Views stay valid until they are closed. Threads: any, once no other thread uses this
 * engine. Lifetime: the handle is dead afterwards. Memory: released. Result: TURNOUT_OK;
 * TURNOUT_CLOSED where a second close can be told. Since: 0.1. */
turnout_status turnout_engine_close(turnout_engine *TURNOUT_NULLABLE engine);

/* Looks at the store now and adopts its head, in the calling thread. Only hosts that opened with
 * TURNOUT_NO_THREAD, or cannot wait some milliseconds, need it.
 * Threads: any. Lifetime: none. Memory: may map a table. Result: TURNOUT_OK if head is served
 * afterwards; else why not, and the table in force stays. Since: 0.1. */
turnout_status turnout_engine_refresh(const turnout_engine *TURNOUT_NULLABLE engine,
                                      turnout_error *TURNOUT_NULLABLE error);

/* Tells what the engine serves. `error` receives the words behind info->head_status.
 * Threads: any. Lifetime: none. Memory: none. Result: TURNOUT_OK, TURNOUT_INVALID_ARGUMENT or
 * TURNOUT_CLOSED. Since: 0.1. */
turnout_status turnout_engine_status(const turnout_engine *TURNOUT_NULLABLE engine,
                                     turnout_engine_info *TURNOUT_NULLABLE info,
                                     turnout_error *TURNOUT_NULLABLE error);

/* ---- Resolve --------------------------------------------------------------------------------- */
/* Resolves one request. After a thread's first call: no lock, no allocation, no system call.
 * Threads: any, with no set-up. Lifetime: the decision's texts live in `buffer`. Memory: none but
 * the buffer; TURNOUT_DECISION_BYTES suffices without config. Result: decision->status is the
 * status returned; TURNOUT_BUFFER_TOO_SMALL with decision->buffer_needed set. Since: 0.1. */
turnout_status turnout_resolve(const turnout_engine *TURNOUT_NULLABLE engine,
                               const turnout_request *TURNOUT_NULLABLE request,
                               void *TURNOUT_NULLABLE buffer, size_t buffer_size,
                               turnout_decision *TURNOUT_NULLABLE decision);

/* Resolves one use case for many primary units, all against one revision; request->unit is not
 * read. Decision i is at (char *)decisions + i * stride; set struct_size in each. `stride` is a
 * multiple of 8, at least that struct_size and at most 65536. A request that is not valid is
 * refused as a whole, an element that is not valid says so itself. Stops at the first element that
 * does not fit in the buffer: it says TURNOUT_BUFFER_TOO_SMALL and its own buffer_needed, and later
 * ones are untouched. `resolved` may be NULL, and with a count of 0 so may the arrays. Threads:
 * any. Lifetime: texts live in `buffer`. Memory: none but the buffer. Result: TURNOUT_OK if all
 * were resolved (each with its own status), *resolved their number; else why it stopped, and the
 * decisions before are valid. Since: 0.1. */
turnout_status turnout_resolve_units(const turnout_engine *TURNOUT_NULLABLE engine,
                                     const turnout_request *TURNOUT_NULLABLE request,
                                     const turnout_text *TURNOUT_NULLABLE units, size_t count,
                                     void *TURNOUT_NULLABLE buffer, size_t buffer_size,
                                     turnout_decision *TURNOUT_NULLABLE decisions, size_t stride,
                                     size_t *TURNOUT_NULLABLE resolved);

/* Resolves one request for many use cases, all against one revision; request->use_case is not
 * read. Otherwise like turnout_resolve_units(). Since: 0.1. */
turnout_status turnout_resolve_use_cases(const turnout_engine *TURNOUT_NULLABLE engine,
                                         const turnout_request *TURNOUT_NULLABLE request,
                                         const turnout_name *TURNOUT_NULLABLE use_cases,
                                         size_t count, void *TURNOUT_NULLABLE buffer,
                                         size_t buffer_size,
                                         turnout_decision *TURNOUT_NULLABLE decisions,
                                         size_t stride, size_t *TURNOUT_NULLABLE resolved);

/* Why a request gets its answer, or none: turnout_resolve() written down, for people or as JSON
 * (Docs/explain.md). Not counted among the resolves. Threads: any. Lifetime: the text lives in
 * `buffer`, without a NUL. Memory: the buffer; more of its own while it works. Result: TURNOUT_OK,
 * also where the request is refused, and *needed is the size; TURNOUT_BUFFER_TOO_SMALL if that is
 * more than the buffer has; else a failure, and *needed 0. Since: 0.1. */
enum { TURNOUT_EXPLAIN_TEXT = 1, TURNOUT_EXPLAIN_JSON = 2 };
turnout_status turnout_explain(const turnout_engine *TURNOUT_NULLABLE engine,
                               const turnout_request *TURNOUT_NULLABLE request, uint32_t form,
                               char *TURNOUT_NULLABLE buffer, size_t buffer_size,
                               size_t *TURNOUT_NULLABLE needed);

/* Where a routing key leads in the table in force, for a proxy that was given one and must not send
 * to what is not there. A cluster that is down has its key still, and `state` says so. No two
 * destinations share a key. Not counted among the resolves, otherwise like turnout_resolve().
 * Result: TURNOUT_OK; TURNOUT_UNKNOWN_ROUTING_KEY; TURNOUT_BUFFER_TOO_SMALL with
 * destination->buffer_needed set; else a failure. Since: 0.1. */
turnout_status turnout_engine_destination(const turnout_engine *TURNOUT_NULLABLE engine,
                                          turnout_text routing_key, void *TURNOUT_NULLABLE buffer,
                                          size_t buffer_size,
                                          turnout_destination *TURNOUT_NULLABLE destination);

/* ---- View ------------------------------------------------------------------------------------ */
/* Pins the revision in force, for resolves that must agree. A view has its engine's constants and
 * may outlive it. It keeps its table's memory alive: close it soon. Threads: any; a view may pass
 * between threads. Lifetime: until turnout_view_close(). Memory: bounded by TURNOUT_VIEWS_MAX.
 * Result: TURNOUT_OK and *out, or a failure and *out NULL: TURNOUT_NO_TABLE if nothing is
 * published, TURNOUT_LIMIT_EXCEEDED at TURNOUT_VIEWS_MAX. Since: 0.1. */
turnout_status turnout_view_open(const turnout_engine *TURNOUT_NULLABLE engine,
                                 turnout_error *TURNOUT_NULLABLE error,
                                 turnout_view * TURNOUT_NULLABLE * TURNOUT_NULLABLE out);

/* Ends a view. NULL is allowed. Threads: any, once no other thread uses this view. Lifetime: the
 * handle is dead afterwards. Memory: the table may go. Result: TURNOUT_OK; TURNOUT_CLOSED where a
 * second close can be told. Since: 0.1. */
turnout_status turnout_view_close(turnout_view *TURNOUT_NULLABLE view);

/* The revision that a view pins; 0 for NULL.
 * Threads: any. Lifetime: none. Memory: none. Result: the revision. Since: 0.1. */
uint64_t turnout_view_revision(const turnout_view *TURNOUT_NULLABLE view);

/* What an engine answers, from a view. Same five facts. Since: 0.1. */
turnout_status turnout_view_resolve(const turnout_view *TURNOUT_NULLABLE view,
                                    const turnout_request *TURNOUT_NULLABLE request,
                                    void *TURNOUT_NULLABLE buffer, size_t buffer_size,
                                    turnout_decision *TURNOUT_NULLABLE decision);
turnout_status turnout_view_resolve_units(const turnout_view *TURNOUT_NULLABLE view,
                                          const turnout_request *TURNOUT_NULLABLE request,
                                          const turnout_text *TURNOUT_NULLABLE units, size_t count,
                                          void *TURNOUT_NULLABLE buffer, size_t buffer_size,
                                          turnout_decision *TURNOUT_NULLABLE decisions,
                                          size_t stride, size_t *TURNOUT_NULLABLE resolved);
turnout_status turnout_view_resolve_use_cases(const turnout_view *TURNOUT_NULLABLE view,
                                              const turnout_request *TURNOUT_NULLABLE request,
                                              const turnout_name *TURNOUT_NULLABLE use_cases,
                                              size_t count, void *TURNOUT_NULLABLE buffer,
                                              size_t buffer_size,
                                              turnout_decision *TURNOUT_NULLABLE decisions,
                                              size_t stride, size_t *TURNOUT_NULLABLE resolved);
turnout_status turnout_view_explain(const turnout_view *TURNOUT_NULLABLE view,
                                    const turnout_request *TURNOUT_NULLABLE request, uint32_t form,
                                    char *TURNOUT_NULLABLE buffer, size_t buffer_size,
                                    size_t *TURNOUT_NULLABLE needed);
turnout_status turnout_view_destination(const turnout_view *TURNOUT_NULLABLE view,
                                        turnout_text routing_key, void *TURNOUT_NULLABLE buffer,
                                        size_t buffer_size,
                                        turnout_destination *TURNOUT_NULLABLE destination);

/* ---- Overlay --------------------------------------------------------------------------------- */
/* Changes the overlay of the store in the directory `path` by all entries at once; `up` and `on`
 * take away what was set. Author and message (at most 256 and 4096 bytes) go into the history.
 * Threads: any; waits for other writers. Lifetime: none. Memory: none kept. Result: TURNOUT_OK,
 * also if all holds already; else words, and nothing has changed: INVALID_ARGUMENT, also for a name
 * twice or unknown to head's table; NO_TABLE; LIMIT_EXCEEDED; or why the store cannot be written.
 * Since: 0.1. */
turnout_status turnout_overlay_set(const char *TURNOUT_NULLABLE path,
                                   const turnout_overlay_entry *TURNOUT_NULLABLE entries,
                                   size_t count, turnout_text author, turnout_text message,
                                   turnout_error *TURNOUT_NULLABLE error);

/* The overlay that the engine's resolves go by; some entries may mean nothing to its table.
 * Threads: any. Lifetime: it lives in `buffer`. Memory: none but the buffer. Result: TURNOUT_OK,
 * TURNOUT_BUFFER_TOO_SMALL, TURNOUT_INVALID_ARGUMENT or TURNOUT_CLOSED. Since: 0.1. */
turnout_status turnout_engine_overlay(const turnout_engine *TURNOUT_NULLABLE engine,
                                      void *TURNOUT_NULLABLE buffer, size_t buffer_size,
                                      turnout_overlay *TURNOUT_NULLABLE overlay);

#if defined(__clang__) && !defined(__swift__) && !defined(__OBJC__)
#pragma clang diagnostic pop
#endif

#ifdef __cplusplus
}
#endif

#endif /* TURNOUT_H */
