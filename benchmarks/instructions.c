/*
 * instructions STORE USE_CASES MODELS: runs under `valgrind --tool=callgrind` with
 * --toggle-collect for the functions below, and dumps the count of each line of resolves by name.
 */
#include <stdlib.h>
#include <valgrind/callgrind.h>

#include "bench.h"

enum { COUNTED = 2000, BATCH = 1000 };

#define COUNT(name, call)                                                                          \
  do {                                                                                             \
    CALLGRIND_ZERO_STATS;                                                                          \
    for (uint32_t i = 0; i < COUNTED; i++) {                                                       \
      bench_turn(&bench, &asking, i % routing.use_cases, i, devices);                              \
      if (call)                                                                                    \
        abort();                                                                                   \
    }                                                                                              \
    CALLGRIND_DUMP_STATS_AT(name);                                                                 \
  } while (0)

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: instructions STORE USE_CASES MODELS\n");
    return 2;
  }
  routing routing = {(uint32_t)strtoul(argv[2], NULL, 10), (uint32_t)strtoul(argv[3], NULL, 10)};
  static bench bench;
  bench_open(&bench, argv[1], &routing);
  uint64_t compared = bench_compare(&bench);

  static char buffer[BATCH * 256];
  turnout_decision decision = TURNOUT_DECISION_INIT;
  asking asking;
  const turnout_request *request = &asking.request;
  devices devices = DEVICE_OF_NO_RULE;
  const size_t room = TURNOUT_DECISION_BYTES;

  bench_ask(&bench, &asking, 0);
  COUNT("engine", turnout_resolve(bench.engine, request, buffer, room, &decision));
  COUNT("baseline-clang", baseline_resolve_clang(bench.clang, request, buffer, room, &decision));
  COUNT("baseline-gcc", baseline_resolve_gcc(bench.gcc, request, buffer, room, &decision));
  bench_ask(&bench, &asking, 1);
  COUNT("engine-handles", turnout_resolve(bench.engine, request, buffer, room, &decision));
  COUNT("baseline-clang-handles",
        baseline_resolve_clang(bench.clang, request, buffer, room, &decision));
  COUNT("baseline-gcc-handles", baseline_resolve_gcc(bench.gcc, request, buffer, room, &decision));
  devices = EVERY_DEVICE;
  bench_ask(&bench, &asking, 0);
  COUNT("engine-mixed", turnout_resolve(bench.engine, request, buffer, room, &decision));
  COUNT("baseline-clang-mixed",
        baseline_resolve_clang(bench.clang, request, buffer, room, &decision));
  COUNT("baseline-gcc-mixed", baseline_resolve_gcc(bench.gcc, request, buffer, room, &decision));

  devices = DEVICE_OF_NO_RULE;
  turnout_view *view = NULL;
  if (turnout_view_open(bench.engine, NULL, &view))
    abort();
  COUNT("view", turnout_view_resolve(view, request, buffer, room, &decision));
  turnout_view_close(view);

  static turnout_text units[BATCH];
  static turnout_decision decisions[BATCH];
  for (int i = 0; i < BATCH; i++) {
    units[i] = (turnout_text){bench.units[i % BENCH_UNITS], BENCH_UNIT_BYTES};
    decisions[i] = (turnout_decision)TURNOUT_DECISION_INIT;
  }
  size_t resolved = 0;
  CALLGRIND_ZERO_STATS;
  for (int i = 0; i < COUNTED / BATCH; i++) {
    if (turnout_resolve_units(bench.engine, request, units, BATCH, buffer, sizeof buffer, decisions,
                              sizeof decisions[0], &resolved))
      abort();
  }
  CALLGRIND_DUMP_STATS_AT("batch");
  printf("%d resolves a line; %llu requests answered alike\n", COUNTED,
         (unsigned long long)compared);
  return 0;
}
