/*
 * handles.c: engines and views that come and go, and what was closed.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "caller.h"

#include <pthread.h>
#include <stdlib.h>

enum { CALLERS_MAX = 64 };

/* Opens and closes hold it shared, and so hide no race between them; who uses what was closed holds
 * it alone, since the next open may make that handle again. */
static pthread_rwlock_t opening = PTHREAD_RWLOCK_INITIALIZER;
static _Atomic(caller *) callers[CALLERS_MAX];

void join_callers(caller *joining) {
  for (size_t i = 0; i < CALLERS_MAX; i++) {
    caller *none = NULL;
    if (atomic_compare_exchange_strong(&callers[i], &none, joining))
      return;
  }
  abort();
}

void leave_callers(caller *leaving) {
  for (size_t i = 0; i < CALLERS_MAX; i++)
    if (atomic_load(&callers[i]) == leaving)
      atomic_store(&callers[i], NULL);
}

/* Of a forked child's locks nobody knows who holds them; it is alone. */
void opening_begins(caller *caller) {
  if (!caller->in_child)
    pthread_rwlock_rdlock(&opening);
}

void opening_ends(caller *caller) {
  if (!caller->in_child)
    pthread_rwlock_unlock(&opening);
}

static bool is_open(const void *handle) {
  for (size_t i = 0; i < CALLERS_MAX; i++) {
    caller *other = atomic_load(&callers[i]);
    if (!other)
      continue;
    for (size_t k = 0; k < ENGINES; k++)
      if (atomic_load_explicit(&other->engines[k], memory_order_relaxed) == handle)
        return true;
    for (size_t k = 0; k < VIEWS; k++)
      if (atomic_load_explicit(&other->views[k], memory_order_relaxed) == handle)
        return true;
  }
  return false;
}

static void has_gone(caller *caller, void *handle) {
  caller->gone[caller->gone_count++ % GONE] = handle;
}

static void *own_handle(caller *caller, bool view, size_t *at) {
  *at = tape_below(&caller->tape, view ? VIEWS : ENGINES);
  return view ? (void *)atomic_load_explicit(&caller->views[*at], memory_order_relaxed)
              : (void *)atomic_load_explicit(&caller->engines[*at], memory_order_relaxed);
}

/* Seldom NULL, or one of the other kind, which says that it is closed. */
static void *pick(caller *caller, bool view, bool *open) {
  size_t at;
  bool other = tape_once_in(&caller->tape, 48);
  void *handle = own_handle(caller, view != other, &at);
  for (size_t k = 0; !other && !handle && k < (view ? VIEWS : ENGINES); k++)
    handle = view ? (void *)atomic_load_explicit(&caller->views[k], memory_order_relaxed)
                  : (void *)atomic_load_explicit(&caller->engines[k], memory_order_relaxed);
  if (tape_once_in(&caller->tape, 48))
    handle = NULL;
  *open = handle && !other;
  return handle;
}

const turnout_engine *pick_engine(caller *caller, bool *open) { return pick(caller, false, open); }

const turnout_view *pick_view(caller *caller, bool *open) { return pick(caller, true, open); }

static void close_engine(caller *caller, size_t at) {
  turnout_engine *engine = atomic_load_explicit(&caller->engines[at], memory_order_relaxed);
  atomic_store_explicit(&caller->engines[at], NULL, memory_order_relaxed);
  CLAIM(counted(caller, CALL_engine_close, turnout_engine_close(engine)) == TURNOUT_OK);
  if (engine)
    has_gone(caller, engine);
}

static void close_view(caller *caller, size_t at) {
  turnout_view *view = atomic_load_explicit(&caller->views[at], memory_order_relaxed);
  atomic_store_explicit(&caller->views[at], NULL, memory_order_relaxed);
  turnout_status status = counted(caller, CALL_view_close, turnout_view_close(view));
  CLAIM(status == TURNOUT_OK || (caller->in_child && status == TURNOUT_CLOSED));
  if (view)
    has_gone(caller, view);
}

static void open_engine(caller *caller, size_t at) {
  const char *path = random_path(caller);
  const turnout_open_options *options = random_options(caller);
  output error = random_error(caller);
  place out = ground_own(&caller->ground, sizeof(turnout_engine *));
  turnout_engine **slot =
      tape_once_in(&caller->tape, 24) ? NULL : (turnout_engine **)(void *)out.at;
  turnout_status status =
      turnout_engine_open(path, options, error.there ? (void *)error.place.at : NULL, slot);
  counted(caller, CALL_engine_open, status);
  claim_error(&error, status, false);
  CLAIM(status <= 0 && (slot || status == TURNOUT_INVALID_ARGUMENT));
  CLAIM(!slot || (*slot != NULL) == (status == TURNOUT_OK));
  if (slot)
    atomic_store_explicit(&caller->engines[at], *slot, memory_order_relaxed);
}

