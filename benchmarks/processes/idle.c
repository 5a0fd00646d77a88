/*
 * idle STORE SECONDS: what a process with an open engine computes while nothing happens. Prints the
 * share of one core, in percent, and how often the process was woken a second.
 */
#include <stdio.h>
#include <stdlib.h>

#include <turnout.h>

#include "clock.h"
#include "machine.h"

int main(int argc, char **argv) {
  unsigned seconds = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
  if (!seconds) {
    fprintf(stderr, "usage: idle STORE SECONDS\n");
    return 2;
  }
  turnout_engine *engine;
  turnout_error error = TURNOUT_ERROR_INIT;
  if (turnout_engine_open(argv[1], NULL, &error, &engine) != TURNOUT_OK) {
    fprintf(stderr, "%s: %s\n", argv[1], error.message);
    return 3;
  }
  sleep_ns(1000000000);
  struct rusage before, after;
  getrusage(RUSAGE_SELF, &before);
  uint64_t begin = now_ns();
  sleep_ns((uint64_t)seconds * 1000000000u);
  double took = (double)(now_ns() - begin) / 1e9;
  getrusage(RUSAGE_SELF, &after);
  printf("%.4f\t%.1f\n", 100 * (machine_seconds(&after) - machine_seconds(&before)) / took,
         (double)(after.ru_nvcsw - before.ru_nvcsw) / took);
  turnout_engine_close(engine);
  return 0;
}
