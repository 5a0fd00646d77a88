/*
 * caller.h: a hostile caller: a thread that makes calls at random, and what it claims of each.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef CALLER_H
#define CALLER_H

#include "ground.h"
#include "tape.h"

#include <stdatomic.h>
#include <turnout.h>

enum { ENGINES = 3, VIEWS = 6, GONE = 8, PATH_BYTES = 512 };
enum { STATUS_LOWEST = -17, STATUSES = 32 };

/* Every function of turnout.h. */
#define FUNCTIONS(EACH)                                                                            \
  EACH(abi_version)                                                                                \
  EACH(version)                                                                                    \
  EACH(status_name)                                                                                \
  EACH(name_of)                                                                                    \
  EACH(engine_open)                                                                                \
  EACH(engine_close)                                                                               \
  EACH(engine_refresh)                                                                             \
  EACH(engine_status)                                                                              \
  EACH(resolve)                                                                                    \
  EACH(resolve_units)                                                                              \
  EACH(resolve_use_cases)                                                                          \
  EACH(explain)                                                                                    \
  EACH(engine_destination)                                                                         \
  EACH(view_open)                                                                                  \
  EACH(view_close)                                                                                 \
  EACH(view_revision)                                                                              \
  EACH(view_resolve)                                                                               \
  EACH(view_resolve_units)                                                                         \
  EACH(view_resolve_use_cases)                                                                     \
  EACH(view_explain)                                                                               \
  EACH(view_destination)                                                                           \
  EACH(overlay_set)                                                                                \
  EACH(engine_overlay)

#define FUNCTION_CONSTANT(name) CALL_##name,
enum { FUNCTIONS(FUNCTION_CONSTANT) CALLS };

typedef struct caller {
  tape tape;
  ground ground;
  /* Open handles, which others only look at; and some that were closed. */
  _Atomic(turnout_engine *) engines[ENGINES];
  _Atomic(turnout_view *) views[VIEWS];
  void *gone[GONE];
  size_t gone_count;
  bool in_child; /* the other side of a fork: alone, with views that are closed */
  uint64_t counts[CALLS][STATUSES];
  uint64_t forks, signals, overlaps, uses_of_closed;
} caller;

/* Ends the program, with the words, where a claim does not hold. */
#define CLAIM(condition)                                                                           \
  do {                                                                                             \
    if (!(condition))                                                                              \
      claim_broken(__FILE__, __LINE__, #condition);                                                \
  } while (0)
_Noreturn void claim_broken(const char *file, int line, const char *what);

/* Counts a call and gives its status on. */
turnout_status counted(caller *caller, int call, turnout_status status);

/* ---- What calls are made of (inputs.c) ----------------------------------------------------- */
turnout_text random_text(caller *caller);
turnout_text random_key(caller *caller);
turnout_name random_name(caller *caller);
/* Attributes or NULL, and any count. */
const turnout_attribute *random_attributes(caller *caller, size_t limit, size_t *count);
const turnout_request *random_request(caller *caller);
const turnout_open_options *random_options(caller *caller);
const turnout_overlay_entry *random_entries(caller *caller, size_t *count);
const char *random_path(caller *caller);
/* A size of which up to `most` bytes are there; now and then one that is not to be believed. */
size_t random_count(caller *caller, size_t usual, size_t limit);

/* ---- What they are filled into (outputs.c) -------------------------------------------------- */
/* A struct that the library fills, its size as it says; `valid` if that may be. */
typedef struct output {
  place place;
  bool there, valid;
} output;
output random_output(caller *caller, size_t known);
/* After a call: one that is not valid is as it was; of a larger one the tail is zero. */
void claim_output(const output *output, size_t known);
/* A buffer, or none. */
place random_buffer(caller *caller);
/* Where an error goes, or NULL; what must hold of it after a call that gave `status`. */
output random_error(caller *caller);
void claim_error(const output *error, turnout_status status, bool may_be_of_head);
void claim_text(turnout_text text, place buffer);
void claim_decision(const turnout_decision *decision, place buffer, turnout_status status);

/* ---- Calls (calls.c, batches.c, handles.c) --------------------------------------------------- */
/* A handle to call with: open, NULL, of the other kind, or closed; `open` says which. */
const turnout_engine *pick_engine(caller *caller, bool *open);
const turnout_view *pick_view(caller *caller, bool *open);
void call_resolve(caller *caller);
void call_batch(caller *caller);
void call_explain(caller *caller);
void call_destination(caller *caller);
void call_engine(caller *caller);
void call_overlay(caller *caller);
void call_names(caller *caller);
void open_or_close(caller *caller);
void use_a_closed_handle(caller *caller);
void close_all(caller *caller);
void open_views_up_to_the_limit(caller *caller);

/* Guards what must not go on at once: opening and closing, shared; whoever says of a handle that it
 * is closed, alone. */
void opening_begins(caller *caller);
void opening_ends(caller *caller);

/* All threads that call, so that it can be told which handles are open. */
void join_callers(caller *caller);
void leave_callers(caller *caller);

/* Before the first call (roots.c). */
void make_roots(void);

/* ---- Sequences (sequence.c) ------------------------------------------------------------------ */
/* One call, or one fork with some calls in the child. */
void make_a_call(caller *caller);
/* The handler of a signal resolves while the calling thread is inside such a call. */
void inside(const turnout_engine *engine, const turnout_view *view);
void outside(void);
void handle_signal(int number);
uint64_t signals_handled(void);

#endif
