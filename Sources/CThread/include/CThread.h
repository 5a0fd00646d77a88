#ifndef CTHREAD_H
#define CTHREAD_H
/*
 * What Swift cannot say about threads: one thread-local pointer with the initial-exec model, the
 * process's page that a fork leaves blank, and a lock that lives in such a page.
 */
#include <stdint.h>

#include "kernel.h"

/* The first word of a line, and so of the two lines below that belong to nobody. */
#define CTHREAD_LINE_UNCLAIMED UINT64_C(0)
#define CTHREAD_LINE_IDLE UINT64_C(1)
#define CTHREAD_LINE_BUSY UINT64_C(2)
#define CTHREAD_LINE_WORDS 16

extern const uint64_t turnout_line_none[CTHREAD_LINE_WORDS];
extern const uint64_t turnout_line_busy[CTHREAD_LINE_WORDS];

/* The calling thread's line; turnout_line_none before its first claim. Never null. */
extern _Thread_local const void *_Nonnull turnout_thread_line
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

static inline void *_Nonnull cthread_line(void) { return (void *)turnout_thread_line; }

static inline void cthread_set_line(const void *_Nonnull line) { turnout_thread_line = line; }

static inline const void *_Nonnull cthread_no_line(void) { return turnout_line_none; }
static inline const void *_Nonnull cthread_busy_line(void) { return turnout_line_busy; }

/* Where the calling thread's own memory is: differs between threads that run at once. */
static inline uintptr_t cthread_identity(void) { return (uintptr_t)&turnout_thread_line; }

/* Has `release` called with `line` when the calling thread ends. 0, or an errno. */
int cthread_release_at_exit(uintptr_t line, void (*_Nonnull release)(uintptr_t line));

/* The process's page: `size` bytes, blank at first and again in a forked child. Null: no memory. */
void *_Nullable cthread_process(uintptr_t size);

/* The address of one word that a fork keeps: the root of the list of cores. */
uintptr_t cthread_root(void);

/* A lock in one 32-bit word, 0 when free. Lives in memory that a fork wipes, so that no child
 * finds a lock held by a thread that it does not have. */
void cthread_lock(uint32_t *_Nonnull word);
void cthread_unlock(uint32_t *_Nonnull word);

/* Starts a thread named `name` that takes no signals. 0 and *thread, or an errno. A fork waits, for
 * at most a second, until it is in one of the two waits below. */
int cthread_start(const char *_Nonnull name, uintptr_t stack_bytes,
                  void (*_Nonnull run)(void *_Nonnull argument), void *_Nonnull argument,
                  uint64_t *_Nonnull thread);

/* As cfutex_wait, and as nanosleep. */
int cthread_wait(const void *_Nullable word, uint32_t expected, int64_t timeout_ns);
void cthread_sleep(int64_t ns);

/* Waits for its end, once. */
void cthread_join(uint64_t thread);

#endif
