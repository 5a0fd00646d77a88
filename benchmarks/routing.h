/*
 * The routings that the benchmarks resolve against. One set of parameters gives the document for
 * the compiler, the baseline's tables and the requests.
 *
 * "simple": every use case has three rules of two conditions each over two string attributes, then
 * a split among three versions of its model.
 *
 * "full": five rules of two conditions each over four string attributes: three routes, an
 * experiment of three cells in a layer, a split; then a route for the rest; and a sampled shadow.
 * See routing_full.h.
 */
#ifndef ROUTING_H
#define ROUTING_H
#include <stdint.h>
#include <stdio.h>

enum {
  ROUTING_RULES = 3,
  ROUTING_VERSIONS = 3,
  ROUTING_CLUSTERS = 40,
  ROUTING_COUNTRIES = 20,
  ROUTING_DEVICES = 4,
  ROUTING_NAME_BYTES = 22,
  ROUTING_NAME_STRIDE = 24,
};

typedef enum scenario { ROUTING_SIMPLE, ROUTING_FULL } scenario;

typedef struct routing {
  uint32_t use_cases;
  uint32_t models;
  scenario scenario;
} routing;

/* Country `u % ROUTING_COUNTRIES` and devices 0, 1 and 2 are what the rules of use case `u` of
 * "simple" ask for; device 3 is in no rule, so with the right country it has every condition
 * tested.
 */
extern const char *const routing_countries[ROUTING_COUNTRIES];
extern const char *const routing_devices[ROUTING_DEVICES];
extern const char *const routing_split_name;
/* Weights of the split's arms, in percent, and the ends of their intervals on the ring; the last
 * is 2^32. By largest remainder. */
extern const uint32_t routing_weights[ROUTING_VERSIONS];
extern const uint64_t routing_ends[ROUTING_VERSIONS];

/* Each writes a NUL-terminated text into `out` and returns its size. */
size_t routing_use_case(uint32_t use_case, char out[ROUTING_NAME_STRIDE]);
size_t routing_model(uint32_t model, char out[32]);
size_t routing_version(uint32_t version, char out[32]);
size_t routing_cluster(uint32_t cluster, char out[32]);
size_t routing_address(uint32_t cluster, char out[32]);

uint32_t routing_model_of_rule(const routing *routing, uint32_t use_case, uint32_t rule);
uint32_t routing_model_of_split(const routing *routing, uint32_t use_case);
uint32_t routing_cluster_of(uint32_t model, uint32_t version);

/* Reads the command line's `[simple|full] … USE_CASES MODELS`: the scenario from the front, which
 * may be left out, and the numbers, which stand `numbers` places behind it. Returns the index
 * behind the scenario, or 0 if that is not what the command line says. */
int routing_read(routing *routing, int argc, char **argv, int numbers);

/* The routing document. */
void routing_write(const routing *routing, FILE *out);

/* Its parts: what both scenarios have, up to the models, and the arms of the split. */
void routing_write_clusters(FILE *out);
void routing_write_models(const routing *routing, FILE *out);
void routing_write_split(const routing *routing, uint32_t use_case, FILE *out);
void routing_write_simple(const routing *routing, FILE *out);
void routing_write_full(const routing *routing, FILE *out);

#endif
