// XXH3 compiled into its callers: no symbol and no run-time dependency is left. Swift cannot see
// xxHash's own names, which XXH_INLINE_ALL turns into macros, so each one used has a function here.
#define XXH_INLINE_ALL
// Swift's importer says that it does not optimise, on which xxHash would leave out its hints.
#define XXH_NO_INLINE_HINTS 0
#include <xxhash.h>

static __attribute__((noinline, unused)) uint64_t cxxhash_64_other(const void *data, size_t size) {
  return XXH3_64bits(data, size);
}

static __attribute__((noinline, unused)) uint64_t cxxhash_64_seeded_other(const void *data,
                                                                          size_t size,
                                                                          uint64_t seed) {
  return XXH3_64bits_withSeed(data, size, seed);
}

// What XXH3_64bits() and XXH3_64bits_withSeed() come to for 17 to 128 bytes, which is what names
// and units have, is inlined where it is called; without a seed the secret's words are constants
// there.
static inline __attribute__((always_inline)) uint64_t cxxhash_64(const void *data, size_t size) {
  if (size - 17 <= 128 - 17)
    return XXH3_len_17to128_64b((const xxh_u8 *)data, size, XXH3_kSecret, sizeof XXH3_kSecret, 0);
  return cxxhash_64_other(data, size);
}

static inline __attribute__((always_inline)) uint64_t cxxhash_64_seeded(const void *data,
                                                                        size_t size,
                                                                        uint64_t seed) {
  if (size - 17 <= 128 - 17)
    return XXH3_len_17to128_64b((const xxh_u8 *)data, size, XXH3_kSecret, sizeof XXH3_kSecret,
                                seed);
  return cxxhash_64_seeded_other(data, size, seed);
}

static inline void cxxhash_128(const void *data, size_t size, uint64_t *low, uint64_t *high) {
  XXH128_hash_t hash = XXH3_128bits(data, size);
  *low = hash.low64;
  *high = hash.high64;
}
