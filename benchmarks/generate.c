/* generate USE_CASES MODELS: writes the routing document "simple" to standard output. */
#include <stdlib.h>

#include "routing.h"

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: generate USE_CASES MODELS\n");
    return 2;
  }
  routing routing = {(uint32_t)strtoul(argv[1], NULL, 10), (uint32_t)strtoul(argv[2], NULL, 10)};
  if (!routing.use_cases || routing.use_cases > 1000000 || !routing.models ||
      routing.models > 10000) {
    fprintf(stderr, "generate: 1 to 1000000 use cases, 1 to 10000 models\n");
    return 2;
  }
  routing_write(&routing, stdout);
  return ferror(stdout) || fflush(stdout) ? 3 : 0;
}
