#define _GNU_SOURCE
#include "CThread.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
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

/*
 * A thread of the engine's own is at work, but for its waits, and a fork waits until none is: the
 * child has no such thread, and would find what one holds held for ever, the Swift runtime's locks
 * among it. Both sides go on after a second: a fork must not hang on a disk that does, nor the
 * thread on a fork that waits for something else.
 */
enum { PATIENCE_NS = 1000000000 };
static _Thread_local bool is_own __attribute__((tls_model("initial-exec")));
static _Atomic uint32_t at_work;
static _Atomic uint32_t forks_under_way;
/* Whose threads are counted: a child by clone(), which tells nobody, has none of them. */
static pid_t process;

static void rest(void) {
  if (!is_own)
    return;
  atomic_fetch_sub(&at_work, 1);
  if (atomic_load(&forks_under_way) != 0)
    cfutex_wake_all(&at_work);
}

static void work(void) {
  if (!is_own)
    return;
  atomic_fetch_add(&at_work, 1);
  uint32_t under_way = atomic_load(&forks_under_way);
  if (under_way == 0)
    return;
  rest();
  cfutex_wait(&forks_under_way, under_way, PATIENCE_NS);
  atomic_fetch_add(&at_work, 1);
}

static void fork_begins(void) {
  atomic_fetch_add(&forks_under_way, 1);
  if (process != getpid())
    return;
  struct timespec begin, now;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  for (;;) {
    uint32_t working = atomic_load(&at_work);
    if (working == 0)
      return;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t left = PATIENCE_NS - (now.tv_sec - begin.tv_sec) * INT64_C(1000000000) -
                   (now.tv_nsec - begin.tv_nsec);
    if (left <= 0)
      return;
    cfutex_wait(&at_work, working, left);
  }
}

static void fork_has_ended(void) {
  if (atomic_fetch_sub(&forks_under_way, 1) == 1)
    cfutex_wake_all(&forks_under_way);
}

/* A child forked inside a resolve (by a signal handler) must not take its line for claimed. */
static void child_starts(void) {
  turnout_thread_line = turnout_line_none;
  is_own = false;
  process = getpid();
  atomic_store(&at_work, 0);
  atomic_store(&forks_under_way, 0);
}

__attribute__((constructor)) static void library_loads(void) {
  process = getpid();
  atomic_store(&line_key_error, pthread_key_create(&line_key, thread_ends));
  pthread_atfork(fork_begins, fork_has_ended, child_starts);
}

int cthread_wait(const void *word, uint32_t expected, int64_t timeout_ns) {
  rest();
  int error = cfutex_wait(word, expected, timeout_ns);
  work();
  return error;
}

void cthread_sleep(int64_t ns) {
  struct timespec time = {(time_t)(ns / 1000000000), (long)(ns % 1000000000)};
  rest();
  nanosleep(&time, NULL);
  work();
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
  is_own = true;
  work();
  start.run(start.argument);
  rest();
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
