/*
 * resolve [simple|full] STORE USE_CASES MODELS [--quick] LINE…: times lines of resolves, engine and
 * baselines in turn, and prints a row for the report for each: texts handles mixed view   one by
 * one: by name, by handle, in every context, through a view units use-cases            1,000 units
 * of one use case in one call, one unit on 20 use cases threads                    two at once
 *   touched=N                  by name, only N use cases of the table
 *   abi                        an empty call
 * Times are nanoseconds a resolve, least and median of the rounds; of the baselines the better
 * counts. `ratio` is that of the least, `ratio_median` the median of the ratios of single rounds.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

enum { ROUNDS_MAX = 1000, UNITS = 1000, USE_CASES = 20, KINDS_MAX = 4 };

static bench shared;
static volatile uint64_t sink;
static char batch_buffer[UNITS * 640];
static turnout_decision batch_decisions[UNITS];
static turnout_text batch_units[UNITS];

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
    uint64_t sum = 0, begin = bench_now_ns();                                                      \
    for (uint32_t i = 0; i < work->count; i++) {                                                   \
      bench_turn(&shared, &asking, work->order[i], i, work->contexts);                             \
      if (call)                                                                                    \
        abort();                                                                                   \
      sum += decision.model.size;                                                                  \
    }                                                                                              \
    uint64_t took = bench_now_ns() - begin;                                                        \
    sink += sum;                                                                                   \
    return (double)took / work->count;                                                             \
  }

ROUND(engine_round, turnout_resolve(shared.engine, request, buffer, sizeof buffer, &decision))
ROUND(view_round, turnout_view_resolve(work->view, request, buffer, sizeof buffer, &decision))
ROUND(clang_round, shared.resolve_clang(shared.clang, request, buffer, sizeof buffer, &decision))
ROUND(gcc_round, shared.resolve_gcc(shared.gcc, request, buffer, sizeof buffer, &decision))
ROUND(abi_round, turnout_abi_version() != TURNOUT_ABI_VERSION)

static uint32_t batches_of(const workload *work, uint32_t size) {
  return work->count / size ? work->count / size : 1;
}

/* One use case, a thousand units, one call. */
static double units_round(const workload *work) {
  asking asking;
  bench_ask(&shared, &asking, work->with_handles);
  uint32_t batches = batches_of(work, UNITS);
  uint64_t begin = bench_now_ns();
  for (uint32_t i = 0; i < batches; i++) {
    size_t resolved = 0;
    bench_turn(&shared, &asking, work->order[i], i, work->contexts);
    if (turnout_resolve_units(shared.engine, &asking.request, batch_units, UNITS, batch_buffer,
                              sizeof batch_buffer, batch_decisions, sizeof batch_decisions[0],
                              &resolved))
      abort();
  }
  return (double)(bench_now_ns() - begin) / batches / UNITS;
}

/* The same one by one, each into its own place, as a caller would who keeps all answers. */
#define ONE_BY_ONE(name, each, turn, call)                                                         \
  static double name(const workload *work) {                                                       \
    asking asking;                                                                                 \
    bench_ask(&shared, &asking, work->with_handles);                                               \
    const turnout_request *request = &asking.request;                                              \
    uint32_t batches = batches_of(work, (each));                                                   \
    uint64_t begin = bench_now_ns();                                                               \
    for (uint32_t i = 0; i < batches; i++) {                                                       \
      bench_turn(&shared, &asking, work->order[i], i, work->contexts);                             \
      size_t used = 0;                                                                             \
      for (uint32_t k = 0; k < (each); k++) {                                                      \
        turnout_decision *decision = &batch_decisions[k];                                          \
        char *buffer = batch_buffer + used;                                                        \
        const size_t room = sizeof batch_buffer - used;                                            \
        turn;                                                                                      \
        if (call)                                                                                  \
          abort();                                                                                 \
        used += decision->buffer_needed;                                                           \
      }                                                                                            \
    }                                                                                              \
    return (double)(bench_now_ns() - begin) / batches / (each);                                    \
  }

#define UNIT asking.request.unit = batch_units[k]
ONE_BY_ONE(units_singly, UNITS, UNIT,
           turnout_resolve(shared.engine, request, buffer, room, decision))
ONE_BY_ONE(units_clang, UNITS, UNIT,
           shared.resolve_clang(shared.clang, request, buffer, room, decision))
ONE_BY_ONE(units_gcc, UNITS, UNIT, shared.resolve_gcc(shared.gcc, request, buffer, room, decision))

