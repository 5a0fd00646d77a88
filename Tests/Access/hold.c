/*
 * hold STORE SECONDS [private]: opens the store, resolves once, says `held` and its number as a
 * process, and stays for so long.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turnout.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc < 3)
    return 2;
  turnout_engine *engine;
  turnout_error error = TURNOUT_ERROR_INIT;
  turnout_open_options options = TURNOUT_OPEN_OPTIONS_INIT;
  if (argc == 4 && strcmp(argv[3], "private") == 0)
    options.flags = TURNOUT_PRIVATE_TABLES;
  if (turnout_engine_open(argv[1], &options, &error, &engine) != TURNOUT_OK) {
    fprintf(stderr, "hold: %s\n", error.message);
    return 1;
  }
  static char buffer[TURNOUT_DECISION_BYTES];
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_request request = TURNOUT_REQUEST_INIT;
  request.use_case = (turnout_name){"Search", 6, 0};
  request.unit = (turnout_text){"u_17", 4};
  if (turnout_resolve(engine, &request, buffer, sizeof buffer, &decision) != TURNOUT_OK)
    return 1;
  printf("held %d\n", (int)getpid());
  fflush(stdout);
  sleep((unsigned)strtoul(argv[2], NULL, 10));
  turnout_engine_close(engine);
  return 0;
}
