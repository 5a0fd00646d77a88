/* generate [simple|full] USE_CASES MODELS: writes the routing document to standard output. */
#include "routing_full.h"

int main(int argc, char **argv) {
  routing routing;
  int from = routing_read(&routing, argc, argv, 0);
  if (!from || argc != from + 2) {
    fprintf(stderr, "usage: generate [simple|full] USE_CASES MODELS\n");
    return 2;
  }
  uint32_t most = routing.scenario == ROUTING_FULL ? FULL_USE_CASES_MAX : 1000000;
  if (routing.use_cases > most || routing.models > 10000) {
    fprintf(stderr, "generate: 1 to %u use cases, 1 to 10000 models\n", most);
    return 2;
  }
  routing_write(&routing, stdout);
  return ferror(stdout) || fflush(stdout) ? 3 : 0;
}
