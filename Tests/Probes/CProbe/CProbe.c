#define _GNU_SOURCE
#include "CProbe.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
int32_t cprobe_thread_sanitizer(void) { return 1; }
#else
int32_t cprobe_thread_sanitizer(void) { return 0; }
#endif
#else
int32_t cprobe_thread_sanitizer(void) { return 0; }
#endif

int32_t cprobe_fork(void) { return (int32_t)fork(); }

_Noreturn void cprobe_exit(int32_t code) { _exit(code); }

int32_t cprobe_ended(int32_t child) {
  int status = 0;
  if (waitpid(child, &status, WNOHANG) != child)
    return -1;
  return WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status);
}

void cprobe_kill(int32_t child) { kill(child, SIGKILL); }

static void (*signal_handler)(void);
static timer_t signal_timer;

static void on_signal(int number) {
  (void)number;
  signal_handler();
}

void cprobe_signals(void (*handler)(void), int32_t interval_us) {
  signal_handler = handler;
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  sigaction(SIGPROF, &action, NULL);
  struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGPROF};
  event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
  timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &signal_timer);
  struct itimerspec time = {{0, interval_us * 1000L}, {0, interval_us * 1000L}};
  timer_settime(signal_timer, 0, &time, NULL);
}

void cprobe_signals_stop(void) { timer_delete(signal_timer); }

int32_t cprobe_keepers(void) {
  int32_t count = 0;
  DIR *tasks = opendir("/proc/self/task");
  if (!tasks)
    return -1;
  for (struct dirent *task; (task = readdir(tasks));) {
    char path[300], line[64] = "";
    snprintf(path, sizeof path, "/proc/self/task/%s/comm", task->d_name);
    FILE *file = fopen(path, "r");
    if (!file)
      continue;
    if (fgets(line, sizeof line, file)) {
      char *end = strchr(line, '\n');
      if (end)
        *end = 0;
      count += strcmp(line, "turnout-keeper") == 0;
    }
    fclose(file);
  }
  closedir(tasks);
  return count;
}
