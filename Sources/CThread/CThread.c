#define _GNU_SOURCE
#include "CThread.h"

#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

const uint64_t turnout_line_none[CTHREAD_LINE_WORDS] __attribute__((aligned(128))) = {
    CTHREAD_LINE_UNCLAIMED};
const uint64_t turnout_line_busy[CTHREAD_LINE_WORDS] __attribute__((aligned(128))) = {
    CTHREAD_LINE_BUSY};

_Thread_local const void *turnout_thread_line = turnout_line_none;

static pthread_key_t line_key;
static _Atomic int line_key_error = -1;
static void (*_Atomic line_release)(void *);

static void thread_ends(void *line) {
  turnout_thread_line = turnout_line_none;
  void (*release)(void *) = atomic_load(&line_release);
  if (release) release(line);
}

/* A child forked inside a resolve (by a signal handler) must not take its line for claimed. */
static void child_starts(void) { turnout_thread_line = turnout_line_none; }

__attribute__((constructor)) static void library_loads(void) {
  atomic_store(&line_key_error, pthread_key_create(&line_key, thread_ends));
  pthread_atfork(NULL, NULL, child_starts);
}

int cthread_release_at_exit(void *line, void (*release)(void *)) {
  int error = atomic_load(&line_key_error);
  if (error) return error;
  atomic_store(&line_release, release);
  return pthread_setspecific(line_key, line);
}

void *cthread_process(uintptr_t size) {
  static _Atomic(void *) process;
  void *page = atomic_load(&process);
  if (page) return page;
  page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return NULL;
  void *first = NULL;
  if (madvise(page, size, MADV_WIPEONFORK) != 0 ||
      !atomic_compare_exchange_strong(&process, &first, page)) {
    munmap(page, size);
    return first;
  }
  return page;
}

uintptr_t cthread_root(void) {
  static _Atomic uintptr_t root;
  return (uintptr_t)&root;
}

void cthread_wait(uint32_t *word, uint32_t seen, int64_t timeout_ns) {
  struct timespec timeout = {timeout_ns / 1000000000, timeout_ns % 1000000000};
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, seen, &timeout, NULL, 0);
}

void cthread_wake(uint32_t *word) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT32_MAX, NULL, NULL, 0);
}

/* 0 free, 1 held, 2 held and somebody may be waiting. */
void cthread_lock(uint32_t *word) {
  _Atomic uint32_t *lock = (_Atomic uint32_t *)word;
  uint32_t state = 0;
  if (atomic_compare_exchange_strong(lock, &state, 1)) return;
  if (state != 2) state = atomic_exchange(lock, 2);
  while (state != 0) {
    syscall(SYS_futex, lock, FUTEX_WAIT_PRIVATE, 2, NULL, NULL, 0);
    state = atomic_exchange(lock, 2);
  }
}

void cthread_unlock(uint32_t *word) {
  _Atomic uint32_t *lock = (_Atomic uint32_t *)word;
  if (atomic_exchange(lock, 0) == 2) syscall(SYS_futex, lock, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}
