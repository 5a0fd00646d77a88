/*
 * generate [simple|full] USE_CASES MODELS [FIRST END]: writes the routing document to standard
 * output, or the file of it that has the use cases from FIRST up to END.
 */
#include <stdlib.h>

#include "routing_full.h"

int main(int argc, char **argv) {
  routing routing;
  int from = routing_read(&routing, argc, argv, 0);
  if (!from || (argc != from + 2 && argc != from + 4)) {
    fprintf(stderr, "usage: generate [simple|full] USE_CASES MODELS [FIRST END]\n");
    return 2;
  }
  uint32_t most = routing.scenario == ROUTING_FULL ? FULL_USE_CASES_MAX : 1000000;
  if (routing.use_cases > most || routing.models > 10000) {
    fprintf(stderr, "generate: 1 to %u use cases, 1 to 10000 models\n", most);
    return 2;
  }
  uint32_t first = 0, end = routing.use_cases;
  if (argc == from + 4) {
    first = (uint32_t)strtoul(argv[from + 2], NULL, 10);
    end = (uint32_t)strtoul(argv[from + 3], NULL, 10);
  }
  routing_write(&routing, first, end < routing.use_cases ? end : routing.use_cases, stdout);
  return ferror(stdout) || fflush(stdout) ? 3 : 0;
}
