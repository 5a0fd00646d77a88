/*
 * instructions [simple|full] STORE USE_CASES MODELS: runs under `valgrind --tool=callgrind`, as
 * benchmarks/count does, and dumps the count of each line of resolves by name; of "full" the names
 * begin with it.
 */
#include <stdlib.h>
#include <valgrind/callgrind.h>

#include "bench.h"

enum { COUNTED = 2000, BATCH = 1000, BATCH_USE_CASES = 20 };

static bench bench_;
static char buffer[BATCH * 640];
static turnout_decision decisions[BATCH];

static void dump(const char *line) {
  char name[64];
  snprintf(name, sizeof name, "%s%s", bench_.routing.scenario == ROUTING_FULL ? "full-" : "", line);
  CALLGRIND_DUMP_STATS_AT(name);
}

/* `call` gives a status, with `asking` and `decision`. */
#define COUNT(name, call)                                                                          \
  do {                                                                                             \
    CALLGRIND_ZERO_STATS;                                                                          \
    for (uint32_t i = 0; i < COUNTED; i++) {                                                       \
      bench_turn(&bench_, &asking, i % bench_.routing.use_cases, i, contexts);                     \
      if (call)                                                                                    \
        abort();                                                                                   \
    }                                                                                              \
    dump(name);                                                                                    \
  } while (0)

static void count_singles(void) {
  turnout_decision decision = TURNOUT_DECISION_INIT;
  asking asking;
  const turnout_request *request = &asking.request;
  contexts contexts = EVERY_CONDITION;
  const size_t room = TURNOUT_DECISION_BYTES;
  turnout_engine *engine = bench_.engine;
  const baseline *clang = bench_.clang, *gcc = bench_.gcc;

  bench_ask(&bench_, &asking, 0);
  COUNT("engine", turnout_resolve(engine, request, buffer, room, &decision));
  COUNT("baseline-clang", bench_.resolve_clang(clang, request, buffer, room, &decision));
  COUNT("baseline-gcc", bench_.resolve_gcc(gcc, request, buffer, room, &decision));
  bench_ask(&bench_, &asking, 1);
  COUNT("engine-handles", turnout_resolve(engine, request, buffer, room, &decision));
  COUNT("baseline-clang-handles", bench_.resolve_clang(clang, request, buffer, room, &decision));
  COUNT("baseline-gcc-handles", bench_.resolve_gcc(gcc, request, buffer, room, &decision));
  contexts = EVERY_CONTEXT;
  bench_ask(&bench_, &asking, 0);
  COUNT("engine-mixed", turnout_resolve(engine, request, buffer, room, &decision));
  COUNT("baseline-clang-mixed", bench_.resolve_clang(clang, request, buffer, room, &decision));
  COUNT("baseline-gcc-mixed", bench_.resolve_gcc(gcc, request, buffer, room, &decision));

  contexts = EVERY_CONDITION;
  turnout_view *view = NULL;
  if (turnout_view_open(engine, NULL, &view))
    abort();
  COUNT("view", turnout_view_resolve(view, request, buffer, room, &decision));
  turnout_view_close(view);
}

/* Where a routing key leads: the routing keys are the clusters' names. */
static void count_destinations(void) {
  char names[ROUTING_CLUSTERS][32];
  turnout_text keys[ROUTING_CLUSTERS];
  for (uint32_t i = 0; i < ROUTING_CLUSTERS; i++)
    keys[i] = (turnout_text){names[i], routing_cluster(i, names[i])};
  turnout_destination found = TURNOUT_DESTINATION_INIT;
  CALLGRIND_ZERO_STATS;
  for (uint32_t i = 0; i < COUNTED; i++) {
    if (turnout_engine_destination(bench_.engine, keys[i % ROUTING_CLUSTERS], buffer,
                                   TURNOUT_DESTINATION_BYTES, &found))
      abort();
  }
  dump("destination");
}

/* Many units of one use case, and one unit of many use cases. */
static void count_batches(void) {
  static turnout_text units[BATCH];
  turnout_name use_cases[BATCH_USE_CASES];
  asking asking;
  bench_ask(&bench_, &asking, 0);
  bench_turn(&bench_, &asking, 0, 0, EVERY_CONDITION);
  for (int i = 0; i < BATCH; i++) {
    units[i] = (turnout_text){bench_.units[i % BENCH_UNITS], BENCH_UNIT_BYTES};
    decisions[i] = (turnout_decision)TURNOUT_DECISION_INIT;
  }
  size_t resolved = 0;
  CALLGRIND_ZERO_STATS;
  for (int i = 0; i < COUNTED / BATCH; i++) {
    if (turnout_resolve_units(bench_.engine, &asking.request, units, BATCH, buffer, sizeof buffer,
                              decisions, sizeof decisions[0], &resolved))
      abort();
  }
  dump("batch");
  CALLGRIND_ZERO_STATS;
  for (uint32_t i = 0; i < COUNTED / BATCH_USE_CASES; i++) {
    /* Those of one country, so that every condition is tested. */
    bench_turn(&bench_, &asking, i % ROUTING_COUNTRIES, i, EVERY_CONDITION);
    bench_same_country(&bench_, i % ROUTING_COUNTRIES, use_cases, BATCH_USE_CASES);
    if (turnout_resolve_use_cases(bench_.engine, &asking.request, use_cases, BATCH_USE_CASES,
                                  buffer, sizeof buffer, decisions, sizeof decisions[0], &resolved))
      abort();
  }
  dump("use-cases");
}

int main(int argc, char **argv) {
  routing routing;
  int from = routing_read(&routing, argc, argv, 1);
  if (!from || argc != from + 3) {
    fprintf(stderr, "usage: instructions [simple|full] STORE USE_CASES MODELS\n");
    return 2;
  }
  bench_open(&bench_, argv[from], &routing);
  uint64_t compared = bench_compare(&bench_);
  count_singles();
  count_batches();
  if (routing.scenario == ROUTING_SIMPLE)
    count_destinations();
  printf("%d resolves a line; %llu requests answered alike\n", COUNTED,
         (unsigned long long)compared);
  return 0;
}
