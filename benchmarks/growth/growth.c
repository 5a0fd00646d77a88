/*
 * growth resolve STORE REFERENCE KIND NUMBER   nanoseconds a resolve, and of the smallest one
 * growth open STORE                            milliseconds from nothing to the first answer
 * growth intervals TABLE                       intervals of the first rule's split, by use case
 * growth measure COMMAND…                      seconds, seconds of the processor, peak kilobytes
 *
 * The smallest resolve is of the store REFERENCE, which has one use case with one route: no
 * condition, no draw. Both are timed in turn, and the minimum of the rounds of each counts. Rounds
 * are short, so that some of them are not interrupted, and each asks for other use cases than the
 * last.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <turnout.h>
#include <unistd.h>

#include "growth.h"

enum {
  ROUNDS = 150,
  ROUND = 2000,
  ORDER = 1 << 18,
  UNITS = 1024,
  NAME_STRIDE = 32,
  UNIT_BYTES_MAX = 1024
};

static volatile uint64_t sink;

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void *made(size_t count, size_t size) {
  void *memory = calloc(count, size);
  if (!memory)
    abort();
  return memory;
}

static turnout_engine *opened(const char *store) {
  turnout_open_options options = TURNOUT_OPEN_OPTIONS_INIT;
  options.flags = TURNOUT_NO_THREAD;
  turnout_error error = TURNOUT_ERROR_INIT;
  turnout_engine *engine = NULL;
  if (turnout_engine_open(store, &options, &error, &engine) != TURNOUT_OK) {
    fprintf(stderr, "%s: %s\n", store, error.message);
    exit(3);
  }
  return engine;
}

/* Requests whose use case, unit and first attribute change from resolve to resolve. */
typedef struct work {
  turnout_engine *engine;
  turnout_request request;
  turnout_attribute attributes[GROWTH_ATTRIBUTES];
  char *names; /* of use cases, NAME_STRIDE apart */
  uint32_t *order;
  uint32_t next, use_cases;
  char *units; /* UNITS of them, unit_bytes each */
  size_t unit_bytes;
  int has_country;
} work;

static turnout_attribute attribute(const char *name, const char *text) {
  return (turnout_attribute){
      .name = {name, strlen(name), 0}, .type = TURNOUT_STRING, .text = {text, strlen(text)}};
}

static void work_make(work *work, const char *store, uint32_t use_cases, size_t unit_bytes) {
  *work = (struct work){.engine = opened(store),
                        .request = TURNOUT_REQUEST_INIT,
                        .use_cases = use_cases,
                        .unit_bytes = unit_bytes};
  work->names = made(use_cases, NAME_STRIDE);
  work->order = made(ORDER, sizeof *work->order);
  work->units = made(UNITS, unit_bytes);
  uint64_t state = 88172645463325252u;
  for (uint32_t i = 0; i < ORDER; i++)
    work->order[i] = growth_random(&state) % use_cases;
  for (size_t i = 0; i < UNITS * unit_bytes; i++)
    work->units[i] = (char)('a' + growth_random(&state) % 26);
  work->request.attributes = work->attributes;
  work->request.unit.size = unit_bytes;
}

static void name_all(work *work, const char *format) {
  int size = 0;
  for (uint32_t u = 0; u < work->use_cases; u++)
    size = snprintf(work->names + (size_t)u * NAME_STRIDE, NAME_STRIDE, format, u);
  work->request.use_case.size = (size_t)size;
}

static double nanoseconds(work *work) {
  char buffer[TURNOUT_DECISION_BYTES];
  turnout_decision decision = TURNOUT_DECISION_INIT;
  uint64_t sum = 0, begin = now_ns();
  for (uint32_t i = 0; i < ROUND; i++) {
    uint32_t u = work->order[work->next++ % ORDER];
    work->request.use_case.data = work->names + (size_t)u * NAME_STRIDE;
    work->request.unit.data = work->units + i % UNITS * work->unit_bytes;
    if (work->has_country)
      work->attributes[0].text.data = growth_countries[u % GROWTH_COUNTRIES];
    if (turnout_resolve(work->engine, &work->request, buffer, sizeof buffer, &decision))
      abort();
    sum += decision.version.size;
  }
  uint64_t took = now_ns() - begin;
  sink += sum;
  return (double)took / ROUND;
}

