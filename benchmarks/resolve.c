/*
 * resolve STORE USE_CASES MODELS LINE…: times lines of resolves, engine and baselines in turn, and
 * prints for each line a row: line, engine minimum and median, baseline minimum and median in
 * nanoseconds a resolve, and which baseline. Rows that have no baseline leave it empty.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"

enum { ROUNDS_MAX = 1000, BATCH = 1000 };

static bench shared;
static volatile uint64_t sink;

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* What a round resolves: `count` requests for use cases in this order. */
typedef struct workload {
  uint32_t *order;
  uint32_t count;
  contexts contexts;
  int with_handles;
  turnout_view *view;
} workload;

typedef double (*round_of)(const workload *);

/* A function that runs one round and gives nanoseconds a resolve. */
#define ROUND(name, call)                                                                          \
  static double name(const workload *work) {                                                       \
    char buffer[TURNOUT_DECISION_BYTES];                                                           \
    turnout_decision decision = TURNOUT_DECISION_INIT;                                             \
    asking asking;                                                                                 \
    bench_ask(&shared, &asking, work->with_handles);                                               \
    const turnout_request *request = &asking.request;                                              \
    (void)request, (void)buffer;                                                                   \
    uint64_t sum = 0, begin = now_ns();                                                            \
    for (uint32_t i = 0; i < work->count; i++) {                                                   \
      bench_turn(&shared, &asking, work->order[i], i, work->contexts);                             \
      if (call)                                                                                    \
        abort();                                                                                   \
      sum += decision.model.size;                                                                  \
    }                                                                                              \
    uint64_t took = now_ns() - begin;                                                              \
    sink += sum;                                                                                   \
    return (double)took / work->count;                                                             \
  }

ROUND(engine_round, turnout_resolve(shared.engine, request, buffer, sizeof buffer, &decision))
ROUND(view_round, turnout_view_resolve(work->view, request, buffer, sizeof buffer, &decision))
ROUND(clang_round, shared.resolve_clang(shared.clang, request, buffer, sizeof buffer, &decision))
ROUND(gcc_round, shared.resolve_gcc(shared.gcc, request, buffer, sizeof buffer, &decision))
ROUND(abi_round, turnout_abi_version() != TURNOUT_ABI_VERSION)

/* One use case, a thousand units, one call. */
static double batch_round(const workload *work) {
  static char buffer[BATCH * 256];
  static turnout_text units[BATCH];
  static turnout_decision decisions[BATCH];
  if (!units[0].data) {
    for (int i = 0; i < BATCH; i++) {
      units[i] = (turnout_text){shared.units[i], BENCH_UNIT_BYTES};
      decisions[i] = (turnout_decision)TURNOUT_DECISION_INIT;
    }
  }
  asking asking;
  bench_ask(&shared, &asking, work->with_handles);
  uint32_t batches = work->count / BATCH ? work->count / BATCH : 1;
  uint64_t begin = now_ns();
  for (uint32_t i = 0; i < batches; i++) {
    size_t resolved = 0;
    bench_turn(&shared, &asking, work->order[i], i, work->contexts);
    if (turnout_resolve_units(shared.engine, &asking.request, units, BATCH, buffer, sizeof buffer,
                              decisions, sizeof decisions[0], &resolved))
      abort();
  }
  return (double)(now_ns() - begin) / batches / BATCH;
}

typedef struct sample {
  double minimum, median;
} sample;

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static sample summed(double *rounds, int count) {
  qsort(rounds, (size_t)count, sizeof *rounds, by_value);
  return (sample){rounds[0], rounds[count / 2]};
}

/* Rounds of each in turn, so that what else the machine does meets all alike. */
static void compare_rounds(const workload *work, const round_of *rounds, int kinds, int count,
                           sample *out) {
  static double times[4][ROUNDS_MAX];
  for (int k = 0; k < kinds; k++)
    rounds[k](work);
  for (int i = 0; i < count; i++)
    for (int k = 0; k < kinds; k++)
      times[k][i] = rounds[k](work);
  for (int k = 0; k < kinds; k++)
    out[k] = summed(times[k], count);
}

static void print_row(const char *line, sample engine, const sample *clang, const sample *gcc) {
  printf("%s\t%.1f\t%.1f", line, engine.minimum, engine.median);
  if (clang && gcc) {
    const sample *best = gcc->minimum <= clang->minimum ? gcc : clang;
    printf("\t%.1f\t%.1f\t%s", best->minimum, best->median, best == gcc ? "gcc" : "clang");
  }
  printf("\n");
  fflush(stdout);
}

