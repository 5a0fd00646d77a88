// XXH3 compiled into its callers: no symbol and no run-time dependency is left. Swift cannot see
// xxHash's own names, which XXH_INLINE_ALL turns into macros, so each one used has a function here.
#define XXH_INLINE_ALL
#include <xxhash.h>

// What XXH3_64bits() and XXH3_64bits_withSeed() come to for 17 to 128 bytes, which is what names and
// units have, is taken without their other cases: it is inlined where it is called, and without a seed
// the secret's words are constants in the code.
static inline uint64_t cxxhash_64(const void *data, size_t size) {
  if (size - 17 <= 128 - 17)
    return XXH3_len_17to128_64b((const xxh_u8 *)data, size, XXH3_kSecret, sizeof XXH3_kSecret, 0);
  return XXH3_64bits(data, size);
}

static inline uint64_t cxxhash_64_seeded(const void *data, size_t size, uint64_t seed) {
  if (size - 17 <= 128 - 17)
    return XXH3_len_17to128_64b((const xxh_u8 *)data, size, XXH3_kSecret, sizeof XXH3_kSecret, seed);
  return XXH3_64bits_withSeed(data, size, seed);
}

static inline void cxxhash_128(const void *data, size_t size, uint64_t *low, uint64_t *high) {
  XXH128_hash_t hash = XXH3_128bits(data, size);
  *low = hash.low64;
  *high = hash.high64;
}
