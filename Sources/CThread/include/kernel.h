#ifndef CTHREAD_KERNEL_H
#define CTHREAD_KERNEL_H
// System calls that Swift's Glibc module does not have.
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

// The futex calls are the shared kind: the word may lie in a file that several processes map, and a
// read-only mapping may wait and wake.

// 0 when woken or when the word was not `expected`; else the errno.
static inline int cfutex_wait(const void *word, uint32_t expected, int64_t timeout_ns) {
  struct timespec timeout = {(time_t)(timeout_ns / 1000000000), (long)(timeout_ns % 1000000000)};
  if (syscall(SYS_futex, word, FUTEX_WAIT, expected, &timeout, (void *)0, 0) >= 0) {
    return 0;
  }
  return errno == EAGAIN ? 0 : errno;
}

// Wakes everyone who waits; the number woken, or -1.
static inline int cfutex_wake_all(const void *word) {
  return (int)syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, (void *)0, (void *)0, 0);
}

// Whether memory contains other memory, in time that is in proportion to both: memmem(), which C
// declares for _GNU_SOURCE alone.
extern void *memmem(const void *in, size_t in_size, const void *sought, size_t sought_size);
static inline int cmemory_contains(const void *in, size_t in_size, const void *sought,
                                   size_t sought_size) {
  return memmem(in, in_size, sought, sought_size) != (void *)0;
}

// A file in memory that has no name. Its descriptor, or -1 and errno.
static inline int cmemory_file(void) {
  enum { CLOSES_ON_EXEC_AND_MAY_BE_SEALED = 3 };
  return (int)syscall(SYS_memfd_create, "turnout-table", CLOSES_ON_EXEC_AND_MAY_BE_SEALED);
}

// Has nobody, this process included, change the file's bytes or size from now on. 0, or -1 and
// errno.
static inline int cseal(int file) {
  // No more seals, no shrinking, no growing, no writing: 1, 2, 4 and 8.
  enum { ADD_SEALS = 1033, ALL_SEALS = 15 };
  return (int)syscall(SYS_fcntl, file, ADD_SEALS, ALL_SEALS);
}

// A folder that is no symbolic link, as a place to open files in: its descriptor, or -1 and errno.
// Needs no permission to read it. O_PATH, which C declares for _GNU_SOURCE alone.
int copen_folder(const char *path);

// The magic number of the file system that an open file lies on; 0 if it is not known.
static inline uint32_t cfile_system(int file) {
  struct statfs found;
  return fstatfs(file, &found) == 0 ? (uint32_t)found.f_type : 0;
}

// The magic number of the file system that `path` lies on and the bytes that an ordinary user may
// still write there. 0, or the errno.
static inline int cfilesystem(const char *path, uint32_t *magic, uint64_t *free_bytes) {
  struct statfs found;
  if (statfs(path, &found) != 0) {
    return errno;
  }
  *magic = (uint32_t)found.f_type;
  *free_bytes = (uint64_t)found.f_bavail * (uint64_t)found.f_bsize;
  return 0;
}
#endif
