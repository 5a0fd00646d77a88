/*
 * Stands between a program and the system for everything that changes files below TORTURE_ROOT:
 *
 *   TORTURE_LOG=FILE           writes down each such call that succeeded, with its bytes
 *   TORTURE_KILL=N[:after]     kills the process before (or after) the Nth such call
 *   TORTURE_FAULT=CALL:N:HOW   the Nth call of that name fails; HOW is an error's number, `short`
 *                              for half a write, or a number and `:done` for a call that did its
 *                              work and says that it failed, `:on` for all calls from the Nth on
 *
 * The log is lines of words, each followed by as many bytes as its last word says. Loaded with
 * LD_PRELOAD; the system is called directly, so that nothing is recorded twice.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { DESCRIPTORS_MAX = 1024, PATH_BYTES = 4096, LINE_BYTES = 3 * PATH_BYTES };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_descriptor = -1;
static const char *root;
static char known[DESCRIPTORS_MAX];

static struct {
  const char *call;
  long at;
  int code;
  int is_short, is_done, is_on;
} fault;
static long fault_calls;
static long kill_at, kill_calls;
static int kill_after;

__attribute__((constructor)) static void start(void) {
  root = getenv("TORTURE_ROOT");
  const char *log = getenv("TORTURE_LOG");
  if (log)
    log_descriptor =
        (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  char *death = getenv("TORTURE_KILL");
  if (death) {
    kill_at = strtol(death, &death, 10);
    kill_after = *death == ':';
  }
  const char *wanted = getenv("TORTURE_FAULT");
  if (!wanted)
    return;
  static char words[256];
  snprintf(words, sizeof words, "%s", wanted);
  fault.call = strtok(words, ":");
  const char *word = strtok(NULL, ":");
  fault.at = word ? strtol(word, NULL, 10) : 0;
  while ((word = strtok(NULL, ":"))) {
    if (strcmp(word, "short") == 0)
      fault.is_short = 1;
    else if (strcmp(word, "done") == 0)
      fault.is_done = 1;
    else if (strcmp(word, "on") == 0)
      fault.is_on = 1;
    else
      fault.code = (int)strtol(word, NULL, 10);
  }
}

static int is_ours(const char *path) {
  if (!root || !path)
    return 0;
  size_t length = strlen(root);
  return strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == 0);
}
static int has(int flags, int bits) { return ((unsigned)flags & (unsigned)bits) != 0; }
static int is_known(int descriptor) {
  return descriptor >= 0 && descriptor < DESCRIPTORS_MAX && known[descriptor];
}

static void die_at(int after) {
  if (kill_at == 0)
    return;
  if (!after)
    kill_calls++;
  if (kill_calls == kill_at && kill_after == after)
    syscall(SYS_kill, getpid(), SIGKILL);
}

/* 1: this call fails now, errno set. 2: it fails once it is done. 3: half of it is done. */
static int fails(const char *call) {
  if (!fault.call || strcmp(fault.call, call) != 0)
    return 0;
  fault_calls++;
  if (fault_calls != fault.at && !(fault.is_on && fault_calls > fault.at))
    return 0;
  if (fault.is_short)
    return 3;
  errno = fault.code;
  return fault.is_done ? 2 : 1;
}

/* A line of the log and what follows it. */
__attribute__((format(printf, 3, 4))) static void note(const void *bytes, size_t size,
                                                       const char *format, ...) {
  if (log_descriptor < 0)
    return;
  static char line[LINE_BYTES];
  va_list arguments;
  va_start(arguments, format);
  int written = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  written += snprintf(line + written, sizeof line - (size_t)written, " %zu\n", size);
  struct iovec parts[2] = {{line, (size_t)written}, {(void *)bytes, size}};
  if (syscall(SYS_writev, log_descriptor, parts, 2) != written + (long)size)
    abort();
}

