/*
 * large write FOLDER: writes documents of which one thing is large. large check STORES: asks each
 * of them, a store in that folder, for every key, and ends in another status than 0 at the first
 * wrong answer. large measure STORES: also times that, and prints for each a row: its name, then
 * the minimum in nanoseconds of a resolve that meets the large thing, of one that does not, and of
 * one that does not beside a search of the same keys in hand-written C.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "large.h"

enum { ROUNDS = 300, HOT_KEYS = 1024, ASKED = 10000 };

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
  const key_set *beside; /* searched for the same key */
  int by_title;
} question;

typedef struct answer {
  char buffer[TURNOUT_DECISION_BYTES];
  turnout_decision decision;
} answer;

static answer given;

/* Resolves for `asked` keys from the one at `from` on, round the end; gives nanoseconds a resolve.
 * Ends the program at an answer of another version, if one is wanted. */
static double ask(const question *question, uint32_t from, uint32_t asked, const char *version) {
  turnout_request request = TURNOUT_REQUEST_INIT;
  turnout_attribute title = {.name = {"title", 5, 0}, .type = TURNOUT_STRING};
  request.use_case = (turnout_name){question->use_case, strlen(question->use_case), 0};
  request.attributes = &title;
  request.attribute_count = 1;
  title.text = request.unit = (turnout_text){"none", 4};
  turnout_text *key = question->by_title ? &title.text : &request.unit;
  const keys *keys = question->keys;
  given.decision = (turnout_decision)TURNOUT_DECISION_INIT;
  uint64_t sum = 0, begin = now_ns();
  for (uint32_t i = 0, k = from % keys->count; i < asked;
       i++, k = k + 1 < keys->count ? k + 1 : 0) {
    *key = (turnout_text){keys->texts + (size_t)k * KEY_STRIDE, KEY_BYTES};
    if (turnout_resolve(question->engine, &request, given.buffer, sizeof given.buffer,
                        &given.decision))
      abort();
    sum += given.decision.version.size;
    if (question->beside)
      sum += (uint64_t)key_set_has(question->beside, key->data, key->size);
    if (version && (given.decision.version.size != strlen(version) ||
                    memcmp(given.decision.version.data, version, strlen(version)) != 0)) {
      fprintf(stderr, "large: %s of %.*s is not %s\n", question->use_case, KEY_BYTES, key->data,
              version);
      exit(1);
    }
  }
  uint64_t took = now_ns() - begin;
  sink += sum;
  return (double)took / asked;
}

/* Rounds of all in turn, so that what else the machine does meets all alike, each so short that
 * some are let alone. */
static void measure(const char *line, question large, const char *version, const key_set *set) {
  question plain = large, beside;
  plain.use_case = "Plain";
  beside = plain;
  beside.beside = set;
  const question *all[3] = {&large, &plain, &beside};
  ask(&large, 0, large.keys->count, version);
  ask(&plain, 0, large.keys->count, "v1");
  if (!times)
    return;
  double least[3] = {1e18, 1e18, 1e18};
  for (int i = 0; i < ROUNDS; i++)
    for (int k = 0; k < (set ? 3 : 2); k++) {
      double took = ask(all[k], (uint32_t)i * ASKED, ASKED, NULL);
      least[k] = took < least[k] ? took : least[k];
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
  keys members, others, titles;
  keys_make(&members, SEGMENT_UNITS, 'u');
  keys_make(&others, SEGMENT_UNITS, 'w');
  keys_make(&titles, LOOKUP_VALUES, 't');
  key_set units, values;
  key_set_make(&units, &members);
  key_set_make(&values, &titles);
  keys_shuffle(&members);
  keys_shuffle(&others);
  keys_shuffle(&titles);
  keys hot_members = {members.texts, HOT_KEYS};
  keys hot_others = {others.texts, HOT_KEYS};
  keys hot_titles = {titles.texts, HOT_KEYS};

  question asked = {opened(argv[2], "segment"), "Large", &hot_members, NULL, 0};
  measure("segment", asked, "v2", &units);
  asked.keys = &hot_others;
  measure("segment-absent", asked, "v1", &units);
  asked.keys = &members;
  measure("segment-cold", asked, "v2", &units);
  asked.keys = &others;
  measure("segment-cold-absent", asked, "v1", &units);
  asked = (question){opened(argv[2], "lookup"), "Large", &hot_titles, NULL, 1};
  measure("lookup", asked, "v2", &values);
  asked.keys = &titles;
  measure("lookup-cold", asked, "v2", &values);
  asked = (question){opened(argv[2], "clusters"), "Large", &hot_others, NULL, 0};
  measure("clusters", asked, "v2", NULL);
  asked = (question){opened(argv[2], "rules"), "Large", &hot_others, NULL, 0};
  measure("rules", asked, "v2", NULL);
  return 0;
}
