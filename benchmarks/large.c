/*
 * large write FOLDER: writes documents of which one thing is large. large check STORES: asks each of
 * them, a store in that folder, for every key, and ends in another status than 0 at the first wrong
 * answer. large measure STORES: also times that, and prints for each a row: its name, then the minimum
 * in nanoseconds of a resolve that meets the large thing, of one that does not, and of the same work
 * in hand-written C where there is any.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "large.h"

enum { ROUNDS = 15 };

static volatile uint64_t sink;
static int times;

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* What is asked of each key in turn: as the unit, or as the attribute `title`. */
typedef struct question {
  turnout_engine *engine;
  const char *use_case;
  const keys *keys;
  int by_title;
} question;

static double engine_round(const question *question) {
  char buffer[TURNOUT_DECISION_BYTES];
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_request request = TURNOUT_REQUEST_INIT;
  turnout_attribute title = {.name = {"title", 5, 0}, .type = TURNOUT_STRING};
  request.use_case = (turnout_name){question->use_case, strlen(question->use_case), 0};
  request.attributes = &title;
  request.attribute_count = 1;
  title.text = request.unit = (turnout_text){"none", 4};
  turnout_text *key = question->by_title ? &title.text : &request.unit;
  const keys *keys = question->keys;
  uint64_t sum = 0, begin = now_ns();
  for (uint32_t i = 0; i < keys->count; i++) {
    *key = (turnout_text){keys->texts + (size_t)i * KEY_STRIDE, KEY_BYTES};
    if (turnout_resolve(question->engine, &request, buffer, sizeof buffer, &decision))
      abort();
    sum += (unsigned char)decision.version.data[1];
  }
  uint64_t took = now_ns() - begin;
  sink += sum;
  return (double)took / keys->count;
}

static double baseline_round(const key_set *set, const keys *keys) {
  uint64_t found = 0, begin = now_ns();
  for (uint32_t i = 0; i < keys->count; i++)
    found += (uint64_t)key_set_has(set, keys->texts + (size_t)i * KEY_STRIDE, KEY_BYTES);
  uint64_t took = now_ns() - begin;
  sink += found;
  return (double)took / keys->count;
}

/* Ends the program unless the engine gives every key the version that it should have. */
static void check(const question *question, const char *version) {
  char buffer[TURNOUT_DECISION_BYTES];
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_request request = TURNOUT_REQUEST_INIT;
  turnout_attribute title = {.name = {"title", 5, 0}, .type = TURNOUT_STRING};
  request.use_case = (turnout_name){question->use_case, strlen(question->use_case), 0};
  request.attributes = &title;
  request.attribute_count = 1;
  title.text = request.unit = (turnout_text){"none", 4};
  for (uint32_t i = 0; i < question->keys->count; i++) {
    turnout_text key = {question->keys->texts + (size_t)i * KEY_STRIDE, KEY_BYTES};
    *(question->by_title ? &title.text : &request.unit) = key;
    if (turnout_resolve(question->engine, &request, buffer, sizeof buffer, &decision) ||
        decision.version.size != strlen(version) ||
        memcmp(decision.version.data, version, decision.version.size) != 0) {
      fprintf(stderr, "large: %s of %.*s is not %s\n", question->use_case, KEY_BYTES, key.data,
              version);
      exit(1);
    }
  }
}

/* Rounds of all in turn, so that what else the machine does meets all alike. */
static void measure(const char *line, question large, const char *version, const key_set *set) {
  question plain = large;
  plain.use_case = "Plain";
  check(&large, version);
  check(&plain, "v1");
  if (!times)
    return;
  double least[3] = {1e18, 1e18, 1e18};
  for (int i = 0; i < ROUNDS; i++) {
    double took[3] = {engine_round(&large), engine_round(&plain),
                      set ? baseline_round(set, large.keys) : 0};
    for (int k = 0; k < 3; k++)
      least[k] = took[k] < least[k] ? took[k] : least[k];
  }
  printf("%s\t%.1f\t%.1f", line, least[0], least[1]);
  if (set)
    printf("\t%.1f", least[2]);
  printf("\n");
  fflush(stdout);
}

static turnout_engine *opened(const char *stores, const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", stores, name);
  turnout_open_options options = TURNOUT_OPEN_OPTIONS_INIT;
  options.flags = TURNOUT_NO_THREAD;
  turnout_error error = TURNOUT_ERROR_INIT;
  turnout_engine *engine = NULL;
  if (turnout_engine_open(path, &options, &error, &engine) != TURNOUT_OK) {
    fprintf(stderr, "%s: %s\n", path, error.message);
    exit(3);
  }
  return engine;
}

int main(int argc, char **argv) {
  if (argc == 3 && strcmp(argv[1], "write") == 0)
    return large_write(argv[2]) ? 0 : 3;
  times = argc == 3 && strcmp(argv[1], "measure") == 0;
  if (argc != 3 || (!times && strcmp(argv[1], "check") != 0)) {
    fprintf(stderr, "usage: large write FOLDER | large check STORES | large measure STORES\n");
    return 2;
  }
  keys members, others, titles, few;
  keys_make(&members, SEGMENT_UNITS, 'u');
  keys_make(&others, SEGMENT_UNITS, 'w');
  keys_make(&titles, LOOKUP_VALUES, 't');
  keys_make(&few, 10000, 'w');
  key_set units, values;
  key_set_make(&units, &members);
  key_set_make(&values, &titles);
  keys_shuffle(&members);
  keys_shuffle(&titles);

  question asked = {opened(argv[2], "segment"), "Large", &members, 0};
  measure("segment", asked, "v2", &units);
  asked.keys = &others;
  measure("segment-absent", asked, "v1", &units);
  asked = (question){opened(argv[2], "lookup"), "Large", &titles, 1};
  measure("lookup", asked, "v2", &values);
  asked = (question){opened(argv[2], "clusters"), "Large", &few, 0};
  measure("clusters", asked, "v2", NULL);
  asked = (question){opened(argv[2], "rules"), "Large", &few, 0};
  measure("rules", asked, "v2", NULL);
  return 0;
}
