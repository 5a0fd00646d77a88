/*
 * The routing "full": what a use case looks like on which people work. Sixteen use cases share an
 * experiment, two experiments a layer, 40 % of its units each. One of the three cells leaves the
 * model to the rules below, two name a version of each use case's model.
 */
#ifndef ROUTING_FULL_H
#define ROUTING_FULL_H
#include "routing.h"

enum {
  FULL_ATTRIBUTES = 4,
  FULL_TESTS = 2,
  FULL_RULES = 5, /* with conditions */
  FULL_ROUTES = 3,
  FULL_CELLS = 3,
  FULL_CONTEXTS = 6,
  FULL_USE_CASES_MAX = 131072, /* two experiments in each of 4,096 layers */
};
#define FULL_NOBODY UINT32_MAX

extern const char *const full_attributes[FULL_ATTRIBUTES];

/* Equality of an attribute, by its number, and a text; NULL is the use case's country. */
typedef struct full_test {
  uint32_t attribute;
  const char *text;
} full_test;

/* Routes, then the experiment, which has no name here, then the split. */
typedef struct full_rule {
  const char *name;
  full_test tests[FULL_TESTS];
} full_rule;

extern const full_rule full_rules[FULL_RULES];
extern const char *const full_rest_name;

/* The cells, alike in weight; the ends of their intervals; the version that each names, or
 * FULL_NOBODY. */
extern const char *const full_cells[FULL_CELLS];
extern const uint64_t full_cell_ends[FULL_CELLS];
extern const uint32_t full_cell_versions[FULL_CELLS];

extern const char *const full_shadow_name;
extern const uint64_t full_sample_end; /* 10 % */

/* A request's context: which country, counted from the use case's own, and the other attributes.
 * The last context has every condition tested: of its units 40 % meet the experiment, and where no
 * cell decides the split does. Of the others each ends elsewhere. */
typedef struct full_context {
  uint32_t country;
  const char *texts[FULL_ATTRIBUTES - 1];
} full_context;

extern const full_context full_contexts[FULL_CONTEXTS];

uint32_t full_experiment_of(uint32_t use_case);
uint32_t full_model_of_shadow(const routing *routing, uint32_t use_case);
/* The interval that an experiment has of its layer: first and last position. */
void full_interval(uint32_t experiment, uint32_t *first, uint32_t *last);
size_t full_experiment(uint32_t experiment, char out[32]);
size_t full_layer_of(uint32_t experiment, char out[32]);

#endif
