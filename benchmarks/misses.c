/*
 * misses [simple|full] STORE USE_CASES MODELS: resolves every use case by name, in an order without
 * a pattern, once to warm the caches and once counted: by the engine, then by gcc's baseline. For
 * `valgrind --tool=callgrind --cache-sim=yes`, as benchmarks/where runs it. Prints how many are
 * counted.
 */
#include <stdlib.h>
#include <valgrind/callgrind.h>

#include "bench.h"

static bench shared;

#define PASS(from, to, call)                                                                       \
  do {                                                                                             \
    for (uint32_t i = (from); i < (to); i++) {                                                     \
      bench_turn(&shared, &asking, order[i], i, EVERY_CONDITION);                                  \
      if (call)                                                                                    \
        abort();                                                                                   \
    }                                                                                              \
  } while (0)

#define COUNT(name, call)                                                                          \
  do {                                                                                             \
    PASS(counted == resolves ? 0 : counted, resolves, call);                                       \
    CALLGRIND_ZERO_STATS;                                                                          \
    PASS(0, counted, call);                                                                        \
    CALLGRIND_DUMP_STATS_AT(name);                                                                 \
  } while (0)

int main(int argc, char **argv) {
  routing routing;
  int from = routing_read(&routing, argc, argv, 1);
  if (!from || argc != from + 3) {
    fprintf(stderr, "usage: misses [simple|full] STORE USE_CASES MODELS\n");
    return 2;
  }
  bench_open(&shared, argv[from], &routing);
  uint32_t resolves;
  const uint32_t *order = bench_order(&shared, routing.use_cases, &resolves);
  const uint32_t counted = resolves > 20000 ? resolves / 4 : resolves;
  static char buffer[TURNOUT_DECISION_BYTES];
  turnout_decision decision = TURNOUT_DECISION_INIT;
  asking asking;
  bench_ask(&shared, &asking, 0);
  const turnout_request *request = &asking.request;
  COUNT("engine", turnout_resolve(shared.engine, request, buffer, sizeof buffer, &decision));
  COUNT("baseline", shared.resolve_gcc(shared.gcc, request, buffer, sizeof buffer, &decision));
  printf("%u\n", counted);
  return 0;
}