/* ---- Two threads at once ----------------------------------------------------------------------
 */

typedef struct pair {
  const workload *work;
  round_of round;
  atomic_int *ready;
  int rounds;
  double times[ROUNDS_MAX];
} pair;

static void *pair_runs(void *argument) {
  pair *pair = argument;
  pair->round(pair->work);
  atomic_fetch_add(pair->ready, 1);
  while (atomic_load(pair->ready) < 2) {
  }
  for (int i = 0; i < pair->rounds; i++)
    pair->times[i] = pair->round(pair->work);
  return NULL;
}

static sample two_threads(const workload *work, round_of round, int rounds) {
  static pair pairs[2];
  atomic_int ready = 0;
  pthread_t threads[2];
  for (int i = 0; i < 2; i++) {
    pairs[i] = (pair){.work = work, .round = round, .ready = &ready, .rounds = rounds};
    if (pthread_create(&threads[i], NULL, pair_runs, &pairs[i]))
      abort();
  }
  for (int i = 0; i < 2; i++)
    pthread_join(threads[i], NULL);
  sample a = summed(pairs[0].times, rounds), b = summed(pairs[1].times, rounds);
  return (sample){a.minimum > b.minimum ? a.minimum : b.minimum, (a.median + b.median) / 2};
}

/* ---- Lines ------------------------------------------------------------------------------------
 */

static void run_line(const char *line, workload *work) {
  const int rounds = work->count > 50000 ? 60 : 400;
  const round_of all[3] = {engine_round, clang_round, gcc_round};
  sample samples[4];
  work->contexts = strcmp(line, "mixed") == 0 ? EVERY_CONTEXT : EVERY_CONDITION;
  work->with_handles = strcmp(line, "handles") == 0;
  if (strcmp(line, "abi") == 0) {
    compare_rounds(work, (round_of[]){abi_round}, 1, rounds, samples);
    print_row(line, samples[0], NULL, NULL);
  } else if (strcmp(line, "batch") == 0) {
    compare_rounds(work, (round_of[]){batch_round, clang_round, gcc_round}, 3, rounds, samples);
    print_row(line, samples[0], &samples[1], &samples[2]);
  } else if (strcmp(line, "view") == 0) {
    if (turnout_view_open(shared.engine, NULL, &work->view))
      abort();
    compare_rounds(work, (round_of[]){view_round, clang_round, gcc_round}, 3, rounds, samples);
    print_row(line, samples[0], &samples[1], &samples[2]);
    turnout_view_close(work->view);
  } else if (strcmp(line, "threads") == 0) {
    for (int k = 0; k < 3; k++)
      samples[k] = two_threads(work, all[k], rounds);
    print_row(line, samples[0], &samples[1], &samples[2]);
  } else {
    compare_rounds(work, all, 3, rounds, samples);
    print_row(line, samples[0], &samples[1], &samples[2]);
  }
}

int main(int argc, char **argv) {
  routing routing;
  int from = routing_read(&routing, argc, argv, 1);
  if (!from || argc < from + 4) {
    fprintf(stderr, "usage: resolve [simple|full] STORE USE_CASES MODELS LINE…\n"
                    "  LINE: texts handles mixed view batch threads abi\n");
    return 2;
  }
  bench_open(&shared, argv[from], &routing);
  uint64_t compared = bench_compare(&shared);
  fprintf(stderr, "  %u use cases: %llu requests, engine and baseline answer alike\n",
          routing.use_cases, (unsigned long long)compared);

  /* Every use case once, in an order without a pattern; a small table again and again. */
  workload work = {.count = routing.use_cases < 10000 ? 10000 : routing.use_cases};
  work.order = calloc(work.count, sizeof *work.order);
  if (!work.order)
    abort();
  uint64_t state = 88172645463325252u;
  for (uint32_t i = 0; i < work.count; i++)
    work.order[i] = i % routing.use_cases;
  for (uint32_t i = work.count - 1; i > 0; i--) {
    uint32_t j = bench_random(&state) % (i + 1), other = work.order[j];
    work.order[j] = work.order[i];
    work.order[i] = other;
  }
  for (int i = from + 3; i < argc; i++)
    run_line(argv[i], &work);
  return 0;
}
