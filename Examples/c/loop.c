/* loop.c: one engine and many threads, each asking in a loop, as a service does.
 *
 *   ./loop STORE USE_CASE ATTRIBUTE VALUE REQUESTS
 *   ./loop demo-store ContinueWatching country US 1000000
 *
 * A thread needs no set-up. The names are hashed once: turnout_name_of() gives a handle, which fits
 * every store and survives every publish. Publish while this runs: each decision is of one
 * revision. */
#include <turnout.h>

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4, UNIT_BYTES = 24 };

static turnout_text text(const char *words) { return (turnout_text){words, strlen(words)}; }

struct worker {
  pthread_t thread;
  const turnout_engine *engine;
  turnout_name use_case;
  turnout_attribute attribute;
  int first, requests; /* it asks for the units u_first, u_(first + THREADS) … */
  uint64_t decided, refused, newest_revision;
};

static void *work(void *argument) {
  struct worker *self = argument;
  turnout_request request = TURNOUT_REQUEST_INIT;
  request.use_case = self->use_case;
  request.attributes = &self->attribute;
  request.attribute_count = 1;
  turnout_decision decision = TURNOUT_DECISION_INIT;
  char buffer[TURNOUT_DECISION_BYTES];
  char unit[UNIT_BYTES];
  for (int i = self->first; i < self->requests; i += THREADS) {
    int size = snprintf(unit, sizeof unit, "u_%d", i);
    request.unit = (turnout_text){unit, (size_t)size};
    if (turnout_resolve(self->engine, &request, buffer, sizeof buffer, &decision) == TURNOUT_OK)
      self->decided++; /* here the request would go to decision.address */
    else
      self->refused++;
    if (decision.revision > self->newest_revision)
      self->newest_revision = decision.revision;
  }
  return NULL;
}

int main(int count, char **arguments) {
  if (count != 6) {
    fprintf(stderr, "usage: %s STORE USE_CASE ATTRIBUTE VALUE REQUESTS\n", arguments[0]);
    return 2;
  }
  turnout_engine *engine = NULL;
  turnout_error error = TURNOUT_ERROR_INIT;
  if (turnout_engine_open(arguments[1], NULL, &error, &engine) != TURNOUT_OK) {
    fprintf(stderr, "%s: %s\n", turnout_status_name(error.status), error.message);
    return 3;
  }
  struct worker workers[THREADS];
  for (int i = 0; i < THREADS; i++) {
    workers[i] = (struct worker){.engine = engine, .first = i};
    workers[i].use_case = turnout_name_of(text(arguments[2]));
    workers[i].attribute.name = turnout_name_of(text(arguments[3]));
    workers[i].attribute.type = TURNOUT_STRING;
    workers[i].attribute.text = text(arguments[4]);
    workers[i].requests = (int)strtol(arguments[5], NULL, 10);
    if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) {
      fprintf(stderr, "no thread\n");
      return 3;
    }
  }
  uint64_t decided = 0, refused = 0, revision = 0;
  for (int i = 0; i < THREADS; i++) {
    pthread_join(workers[i].thread, NULL);
    decided += workers[i].decided;
    refused += workers[i].refused;
    if (workers[i].newest_revision > revision)
      revision = workers[i].newest_revision;
  }
  printf("%" PRIu64 " decided, %" PRIu64 " refused, by %d threads, up to revision %" PRIu64 "\n",
         decided, refused, (int)THREADS, revision);
  turnout_engine_close(engine);
  return refused == 0 ? 0 : 1;
}
