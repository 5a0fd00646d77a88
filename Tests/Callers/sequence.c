/*
 * sequence.c: one call after the other, forks, and a signal's handler that resolves.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "caller.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILD_CALLS = 12, CHILD_SECONDS = 300 };

/* What the thread's call resolves with, for a handler that interrupts it. */
static _Thread_local const turnout_engine *volatile inside_engine;
static _Thread_local const turnout_view *volatile inside_view;
static _Thread_local volatile sig_atomic_t is_inside;
static atomic_ullong signals;

void inside(const turnout_engine *engine, const turnout_view *view) {
  inside_engine = engine;
  inside_view = view;
  atomic_signal_fence(memory_order_seq_cst);
  is_inside = engine || view;
}

void outside(void) {
  is_inside = 0;
  atomic_signal_fence(memory_order_seq_cst);
}

uint64_t signals_handled(void) { return atomic_load(&signals); }

/* Of a handler that interrupted a resolve it is said that its own is refused or answered. */
void handle_signal(int number) {
  (void)number;
  if (!is_inside)
    return;
  int kept = errno;
  char buffer[4096];
  turnout_request request = TURNOUT_REQUEST_INIT;
  request.use_case = (turnout_name){"Plain", 5, 0};
  request.unit = (turnout_text){"u", 1};
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_status status =
      inside_engine ? turnout_resolve(inside_engine, &request, buffer, sizeof buffer, &decision)
                    : turnout_view_resolve(inside_view, &request, buffer, sizeof buffer, &decision);
  CLAIM(decision.status == status);
  CLAIM(status >= 0 || status == TURNOUT_REENTRANT || status == TURNOUT_NO_TABLE ||
        status == TURNOUT_CLOSED);
  atomic_fetch_add_explicit(&signals, 1, memory_order_relaxed);
  errno = kept;
}

static void make_one_call(caller *caller);

/* A child that calls a little with what its parent had open, closes it, and ends. */
static void fork_and_call(caller *caller) {
  pid_t child = fork();
  if (child == 0) {
    alarm(CHILD_SECONDS);
    caller->in_child = true;
    for (int i = 0; i < CHILD_CALLS; i++)
      make_one_call(caller);
    close_all(caller);
    _exit(0);
  }
  if (child < 0)
    return;
  caller->forks++;
  int status = -1;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR)
    ;
  CLAIM(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void make_one_call(caller *caller) {
  ground_clear(&caller->ground);
  switch (tape_below(&caller->tape, 32)) {
  case 0:
  case 1:
  case 2:
  case 3:
    open_or_close(caller);
    break;
  case 4:
  case 5:
    call_engine(caller);
    break;
  case 6:
  case 7:
    call_explain(caller);
    break;
  case 8:
  case 9:
    call_destination(caller);
    break;
  case 10:
    call_names(caller);
    break;
  case 11:
  case 12:
    call_overlay(caller);
    break;
  case 13:
    if (tape_once_in(&caller->tape, 64))
      open_views_up_to_the_limit(caller);
    else
      use_a_closed_handle(caller);
    break;
  case 14:
  case 15:
  case 16:
  case 17:
  case 18:
  case 19:
    call_batch(caller);
    break;
  default:
    call_resolve(caller);
  }
}

void make_a_call(caller *caller) {
  /* A fuzzer that found forks would make nothing else, and they take long. */
  bool enough = caller->tape.bytes && caller->forks > 1;
  if (tape_once_in(&caller->tape, 2048) && !enough)
    fork_and_call(caller);
  else
    make_one_call(caller);
}
