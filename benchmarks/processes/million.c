/*
 * million SCENARIO STORE USE_CASES MODELS THREADS SECONDS: how many decisions one process gives in
 * a second, with every text copied out, to threads that do nothing else, while its keeper follows
 * the store. Use cases and units change from request to request. Prints decisions a second in the
 * mean, in the slowest and in the fastest second.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "../bench.h"
#include "clock.h"

enum { THREADS_MAX = 64, CHUNK = 256, SECONDS_MAX = 3600 };

static bench shared;
static turnout_engine *engine;
static atomic_int stop;

typedef struct worker {
  _Alignas(128) atomic_ullong decided;
  pthread_t thread;
  uint32_t number;
} worker;

static worker workers[THREADS_MAX];

static void *resolve(void *argument) {
  worker *self = argument;
  char buffer[TURNOUT_DECISION_BYTES];
  turnout_decision decision = TURNOUT_DECISION_INIT;
  asking asking;
  bench_ask(&shared, &asking, 0);
  uint32_t turn = self->number * 1000003;
  while (!atomic_load_explicit(&stop, memory_order_relaxed)) {
    for (int i = 0; i < CHUNK; i++, turn++) {
      bench_turn(&shared, &asking, turn * 7919u % shared.routing.use_cases, turn, EVERY_CONDITION);
      if (turnout_resolve(engine, &asking.request, buffer, sizeof buffer, &decision) != TURNOUT_OK)
        abort();
    }
    uint64_t decided = atomic_load_explicit(&self->decided, memory_order_relaxed);
    atomic_store_explicit(&self->decided, decided + CHUNK, memory_order_relaxed);
  }
  return NULL;
}

static uint64_t decided(int count) {
  uint64_t sum = 0;
  for (int i = 0; i < count; i++)
    sum += atomic_load_explicit(&workers[i].decided, memory_order_relaxed);
  return sum;
}

int main(int argc, char **argv) {
  if (argc != 7) {
    fprintf(stderr, "usage: million simple|full STORE USE_CASES MODELS THREADS SECONDS\n");
    return 2;
  }
  routing routing = {(uint32_t)strtoul(argv[3], NULL, 10), (uint32_t)strtoul(argv[4], NULL, 10),
                     strcmp(argv[1], "full") == 0 ? ROUTING_FULL : ROUTING_SIMPLE};
  int count = (int)strtol(argv[5], NULL, 10), seconds = (int)strtol(argv[6], NULL, 10);
  if (count < 1 || count > THREADS_MAX || seconds < 1 || seconds > SECONDS_MAX)
    return 2;
  bench_open(&shared, argv[2], &routing);
  /* The one of `shared` has no keeper; this one has, for both. */
  if (turnout_engine_open(argv[2], NULL, NULL, &engine) != TURNOUT_OK)
    return 3;
  for (int i = 0; i < count; i++) {
    workers[i].number = (uint32_t)i;
    if (pthread_create(&workers[i].thread, NULL, resolve, &workers[i]))
      return 3;
  }
  sleep_ns(500000000);
  double slowest = 0, fastest = 0;
  uint64_t first = decided(count), last = first, began = now_ns(), then = began;
  for (int i = 0; i < seconds; i++) {
    sleep_ns(1000000000);
    uint64_t now = now_ns(), sum = decided(count);
    double rate = (double)(sum - last) * 1e9 / (double)(now - then);
    slowest = i == 0 || rate < slowest ? rate : slowest;
    fastest = rate > fastest ? rate : fastest;
    last = sum;
    then = now;
  }
  printf("%.0f\t%.0f\t%.0f\n", (double)(last - first) * 1e9 / (double)(then - began), slowest,
         fastest);
  atomic_store(&stop, 1);
  for (int i = 0; i < count; i++)
    pthread_join(workers[i].thread, NULL);
  turnout_engine_close(engine);
  return 0;
}