static void open_view(caller *caller, size_t at) {
  bool open = false;
  const turnout_engine *engine = pick_engine(caller, &open);
  output error = random_error(caller);
  place out = ground_own(&caller->ground, sizeof(turnout_view *));
  turnout_view **slot = tape_once_in(&caller->tape, 24) ? NULL : (turnout_view **)(void *)out.at;
  turnout_status status =
      turnout_view_open(engine, error.there ? (void *)error.place.at : NULL, slot);
  counted(caller, CALL_view_open, status);
  claim_error(&error, status, false);
  CLAIM(open || status == TURNOUT_INVALID_ARGUMENT || status == TURNOUT_CLOSED);
  CLAIM(!slot || (*slot != NULL) == (status == TURNOUT_OK));
  if (slot && *slot) {
    CLAIM(turnout_view_revision(*slot) != 0);
    counted(caller, CALL_view_revision, TURNOUT_OK);
    atomic_store_explicit(&caller->views[at], *slot, memory_order_relaxed);
  }
}

void open_or_close(caller *caller) {
  bool view = tape_below(&caller->tape, 3) != 0;
  size_t at;
  void *there = own_handle(caller, view, &at);
  opening_begins(caller);
  if (there && view)
    close_view(caller, at);
  else if (there)
    close_engine(caller, at);
  else if (view)
    open_view(caller, at);
  else
    open_engine(caller, at);
  opening_ends(caller);
}

/* Closing NULL is allowed; closing and using what was closed, or is of the other kind, is told. */
void use_a_closed_handle(caller *caller) {
  tape *tape = &caller->tape;
  CLAIM(turnout_engine_close(NULL) == TURNOUT_OK && turnout_view_close(NULL) == TURNOUT_OK);
  if (caller->in_child || caller->gone_count == 0)
    return;
  size_t known = caller->gone_count < GONE ? caller->gone_count : GONE;
  void *handle = caller->gone[tape_below(tape, known)];
  pthread_rwlock_wrlock(&opening);
  if (!is_open(handle)) {
    char buffer[64];
    turnout_decision decision = TURNOUT_DECISION_INIT;
    turnout_destination destination = TURNOUT_DESTINATION_INIT;
    turnout_engine_info info = TURNOUT_ENGINE_INFO_INIT;
    turnout_request request = TURNOUT_REQUEST_INIT;
    request.use_case = (turnout_name){"Plain", 5, 0};
    turnout_text key = {"main", 4};
    turnout_view *view = NULL;
    size_t size = 0;
    CLAIM(turnout_resolve(handle, &request, buffer, sizeof buffer, &decision) == TURNOUT_CLOSED);
    CLAIM(turnout_view_resolve(handle, &request, buffer, sizeof buffer, &decision) ==
          TURNOUT_CLOSED);
    CLAIM(turnout_resolve_units(handle, &request, &key, 1, buffer, sizeof buffer, &decision,
                                sizeof decision, &size) == TURNOUT_CLOSED);
    CLAIM(turnout_explain(handle, &request, TURNOUT_EXPLAIN_JSON, buffer, sizeof buffer, &size) ==
          TURNOUT_CLOSED);
    CLAIM(turnout_engine_destination(handle, key, buffer, sizeof buffer, &destination) ==
          TURNOUT_CLOSED);
    CLAIM(turnout_engine_status(handle, &info, NULL) == TURNOUT_CLOSED);
    CLAIM(turnout_engine_refresh(handle, NULL) == TURNOUT_CLOSED);
    CLAIM(turnout_view_open(handle, NULL, &view) == TURNOUT_CLOSED && !view);
    CLAIM(turnout_view_revision(handle) == 0);
    CLAIM(turnout_engine_close(handle) == TURNOUT_CLOSED);
    CLAIM(turnout_view_close(handle) == TURNOUT_CLOSED);
    caller->uses_of_closed++;
  }
  pthread_rwlock_unlock(&opening);
}

void open_views_up_to_the_limit(caller *caller) {
  turnout_view *views[TURNOUT_VIEWS_MAX + 1];
  bool open = false;
  const turnout_engine *engine = pick_engine(caller, &open);
  size_t count = 0;
  turnout_status status = TURNOUT_OK;
  opening_begins(caller);
  while (count <= TURNOUT_VIEWS_MAX && status == TURNOUT_OK) {
    status = turnout_view_open(engine, NULL, &views[count]);
    count += status == TURNOUT_OK;
  }
  counted(caller, CALL_view_open, status);
  CLAIM(count <= TURNOUT_VIEWS_MAX && status < 0);
  while (count > 0)
    CLAIM(turnout_view_close(views[--count]) == TURNOUT_OK);
  opening_ends(caller);
}

void close_all(caller *caller) {
  opening_begins(caller);
  for (size_t at = 0; at < ENGINES; at++)
    close_engine(caller, at);
  for (size_t at = 0; at < VIEWS; at++)
    close_view(caller, at);
  opening_ends(caller);
  caller->gone_count = 0;
}
