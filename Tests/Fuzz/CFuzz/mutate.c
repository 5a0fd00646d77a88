/*
 * mutate.c: see CFuzz.h.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "CFuzz.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* libFuzzer's own mutations of plain bytes; it offers them to a custom mutator. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t size_max);

typedef struct image {
  const fuzz_layout *layout;
  uint8_t *data;
  size_t size;
  size_t size_max;
  uint64_t dice;
} image;

/* SplitMix64. */
static uint64_t roll(image *image) {
  uint64_t z = image->dice += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31U);
}

static size_t below(image *image, size_t bound) {
  return bound == 0 ? 0 : (size_t)(roll(image) % bound);
}

static uint64_t read_word(const image *image, size_t at, size_t bytes) {
  uint64_t word = 0;
  memcpy(&word, image->data + at, bytes);
  return word;
}

static void write_word(image *image, size_t at, uint64_t word, size_t bytes) {
  memcpy(image->data + at, &word, bytes);
}

/* A section's extent, cut to what there is of the image: earlier mutations may have made it lie. */
static size_t section_of(const image *image, size_t number, size_t *offset) {
  size_t field = image->layout->section_table + number * 8;
  size_t size;
  if (field + 8 > image->size)
    return 0;
  *offset = read_word(image, field, 4);
  size = read_word(image, field + 4, 4);
  if (*offset > image->size)
    return 0;
  return size < image->size - *offset ? size : image->size - *offset;
}

/* Any section that has something in it; the whole image where none is found soon. */
static size_t pick_section(image *image, size_t *offset, size_t *size) {
  for (int tries = 0; tries < 32; tries++) {
    size_t number = below(image, image->layout->section_count);
    *size = section_of(image, number, offset);
    if (*size >= 4)
      return number;
  }
  *offset = 0;
  *size = image->size;
  return 0;
}

/* A value that has a meaning somewhere: an edge, a size, an offset, a neighbour, or another field.
 */
static uint64_t interesting(image *image, uint64_t old, size_t from, size_t size) {
  size_t offset = 0;
  size_t number = below(image, image->layout->section_count);
  size_t bytes = section_of(image, number, &offset);
  switch (below(image, 14)) {
  case 0:
    return 0;
  case 1:
    return 1;
  case 2:
    return ~(uint64_t)0;
  case 3:
    return (uint64_t)1 << below(image, 64);
  case 4:
    return old + 1;
  case 5:
    return old - 1;
  case 6:
    return old + image->layout->strides[number];
  case 7:
    return bytes;
  case 8:
    return image->layout->strides[number] == 0 ? 0 : bytes / image->layout->strides[number];
  case 9:
    return offset;
  case 10:
    return image->size - offset;
  case 11:
    return below(image, 256);
  case 12:
    return old ^ ((uint64_t)1 << below(image, 64));
  default: {
    size_t other = from + (below(image, size) & ~(size_t)3);
    return other + 8 <= image->size ? read_word(image, other, 8) : 0;
  }
  }
}

static void change_field(image *image) {
  size_t offset, size, width = (size_t)1 << below(image, 4), at;
  pick_section(image, &offset, &size);
  if (size < width)
    return;
  at = offset + (below(image, size - width + 1) & ~(width - 1));
  write_word(image, at, interesting(image, read_word(image, at, width), offset, size), width);
}

/* One record over another, or both exchanged. */
static void move_record(image *image) {
  size_t offset, size, count, from, to, stride;
  uint8_t kept[64];
  stride = image->layout->strides[pick_section(image, &offset, &size)];
  if (stride < 4 || stride > sizeof kept || size / stride < 2)
    return;
  count = size / stride;
  from = offset + below(image, count) * stride;
  to = offset + below(image, count) * stride;
  memcpy(kept, image->data + to, stride);
  memmove(image->data + to, image->data + from, stride);
  if (below(image, 2) == 0)
    memcpy(image->data + from, kept, stride);
}

static void change_header(image *image) {
  size_t number = below(image, image->layout->section_count);
  size_t field = image->layout->section_table + number * 8 + 4 * below(image, 2);
  uint64_t stride = image->layout->strides[number];
  if (field + 4 > image->size)
    return;
  switch (below(image, 4)) {
  case 0:
    write_word(image, field, read_word(image, field, 4) + stride, 4);
    break;
  case 1:
    write_word(image, field, read_word(image, field, 4) - stride, 4);
    break;
  case 2:
    write_word(image, field, read_word(image, field, 4) + 64, 4);
    break;
  default:
    write_word(image, field, interesting(image, read_word(image, field, 4), 0, image->size), 4);
  }
}

static void change_bytes(image *image) {
  size_t offset, size, from, count;
  pick_section(image, &offset, &size);
  from = below(image, size);
  count = 1 + below(image, size - from < 64 ? size - from : 64);
  LLVMFuzzerMutate(image->data + offset + from, count, count);
}

/* Puts 64 bytes in or takes them out at a section's end, and moves the sections after it. */
static void resize_section(image *image) {
  size_t number = below(image, image->layout->section_count), offset = 0;
  size_t size = section_of(image, number, &offset);
  size_t end = (offset + size + 63) & ~(size_t)63;
  size_t stride = image->layout->strides[number] ? image->layout->strides[number] : 1;
  int grow = below(image, 3) != 0;
  if (offset == 0 || end > image->size)
    return;
  if (grow) {
    if (image->size + 64 > image->size_max)
      return;
    memmove(image->data + end + 64, image->data + end, image->size - end);
    if (size >= 64 && end >= 64)
      memcpy(image->data + end, image->data + end - 64, 64);
    else
      memset(image->data + end, 0, 64);
    image->size += 64;
    size += 64 / stride * stride;
  } else {
    if (end < offset + 64 || size < 64)
      return;
    memmove(image->data + end - 64, image->data + end, image->size - end);
    image->size -= 64;
    size -= 64 / stride * stride;
  }
  write_word(image, image->layout->section_table + number * 8 + 4, size, 4);
  for (size_t other = 0; other < image->layout->section_count; other++) {
    size_t field = image->layout->section_table + other * 8;
    uint64_t start = read_word(image, field, 4);
    if (other == number || start < end)
      continue;
    write_word(image, field, grow ? start + 64 : start - 64, 4);
  }
}

static void seal(image *image) {
  XXH128_hash_t digest;
  write_word(image, 32, image->size, 8);
  digest = XXH3_128bits(image->data + image->layout->digest_from,
                        image->size - image->layout->digest_from);
  write_word(image, 16, digest.low64, 8);
  write_word(image, 24, digest.high64, 8);
}

size_t fuzz_mutate_image(const fuzz_layout *layout, uint8_t *data, size_t size, size_t size_max,
                         unsigned seed) {
  image image = {layout, data, size, size_max, seed};
  size_t header = layout->section_table + layout->section_count * 8;
  if (size < header + 64)
    return LLVMFuzzerMutate(data, size, size_max);
  for (size_t changes = 1 + below(&image, 4); changes > 0; changes--) {
    size_t kind = below(&image, 16);
    if (kind < 9)
      change_field(&image);
    else if (kind < 11)
      move_record(&image);
    else if (kind < 13)
      change_bytes(&image);
    else if (kind < 14)
      change_header(&image);
    else
      resize_section(&image);
  }
  /* Now and then the digest stays wrong, so that its check is reached, too. */
  if (below(&image, 256) != 0)
    seal(&image);
  return image.size;
}
