/* What a process holds: for tests that nothing is left behind. */
#ifndef LEFT_H
#define LEFT_H

#include "../C/stores.h"

#include <dirent.h>

typedef struct left {
  long descriptors, mappings, tasks, bytes;
} left;

/* Without the two entries of a folder that are itself and its parent. */
static inline long entries_in(const char *folder) {
  DIR *directory = opendir(folder);
  long count = -2;
  while (directory && readdir(directory))
    count++;
  if (directory)
    closedir(directory);
  return count;
}

static inline left what_is_left(void) {
  /* One descriptor is what reads the folder. */
  left now = {entries_in("/proc/self/fd") - 1, 0, entries_in("/proc/self/task"), 0};
  FILE *maps = fopen("/proc/self/maps", "r");
  for (int byte = maps ? fgetc(maps) : EOF; byte != EOF; byte = fgetc(maps))
    now.mappings += byte == '\n';
  if (maps)
    fclose(maps);
  FILE *memory = fopen("/proc/self/statm", "r");
  char line[256] = "";
  CHECK(memory && fgets(line, sizeof line, memory));
  if (memory)
    fclose(memory);
  /* The second number is the pages that are resident. */
  char *second = line;
  strtol(line, &second, 10);
  now.bytes = strtol(second, NULL, 10) * sysconf(_SC_PAGESIZE);
  return now;
}

static inline int is_no_more(left now, left before, long mappings, long bytes) {
  return now.descriptors <= before.descriptors && now.tasks <= before.tasks &&
         now.mappings <= before.mappings + mappings && now.bytes <= before.bytes + bytes;
}

/* Waits for keepers, which end what went out of force within a quarter of a second, and for the
 * kernel, which takes joined threads out of /proc a moment later. */
static inline left settled(left before, long mappings, long bytes) {
  double end = seconds_now() + 20;
  left now = what_is_left();
  while (!is_no_more(now, before, mappings, bytes) && seconds_now() < end) {
    usleep(20000);
    now = what_is_left();
  }
  return now;
}

static inline void expect_no_more(const char *after, left before, long mappings, long bytes) {
  left now = settled(before, mappings, bytes);
  CHECK(is_no_more(now, before, mappings, bytes));
  printf("%s: %ld → %ld descriptors, %ld → %ld mappings, %ld → %ld tasks, %.1f → %.1f MB\n", after,
         before.descriptors, now.descriptors, before.mappings, now.mappings, before.tasks,
         now.tasks, (double)before.bytes / 1e6, (double)now.bytes / 1e6);
}

#endif
