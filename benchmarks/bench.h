/*
 * The requests, and what the programs of this folder share: one engine over a store that holds the
 * routing, and the baselines' tables of the same.
 */
#ifndef BENCH_H
#define BENCH_H
#include "baseline.h"

enum {
  BENCH_UNITS = 1024,
  BENCH_UNIT_BYTES = 23,
  BENCH_UNIT_STRIDE = 24,
  BENCH_ATTRIBUTES_MAX = 4,
  BENCH_CONTEXTS_MAX = 6
};

/* A request's context: the country, counted from the one of the use case's rules, and the values of
 * the attributes behind it. */
typedef struct context {
  uint32_t country;
  turnout_text values[BENCH_ATTRIBUTES_MAX - 1];
} context;

typedef struct bench {
  routing routing;
  char *names; /* of the use cases, ROUTING_NAME_STRIDE apart */
  turnout_name *handles;
  char units[BENCH_UNITS][BENCH_UNIT_STRIDE];
  turnout_text countries[ROUTING_COUNTRIES];
  turnout_name attributes[BENCH_ATTRIBUTES_MAX]; /* without hashes; the country first */
  uint32_t attribute_count;
  context contexts[BENCH_CONTEXTS_MAX]; /* in the last one every condition is tested */
  uint32_t context_count;
  turnout_engine *engine;
  baseline_resolve *resolve_clang, *resolve_gcc;
  baseline *clang, *gcc; /* of each its own tables, so that none finds those of another in cache */
} bench;

/* A request that changes its use case, unit and values from resolve to resolve, and its memory. */
typedef struct asking {
  turnout_request request;
  turnout_attribute attributes[BENCH_ATTRIBUTES_MAX + 1]; /* and room for one more */
} asking;

/* Which contexts requests have: the one that has every condition tested, so that what stands last
 * decides; or each in turn. */
typedef enum contexts { EVERY_CONDITION, EVERY_CONTEXT } contexts;

/* Opens the store; ends the program with words where that fails. */
void bench_open(bench *bench, const char *store, const routing *routing);
void bench_ask(const bench *bench, asking *asking, int with_handles);

/* Points the request at a use case and a unit. */
static inline void bench_turn(const bench *bench, asking *asking, uint32_t use_case, uint32_t unit,
                              contexts contexts) {
  asking->request.use_case.data = bench->names + (size_t)use_case * ROUTING_NAME_STRIDE;
  asking->request.unit.data = bench->units[unit % BENCH_UNITS];
  const context *context = &bench->contexts[contexts == EVERY_CONTEXT ? unit % bench->context_count
                                                                      : bench->context_count - 1];
  asking->attributes[0].text = bench->countries[(use_case + context->country) % ROUTING_COUNTRIES];
  for (uint32_t i = 1; i < bench->attribute_count; i++)
    asking->attributes[i].text = context->values[i - 1];
}

/* Use cases of one country, without hashes: those that one request can ask for together. Fewer than
 * there are come again. */
void bench_same_country(const bench *bench, uint32_t country, turnout_name *names, uint32_t count);

/* Compares engine and baselines for every use case and many contexts, and for requests that are
 * refused. Returns how many requests were asked; ends the program at the first difference. */
uint64_t bench_compare(const bench *bench);

uint32_t bench_random(uint64_t *state);

/* Of a monotonic clock. */
uint64_t bench_now_ns(void);

#endif
