#ifndef CTHREAD_H
#define CTHREAD_H
#include "kernel.h"
// One thread-local pointer: the calling thread's line.
extern _Thread_local void *turnout_thread_line __attribute__((tls_model("initial-exec")));
static inline void *cthread_line(void) { return turnout_thread_line; }
static inline void cthread_set_line(void *line) { turnout_thread_line = line; }
#endif
