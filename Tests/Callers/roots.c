/*
 * roots.c: tells the leak sanitizer of the library's pages, which it does not look at by itself.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "caller.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* There where the program is built with the sanitizer. */
void __lsan_register_root_region(const void *start, size_t size) __attribute__((weak));

/* Opens each store once, and registers the pages that name what is kept for each: those that a fork
 * wipes, and those mapped with them. */
void make_roots(void) {
  static const char *const stores[] = {"routing", "experiments", "empty", "damaged", "no-head"};
  const char *folder = getenv("TURNOUT_STORES");
  if (!folder) {
    (void)fprintf(stderr, "TURNOUT_STORES must name what Tests/Callers/stores made\n");
    exit(2);
  }
  for (size_t i = 0; i < sizeof stores / sizeof *stores; i++) {
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/%s", folder, stores[i]);
    turnout_engine *engine = NULL;
    turnout_status status = turnout_engine_open(path, NULL, NULL, &engine);
    CLAIM((status == TURNOUT_OK) == (engine != NULL));
    CLAIM(turnout_engine_close(engine) == TURNOUT_OK);
  }
  FILE *maps = __lsan_register_root_region ? fopen("/proc/self/smaps", "r") : NULL;
  if (!maps)
    return;
  char line[PATH_BYTES];
  unsigned long start = 0, end = 0, wiped_end = 0;
  while (fgets(line, sizeof line, maps)) {
    unsigned long from, to;
    char *rest;
    from = strtoul(line, &rest, 16);
    if (rest > line && *rest == '-') {
      to = strtoul(rest + 1, &rest, 16);
      start = from;
      end = to;
      if (start == wiped_end)
        __lsan_register_root_region((const void *)start, end - start); // NOLINT
    } else if (strncmp(line, "VmFlags:", 8) == 0 && strstr(line, " wf")) {
      wiped_end = end;
      __lsan_register_root_region((const void *)start, end - start); // NOLINT
    }
  }
  (void)fclose(maps);
}
