#define _GNU_SOURCE
#include "CThread.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

const uint64_t turnout_line_none[CTHREAD_LINE_WORDS]
    __attribute__((aligned(128))) = {CTHREAD_LINE_UNCLAIMED};
const uint64_t turnout_line_busy[CTHREAD_LINE_WORDS]
    __attribute__((aligned(128))) = {CTHREAD_LINE_BUSY};

_Thread_local const void *turnout_thread_line = turnout_line_none;

static pthread_key_t line_key;
static _Atomic int line_key_error = -1;
static void (*_Atomic line_release)(uintptr_t);

static void thread_ends(void *line) {
  turnout_thread_line = turnout_line_none;
  void (*release)(uintptr_t) = atomic_load(&line_release);
  if (release)
    release((uintptr_t)line);
}

/* A child forked inside a resolve (by a signal handler) must not take its line for claimed. */
static void child_starts(void) { turnout_thread_line = turnout_line_none; }

__attribute__((constructor)) static void library_loads(void) {
  atomic_store(&line_key_error, pthread_key_create(&line_key, thread_ends));
  pthread_atfork(NULL, NULL, child_starts);
}

int cthread_release_at_exit(uintptr_t line, void (*release)(uintptr_t)) {
  int error = atomic_load(&line_key_error);
  if (error)
    return error;
  atomic_store(&line_release, release);
  return pthread_setspecific(line_key, (void *)line);
}

void *cthread_process(uintptr_t size) {
  static _Atomic(void *) process;
  void *page = atomic_load(&process);
  if (page)
    return page;
  page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED)
    return NULL;
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

int copen_folder(const char *path) {
  return open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

struct start {
  void (*run)(void *);
  void *argument;
  const char *name;
};

static void *thread_runs(void *argument) {
  struct start start = *(struct start *)argument;
  pthread_setname_np(pthread_self(), start.name);
  free(argument);
  start.run(start.argument);
  return NULL;
}

int cthread_start(const char *name, uintptr_t stack_bytes, void (*run)(void *), void *argument,
                  uint64_t *thread) {
  struct start *start = malloc(sizeof *start);
  if (!start)
    return ENOMEM;
  *start = (struct start){run, argument, name};
  pthread_attr_t attributes;
  int error = pthread_attr_init(&attributes);
  if (!error) {
    pthread_attr_setstacksize(&attributes, stack_bytes);
    /* A new thread inherits the mask, so there is no moment in which it could take a signal. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t handle;
    error = pthread_create(&handle, &attributes, thread_runs, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    *thread = (uint64_t)handle;
  }
  if (error)
    free(start);
  return error;
}

void cthread_join(uint64_t thread) { pthread_join((pthread_t)thread, NULL); }

/* 0 free, 1 held, 2 held and somebody may be waiting. */
void cthread_lock(uint32_t *word) {
  _Atomic uint32_t *lock = (_Atomic uint32_t *)word;
  uint32_t state = 0;
  if (atomic_compare_exchange_strong(lock, &state, 1))
    return;
  if (state != 2)
    state = atomic_exchange(lock, 2);
  while (state != 0) {
    syscall(SYS_futex, lock, FUTEX_WAIT_PRIVATE, 2, NULL, NULL, 0);
    state = atomic_exchange(lock, 2);
  }
}

void cthread_unlock(uint32_t *word) {
  _Atomic uint32_t *lock = (_Atomic uint32_t *)word;
  if (atomic_exchange(lock, 0) == 2)
    syscall(SYS_futex, lock, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}
