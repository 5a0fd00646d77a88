/*
 * CFuzz.h: a mutator of table images that knows their structure.
 * SPDX-License-Identifier: Apache-2.0
 *
 * An image carries a digest of itself, so bytes that are changed blindly never come further than
 * the digest. This mutator changes fields, records and sizes of sections, and makes size and digest
 * right again.
 */
#ifndef CFUZZ_H
#define CFUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Where the section table stands, how many sections it has and how long a record of each is. */
typedef struct fuzz_layout {
  size_t section_table;
  size_t section_count;
  size_t digest_from;
  uint32_t strides[64];
} fuzz_layout;

/* Changes the image in `data` in one to four places; returns its new size, at most `size_max`. */
size_t fuzz_mutate_image(const fuzz_layout *_Nonnull layout, uint8_t *_Nonnull data, size_t size,
                         size_t size_max, unsigned seed);

/* Runs libFuzzer over `test_one_input` with a program's arguments; returns the exit status. */
int fuzz_run(int argc, char *_Nullable *_Nonnull argv,
             int (*_Nonnull test_one_input)(const uint8_t *_Nonnull data, size_t size));

#endif
