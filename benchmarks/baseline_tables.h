/* How the baseline keeps its routing in memory: flat, each use case in one run. */
#ifndef BASELINE_TABLES_H
#define BASELINE_TABLES_H
#include <string.h>

#include "baseline.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Compiled once by clang and once by gcc, and told apart by the suffix. */
#ifndef BASELINE_SUFFIX
#define BASELINE_SUFFIX _gcc
#endif
#define NAME(name) BASELINE_JOIN(name, BASELINE_SUFFIX)

enum {
  ATTRIBUTES = 3,
  TRAFFIC = 0,
  COUNTRY = 1,
  DEVICE = 2,
  ATTRIBUTE_SLOTS = 8,
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

typedef struct test {
  key key;
  uint32_t value; /* the attribute */
  uint32_t size;
  char text[16];
} test;

typedef struct rule {
  test tests[TESTS];
  uint32_t destination;
  uint32_t name_size;
  char name[16];
} rule;

/* All of a use case in one run of memory. */
typedef struct use_case {
  char name[ROUTING_NAME_STRIDE];
  rule rules[ROUTING_RULES];
  uint64_t seed;
  uint32_t lasts[ROUTING_VERSIONS];
  uint32_t destinations[ROUTING_VERSIONS];
  uint32_t name_size;
  uint32_t split_name_size;
  char split_name[16];
} use_case;

/* Model, version, cluster, address and routing key, one after the other. */
typedef struct destination {
  uint16_t model_size, version_size, cluster_size, address_size, key_size, size;
  char text[DESTINATION_BYTES];
} destination;

typedef struct slot {
  uint32_t tag;
  uint32_t use_case; /* plus 1; 0: free */
} slot;

struct baseline {
  key attribute_keys[ATTRIBUTE_SLOTS]; /* 0: a free slot */
  attribute attributes[ATTRIBUTE_SLOTS];
  slot *slots;
  uint64_t mask;
  use_case *use_cases;
  destination *destinations;
  uint64_t revision;
  uint8_t digest[16];
};

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
  return (key * UINT64_C(0x9E3779B97F4A7C15)) >> 61;
}

#endif
