/*
 * Documents of which one thing is large, the keys that are asked for, and the yardstick: a set of
 * them in hand-written C.
 */
#ifndef LARGE_H
#define LARGE_H
#include <stdint.h>
#include <stdio.h>
#include <turnout.h>

enum {
  SEGMENT_UNITS = 1000000,
  LOOKUP_VALUES = 100000,
  CLUSTERS = 5000,
  RULES = 64,
  KEY_BYTES = 23,
  KEY_STRIDE = 24,
};

/* Texts of one size, KEY_STRIDE apart. Keys of two kinds differ. */
typedef struct keys {
  char *texts;
  uint32_t count;
} keys;

void keys_make(keys *keys, uint32_t count, char kind);
void keys_shuffle(keys *keys);

/* Half of the hash above the number of the key, which counts from 1; at most half full. */
typedef struct key_set {
  char *texts;
  uint64_t *slots, mask;
} key_set;

void key_set_make(key_set *set, const keys *keys);
int key_set_has(const key_set *set, const char *text, size_t size);

/* Writes segment.yaml with segment.txt, lookup.yaml, clusters.yaml and rules.yaml into a folder. In
 * each the use case Large meets the large thing, and Plain does not. Returns 0 if that failed. */
int large_write(const char *folder);

#endif
