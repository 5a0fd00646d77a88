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

/* System calls that cprobe_refuse() knows: memory, advice about it, threads. */
enum { CPROBE_MMAP = 1, CPROBE_MADVISE, CPROBE_CLONE };
/* Any value of an argument. */
#define CPROBE_ANY UINT32_MAX

/* Has the kernel refuse a system call with `error`, from now on, to the calling thread and those
 * that it starts: where the argument with this number, from 0, has this value. 0, or an errno. */
int32_t cprobe_refuse(int32_t call, int32_t argument, uint32_t value, int32_t error);

/* Has `hook` called in the calling thread before each such system call of its own, from now on. 0,
 * or an errno. */
int32_t cprobe_before(int32_t call, int32_t argument, uint32_t value, void (*_Nonnull hook)(void));

/* Has `hook` called before each instruction of the calling thread, with how many came before, until
 * it gives 0. -1 where the processor cannot. */
int32_t cprobe_steps(int32_t (*_Nonnull hook)(int32_t step));
/* The same until the thread's end, as far as that is anybody's but the system's. */
int32_t cprobe_steps_to_the_end(int32_t (*_Nonnull hook)(int32_t step));
/* Ends that before the hook does. */
void cprobe_steps_end(void);

/* Whether a thread of this process is asleep, by what cprobe_thread() gave it. */
int32_t cprobe_thread(void);
int32_t cprobe_sleeps(int32_t thread);

/* How many mappings this process has. */
int32_t cprobe_mappings(void);
/* How many threads of this process are keepers. */
int32_t cprobe_keepers(void);
/* Whether this program was built with the thread sanitizer, whose children cannot start threads. */
int32_t cprobe_thread_sanitizer(void);
#endif
