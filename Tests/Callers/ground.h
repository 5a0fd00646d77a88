/*
 * ground.h: memory that ends where a page begins that nobody may touch.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef GROUND_H
#define GROUND_H

#include <stdbool.h>
#include <stddef.h>

/* What is taken ends at such a page, so that one byte too far is a fault. */
enum { PLOTS = 48, OWN_PLOTS = 16, PLOT_BYTES = 72 * 1024, MARGIN_BYTES = 64 };

typedef struct ground {
  char *base;
  size_t owned; /* how many of the first plots are taken */
  size_t texts; /* the next of the others, used in turn */
} ground;

/* Some memory of a call's: `size` bytes from `at` on, and before them a margin. */
typedef struct place {
  char *at;
  size_t size;
} place;

void ground_make(ground *ground);
void ground_end(ground *ground);

/* Begins a call: all that was taken is free again. */
void ground_clear(ground *ground);

/* Room for texts that the library reads. With many of them later ones stand in earlier ones' room,
 * which only changes what they say. */
void *ground_text(ground *ground, size_t size);

/* Room of its own, for what texts hang on and what the library writes. At most OWN_PLOTS in a call,
 * with bytes in it and before it that say whether they were written. */
place ground_own(ground *ground, size_t size);

/* Whether no byte before it was written. */
bool ground_margin_is_whole(place place);

/* Whether nothing of it was written from `from` on. */
bool ground_is_untouched(place place, size_t from);

#endif
