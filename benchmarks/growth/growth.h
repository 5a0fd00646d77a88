/* What the documents and the requests of this folder have in common. */
#ifndef GROWTH_H
#define GROWTH_H
#include <stdint.h>

enum { GROWTH_COUNTRIES = 20, GROWTH_ATTRIBUTES = 64, GROWTH_REVISIONS = 1000 };

/* Use case `u` has rules for country `u % GROWTH_COUNTRIES`. */
static const char growth_countries[GROWTH_COUNTRIES][3] = {"US", "CA", "MX", "BR", "AR", "GB", "IE",
                                                           "FR", "DE", "NL", "BE", "ES", "PT", "IT",
                                                           "SE", "NO", "DK", "FI", "PL", "JP"};

static inline uint32_t growth_random(uint64_t *state) {
  uint64_t x = *state;
  x ^= x << 13;
  x ^= x >> 7;
  x ^= x << 17;
  *state = x;
  return (uint32_t)(x >> 32);
}

#endif
