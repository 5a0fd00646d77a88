/* The large documents, their keys, and the keys' set: see large.h. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "large.h"

static void *made(size_t count, size_t size) {
  void *memory = calloc(count, size);
  if (!memory)
    abort();
  return memory;
}

static void key_write(char out[KEY_STRIDE], char kind, uint32_t number) {
  snprintf(out, KEY_STRIDE, "%c-%08x-%012u", kind, number * 2654435761u, number);
}

void keys_make(keys *keys, uint32_t count, char kind) {
  keys->texts = made(count, KEY_STRIDE);
  keys->count = count;
  for (uint32_t i = 0; i < count; i++)
    key_write(keys->texts + (size_t)i * KEY_STRIDE, kind, i);
}

void keys_shuffle(keys *keys) {
  uint64_t x = 88172645463325252u;
  char text[KEY_STRIDE];
  for (uint32_t i = keys->count - 1; i > 0; i--) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    char *a = keys->texts + (size_t)i * KEY_STRIDE;
    char *b = keys->texts + (size_t)((x >> 32) % (i + 1)) * KEY_STRIDE;
    memcpy(text, a, KEY_STRIDE);
    memmove(a, b, KEY_STRIDE);
    memcpy(b, text, KEY_STRIDE);
  }
}

void key_set_make(key_set *set, const keys *keys) {
  uint64_t slots = 2;
  while (slots < keys->count * 2ull)
    slots *= 2;
  set->texts = made(keys->count, KEY_STRIDE);
  memcpy(set->texts, keys->texts, (size_t)keys->count * KEY_STRIDE);
  set->slots = made(slots, sizeof *set->slots);
  set->mask = slots - 1;
  for (uint32_t i = 0; i < keys->count; i++) {
    uint64_t hash = XXH3_64bits(set->texts + (size_t)i * KEY_STRIDE, KEY_BYTES);
    uint64_t slot = hash & set->mask;
    while (set->slots[slot])
      slot = (slot + 1) & set->mask;
    set->slots[slot] = hash >> 32 << 32 | (i + 1);
  }
}

int key_set_has(const key_set *set, const char *text, size_t size) {
  uint64_t hash = XXH3_64bits(text, size);
  for (uint64_t slot = hash & set->mask; set->slots[slot]; slot = (slot + 1) & set->mask) {
    uint64_t entry = set->slots[slot];
    if (entry >> 32 == hash >> 32 && size == KEY_BYTES &&
        memcmp(set->texts + ((uint32_t)entry - 1) * (size_t)KEY_STRIDE, text, KEY_BYTES) == 0)
      return 1;
  }
  return 0;
}

static FILE *started(const char *folder, const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *out = fopen(path, "w");
  if (!out) {
    perror(path);
    exit(3);
  }
  return out;
}

static FILE *document(const char *folder, const char *name, uint32_t clusters) {
  FILE *out = started(folder, name);
  fputs("turnout: 1\nunit: user\nattributes: { title: string }\nclusters:\n", out);
  for (uint32_t c = 0; c < clusters; c++)
    fprintf(out, "  c%04u: { address: \"10.20.%u.%u:8080\" }\n", c, c / 256, c % 256);
  fputs("models:\n  m:\n    v1: { cluster: c0000 }\n    v2: { cluster: c0001 }\n", out);
  return out;
}

static int finished(FILE *out) {
  int failed = ferror(out);
  return !(fclose(out) || failed);
}

static const char plain[] = "  Plain: { rules: [{ route: m@v1 }] }\n";

static int write_segment(const char *folder) {
  char key[KEY_STRIDE];
  FILE *units = started(folder, "segment.txt");
  for (uint32_t i = 0; i < SEGMENT_UNITS; i++) {
    key_write(key, 'u', i);
    fprintf(units, "%s\n", key);
  }
  FILE *out = document(folder, "segment.yaml", 2);
  fputs("segments: { large: { units_file: segment.txt } }\nuse_cases:\n", out);
  fputs("  Large: { rules: [{ when: { segment: large }, route: m@v2 }, { route: m@v1 }] }\n", out);
  fputs(plain, out);
  return finished(units) & finished(out);
}

static int write_lookup(const char *folder) {
  char key[KEY_STRIDE];
  FILE *out = document(folder, "lookup.yaml", 2);
  fprintf(out, "use_cases:\n%s  Large:\n    rules:\n      - lookup: title\n        routes:\n",
          plain);
  for (uint32_t i = 0; i < LOOKUP_VALUES; i++) {
    key_write(key, 't', i);
    fprintf(out, "          %s: m@v2\n", key);
  }
  fputs("      - { route: m@v1 }\n", out);
  return finished(out);
}

/* Every cluster is the first one of a version, a thousand versions a model. */
static int write_clusters(const char *folder) {
  FILE *out = document(folder, "clusters.yaml", CLUSTERS);
  for (uint32_t c = 0; c < CLUSTERS; c++) {
    if (c % 1000 == 0)
      fprintf(out, "  m%u:\n", c / 1000);
    fprintf(out, "    v%u: { cluster: [c%04u, c%04u] }\n", c % 1000, c, (c + 1) % CLUSTERS);
  }
  fprintf(out, "use_cases:\n%s  Large: { rules: [{ route: m4@v2 }] }\n", plain);
  return finished(out);
}

/* All conditions but the last one fail. */
static int write_rules(const char *folder) {
  FILE *out = document(folder, "rules.yaml", 2);
  fprintf(out, "use_cases:\n%s  Large:\n    rules:\n", plain);
  for (uint32_t r = 0; r < RULES - 1; r++)
    fprintf(out, "      - { when: { title: title-%04u }, route: m@v1 }\n", r);
  fputs("      - { route: m@v2 }\n", out);
  return finished(out);
}

int large_write(const char *folder) {
  return write_segment(folder) & write_lookup(folder) & write_clusters(folder) &
         write_rules(folder);
}
