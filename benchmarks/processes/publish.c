/*
 * publish COMMAND STORE USE_CASES HOT RESOLVERS ROUNDS PUBLISHING_MS OTHER_MS OUT [EVERY_MS]:
 * threads resolve HOT of the use cases without a pause while head moves between revisions 1 and 2
 * as fast as COMMAND activates them, or once in EVERY_MS. The keeper has each table to validate:
 * its file is touched before.
 *
 * Windows take turns: nothing else happens (quiet), head moves (publishing), and a thread burns as
 * much of the processors as publisher and keeper took in the window before, in as many bursts,
 * without touching memory (burning). What burning costs a resolve is the scheduler's doing; what
 * publishing costs beyond it is the engine's.
 *
 * Every decision must be of one revision: version and config of revision 1 begin with `v` and 2, of
 * revision 2 with `w` and 3. Writes the time of every 61st resolve to OUT/quiet, OUT/publishing and
 * OUT/burning, as 32-bit numbers of ns, and prints one row for each window: what, seconds,
 * resolves, resolves that failed or were mixed, page faults of the resolvers, changes of head, and
 * seconds of computing that were not the resolvers'.
 */
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <turnout.h>

#include "../routing.h"
#include "clock.h"
#include "machine.h"

enum { RESOLVERS_MAX = 8, HOT_MAX = 10000, TIMED_EVERY = 61, UNITS = 1024, REST_NS = 200000000 };
enum kind { QUIET, PUBLISHING, BURNING, KINDS, BETWEEN = KINDS };
static const char *const kind_names[KINDS + 1] = {"quiet", "publishing", "burning", "between"};

static turnout_engine *engine;
static char names[HOT_MAX][ROUTING_NAME_STRIDE], units[UNITS][24];
static uint32_t use_cases, hot_count;
static const char *command, *store;
static uint64_t every_ns; /* 0: as fast as it goes */

/* Which kind of window runs; a resolver files its samples under it. -1 ends. */
static atomic_int window_kind = BETWEEN;

typedef struct samples {
  uint32_t *ticks;
  size_t count, room;
} samples;

typedef struct resolver {
  _Alignas(128) samples samples[KINDS + 1]; /* and those between windows, of which none is kept */
  _Alignas(128) atomic_ullong resolves, wrong, faults, changes, computed;
  pthread_t thread;
} resolver;

static resolver resolvers[RESOLVERS_MAX];