/* One unit, twenty use cases that the same request can ask for, one call. */
static double use_cases_round(const workload *work) {
  turnout_name names[USE_CASES];
  asking asking;
  bench_ask(&shared, &asking, work->with_handles);
  uint32_t batches = batches_of(work, USE_CASES);
  uint64_t begin = bench_now_ns();
  for (uint32_t i = 0; i < batches; i++) {
    size_t resolved = 0;
    bench_turn(&shared, &asking, work->order[i], i, work->contexts);
    bench_same_country(&shared, work->order[i] % ROUTING_COUNTRIES, names, USE_CASES);
    if (turnout_resolve_use_cases(shared.engine, &asking.request, names, USE_CASES, batch_buffer,
                                  sizeof batch_buffer, batch_decisions, sizeof batch_decisions[0],
                                  &resolved))
      abort();
  }
  return (double)(bench_now_ns() - begin) / batches / USE_CASES;
}

/* The names are made once a batch there; here each asks for the next of them. */
#define USE_CASE                                                                                   \
  asking.request.use_case.data =                                                                   \
      shared                                                                                       \
          .names[(work->order[i] % ROUTING_COUNTRIES + k * ROUTING_COUNTRIES) %                    \
                 shared.routing.use_cases]                                                         \
          .text
ONE_BY_ONE(use_cases_singly, USE_CASES, USE_CASE,
           turnout_resolve(shared.engine, request, buffer, room, decision))
ONE_BY_ONE(use_cases_clang, USE_CASES, USE_CASE,
           shared.resolve_clang(shared.clang, request, buffer, room, decision))
ONE_BY_ONE(use_cases_gcc, USE_CASES, USE_CASE,
           shared.resolve_gcc(shared.gcc, request, buffer, room, decision))

/* ---- Rounds ---------------------------------------------------------------------------------- */

typedef struct samples {
  double rounds[ROUNDS_MAX]; /* in the order in which they ran */
  double least, median;
} samples;

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static double median_of(const double *values, int count) {
  static double sorted[ROUNDS_MAX];
  memcpy(sorted, values, (size_t)count * sizeof *values);
  qsort(sorted, (size_t)count, sizeof *sorted, by_value);
  return sorted[count / 2];
}

static void sum_up(samples *samples, int count) {
  samples->median = median_of(samples->rounds, count);
  samples->least = samples->rounds[0];
  for (int i = 1; i < count; i++)
    if (samples->rounds[i] < samples->least)
      samples->least = samples->rounds[i];
}

static samples measured[KINDS_MAX];

/* Rounds of each in turn, so that what else the machine does meets all alike. */
static void run_rounds(const workload *work, const round_of *rounds, int kinds, int count) {
  for (int k = 0; k < kinds; k++)
    rounds[k](work);
  for (int i = 0; i < count; i++)
    for (int k = 0; k < kinds; k++)
      measured[k].rounds[i] = rounds[k](work);
  for (int k = 0; k < kinds; k++)
    sum_up(&measured[k], count);
}

static void print_key(const char *table, const char *line) {
  printf("%s\t%s/%u/%s", table, shared.routing.scenario == ROUTING_FULL ? "full" : "simple",
         shared.routing.use_cases, line);
}

/* Engine first, clang's baseline and gcc's; a fourth is the engine one by one. */
static void print_row(const char *table, const char *line, int count, int has_single) {
  static double ratios[ROUNDS_MAX];
  const samples *engine = &measured[0], *clang = &measured[1], *gcc = &measured[2];
  const samples *best = gcc->least <= clang->least ? gcc : clang;
  for (int i = 0; i < count; i++)
    ratios[i] = engine->rounds[i] / best->rounds[i];
  print_key(table, line);
  printf("\tengine_ns=%.1f\tengine_median_ns=%.1f", engine->least, engine->median);
  if (has_single)
    printf("\tsingle_ns=%.1f\tsingle_median_ns=%.1f", measured[3].least, measured[3].median);
  printf(
      "\tbaseline_ns=%.1f\tbaseline_median_ns=%.1f\tcompiler=%s\tratio=%.2f\tratio_median=%.2f\n",
      best->least, best->median, best == gcc ? "gcc" : "clang", engine->least / best->least,
      median_of(ratios, count));
  fflush(stdout);
}

/* ---- Two threads at once --------------------------------------------------------------------- */

typedef struct pair {
  const workload *work;
  round_of round;
  atomic_int *ready;
  int rounds;
  samples samples;
} pair;

