#ifndef CPROBE_H
#define CPROBE_H
/* What the probes need of the system and Swift does not have. */
#include <stdint.h>

/* fork(). */
int32_t cprobe_fork(void);
/* Ends the process at once, without anybody's clean-up. */
_Noreturn void cprobe_exit(int32_t code);
/* A child's exit status, or 1000 + the signal that ended it; -1 while it runs. */
int32_t cprobe_ended(int32_t child);
/* Ends a child with SIGKILL. */
void cprobe_kill(int32_t child);

/* Has `handler` called in a signal handler of the calling thread every `interval_us` of its CPU
 * time, until cprobe_signals_stop(). */
void cprobe_signals(void (*_Nonnull handler)(void), int32_t interval_us);
void cprobe_signals_stop(void);

/* How many threads of this process are keepers. */
int32_t cprobe_keepers(void);
/* Whether this program was built with the thread sanitizer, whose children cannot start threads. */
int32_t cprobe_thread_sanitizer(void);
#endif
