/* The requests and the engine: see bench.h. */
#include "bench.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "routing_full.h"

uint32_t bench_random(uint64_t *state) {
  uint64_t x = *state;
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  *state = x;
  return (uint32_t)(x >> 32);
}

uint64_t bench_now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static turnout_text text_of(const char *text) { return (turnout_text){text, strlen(text)}; }

static turnout_name name_of(const char *text) { return (turnout_name){text, strlen(text), 0}; }

static void fill_contexts(bench *bench) {
  const int full = bench->routing.scenario == ROUTING_FULL;
  bench->attribute_count = full ? FULL_ATTRIBUTES : 2;
  bench->context_count = full ? (uint32_t)FULL_CONTEXTS : (uint32_t)ROUTING_DEVICES;
  for (uint32_t i = 0; i < bench->attribute_count; i++)
    bench->attributes[i] = name_of(full_attributes[i]);
  for (uint32_t c = 0; c < bench->context_count; c++) {
    context *context = &bench->contexts[c];
    if (!full) {
      context->values[0] = text_of(routing_devices[c]);
      continue;
    }
    context->country = full_contexts[c].country;
    for (int i = 0; i < FULL_ATTRIBUTES - 1; i++)
      context->values[i] = text_of(full_contexts[c].texts[i]);
  }
}

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
  fill_contexts(bench);

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
  bench_turn(bench, &asking, 0, 0, EVERY_CONDITION);
  turnout_status status =
      turnout_resolve(bench->engine, &asking.request, buffer, sizeof buffer, &decision);
  if (status != TURNOUT_OK) {
    fprintf(stderr, "%s: the first resolve: %s\n", store, turnout_status_name(status));
    exit(3);
  }
  const int full = routing->scenario == ROUTING_FULL;
  bench->resolve_clang = full ? baseline_full_clang : baseline_simple_clang;
  bench->resolve_gcc = full ? baseline_full_gcc : baseline_simple_gcc;
  bench->clang = baseline_make(routing, &decision);
  bench->gcc = baseline_make(routing, &decision);
  if (!bench->clang || !bench->gcc)
    abort();
}

void bench_ask(const bench *bench, asking *asking, int with_handles) {
  asking->request = (turnout_request)TURNOUT_REQUEST_INIT;
  asking->request.use_case.size = ROUTING_NAME_BYTES;
  asking->request.unit.size = BENCH_UNIT_BYTES;
  for (uint32_t i = 0; i < bench->attribute_count; i++) {
    turnout_name name = bench->attributes[i];
    if (with_handles)
      name = turnout_name_of((turnout_text){name.data, name.size});
    asking->attributes[i] = (turnout_attribute){.name = name, .type = TURNOUT_STRING};
  }
  asking->request.attributes = asking->attributes;
  asking->request.attribute_count = bench->attribute_count;
}

void bench_same_country(const bench *bench, uint32_t country, turnout_name *names, uint32_t count) {
  for (uint32_t i = 0, u = country; i < count; i++, u += ROUTING_COUNTRIES) {
    if (u >= bench->routing.use_cases)
      u = country;
    const char *name = bench->names + (size_t)u * ROUTING_NAME_STRIDE;
    names[i] = (turnout_name){name, ROUTING_NAME_BYTES, 0};
  }
}
