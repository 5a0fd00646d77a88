/* How the baselines keep their routings in memory: flat, each use case in one run. */
#ifndef BASELINE_TABLES_H
#define BASELINE_TABLES_H
#include <string.h>

#include "baseline.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
  TRAFFIC = 0,
  COUNTRY = 1,
  DEVICE = 2,
  PLAN = 3,
  SURFACE = 4,
  ATTRIBUTES = 5,
  ATTRIBUTE_SLOTS = 16,
  TESTS = 2,
  DESTINATION_BYTES = 64
};

/* A text in one word, for comparing: up to seven bytes whole, with the size above them; of a longer
 * one the first seven and LONG_TEXT, and then the text has to be compared. */
typedef uint64_t key;
#define LONG_TEXT UINT64_C(0xFF)
#define MISSING (UINT64_C(0xFE) << 56)

typedef struct attribute {
  uint32_t number;
  uint32_t size;
  char name[16];
} attribute;

/* What every use case begins with. */
typedef struct named {
  char name[ROUTING_NAME_STRIDE];
  uint32_t size;
} named;

/* Model, version, cluster, address and routing key, one after the other. */
typedef struct destination {
  uint16_t model_size, version_size, cluster_size, address_size, key_size, size;
  char text[DESTINATION_BYTES];
} destination;

typedef struct slot {
  uint32_t tag;
  uint32_t use_case; /* plus 1; 0: free */
} slot;

/* Texts that many use cases share stand in a pool: names, and values, which are compared only if
 * they are long. Each has room for a field of SHORT_TEXT bytes. */
enum { SHORT_TEXT = 16, POOLED_MAX = 64 };

typedef struct pooled {
  uint16_t offset, size;
} pooled;

/* Those that every use case of "full" has. */
enum { REST_TEXT, SHADOW_TEXT, CELL_TEXTS, KNOWN_TEXTS = CELL_TEXTS + 3 };

struct baseline {
  key attribute_keys[ATTRIBUTE_SLOTS]; /* 0: a free slot */
  attribute attributes[ATTRIBUTE_SLOTS];
  slot *slots;
  uint64_t mask;
  void *use_cases; /* of the routing's kind */
  destination *destinations;
  char *texts; /* the pool */
  pooled known[KNOWN_TEXTS];
  uint64_t revision;
  uint8_t digest[16];
};

/* ---- simple --------------------------------------------------------------------------------- */

typedef struct simple_test {
  key key;
  uint32_t value; /* the attribute */
  uint32_t size;
  char text[16];
} simple_test;

typedef struct simple_rule {
  simple_test tests[TESTS];
  uint32_t destination;
  uint32_t name_size;
  char name[16];
} simple_rule;

typedef struct simple_use_case {
  named named;
  uint32_t split_name_size;
  simple_rule rules[ROUTING_RULES];
  uint64_t seed;
  uint32_t lasts[ROUTING_VERSIONS];
  uint32_t destinations[ROUTING_VERSIONS];
  char split_name[16];
} simple_use_case;

/* ---- full ----------------------------------------------------------------------------------- */

typedef struct full_test_record {
  key key;
  uint32_t value;
  pooled text;
} full_test_record;

typedef struct full_rule_record {
  full_test_record tests[TESTS];
  uint32_t destination;
  pooled name;
} full_rule_record;

typedef struct full_use_case {
  named named;
  uint32_t sample_last;
  uint64_t layer_seed, cells_seed, split_seed, sample_seed;
  full_rule_record rules[5]; /* routes, the experiment's, the split's */
  uint32_t layer_first, layer_last;
  uint32_t cell_lasts[3], cell_destinations[3]; /* UINT32_MAX: the rules below decide */
  uint32_t split_lasts[ROUTING_VERSIONS], split_destinations[ROUTING_VERSIONS];
  uint32_t rest_destination, shadow_destination;
  uint32_t experiment_size;
  char experiment[SHORT_TEXT];
} full_use_case;

/* Of at most eight bytes; zeros behind them. */
static inline uint64_t load_word(const char *text, size_t size) {
  if (size >= 8) {
    uint64_t x;
    memcpy(&x, text, 8);
    return x;
  }
  if (size >= 4) {
    uint32_t x, y;
    memcpy(&x, text, 4);
    memcpy(&y, text + size - 4, 4);
    return x | (uint64_t)y << (8 * size - 32);
  }
  if (size >= 2) {
    uint16_t x, y;
    memcpy(&x, text, 2);
    memcpy(&y, text + size - 2, 2);
    return x | (uint64_t)y << (8 * size - 16);
  }
  return size ? (unsigned char)*text : 0;
}

static inline key key_of(const char *text, size_t size) {
  if (size <= 7)
    return load_word(text, size) | (uint64_t)size << 56;
  return (load_word(text, 8) & (UINT64_MAX >> 8)) | LONG_TEXT << 56;
}

static inline uint64_t attribute_slot(key key) {
  return (key * UINT64_C(0x9E3779B97F4A7C15)) >> 60;
}

#endif