static void make_samples(samples *samples, size_t room) {
  samples->room = room;
  samples->ticks = mmap(NULL, room * sizeof(uint32_t), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (samples->ticks == MAP_FAILED)
    abort();
}

static int is_of_one_revision(const turnout_decision *decision, int with_config) {
  char version = decision->revision == 1 ? 'v' : 'w';
  char tens = decision->revision == 1 ? '2' : '3';
  return decision->version.size == 2 && decision->version.data[0] == version &&
         decision->model.size == 11 && memcmp(decision->model.data, "ranker-", 7) == 0 &&
         decision->cluster.size == 10 && decision->address.size > 10 &&
         (!with_config || (decision->config.size == 12 && decision->config.data[9] == tens));
}

static uint64_t faults_of_thread(void) {
  struct rusage usage;
  getrusage(RUSAGE_THREAD, &usage);
  return (uint64_t)usage.ru_minflt + (uint64_t)usage.ru_majflt;
}

/* A thread's stack grows by page faults, the first time that a call goes deeper; they are none of a
 * new table's. */
static __attribute__((noinline)) void grow_stack(void) {
  volatile char deep[1 << 17];
  for (size_t i = 0; i < sizeof deep; i += 1024)
    deep[i] = 0;
}

static void *resolve_on(void *argument) {
  resolver *self = argument;
  turnout_attribute attributes[2] = {{{"country", 7, 0}, TURNOUT_STRING, 0, 0, {NULL, 0}},
                                     {{"device", 6, 0}, TURNOUT_STRING, 0, 0, {"web", 3}}};
  turnout_request request = TURNOUT_REQUEST_INIT;
  request.attributes = attributes;
  request.attribute_count = 2;
  request.use_case.size = ROUTING_NAME_BYTES;
  request.unit.size = 23;
  grow_stack();
  char buffer[TURNOUT_DECISION_BYTES];
  turnout_decision decision = TURNOUT_DECISION_INIT;
  uint64_t revision = 0, i = (uint64_t)(self - resolvers) * 17;
  for (;;) {
    int kind = atomic_load(&window_kind);
    if (kind < 0)
      return NULL;
    samples *samples = &self->samples[kind];
    uint64_t wrong = 0, changes = 0, faults = faults_of_thread(), computed = computed_ns();
    uint64_t first = i;
    while (atomic_load_explicit(&window_kind, memory_order_relaxed) == kind) {
      for (int k = 0; k < TIMED_EVERY; k++, i++) {
        uint32_t hot = (uint32_t)(i * 7919 % hot_count);
        request.use_case.data = names[hot];
        attributes[0].text = (turnout_text){
            routing_countries[(hot * (use_cases / hot_count)) % ROUTING_COUNTRIES], 2};
        request.unit.data = units[i % UNITS];
        request.flags = k & 1 ? TURNOUT_WANT_CONFIG : 0;
        turnout_status status;
        if (k == 0) {
          uint64_t begin = ticks_begin();
          status = turnout_resolve(engine, &request, buffer, sizeof buffer, &decision);
          uint64_t ticks = ticks_end() - begin;
          if (samples->count < samples->room)
            samples->ticks[samples->count++] = ticks > UINT32_MAX ? UINT32_MAX : (uint32_t)ticks;
        } else {
          status = turnout_resolve(engine, &request, buffer, sizeof buffer, &decision);
        }
        wrong += status != TURNOUT_OK || !is_of_one_revision(&decision, k & 1);
        changes += decision.revision != revision;
        revision = decision.revision;
      }
    }
    if (kind == BETWEEN)
      continue;
    atomic_fetch_add(&self->faults, faults_of_thread() - faults);
    atomic_fetch_add(&self->computed, computed_ns() - computed);
    atomic_fetch_add(&self->resolves, i - first);
    atomic_fetch_add(&self->wrong, wrong);
    atomic_fetch_add(&self->changes, changes);
  }
}

static void activate(unsigned revision) {
  char number[2] = {(char)('0' + revision), 0};
  char *words[] = {(char *)command, "activate", number, "--store", (char *)store, NULL};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  int status = -1;
  char path[4096];
  snprintf(path, sizeof path, "%s/tables/%08u.mdb", store, revision);
  chmod(path, 0444);
  if (posix_spawn(&child, command, &actions, NULL, words, environ) != 0 ||
      waitpid(child, &status, 0) != child || status != 0) {
    fprintf(stderr, "publish: cannot activate revision %u\n", revision);
    exit(3);
  }
  posix_spawn_file_actions_destroy(&actions);
}

typedef struct sums {
  uint64_t resolves, wrong, faults, changes, computed;
} sums;

static sums sums_now(int count) {
  sums sums = {0};
  for (int i = 0; i < count; i++) {
    sums.resolves += atomic_load(&resolvers[i].resolves);
    sums.wrong += atomic_load(&resolvers[i].wrong);
    sums.faults += atomic_load(&resolvers[i].faults);
    sums.changes += atomic_load(&resolvers[i].changes);
    sums.computed += atomic_load(&resolvers[i].computed);
  }
  return sums;
}

/* Of the latest window of publishing. */
static uint64_t bursts, burst_ns;

static void burn(uint64_t span_ns) {
  if (!bursts) {
    sleep_ns(span_ns);
    return;
  }
  uint64_t end = now_ns() + span_ns, pause = span_ns / bursts;
  while (now_ns() < end) {
    uint64_t begin = now_ns(), until = computed_ns() + burst_ns;
    while (computed_ns() < until) {
    }
    uint64_t took = now_ns() - begin;
    if (took < pause)
      sleep_ns(pause - took);
  }
}

static void run_window(enum kind kind, uint64_t span_ns, int count) {
  static unsigned revision = 1;
  sums before = sums_now(count);
  machine machine_before = machine_now();
  uint64_t begin = now_ns(), moves = 0;
  atomic_store(&window_kind, (int)kind);
  if (kind == QUIET)
    sleep_ns(span_ns);
  else if (kind == BURNING)
    burn(span_ns);
  else
    while (now_ns() - begin < span_ns) {
      revision = 3 - revision;
      activate(revision);
      moves++;
      uint64_t due = begin + moves * every_ns, now = now_ns();
      if (now < due)
        sleep_ns(due - now);
    }
  uint64_t took = now_ns() - begin;
  machine machine_after = machine_now();
  /* A resolver adds to the sums when it sees that a window is over; and the keeper comes to rest.
   */
  atomic_store(&window_kind, BETWEEN);
  sleep_ns(REST_NS);
  sums after = sums_now(count);
  double beside = (machine_after.ours_s - machine_before.ours_s) -
                  (double)(after.computed - before.computed) / 1e9;
  beside = beside < 0 ? 0 : beside;
  if (kind == PUBLISHING && moves) {
    bursts = moves;
    burst_ns = (uint64_t)(beside * 1e9) / moves;
  }
  printf("%s\t%.3f\t%llu\t%llu\t%llu\t%llu\t%llu\t%.3f\t%.3f\n", kind_names[kind],
         (double)took / 1e9, (unsigned long long)(after.resolves - before.resolves),
         (unsigned long long)(after.wrong - before.wrong),
         (unsigned long long)(after.faults - before.faults), (unsigned long long)moves,
         (unsigned long long)(after.changes - before.changes), beside,
         machine_others(machine_before, machine_after));
}

static void write_samples(const char *folder, enum kind kind, int count, double scale) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, kind_names[kind]);
  FILE *file = fopen(path, "wb");
  if (!file)
    exit(3);
  for (int i = 0; i < count; i++) {
    samples *samples = &resolvers[i].samples[kind];
    for (size_t k = 0; k < samples->count; k++)
      samples->ticks[k] = (uint32_t)((double)samples->ticks[k] * scale + 0.5);
    if (fwrite(samples->ticks, sizeof(uint32_t), samples->count, file) != samples->count)
      exit(3);
  }
  if (fclose(file))
    exit(3);
}

