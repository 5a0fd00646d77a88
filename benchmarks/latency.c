/*
 * latency [simple|full] STORE USE_CASES MODELS FOLDER: the time of each single resolve by name, of
 * use cases in an order without a pattern, as raw little-endian 32-bit nanoseconds in
 * FOLDER/{engine,baseline,timer}; "timer" is what reading the clock twice takes and is in the other
 * two. Blocks of each in turn.
 */
#include <stdlib.h>

#include "bench.h"

enum { BLOCKS = 100, BLOCK = 20000 };

static bench shared;
static uint32_t samples[BLOCK];

static FILE *created(const char *folder, const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *out = fopen(path, "wb");
  if (!out) {
    perror(path);
    exit(3);
  }
  return out;
}

#define BLOCK_OF(out, call)                                                                        \
  do {                                                                                             \
    uint64_t state = 88172645463325252u + block;                                                   \
    for (uint32_t i = 0; i < BLOCK; i++) {                                                         \
      bench_turn(&shared, &asking, bench_random(&state) % routing.use_cases, i, EVERY_CONDITION);  \
      uint64_t begin = bench_now_ns();                                                             \
      if (call)                                                                                    \
        abort();                                                                                   \
      uint64_t took = bench_now_ns() - begin;                                                      \
      samples[i] = took > UINT32_MAX ? UINT32_MAX : (uint32_t)took;                                \
    }                                                                                              \
    if (fwrite(samples, sizeof *samples, BLOCK, out) != BLOCK)                                     \
      abort();                                                                                     \
  } while (0)

int main(int argc, char **argv) {
  routing routing;
  int from = routing_read(&routing, argc, argv, 1);
  if (!from || argc != from + 4) {
    fprintf(stderr, "usage: latency [simple|full] STORE USE_CASES MODELS FOLDER\n");
    return 2;
  }
  bench_open(&shared, argv[from], &routing);
  FILE *engine = created(argv[from + 3], "engine");
  FILE *baseline = created(argv[from + 3], "baseline");
  FILE *timer = created(argv[from + 3], "timer");
  static char buffer[TURNOUT_DECISION_BYTES];
  turnout_decision decision = TURNOUT_DECISION_INIT;
  asking asking;
  bench_ask(&shared, &asking, 0);
  const turnout_request *request = &asking.request;
  for (uint32_t block = 0; block < BLOCKS; block++) {
    BLOCK_OF(engine, turnout_resolve(shared.engine, request, buffer, sizeof buffer, &decision));
    BLOCK_OF(baseline, shared.resolve_gcc(shared.gcc, request, buffer, sizeof buffer, &decision));
    BLOCK_OF(timer, 0);
  }
  return fclose(engine) || fclose(baseline) || fclose(timer) ? 3 : 0;
}
