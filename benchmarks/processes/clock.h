/* Time as the programs of this folder take it. */
#ifndef CLOCK_H
#define CLOCK_H
#include <stdint.h>
#include <time.h>

static inline uint64_t clock_of(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static inline uint64_t now_ns(void) { return clock_of(CLOCK_MONOTONIC); }

/* What this thread has computed for; waiting and being preempted are not in it. */
static inline uint64_t computed_ns(void) { return clock_of(CLOCK_THREAD_CPUTIME_ID); }

static inline void sleep_ns(uint64_t ns) {
  struct timespec span = {(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
  while (nanosleep(&span, &span) != 0) {
  }
}

#if defined(__x86_64__)
#include <x86intrin.h>
/* The processor's counter, in order with the instructions around it: the first waits for what came
 * before it, the second for what it measures. */
static inline uint64_t ticks_begin(void) {
  _mm_lfence();
  return __rdtsc();
}

static inline uint64_t ticks_end(void) {
  unsigned core;
  uint64_t ticks = __rdtscp(&core);
  _mm_lfence();
  return ticks;
}
#else
static inline uint64_t ticks_begin(void) { return now_ns(); }
static inline uint64_t ticks_end(void) { return now_ns(); }
#endif

/* Nanoseconds of one tick; takes 50 ms. */
static inline double ns_of_tick(void) {
  uint64_t ns = now_ns(), ticks = ticks_begin();
  sleep_ns(50000000);
  uint64_t ticks_after = ticks_end(), ns_after = now_ns();
  return (double)(ns_after - ns) / (double)(ticks_after - ticks);
}

/* Ticks that a measurement of nothing gives: the least of many, and in every time that is taken. */
static inline uint64_t ticks_of_nothing(void) {
  uint64_t least = UINT64_MAX;
  for (int i = 0; i < 10000; i++) {
    uint64_t begin = ticks_begin(), ticks = ticks_end() - begin;
    least = ticks < least ? ticks : least;
  }
  return least;
}

#endif
