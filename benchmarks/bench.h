/*
 * The requests, and what the programs of this folder share: one engine over a store that holds the
 * routing, and the baseline's tables of the same.
 */
#ifndef BENCH_H
#define BENCH_H
#include "baseline.h"

enum { BENCH_UNITS = 1024, BENCH_UNIT_BYTES = 23, BENCH_UNIT_STRIDE = 24 };

typedef struct bench {
  routing routing;
  char *names; /* of the use cases, ROUTING_NAME_STRIDE apart */
  turnout_name *handles;
  char units[BENCH_UNITS][BENCH_UNIT_STRIDE];
  turnout_text countries[ROUTING_COUNTRIES];
  turnout_text devices[ROUTING_DEVICES];
  turnout_name country, device; /* without hashes */
  turnout_engine *engine;
  baseline *clang, *gcc;
} bench;

/* A request that changes its use case, unit and values from resolve to resolve, and its memory. */
typedef struct asking {
  turnout_request request;
  turnout_attribute attributes[2];
} asking;

/* Which device requests name: the one in no rule, so that every condition of a use case is tested
 * and the split decides; or each in turn. */
typedef enum devices { DEVICE_OF_NO_RULE, EVERY_DEVICE } devices;

/* Opens the store; ends the program with words where that fails. */
void bench_open(bench *bench, const char *store, const routing *routing);
void bench_ask(const bench *bench, asking *asking, int with_handles);

/* Points the request at a use case and a unit. The country is the one of the use case's rules. */
static inline void bench_turn(const bench *bench, asking *asking, uint32_t use_case, uint32_t unit,
                              devices devices) {
  asking->request.use_case.data = bench->names + (size_t)use_case * ROUTING_NAME_STRIDE;
  asking->request.unit.data = bench->units[unit % BENCH_UNITS];
  asking->attributes[0].text = bench->countries[use_case % ROUTING_COUNTRIES];
  asking->attributes[1].text =
      bench->devices[devices == EVERY_DEVICE ? unit % ROUTING_DEVICES : ROUTING_DEVICES - 1];
}

/* Compares engine and baselines for every use case and many contexts, and for requests that are
 * refused. Returns how many requests were asked; ends the program at the first difference. */
uint64_t bench_compare(const bench *bench);

uint32_t bench_random(uint64_t *state);

#endif
