#define _GNU_SOURCE
#include "CProbe.h"

#include <dirent.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
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

/* What the calling thread does not use of a system call's six arguments, for the one call that is
 * made as if nobody looked. */
enum { UNSEEN = 0x7000 };

static int32_t filter(int32_t call, int32_t argument, uint32_t value, uint32_t answer) {
  static const int numbers[] = {-1, SYS_mmap, SYS_madvise, SYS_clone3};
  size_t arguments = offsetof(struct seccomp_data, args);
  uint32_t place = (uint32_t)(arguments + (size_t)argument * sizeof(uint64_t));
  uint32_t last = (uint32_t)(arguments + 5 * sizeof(uint64_t));
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)numbers[call], 0, 5),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, last),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, UNSEEN, 3, 0),
      /* The lower half of the argument: none of these calls is told more. */
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, place),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, answer),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  if (value == CPROBE_ANY)
    filter[5] = (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, 0);
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
    return errno;
  return 0;
}

int32_t cprobe_refuse(int32_t call, int32_t argument, uint32_t value, int32_t error) {
  return filter(call, argument, value, SECCOMP_RET_ERRNO | (uint32_t)error);
}

static _Thread_local void (*call_hook)(void);

/* The call that was stopped, after the hook; in the hook, at once. */
static void on_call(int number, siginfo_t *information, void *context) {
  (void)number;
  greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
  void (*hook)(void) = call_hook;
  if (hook) {
    call_hook = NULL;
    hook();
    call_hook = hook;
  }
  long result = syscall(information->si_syscall, registers[REG_RDI], registers[REG_RSI],
                        registers[REG_RDX], registers[REG_R10], registers[REG_R8], UNSEEN);
  registers[REG_RAX] = result == -1 ? -errno : result;
}

int32_t cprobe_before(int32_t call, int32_t argument, uint32_t value, void (*hook)(void)) {
  call_hook = hook;
  struct sigaction action = {.sa_sigaction = on_call, .sa_flags = SA_SIGINFO | SA_NODEFER};
  sigaction(SIGSYS, &action, NULL);
  return filter(call, argument, value, SECCOMP_RET_TRAP);
}

#ifdef __x86_64__
static _Thread_local int32_t (*step_hook)(int32_t);
static _Thread_local int32_t step_count;
/* Of the flags: the processor stops after the next instruction. */
static const unsigned long long trap_flag = 0x100;

static void on_step(int number, siginfo_t *information, void *context) {
  (void)number;
  (void)information;
  greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
  if (!step_hook || step_hook(step_count++) == 0)
    registers[REG_EFL] = (greg_t)((unsigned long long)registers[REG_EFL] & ~trap_flag);
}

int32_t cprobe_steps(int32_t (*hook)(int32_t)) {
  struct sigaction action = {.sa_sigaction = on_step, .sa_flags = SA_SIGINFO};
  sigaction(SIGTRAP, &action, NULL);
  step_count = 0;
  step_hook = hook;
  __asm__ volatile("pushfq; orq $0x100, (%%rsp); popfq" ::: "cc", "memory");
  return 0;
}

void cprobe_steps_end(void) {
  step_hook = NULL;
  __asm__ volatile("nop");
}
#else
int32_t cprobe_steps(int32_t (*hook)(int32_t)) {
  (void)hook;
  return -1;
}

void cprobe_steps_end(void) {}
#endif

static pthread_key_t steps_key;
static pthread_once_t steps_once = PTHREAD_ONCE_INIT;

static void steps_are_over(void *unused) {
  (void)unused;
  cprobe_steps_end();
}

/* Destructors run in the order of their keys: this one after those of what was loaded before. */
static void make_key(void) { pthread_key_create(&steps_key, steps_are_over); }

int32_t cprobe_steps_to_the_end(int32_t (*hook)(int32_t)) {
  pthread_once(&steps_once, make_key);
  pthread_setspecific(steps_key, &steps_key);
  return cprobe_steps(hook);
}

int32_t cprobe_thread(void) { return (int32_t)syscall(SYS_gettid); }

int32_t cprobe_sleeps(int32_t thread) {
  char path[64], line[256] = "";
  snprintf(path, sizeof path, "/proc/self/task/%d/stat", thread);
  FILE *file = fopen(path, "r");
  if (!file)
    return 0;
  size_t size = fread(line, 1, sizeof line - 1, file);
  fclose(file);
  /* The state comes after the name, which stands in brackets. */
  char *end = size ? strrchr(line, ')') : NULL;
  return end && end[1] == ' ' && end[2] == 'S';
}

int32_t cprobe_mappings(void) {
  FILE *maps = fopen("/proc/self/maps", "r");
  int32_t count = 0;
  for (int byte = maps ? fgetc(maps) : EOF; byte != EOF; byte = fgetc(maps))
    count += byte == '\n';
  if (maps)
    fclose(maps);
  return count;
}

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