int main(int argc, char **argv) {
  if (argc != 10 && argc != 11) {
    fprintf(stderr, "usage: publish COMMAND STORE USE_CASES HOT RESOLVERS ROUNDS PUBLISHING_MS "
                    "OTHER_MS OUT [EVERY_MS]\n");
    return 2;
  }
  command = argv[1];
  store = argv[2];
  every_ns = argc == 11 ? strtoull(argv[10], NULL, 10) * 1000000 : 0;
  use_cases = (uint32_t)strtoul(argv[3], NULL, 10);
  hot_count = (uint32_t)strtoul(argv[4], NULL, 10);
  int count = (int)strtol(argv[5], NULL, 10), rounds = (int)strtol(argv[6], NULL, 10);
  uint64_t span[KINDS] = {strtoull(argv[8], NULL, 10), strtoull(argv[7], NULL, 10),
                          strtoull(argv[8], NULL, 10)};
  if (hot_count < 1 || hot_count > HOT_MAX || use_cases < hot_count || count < 1 ||
      count > RESOLVERS_MAX || rounds < 1)
    return 2;
  for (uint32_t i = 0; i < hot_count; i++)
    routing_use_case(i * (use_cases / hot_count), names[i]);
  for (unsigned i = 0; i < UNITS; i++)
    snprintf(units[i], sizeof units[i], "user-%018u", i * 2654435761u);
  double scale = ns_of_tick();
  printf("nothing\t%.0f\n", (double)ticks_of_nothing() * scale);
  activate(1);
  turnout_error error = TURNOUT_ERROR_INIT;
  if (turnout_engine_open(store, NULL, &error, &engine) != TURNOUT_OK) {
    fprintf(stderr, "%s: %s\n", store, error.message);
    return 3;
  }
  /* At most 20 million resolves a second of each. */
  for (int i = 0; i < count; i++)
    for (int k = 0; k < KINDS; k++)
      make_samples(&resolvers[i].samples[k],
                   (size_t)rounds * (span[k] + 500) * 20000 / TIMED_EVERY);
  for (int i = 0; i < count; i++)
    if (pthread_create(&resolvers[i].thread, NULL, resolve_on, &resolvers[i]))
      return 3;
  sleep_ns(REST_NS);
  for (int i = 0; i < rounds; i++)
    for (int k = 0; k < KINDS; k++)
      run_window((enum kind)k, span[k] * 1000000, count);
  atomic_store(&window_kind, -1);
  for (int i = 0; i < count; i++)
    pthread_join(resolvers[i].thread, NULL);
  for (int k = 0; k < KINDS; k++)
    write_samples(argv[9], (enum kind)k, count, scale);
  turnout_engine_close(engine);
  return 0;
}
