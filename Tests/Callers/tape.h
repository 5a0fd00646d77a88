/*
 * tape.h: the choices of a sequence of calls: a fuzzer's bytes, or a generator's.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TAPE_H
#define TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct tape {
  const uint8_t *bytes; /* NULL: the generator's */
  size_t left;
  uint64_t state;
} tape;

static inline tape tape_of_seed(uint64_t seed) {
  tape tape = {NULL, 0, seed};
  return tape;
}

static inline tape tape_of_bytes(const uint8_t *bytes, size_t size) {
  tape tape = {bytes, size, 0};
  return tape;
}

/* A fuzzer's tape ends; then every choice is the first one. */
static inline bool tape_over(const tape *tape) { return tape->bytes && tape->left == 0; }

/* SplitMix64, or the next `width` bytes: few where few will do, so that a fuzzer's inputs stay
 * short. */
static inline uint64_t tape_roll(tape *tape, size_t width) {
  if (!tape->bytes) {
    uint64_t z = tape->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30U)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27U)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31U);
  }
  uint64_t word = 0;
  for (; width > 0 && tape->left > 0; width--, tape->left--)
    word = word << 8U | *tape->bytes++;
  return word;
}

static inline uint64_t tape_word(tape *tape) { return tape_roll(tape, 8); }

static inline size_t tape_below(tape *tape, size_t bound) {
  size_t width = bound <= 256 ? 1 : bound <= 65536 ? 2 : 8;
  return bound == 0 ? 0 : (size_t)(tape_roll(tape, width) % bound);
}

/* True once in so many times; never where the tape is over. */
static inline bool tape_once_in(tape *tape, size_t times) {
  return tape_below(tape, times) == times - 1;
}

#endif
