// XXH3 compiled into its callers: no symbol and no run-time dependency is left. Swift cannot see
// xxHash's own names, which XXH_INLINE_ALL turns into macros, so each one used has a function here.
#define XXH_INLINE_ALL
#include <xxhash.h>

static inline uint64_t cxxhash_64(const void *data, size_t size) { return XXH3_64bits(data, size); }

static inline uint64_t cxxhash_64_seeded(const void *data, size_t size, uint64_t seed) {
  return XXH3_64bits_withSeed(data, size, seed);
}

static inline void cxxhash_128(const void *data, size_t size, uint64_t *low, uint64_t *high) {
  XXH128_hash_t hash = XXH3_128bits(data, size);
  *low = hash.low64;
  *high = hash.high64;
}
