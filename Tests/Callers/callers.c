/*
 * callers.c: `callers SECONDS [SEED [THREADS]]`: hostile callers in threads of one process, over
 * the stores below $TURNOUT_STORES, while other processes publish. A claim that does not hold, a
 * fault or a report of a sanitizer ends it. Then, alone, every call's every status is counted.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "caller.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { THREADS_MAX = 16, CALLS_BETWEEN_LOOKS = 64, CALLS_OF_A_LIFE = 20000 };

static uint64_t seed;
static struct timespec end;
static caller threads[THREADS_MAX];
static atomic_ullong lives;

static bool is_over(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec > end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec >= end.tv_nsec);
}

/* Interrupts this thread after each so many microseconds of its own time. */
static timer_t interrupt_often(void) {
  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = SIGPROF;
  event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
  timer_t timer;
  struct itimerspec often = {{0, 313000}, {0, 313000}};
  if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer) != 0 ||
      timer_settime(timer, 0, &often, NULL) != 0)
    abort();
  return timer;
}

/* A thread's life: it ends with handles closed, and another one begins, so that lines come and go.
 */
static void *call_for_a_life(void *argument) {
  caller *caller = argument;
  timer_t timer = interrupt_often();
  for (int calls = 0; calls < CALLS_OF_A_LIFE; calls += CALLS_BETWEEN_LOOKS) {
    for (int i = 0; i < CALLS_BETWEEN_LOOKS; i++)
      make_a_call(caller);
    if (is_over())
      break;
  }
  timer_delete(timer);
  close_all(caller);
  atomic_fetch_add(&lives, 1);
  return NULL;
}

static void *call_for_long(void *argument) {
  while (!is_over()) {
    pthread_t life;
    if (pthread_create(&life, NULL, call_for_a_life, argument) != 0)
      abort();
    pthread_join(life, NULL);
  }
  return NULL;
}

static void report(size_t count) {
  static const char *const names[] = {
#define FUNCTION_NAME(name) #name,
      FUNCTIONS(FUNCTION_NAME)};
  caller sum;
  memset(&sum, 0, sizeof sum);
  uint64_t calls = 0, never = 0;
  for (size_t i = 0; i < count; i++) {
    sum.forks += threads[i].forks;
    sum.overlaps += threads[i].overlaps;
    sum.uses_of_closed += threads[i].uses_of_closed;
    for (size_t call = 0; call < CALLS; call++)
      for (size_t status = 0; status < STATUSES; status++)
        sum.counts[call][status] += threads[i].counts[call][status];
  }
  for (size_t call = 0; call < CALLS; call++) {
    uint64_t before = calls;
    printf("  %-24s", names[call]);
    for (size_t status = 0; status < STATUSES; status++)
      if (sum.counts[call][status] > 0) {
        calls += sum.counts[call][status];
        printf(" %s %" PRIu64, turnout_status_name((turnout_status)status + STATUS_LOWEST),
               sum.counts[call][status]);
      }
    printf("\n");
    never += calls == before;
  }
  printf("%" PRIu64 " calls by %zu threads that were begun %llu times; %" PRIu64 " forks, %" PRIu64
         " handlers inside a resolve, %" PRIu64 " overlaps, %" PRIu64 " uses of what was closed\n",
         calls, count, (unsigned long long)atomic_load(&lives), sum.forks, signals_handled(),
         sum.overlaps, sum.uses_of_closed);
  CLAIM(never == 0);
}

int main(int argc, char **argv) {
  if (argc < 2) {
    (void)fprintf(stderr, "usage: callers SECONDS [SEED [THREADS]]\n");
    return 2;
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  end.tv_sec += strtol(argv[1], NULL, 0);
  seed = argc > 2 ? strtoull(argv[2], NULL, 0) : (uint64_t)end.tv_nsec;
  size_t count = argc > 3 ? strtoul(argv[3], NULL, 0) : 4;
  count = count < 1 ? 1 : count > THREADS_MAX ? THREADS_MAX : count;
  printf("seed %" PRIu64 "\n", seed);
  (void)fflush(stdout);
  make_roots();
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handle_signal;
  action.sa_flags = SA_RESTART;
  sigaction(SIGPROF, &action, NULL);
  pthread_t runners[THREADS_MAX];
  for (size_t i = 0; i < count; i++) {
    threads[i].tape = tape_of_seed(seed * 1000003 + i);
    ground_make(&threads[i].ground);
    join_callers(&threads[i]);
  }
  for (size_t i = 0; i < count; i++)
    if (pthread_create(&runners[i], NULL, call_for_long, &threads[i]) != 0)
      abort();
  for (size_t i = 0; i < count; i++)
    pthread_join(runners[i], NULL);
  for (size_t i = 0; i < count; i++) {
    leave_callers(&threads[i]);
    ground_end(&threads[i].ground);
  }
  report(count);
  return 0;
}
