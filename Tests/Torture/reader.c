/*
 * reader STORE LIST [hold|private]: a service. Opens the store and resolves until its standard
 * input ends. Every answer has to be whole: a revision says one version for ever, under one digest.
 * With `hold` it opens a view at its start, keeps it, and resolves against it at the end: it has to
 * say what it said. With `private` it has tables of its own. Then writes to LIST each revision it
 * was served and what it said, and to standard output how many resolves and how many moves there
 * were, and age and bytes of what its views hold.
 */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <turnout.h>

enum { REVISIONS_MAX = 65536, VERSION_BYTES = 64, BATCH = 64, OPEN_SECONDS = 30 };

static struct said {
  char version[VERSION_BYTES];
  uint8_t digest[16];
} said[REVISIONS_MAX];

static turnout_engine *opened(const char *store, const turnout_open_options *options) {
  turnout_engine *engine = NULL;
  turnout_error error = TURNOUT_ERROR_INIT;
  time_t end = time(NULL) + OPEN_SECONDS;
  while (turnout_engine_open(store, options, &error, &engine) != TURNOUT_OK) {
    if (time(NULL) > end) {
      fprintf(stderr, "reader: %s\n", error.message);
      exit(1);
    }
    nanosleep(&(struct timespec){0, 1000000}, NULL);
  }
  return engine;
}

/* Compares a decision with what its revision said before. */
static void remember(const turnout_decision *decision) {
  if (decision->revision >= REVISIONS_MAX || decision->version.size >= VERSION_BYTES) {
    fprintf(stderr, "reader: revision %" PRIu64 " is out of bounds\n", decision->revision);
    exit(1);
  }
  struct said *before = &said[decision->revision];
  char version[VERSION_BYTES] = {0};
  memcpy(version, decision->version.data, decision->version.size);
  if (before->version[0] == 0) {
    memcpy(before->version, version, sizeof version);
    memcpy(before->digest, decision->digest, sizeof before->digest);
  }
  if (memcmp(before->version, version, sizeof version) != 0 ||
      memcmp(before->digest, decision->digest, sizeof before->digest) != 0) {
    fprintf(stderr, "reader: revision %" PRIu64 " said %s and then %s\n", decision->revision,
            before->version, version);
    exit(1);
  }
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: reader STORE LIST [hold|private]\n");
    return 2;
  }
  turnout_open_options options = TURNOUT_OPEN_OPTIONS_INIT;
  const char *how = argc > 3 ? argv[3] : "";
  if (strcmp(how, "private") == 0)
    options.flags = TURNOUT_PRIVATE_TABLES;
  turnout_engine *engine = opened(argv[1], &options);
  turnout_view *view = NULL;
  turnout_error error = TURNOUT_ERROR_INIT;
  if (strcmp(how, "hold") == 0 && turnout_view_open(engine, &error, &view) != TURNOUT_OK) {
    fprintf(stderr, "reader: %s\n", error.message);
    return 1;
  }
  puts("open");
  fflush(stdout);

  turnout_request request = TURNOUT_REQUEST_INIT;
  request.use_case = (turnout_name){"Search", 6, 0};
  request.unit = (turnout_text){"u_1", 3};
  static char buffer[TURNOUT_DECISION_BYTES];
  uint64_t resolves = 0;
  uint64_t moves = 0;
  uint64_t last = 0;
  struct pollfd input = {0, POLLIN, 0};
  while (poll(&input, 1, 1) == 0) {
    for (int i = 0; i < BATCH; i++) {
      turnout_decision decision = TURNOUT_DECISION_INIT;
      turnout_status status = turnout_resolve(engine, &request, buffer, sizeof buffer, &decision);
      if (status == TURNOUT_NO_TABLE && last == 0)
        continue;
      if (status != TURNOUT_OK) {
        fprintf(stderr, "reader: %s\n", turnout_status_name(status));
        return 1;
      }
      remember(&decision);
      moves += decision.revision != last;
      last = decision.revision;
      resolves++;
    }
  }

  turnout_engine_info info = TURNOUT_ENGINE_INFO_INIT;
  turnout_engine_status(engine, &info, &error);
  if (view) {
    turnout_decision decision = TURNOUT_DECISION_INIT;
    if (turnout_view_resolve(view, &request, buffer, sizeof buffer, &decision) != TURNOUT_OK ||
        decision.revision != turnout_view_revision(view)) {
      fprintf(stderr, "reader: its view no longer says what it said\n");
      return 1;
    }
    remember(&decision);
    turnout_view_close(view);
  }
  FILE *list = argc > 2 ? fopen(argv[2], "w") : NULL;
  for (int revision = 0; list && revision < REVISIONS_MAX; revision++)
    if (said[revision].version[0])
      fprintf(list, "%d %s\n", revision, said[revision].version);
  if (list)
    fclose(list);
  turnout_engine_close(engine);
  printf("%" PRIu64 " resolves, %" PRIu64 " moves, %" PRIu64 " ns, %" PRIu64 " bytes\n", resolves,
         moves, info.views_oldest_ns, info.views_bytes);
  return 0;
}