/* Does a call of ours: dies, fails or works as was asked, and is noted if it worked. */
#define CALL(name, work, bytes, size, ...)                                                         \
  do {                                                                                             \
    pthread_mutex_lock(&lock);                                                                     \
    die_at(0);                                                                                     \
    int fate = fails(name);                                                                        \
    int saved = errno;                                                                             \
    result = fate == 1 ? -1 : (work);                                                              \
    if (fate == 0)                                                                                 \
      saved = errno;                                                                               \
    if (result >= 0)                                                                               \
      note(bytes, size, __VA_ARGS__);                                                              \
    if (fate == 2)                                                                                 \
      result = -1;                                                                                 \
    die_at(1);                                                                                     \
    pthread_mutex_unlock(&lock);                                                                   \
    errno = saved;                                                                                 \
  } while (0)

/* ---- Files ----------------------------------------------------------------------------------- */

static int open_path(const char *path, int flags, mode_t mode) {
  long result = 0;
  if (!is_ours(path))
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  /* What only reads changes nothing; it can fail all the same. */
  int changes =
      has(flags, O_WRONLY) || has(flags, O_RDWR) || has(flags, O_CREAT) || has(flags, O_TRUNC);
  const char *call = changes ? "open" : "open-read";
  CALL(call, syscall(SYS_openat, AT_FDCWD, path, flags, mode), path, strlen(path), "%s %ld %d %u",
       call, result, flags, mode);
  if (result >= 0 && result < DESCRIPTORS_MAX)
    known[result] = 1;
  return (int)result;
}
static mode_t mode_of(int flags, va_list arguments) {
  return has(flags, O_CREAT) ? va_arg(arguments, mode_t) : 0;
}
int open(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_path(path, flags, mode);
}
int open64(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_path(path, flags, mode);
}

int close(int descriptor) {
  long result = 0;
  if (!is_known(descriptor))
    return (int)syscall(SYS_close, descriptor);
  known[descriptor] = 0;
  CALL("close", syscall(SYS_close, descriptor), NULL, 0, "close %d", descriptor);
  return (int)result;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t offset) {
  long result = 0;
  if (!is_known(descriptor))
    return syscall(SYS_pwrite64, descriptor, bytes, size, offset);
  CALL("pwrite", syscall(SYS_pwrite64, descriptor, bytes, fate == 3 ? size / 2 : size, offset),
       bytes, (size_t)result, "pwrite %d %ld", descriptor, (long)offset);
  return result;
}
ssize_t pwrite64(int descriptor, const void *bytes, size_t size, off_t offset) {
  return pwrite(descriptor, bytes, size, offset);
}

ssize_t write(int descriptor, const void *bytes, size_t size) {
  long result = 0;
  if (!is_known(descriptor))
    return syscall(SYS_write, descriptor, bytes, size);
  long offset = syscall(SYS_lseek, descriptor, 0, SEEK_CUR);
  CALL("write", syscall(SYS_write, descriptor, bytes, fate == 3 ? size / 2 : size), bytes,
       (size_t)result, "pwrite %d %ld", descriptor, offset);
  return result;
}

/* Noted piece by piece, as one write of many pages need not reach the disk as one. */
ssize_t writev(int descriptor, const struct iovec *parts, int count) {
  long result = 0;
  if (!is_known(descriptor))
    return syscall(SYS_writev, descriptor, parts, count);
  long offset = syscall(SYS_lseek, descriptor, 0, SEEK_CUR);
  CALL("writev", syscall(SYS_writev, descriptor, parts, fate == 3 ? (count + 1) / 2 : count), NULL,
       0, "writev %d", descriptor);
  long left = result;
  for (int i = 0; i < count && left > 0; i++) {
    long size = (long)parts[i].iov_len < left ? (long)parts[i].iov_len : left;
    pthread_mutex_lock(&lock);
    note(parts[i].iov_base, (size_t)size, "pwrite %d %ld", descriptor, offset);
    pthread_mutex_unlock(&lock);
    offset += size;
    left -= size;
  }
  return result;
}

int fsync(int descriptor) {
  long result = 0;
  if (!is_known(descriptor))
    return (int)syscall(SYS_fsync, descriptor);
  CALL("fsync", syscall(SYS_fsync, descriptor), NULL, 0, "sync %d", descriptor);
  return (int)result;
}
int fdatasync(int descriptor) {
  long result = 0;
  if (!is_known(descriptor))
    return (int)syscall(SYS_fdatasync, descriptor);
  CALL("fdatasync", syscall(SYS_fdatasync, descriptor), NULL, 0, "sync %d", descriptor);
  return (int)result;
}

