/* A store's head, moved as a publisher moves it: a file renamed to `head`, then the bell. What a
 * publisher does before, a copy of the head that it wrote stands for. */
#ifndef HEAD_H
#define HEAD_H
#include <fcntl.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "clock.h"

enum { HEAD_BYTES_MAX = 65536, HEAD_BYTES_MIN = 104 };

typedef struct head {
  unsigned char bytes[HEAD_BYTES_MAX];
  size_t size;
} head;

/* Ends the program where the file is no head. */
static inline void head_read(head *head, const char *path) {
  FILE *file = fopen(path, "rb");
  head->size = file ? fread(head->bytes, 1, sizeof head->bytes, file) : 0;
  if (head->size < HEAD_BYTES_MIN) {
    fprintf(stderr, "%s is no head\n", path);
    exit(3);
  }
  fclose(file);
}

static inline atomic_uint *head_bell(const char *store) {
  char path[4096];
  snprintf(path, sizeof path, "%s/bell", store);
  int file = open(path, O_RDWR);
  void *memory =
      file < 0 ? MAP_FAILED : mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (memory == MAP_FAILED) {
    fprintf(stderr, "%s cannot be mapped\n", path);
    exit(3);
  }
  close(file);
  return memory;
}

/* Makes the head's table one that no process has validated yet: a file that has been touched is. */
static inline void head_renew(const head *head, const char *store) {
  unsigned long long revision = 0;
  for (int i = 7; i >= 0; i--)
    revision = revision << 8 | head->bytes[32 + i];
  char path[4096];
  snprintf(path, sizeof path, "%s/tables/%08llu.mdb", store, revision);
  if (chmod(path, 0444) != 0) {
    fprintf(stderr, "%s cannot be touched\n", path);
    exit(3);
  }
}

/* Gives when the rename began, in ns since 1970. */
static inline uint64_t head_move(const head *head, const char *store, atomic_uint *bell) {
  char temporary[4096], path[4096];
  snprintf(temporary, sizeof temporary, "%s/head.moved", store);
  snprintf(path, sizeof path, "%s/head", store);
  int file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0 || write(file, head->bytes, head->size) != (ssize_t)head->size || close(file) != 0) {
    fprintf(stderr, "%s cannot be written\n", temporary);
    exit(3);
  }
  uint64_t moved = clock_of(CLOCK_REALTIME);
  if (rename(temporary, path) != 0)
    exit(3);
  atomic_fetch_add(bell, 1);
  syscall(SYS_futex, bell, FUTEX_WAKE, 0x7FFFFFFF, NULL, NULL, 0);
  return moved;
}

#endif
