/*
 * threads simple|full STORE USE_CASES MODELS ROUNDS: how much more two threads resolve than one, on
 * cores of their own. Engine, hand-written baseline and a loop that touches no memory take turns,
 * so that what the machine itself gives two threads stands beside what the engine gives them.
 * Prints a row for each: what, one thread's resolves a second, two threads' together, and the ratio
 * as the median over the rounds; then the same for resolves a second of computing, which what else
 * runs does not touch.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "../bench.h"
#include "clock.h"

enum { WINDOW_NS = 10000000, ROUNDS_MAX = 1000, CHUNK = 64 };
enum kind { ENGINE, VIEW, BASELINE, LOOP, KINDS };
static const char *const kind_names[KINDS] = {"engine", "view", "baseline", "loop"};

static bench shared;
static turnout_view *view;
static volatile uint64_t sink;

/* A worker on one core, which runs the windows that it is told to. */
typedef struct worker {
  _Alignas(128) atomic_uint turn; /* grows with every window to run */
  atomic_uint done;
  enum kind kind;
  atomic_uint *go; /* how many stand ready; it begins when all do */
  unsigned crew;
  uint64_t count, took_ns, computed_ns;
  int core;
} worker;

static atomic_bool stop;

static uint64_t loop(uint64_t x) {
  for (int i = 0; i < 64; i++)
    x = x * UINT64_C(0x9E3779B97F4A7C15) + 1;
  return x;
}

static void run_window(worker *worker) {
  char buffer[TURNOUT_DECISION_BYTES];
  turnout_decision decision = TURNOUT_DECISION_INIT;
  asking asking;
  bench_ask(&shared, &asking, 0);
  const turnout_request *request = &asking.request;
  uint64_t count = 0, sum = 0;
  atomic_fetch_add(worker->go, 1);
  while (atomic_load(worker->go) < worker->crew) {
  }
  uint64_t computed = computed_ns(), begin = now_ns(), now;
  do {
    for (uint32_t i = 0; i < CHUNK; i++) {
      uint32_t turn = (uint32_t)count + i;
      bench_turn(&shared, &asking, turn * 7919 % shared.routing.use_cases, turn, EVERY_CONDITION);
      turnout_status status = TURNOUT_OK;
      if (worker->kind == ENGINE)
        status = turnout_resolve(shared.engine, request, buffer, sizeof buffer, &decision);
      else if (worker->kind == VIEW)
        status = turnout_view_resolve(view, request, buffer, sizeof buffer, &decision);
      else if (worker->kind == BASELINE)
        status = shared.resolve_gcc(shared.gcc, request, buffer, sizeof buffer, &decision);
      else
        sum = loop(sum);
      if (status != TURNOUT_OK)
        abort();
      sum += decision.model.size;
    }
    count += CHUNK;
    now = now_ns();
  } while (now - begin < WINDOW_NS);
  worker->count = count;
  worker->took_ns = now - begin;
  worker->computed_ns = computed_ns() - computed;
  sink += sum;
}

static void *work(void *argument) {
  worker *worker = argument;
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(worker->core, &cores);
  pthread_setaffinity_np(pthread_self(), sizeof cores, &cores);
  for (unsigned turn = 1; !atomic_load(&stop); turn++) {
    while (atomic_load(&worker->turn) < turn && !atomic_load(&stop))
      sleep_ns(20000);
    if (atomic_load(&stop))
      return NULL;
    run_window(worker);
    atomic_store(&worker->done, turn);
  }
  return NULL;
}

/* Resolves a second, by the clock and by what was computed. */
typedef struct rate {
  double wall, computed;
} rate;

static rate window(worker *workers, unsigned first, unsigned count, enum kind kind) {
  atomic_uint go = 0;
  for (unsigned i = first; i < first + count; i++) {
    workers[i].kind = kind;
    workers[i].go = &go;
    workers[i].crew = count;
    atomic_fetch_add(&workers[i].turn, 1);
  }
  rate rate = {0, 0};
  for (unsigned i = first; i < first + count; i++) {
    while (atomic_load(&workers[i].done) != atomic_load(&workers[i].turn))
      sleep_ns(100000);
    rate.wall += (double)workers[i].count * 1e9 / (double)workers[i].took_ns;
    rate.computed += (double)workers[i].count * 1e9 / (double)workers[i].computed_ns;
  }
  return rate;
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static double median(double *values, unsigned count) {
  qsort(values, count, sizeof *values, by_value);
  return values[count / 2];
}

int main(int argc, char **argv) {
  if (argc != 6) {
    fprintf(stderr, "usage: threads simple|full STORE USE_CASES MODELS ROUNDS\n");
    return 2;
  }
  routing routing = {(uint32_t)strtoul(argv[3], NULL, 10), (uint32_t)strtoul(argv[4], NULL, 10),
                     strcmp(argv[1], "full") == 0 ? ROUTING_FULL : ROUTING_SIMPLE};
  unsigned rounds = (unsigned)strtoul(argv[5], NULL, 10);
  if (rounds < 1 || rounds > ROUNDS_MAX)
    return 2;
  bench_open(&shared, argv[2], &routing);
  if (turnout_view_open(shared.engine, NULL, &view) != TURNOUT_OK)
    return 3;
  static worker workers[2];
  pthread_t threads[2];
  for (int i = 0; i < 2; i++) {
    workers[i].core = i;
    if (pthread_create(&threads[i], NULL, work, &workers[i]))
      return 3;
  }
  static double one[KINDS][ROUNDS_MAX], two[KINDS][ROUNDS_MAX], ratio[KINDS][ROUNDS_MAX],
      computed[KINDS][ROUNDS_MAX];
  for (unsigned i = 0; i < rounds; i++)
    for (enum kind k = 0; k < KINDS; k++) {
      rate a = window(workers, 0, 1, k), both = window(workers, 0, 2, k),
           b = window(workers, 1, 1, k);
      one[k][i] = (a.wall + b.wall) / 2;
      two[k][i] = both.wall;
      ratio[k][i] = both.wall / one[k][i];
      computed[k][i] = both.computed / ((a.computed + b.computed) / 2);
    }
  for (enum kind k = 0; k < KINDS; k++)
    printf("%s\t%.0f\t%.0f\t%.3f\t%.3f\n", kind_names[k], median(one[k], rounds),
           median(two[k], rounds), median(ratio[k], rounds), median(computed[k], rounds));
  atomic_store(&stop, 1);
  for (int i = 0; i < 2; i++)
    pthread_join(threads[i], NULL);
  turnout_view_close(view);
  return 0;
}
