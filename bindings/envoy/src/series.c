/*
 * A table of series that only grows: open addressing, one compare-and-swap for a new one.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "series.h"

#include <string.h>

/* How many places a series may take, from that of its hash on. */
#define PLACES 16

static uint64_t mix(uint64_t hash, uint64_t word) {
  hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
  return hash ^ hash >> 32U;
}

static uint64_t hash_text(uint64_t hash, envoy_text text) {
  const char *data = text.data;
  size_t left = text.size;
  uint64_t word = 0;
  for (; left >= sizeof word; data += sizeof word, left -= sizeof word) {
    memcpy(&word, data, sizeof word);
    hash = mix(hash, word);
  }
  word = 0;
  if (left != 0)
    memcpy(&word, data, left);
  return mix(hash, word ^ (uint64_t)text.size << 48U);
}

static void fill(struct one_series *one, uint16_t counter, const envoy_text *values, size_t count) {
  one->counter = counter;
  char *at = one->labels;
  for (size_t i = 0; i < count; i++) {
    one->sizes[i] = (uint16_t)values[i].size;
    memcpy(at, values[i].data, values[i].size);
    at += values[i].size;
  }
  atomic_store_explicit(&one->ready, 1, memory_order_release);
}

void series_note(struct series *series, uint16_t counter, const envoy_text *values, size_t count) {
  uint64_t hash = mix(counter + 1U, count);
  size_t size = 0;
  for (size_t i = 0; i < count; i++) {
    if (values[i].size == 0)
      return;
    hash = hash_text(hash, values[i]);
    size += values[i].size;
  }
  if (count > 2 || size > SERIES_BYTES_MAX)
    return;
  if (hash == 0)
    hash = 1;
  for (size_t i = 0; i < PLACES; i++) {
    struct one_series *one = &series->all[(hash + i) % SERIES_MAX];
    uint64_t there = atomic_load_explicit(&one->hash, memory_order_relaxed);
    /* Of two series with one hash the second would begin anew: that is all. */
    if (there == hash)
      return;
    if (there == 0 && atomic_compare_exchange_strong_explicit(
                          &one->hash, &there, hash, memory_order_relaxed, memory_order_relaxed)) {
      fill(one, counter, values, count);
      return;
    }
    if (there == hash)
      return;
  }
}

void series_each(struct series *series,
                 void (*each)(void *context, uint16_t counter, envoy_text *values, size_t count),
                 void *context) {
  for (size_t i = 0; i < SERIES_MAX; i++) {
    struct one_series *one = &series->all[i];
    if (atomic_load_explicit(&one->ready, memory_order_acquire) == 0)
      continue;
    envoy_text values[2] = {{one->labels, one->sizes[0]},
                            {one->labels + one->sizes[0], one->sizes[1]}};
    each(context, one->counter, values, one->sizes[1] == 0 ? 1 : 2);
  }
}