int ftruncate(int descriptor, off_t size) {
  long result = 0;
  if (!is_known(descriptor))
    return (int)syscall(SYS_ftruncate, descriptor, size);
  CALL("ftruncate", syscall(SYS_ftruncate, descriptor, size), NULL, 0, "truncate %d %ld",
       descriptor, (long)size);
  return (int)result;
}
int posix_fallocate(int descriptor, off_t offset, off_t size) {
  long result = 0;
  int before = errno;
  if (!is_known(descriptor)) {
    int code = syscall(SYS_fallocate, descriptor, 0, offset, size) == 0 ? 0 : errno;
    errno = before;
    return code;
  }
  CALL("fallocate", syscall(SYS_fallocate, descriptor, 0, offset, size), NULL, 0,
       "allocate %d %ld %ld", descriptor, (long)offset, (long)size);
  int code = result == 0 ? 0 : errno;
  errno = before;
  return code;
}

int fchmod(int descriptor, mode_t mode) {
  long result = 0;
  if (!is_known(descriptor))
    return (int)syscall(SYS_fchmod, descriptor, mode);
  CALL("fchmod", syscall(SYS_fchmod, descriptor, mode), NULL, 0, "chmod %d %u", descriptor, mode);
  return (int)result;
}

ssize_t pread(int descriptor, void *bytes, size_t size, off_t offset) {
  long result = 0;
  if (!is_known(descriptor))
    return syscall(SYS_pread64, descriptor, bytes, size, offset);
  CALL("pread", syscall(SYS_pread64, descriptor, bytes, fate == 3 ? (size + 1) / 2 : size, offset),
       NULL, 0, "pread %d", descriptor);
  return result;
}

void *mmap(void *address, size_t size, int protection, int flags, int descriptor, off_t offset) {
  long result = 0;
  if (!is_known(descriptor) || has(flags, MAP_ANONYMOUS))
    /* The system's answer is an address. */
    return (void *)syscall(SYS_mmap, address, size, protection, flags, descriptor, offset);
  int writes = has(flags, MAP_SHARED) && has(protection, PROT_WRITE);
  CALL("mmap", syscall(SYS_mmap, address, size, protection, flags, descriptor, offset), NULL, 0,
       "mmap %d %d", descriptor, writes);
  return (void *)result;
}
void *mmap64(void *address, size_t size, int protection, int flags, int descriptor, off_t offset) {
  return mmap(address, size, protection, flags, descriptor, offset);
}

/* ---- Names ----------------------------------------------------------------------------------- */

int mkdir(const char *path, mode_t mode) {
  long result = 0;
  if (!is_ours(path))
    return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
  CALL("mkdir", syscall(SYS_mkdirat, AT_FDCWD, path, mode), path, strlen(path), "mkdir %u", mode);
  return (int)result;
}
int unlink(const char *path) {
  long result = 0;
  if (!is_ours(path))
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
  CALL("unlink", syscall(SYS_unlinkat, AT_FDCWD, path, 0), path, strlen(path), "unlink");
  return (int)result;
}
/* Two names: the first's size, then both, one after the other. */
static int two_names(const char *call, int renames, const char *from, const char *to) {
  long result = 0;
  static char both[2 * PATH_BYTES];
  size_t first = strlen(from);
  size_t second = strlen(to);
  if (first >= PATH_BYTES || second >= PATH_BYTES) {
    errno = ENAMETOOLONG;
    return -1;
  }
  snprintf(both, sizeof both, "%s%s", from, to);
  CALL(call,
       renames ? syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0)
               : syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0),
       both, first + second, "%s %zu", call, first);
  return (int)result;
}
int rename(const char *from, const char *to) {
  if (!is_ours(from) && !is_ours(to))
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
  return two_names("rename", 1, from, to);
}
int link(const char *from, const char *to) {
  if (!is_ours(from) && !is_ours(to))
    return (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
  return two_names("link", 0, from, to);
}
