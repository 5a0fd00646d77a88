/*
 * ground.c: see ground.h.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "ground.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { GUARD_BYTES = 4096, STRIDE = PLOT_BYTES + GUARD_BYTES, UNTOUCHED = 0x5a };

void ground_make(ground *ground) {
  size_t bytes = GUARD_BYTES + (size_t)PLOTS * STRIDE;
  char *memory = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    abort();
  ground->base = memory + GUARD_BYTES;
  for (size_t plot = 0; plot < PLOTS; plot++)
    if (mprotect(ground->base + plot * STRIDE, PLOT_BYTES, PROT_READ | PROT_WRITE) != 0)
      abort();
  ground_clear(ground);
}

void ground_end(ground *ground) {
  munmap(ground->base - GUARD_BYTES, GUARD_BYTES + (size_t)PLOTS * STRIDE);
}

void ground_clear(ground *ground) {
  ground->owned = 0;
  ground->texts = 0;
}

static char *end_of(const ground *ground, size_t plot) {
  return ground->base + plot * STRIDE + PLOT_BYTES;
}

void *ground_text(ground *ground, size_t size) {
  if (size > PLOT_BYTES)
    abort();
  size_t plot = OWN_PLOTS + ground->texts++ % (PLOTS - OWN_PLOTS);
  return end_of(ground, plot) - size;
}

place ground_own(ground *ground, size_t size) {
  if (size + MARGIN_BYTES > PLOT_BYTES || ground->owned == OWN_PLOTS)
    abort();
  char *end = end_of(ground, ground->owned++);
  place place = {end - size, size};
  memset(place.at - MARGIN_BYTES, UNTOUCHED, size + MARGIN_BYTES);
  return place;
}

static bool is_untouched(const char *bytes, size_t size) {
  for (size_t i = 0; i < size; i++)
    if (bytes[i] != UNTOUCHED)
      return false;
  return true;
}

bool ground_margin_is_whole(place place) {
  return is_untouched(place.at - MARGIN_BYTES, MARGIN_BYTES);
}

bool ground_is_untouched(place place, size_t from) {
  return from >= place.size || is_untouched(place.at + from, place.size - from);
}
