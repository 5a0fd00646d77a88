#include "bench.h"

#include <stdlib.h>
#include <string.h>

uint32_t bench_random(uint64_t *state) {
  uint64_t x = *state;
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  *state = x;
  return (uint32_t)(x >> 32);
}

static turnout_text text_of(const char *text) { return (turnout_text){text, strlen(text)}; }

static turnout_name name_of(const char *text) { return (turnout_name){text, strlen(text), 0}; }

void bench_open(bench *bench, const char *store, const routing *routing) {
  *bench = (struct bench){.routing = *routing};
  bench->names = calloc(routing->use_cases, ROUTING_NAME_STRIDE);
  bench->handles = calloc(routing->use_cases, sizeof(turnout_name));
  if (!bench->names || !bench->handles)
    abort();
  for (uint32_t u = 0; u < routing->use_cases; u++) {
    char *name = bench->names + (size_t)u * ROUTING_NAME_STRIDE;
    size_t size = routing_use_case(u, name);
    bench->handles[u] = turnout_name_of((turnout_text){name, size});
  }
  for (int i = 0; i < BENCH_UNITS; i++)
    snprintf(bench->units[i], BENCH_UNIT_STRIDE, "user-%018u", (unsigned)i * 2654435761u);
  for (int i = 0; i < ROUTING_COUNTRIES; i++)
    bench->countries[i] = text_of(routing_countries[i]);
  for (int i = 0; i < ROUTING_DEVICES; i++)
    bench->devices[i] = text_of(routing_devices[i]);
  bench->country = name_of("country");
  bench->device = name_of("device");

  turnout_open_options options = TURNOUT_OPEN_OPTIONS_INIT;
  options.flags = TURNOUT_NO_THREAD;
  turnout_error error = TURNOUT_ERROR_INIT;
  if (turnout_engine_open(store, &options, &error, &bench->engine) != TURNOUT_OK) {
    fprintf(stderr, "%s: %s\n", store, error.message);
    exit(3);
  }

  char buffer[TURNOUT_DECISION_BYTES];
  turnout_decision decision = TURNOUT_DECISION_INIT;
  asking asking;
  bench_ask(bench, &asking, 0);
  bench_turn(bench, &asking, 0, 0, DEVICE_OF_NO_RULE);
  turnout_status status =
      turnout_resolve(bench->engine, &asking.request, buffer, sizeof buffer, &decision);
  if (status != TURNOUT_OK) {
    fprintf(stderr, "%s: the first resolve: %s\n", store, turnout_status_name(status));
    exit(3);
  }
  bench->clang = baseline_make_clang(routing, &decision);
  bench->gcc = baseline_make_gcc(routing, &decision);
  if (!bench->clang || !bench->gcc)
    abort();
}

void bench_ask(const bench *bench, asking *asking, int with_handles) {
  asking->request = (turnout_request)TURNOUT_REQUEST_INIT;
  asking->request.use_case.size = ROUTING_NAME_BYTES;
  asking->request.unit.size = BENCH_UNIT_BYTES;
  asking->attributes[0] = (turnout_attribute){.name = bench->country, .type = TURNOUT_STRING};
  asking->attributes[1] = (turnout_attribute){.name = bench->device, .type = TURNOUT_STRING};
  if (with_handles) {
    for (int i = 0; i < 2; i++) {
      turnout_name *name = &asking->attributes[i].name;
      *name = turnout_name_of((turnout_text){name->data, name->size});
    }
  }
  asking->request.attributes = asking->attributes;
  asking->request.attribute_count = 2;
}
