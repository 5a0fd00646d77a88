/*
 * follow STORE REVISION…: opens the store, says so, and answers one line for each revision once it
 * is served: process, user, revision and what is decided for one unit. Every answer on the way
 * must be whole. Then tries to write the overlay and says how that ended.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <turnout.h>
#include <unistd.h>

enum { WAIT_SECONDS = 30 };

static void resolve(turnout_engine *engine, char buffer[TURNOUT_DECISION_BYTES],
                    turnout_decision *decision) {
  turnout_request request = TURNOUT_REQUEST_INIT;
  request.use_case = (turnout_name){"Search", 6, 0};
  request.unit = (turnout_text){"u_17", 4};
  *decision = (turnout_decision)TURNOUT_DECISION_INIT;
  turnout_status status =
      turnout_resolve(engine, &request, buffer, TURNOUT_DECISION_BYTES, decision);
  if (status != TURNOUT_OK || decision->version.size == 0 || decision->address.size == 0) {
    fprintf(stderr, "follow: %s\n", turnout_status_name(status));
    exit(1);
  }
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: follow STORE REVISION…\n");
    return 2;
  }
  turnout_engine *engine;
  turnout_error error = TURNOUT_ERROR_INIT;
  if (turnout_engine_open(argv[1], NULL, &error, &engine) != TURNOUT_OK) {
    fprintf(stderr, "follow: %s\n", error.message);
    return 1;
  }
  puts("open");
  fflush(stdout);

  static char buffer[TURNOUT_DECISION_BYTES];
  turnout_decision decision;
  for (int i = 2; i < argc; i++) {
    uint64_t wanted = strtoull(argv[i], NULL, 10);
    time_t end = time(NULL) + WAIT_SECONDS;
    for (;;) {
      resolve(engine, buffer, &decision);
      if (decision.revision == wanted)
        break;
      if (time(NULL) > end) {
        fprintf(stderr, "follow: still revision %llu\n", (unsigned long long)decision.revision);
        return 1;
      }
      usleep(1000);
    }
    printf("pid %d, uid %d, revision %llu: %.*s@%.*s\n", (int)getpid(), (int)getuid(),
           (unsigned long long)decision.revision, (int)decision.model.size, decision.model.data,
           (int)decision.version.size, decision.version.data);
    fflush(stdout);
  }

  turnout_overlay_entry down = {TURNOUT_CLUSTER, TURNOUT_DOWN, {"main", 4}, 0};
  turnout_text nobody = {NULL, 0};
  turnout_status status = turnout_overlay_set(argv[1], &down, 1, nobody, nobody, &error);
  printf("writing: %s\n", turnout_status_name(status));
  turnout_engine_close(engine);
  return 0;
}
