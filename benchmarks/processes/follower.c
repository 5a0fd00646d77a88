/*
 * follower STORE USE_CASES NUMBER BOARD: a process that has the store open. Every 5 ms it writes
 * what it serves to its place on the board; of each new revision it resolves every use case once,
 * so that it has touched the whole table.
 */
#include <turnout.h>

#include "../routing.h"
#include "crew.h"

static turnout_engine *engine;

/* Whether the use case is decided, by this revision. */
static int decides(uint32_t use_case, uint64_t revision) {
  static char buffer[TURNOUT_DECISION_BYTES];
  char name[ROUTING_NAME_STRIDE];
  turnout_request request = TURNOUT_REQUEST_INIT;
  request.use_case = (turnout_name){name, routing_use_case(use_case, name), 0};
  request.unit = (turnout_text){"user", 4};
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_status status = turnout_resolve(engine, &request, buffer, sizeof buffer, &decision);
  return status == TURNOUT_OK && decision.revision == revision;
}

/* What is served, and whether `use_cases` of it are decided by it. */
static turnout_engine_info touch(uint32_t use_cases, int *wrong) {
  turnout_engine_info before = TURNOUT_ENGINE_INFO_INIT, after = TURNOUT_ENGINE_INFO_INIT;
  turnout_engine_status(engine, &before, NULL);
  int whole = 1;
  for (uint32_t i = 0; i < use_cases; i++)
    whole = decides(i, before.revision) && whole;
  turnout_engine_status(engine, &after, NULL);
  *wrong = !whole && before.adopted_at_ns == after.adopted_at_ns;
  return before;
}

int main(int argc, char **argv) {
  board *board = argc == 5 ? crew_board(argv[4], 0) : NULL;
  int number = argc == 5 ? (int)strtol(argv[3], NULL, 10) : -1;
  if (!board || number < 0 || number >= CREW_MAX) {
    fprintf(stderr, "usage: follower STORE USE_CASES NUMBER BOARD\n");
    return 2;
  }
  uint32_t use_cases = (uint32_t)strtoul(argv[2], NULL, 10);
  place *place = &board->places[number];
  turnout_error error = TURNOUT_ERROR_INIT;
  if (turnout_engine_open(argv[1], NULL, &error, &engine) != TURNOUT_OK) {
    fprintf(stderr, "%s: %s\n", argv[1], error.message);
    return 3;
  }
  int64_t touched = 0;
  while (!atomic_load(&board->stop) && getppid() != 1) {
    int wrong;
    turnout_engine_info info = touch(1, &wrong);
    if (!wrong && info.adopted_at_ns != touched)
      touched = touch(use_cases, &wrong).adopted_at_ns;
    if (wrong)
      atomic_store(&place->wrong, 1);
    atomic_store(&place->revision, info.revision);
    atomic_store(&place->adopted_at, (uint64_t)info.adopted_at_ns);
    sleep_ns(5000000);
  }
  turnout_engine_close(engine);
  return 0;
}