static int resolve(const char *store, const char *reference, const char *kind, uint32_t number) {
  static char texts[GROWTH_ATTRIBUTES][8];
  static work subject, smallest;
  int is_large = strcmp(kind, "use-cases") == 0;
  size_t unit_bytes = strcmp(kind, "unit-bytes") == 0 ? number : 23;
  if (!number && strcmp(kind, "attributes") != 0)
    return 2;
  if (unit_bytes > UNIT_BYTES_MAX)
    return 2;
  work_make(&smallest, reference, 1, 23);
  name_all(&smallest, "Subject");
  work_make(&subject, store, is_large ? number : 1, unit_bytes);
  name_all(&subject, "Subject");
  if (is_large) {
    name_all(&subject, "HomePageRanking-%06u");
    subject.has_country = 1;
  }
  if (is_large || strcmp(kind, "rules") == 0) {
    subject.attributes[0] = attribute("country", "US");
    subject.attributes[1] = attribute("device", "other");
    subject.request.attribute_count = 2;
  } else if (strcmp(kind, "attributes") == 0) {
    for (uint32_t i = 0; i < number && i < GROWTH_ATTRIBUTES; i++) {
      snprintf(texts[i], sizeof texts[i], "a%02u", i);
      subject.attributes[i] = attribute(texts[i], "value");
    }
    subject.request.attribute_count = number;
  } else if (strncmp(kind, "split:", 6) == 0) {
    snprintf(subject.names, NAME_STRIDE, "%s", kind + 6);
    subject.request.use_case.size = strlen(subject.names);
  }
  double best = 1e18, least = 1e18;
  for (int round = 0; round < ROUNDS; round++) {
    double ns = nanoseconds(&subject);
    best = ns < best ? ns : best;
    ns = nanoseconds(&smallest);
    least = ns < least ? ns : least;
  }
  printf("%.1f %.1f\n", best, least);
  return 0;
}

static int open_store(const char *store) {
  double best = 1e18;
  for (int round = 0; round < 5; round++) {
    uint64_t begin = now_ns();
    turnout_engine *engine = opened(store);
    double ms = (double)(now_ns() - begin) / 1e6;
    best = ms < best ? ms : best;
    turnout_engine_close(engine);
  }
  printf("%.3f\n", best);
  return 0;
}

static uint32_t u32(const unsigned char *at) {
  return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* Reads as Docs/table-format.md has it: the section of use cases is the third, a record begins with
 * its size, has its name at 40 and at 16 where its rules are; a rule has its block at 8, and that
 * the number of intervals at 8. */
static int intervals(const char *path) {
  enum { BYTES_MAX = 64 << 20, HEADER_BYTES = 256, SECTION = 64 + 2 * 8 };
  static unsigned char image[BYTES_MAX];
  FILE *file = fopen(path, "rb");
  size_t size = file ? fread(image, 1, BYTES_MAX, file) : 0;
  if (file)
    fclose(file);
  if (size < HEADER_BYTES)
    return 3;
  uint32_t record = u32(image + SECTION), end = record + u32(image + SECTION + 4);
  while (record + 64 < end && end <= size && u32(image + record)) {
    const unsigned char *at = image + record;
    const unsigned char *block = at + u32(at + u32(at + 16) + 8);
    printf("%.*s %u\n", at[4] | at[5] << 8, (const char *)at + 40, u32(block + 8));
    record += u32(at);
  }
  return 0;
}

static int measure(char **command) {
  uint64_t begin = now_ns();
  pid_t child = fork();
  if (child < 0)
    return 3;
  if (child == 0) {
    // To run what it is told to is what this verb is for.
    // NOLINTNEXTLINE(clang-analyzer-optin.taint.GenericTaint)
    execvp(command[0], command);
    perror(command[0]);
    _exit(127);
  }
  int status;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) != child || status) {
    fprintf(stderr, "growth: %s failed\n", command[0]);
    return 3;
  }
  printf("%.3f %.3f %ld\n", (double)(now_ns() - begin) / 1e9,
         (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
             (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
         usage.ru_maxrss);
  return 0;
}

int main(int argc, char **argv) {
  const char *verb = argc > 2 ? argv[1] : "";
  if (strcmp(verb, "resolve") == 0 && argc == 6)
    return resolve(argv[2], argv[3], argv[4], (uint32_t)strtoul(argv[5], NULL, 10));
  if (strcmp(verb, "open") == 0 && argc == 3)
    return open_store(argv[2]);
  if (strcmp(verb, "intervals") == 0 && argc == 3)
    return intervals(argv[2]);
  if (strcmp(verb, "measure") == 0)
    return measure(argv + 2);
  fprintf(stderr, "usage: growth resolve|open|intervals|measure …\n");
  return 2;
}
