/*
 * watch STORE: opens the store and looks at it until its standard input ends. A view gives the
 * decisions of two use cases; a line is printed whenever they, or the engine's status, are others
 * than before: the version that Search gets, whether Other is on, and what the status says of head.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turnout.h>
#include <unistd.h>

enum { LINE_BYTES = 256, MILLISECONDS = 1 };

static turnout_status decide(turnout_view *view, const char *use_case, turnout_decision *decision) {
  static char buffer[TURNOUT_DECISION_BYTES];
  turnout_request request = TURNOUT_REQUEST_INIT;
  request.use_case = (turnout_name){use_case, strlen(use_case), 0};
  request.unit = (turnout_text){"u_17", 4};
  *decision = (turnout_decision)TURNOUT_DECISION_INIT;
  return turnout_view_resolve(view, &request, buffer, sizeof buffer, decision);
}

int main(int argc, char **argv) {
  turnout_engine *engine;
  turnout_error error = TURNOUT_ERROR_INIT;
  if (argc != 2 || turnout_engine_open(argv[1], NULL, &error, &engine) != TURNOUT_OK) {
    fprintf(stderr, "watch: %s\n", error.message);
    return 1;
  }
  char before[LINE_BYTES] = "";
  struct pollfd input = {STDIN_FILENO, POLLIN, 0};
  while (poll(&input, 1, MILLISECONDS) == 0) {
    turnout_view *view;
    if (turnout_view_open(engine, &error, &view) != TURNOUT_OK) {
      fprintf(stderr, "watch: %s\n", error.message);
      return 1;
    }
    turnout_decision search, other;
    char version[32];
    turnout_status status = decide(view, "Search", &search);
    snprintf(version, sizeof version, "%.*s",
             status == TURNOUT_OK ? (int)search.version.size : (int)strlen("disabled"),
             status == TURNOUT_OK ? search.version.data : "disabled");
    status = decide(view, "Other", &other);
    turnout_view_close(view);
    turnout_engine_info info = TURNOUT_ENGINE_INFO_INIT;
    turnout_engine_status(engine, &info, &error);

    char line[LINE_BYTES];
    snprintf(line, sizeof line, "%s %s, head: %s", version, status == TURNOUT_OK ? "on" : "off",
             turnout_status_name(info.head_status));
    if (strcmp(line, before) != 0) {
      puts(line);
      fflush(stdout);
      memcpy(before, line, sizeof line);
    }
  }
  turnout_engine_close(engine);
  return 0;
}
