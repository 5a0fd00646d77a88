/* open STORE: opens an engine without a thread, as valgrind counts it, and resolves once. */
#include <stdio.h>
#include <turnout.h>

int main(int argc, char **argv) {
  if (argc != 2)
    return 2;
  turnout_open_options options = TURNOUT_OPEN_OPTIONS_INIT;
  options.flags = TURNOUT_NO_THREAD;
  turnout_error error = TURNOUT_ERROR_INIT;
  turnout_engine *engine;
  if (turnout_engine_open(argv[1], &options, &error, &engine) != TURNOUT_OK) {
    fprintf(stderr, "%s\n", error.message);
    return 3;
  }
  turnout_request request = TURNOUT_REQUEST_INIT;
  request.use_case = (turnout_name){"nobody", 6, 0};
  turnout_decision decision = TURNOUT_DECISION_INIT;
  char buffer[TURNOUT_DECISION_BYTES];
  turnout_status status = turnout_resolve(engine, &request, buffer, sizeof buffer, &decision);
  turnout_engine_close(engine);
  return status == TURNOUT_UNKNOWN_USE_CASE ? 0 : 4;
}