static void *pair_runs(void *argument) {
  pair *pair = argument;
  pair->round(pair->work);
  atomic_fetch_add(pair->ready, 1);
  while (atomic_load(pair->ready) < 2) {
  }
  for (int i = 0; i < pair->rounds; i++)
    pair->samples.rounds[i] = pair->round(pair->work);
  return NULL;
}

/* The rounds of the slower of the two. */
static void two_threads(const workload *work, round_of round, int rounds, samples *out) {
  static pair pairs[2];
  atomic_int ready = 0;
  pthread_t threads[2];
  for (int i = 0; i < 2; i++) {
    pairs[i] = (pair){.work = work, .round = round, .ready = &ready, .rounds = rounds};
    if (pthread_create(&threads[i], NULL, pair_runs, &pairs[i]))
      abort();
  }
  for (int i = 0; i < 2; i++) {
    pthread_join(threads[i], NULL);
    sum_up(&pairs[i].samples, rounds);
  }
  *out = pairs[pairs[0].samples.least < pairs[1].samples.least].samples;
}

/* ---- Lines ----------------------------------------------------------------------------------- */

static void run_line(const char *line, workload *work, int hurried) {
  uint32_t touched = shared.routing.use_cases;
  const int is_touched = strncmp(line, "touched=", 8) == 0;
  if (is_touched)
    touched = (uint32_t)strtoul(line + 8, NULL, 10);
  if (!touched || touched > shared.routing.use_cases)
    return;
  free(work->order);
  work->order = bench_order(&shared, touched, &work->count);
  int rounds = work->count > 50000 ? 60 : is_touched ? 100 : 300;
  if (hurried)
    rounds /= 5;
  work->contexts = strcmp(line, "mixed") == 0 ? EVERY_CONTEXT : EVERY_CONDITION;
  work->with_handles = strcmp(line, "handles") == 0;
  if (strcmp(line, "abi") == 0) {
    run_rounds(work, (round_of[]){abi_round}, 1, rounds);
    print_key("floor", line);
    printf("\tengine_ns=%.1f\tengine_median_ns=%.1f\n", measured[0].least, measured[0].median);
  } else if (strcmp(line, "units") == 0) {
    run_rounds(work, (round_of[]){units_round, units_clang, units_gcc, units_singly}, 4, rounds);
    print_row("batch", line, rounds, 1);
  } else if (strcmp(line, "use-cases") == 0) {
    run_rounds(work,
               (round_of[]){use_cases_round, use_cases_clang, use_cases_gcc, use_cases_singly}, 4,
               rounds);
    print_row("batch", line, rounds, 1);
  } else if (strcmp(line, "threads") == 0) {
    const round_of all[3] = {engine_round, clang_round, gcc_round};
    for (int k = 0; k < 3; k++)
      two_threads(work, all[k], rounds, &measured[k]);
    print_row("threads", line, rounds, 0);
  } else if (strcmp(line, "view") == 0) {
    if (turnout_view_open(shared.engine, NULL, &work->view))
      abort();
    run_rounds(work, (round_of[]){view_round, clang_round, gcc_round}, 3, rounds);
    print_row("resolve", line, rounds, 0);
    turnout_view_close(work->view);
  } else {
    run_rounds(work, (round_of[]){engine_round, clang_round, gcc_round}, 3, rounds);
    print_row(is_touched ? "touched" : "resolve", is_touched ? line + 8 : line, rounds, 0);
  }
  fflush(stdout);
}

int main(int argc, char **argv) {
  routing routing;
  int from = routing_read(&routing, argc, argv, 1), hurried = 0;
  if (!from || argc < from + 4) {
    fprintf(stderr, "usage: resolve [simple|full] STORE USE_CASES MODELS [--quick] LINE…\n"
                    "  LINE: texts handles mixed view units use-cases threads touched=N abi\n");
    return 2;
  }
  bench_open(&shared, argv[from], &routing);
  uint64_t compared = bench_compare(&shared);
  fprintf(stderr, "  %u use cases: %llu requests, engine and baseline answer alike\n",
          routing.use_cases, (unsigned long long)compared);
  for (int i = 0; i < UNITS; i++) {
    batch_units[i] = (turnout_text){shared.units[i], BENCH_UNIT_BYTES};
    batch_decisions[i] = (turnout_decision)TURNOUT_DECISION_INIT;
  }
  workload work = {0};
  for (int i = from + 3; i < argc; i++) {
    if (strcmp(argv[i], "--quick") == 0)
      hurried = 1;
    else
      run_line(argv[i], &work, hurried);
  }
  return 0;
}
