/* Processes that come of one which has the library open: by fork while its keeper is busy, by a raw
 * clone, by exec; and 64 of them at once. */
#include "left.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/syscall.h>

enum { PROCESSES = 64 };

static char store[PATH_BYTES];
static const char *myself;
static turnout_engine *engine;
static unsigned published;

static unsigned resolve_number(const turnout_engine *with) {
  char buffer[TURNOUT_DECISION_BYTES];
  turnout_request request = request_for("Gamma", "u");
  request.flags = TURNOUT_WANT_CONFIG;
  turnout_decision decision = TURNOUT_DECISION_INIT;
  CHECK_STATUS(turnout_resolve(with, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
  CHECK_INT(decision.revision, whole_number(&decision));
  return whole_number(&decision);
}

static void resolve_until(const turnout_engine *with, unsigned number) {
  double end = seconds_now() + 60;
  while (resolve_number(with) < number && seconds_now() < end)
    usleep(500);
  CHECK(resolve_number(with) >= number);
}

static void expect_good_end(pid_t child) {
  int status = -1;
  CHECK_INT(waitpid(child, &status, 0), child);
  CHECK_INT(status, 0);
}

/* Ends a child, whose standard output is its parent's. */
static void child_ends(void) { _exit(atomic_load(&checks_failed) == 0 ? 0 : 1); }

/* ---- fork while the keeper adopts ------------------------------------------------------------ */

static atomic_bool stop;

static void *change_the_overlay(void *unused) {
  (void)unused;
  static const turnout_text none;
  for (int i = 0; !atomic_load(&stop); i++) {
    turnout_overlay_entry entry = {TURNOUT_USE_CASE, i % 2 ? TURNOUT_ON : TURNOUT_OFF,
                                   text("Alpha"), 0};
    CHECK_STATUS(turnout_overlay_set(store, &entry, 1, none, none, NULL), TURNOUT_OK);
  }
  return NULL;
}

/* `kind` 0: with the engine of the parent; 1: with one of its own; 2: with both. */
static void live(int kind) {
  turnout_engine *own = kind != 0 ? open_engine(store) : NULL;
  for (int i = 0; i < 50; i++) {
    if (kind != 1)
      resolve_number(engine);
    if (own)
      resolve_number(own);
  }
  if (own)
    CHECK_STATUS(turnout_engine_close(own), TURNOUT_OK);
  if (kind == 2)
    CHECK(resolve_number(engine) > 0);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

static void a_fork_in_the_middle_of_an_adoption_harms_nobody(void) {
  pthread_t changer;
  atomic_store(&stop, false);
  CHECK_INT(pthread_create(&changer, NULL, change_the_overlay, NULL), 0);
  for (int i = 0; i < 60; i++) {
    pid_t child = fork();
    if (child == 0) {
      live(i % 3);
      child_ends();
    }
    resolve_number(engine);
    expect_good_end(child);
  }
  atomic_store(&stop, true);
  CHECK_INT(pthread_join(changer, NULL), 0);
}

/* ---- Without what fork() does beside ----------------------------------------------------------
 */

/* No handler of pthread_atfork() runs; the thread still points at the line of its parent. */
static void a_raw_clone_starts_over_too(void) {
  for (int i = 0; i < 20; i++) {
    resolve_number(engine);
    pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
    if (child == 0) {
      live(i % 3);
      child_ends();
    }
    expect_good_end(child);
  }
  publish_number(store, ++published);
  resolve_until(engine, published);
}

/* ---- exec ------------------------------------------------------------------------------------ */

static int exec_reader(unsigned number) {
  char until[16];
  snprintf(until, sizeof until, "%u", number);
  return execl(myself, myself, "read", store, until, (char *)NULL);
}

static void a_child_may_exec_before_or_after_it_resolves(void) {
  for (int i = 0; i < 6; i++) {
    pid_t child = fork();
    if (child == 0) {
      if (i % 2)
        resolve_number(engine);
      exec_reader(published);
      _exit(1);
    }
    expect_good_end(child);
  }
  /* The system's own: it shares memory with its parent until exec. */
  char *const arguments[] = {(char *)myself, "read", store, "1", NULL};
  pid_t child = 0;
  CHECK_INT(posix_spawn(&child, myself, NULL, NULL, arguments, environ), 0);
  expect_good_end(child);
  resolve_number(engine);
}

/* ---- Many ------------------------------------------------------------------------------------ */

/* Half of them are forked, half are programs of their own; all follow three publishes. */
static void processes_by_the_dozen_follow_every_publish(void) {
  pid_t children[PROCESSES];
  for (int i = 0; i < PROCESSES; i++) {
    children[i] = fork();
    if (children[i] == 0) {
      if (i % 2)
        exec_reader(published + 3);
      resolve_until(engine, published + 3);
      child_ends();
    }
  }
  for (int i = 0; i < 3; i++)
    publish_number(store, ++published);
  for (int i = 0; i < PROCESSES; i++)
    expect_good_end(children[i]);
  resolve_until(engine, published);
}

static int read_until(const char *directory, unsigned number) {
  turnout_engine *own = open_engine(directory);
  resolve_until(own, number);
  CHECK_STATUS(turnout_engine_close(own), TURNOUT_OK);
  return atomic_load(&checks_failed) == 0 ? 0 : 1;
}

int main(int count, char **words) {
  if (count == 4 && strcmp(words[1], "read") == 0)
    return read_until(words[2], (unsigned)strtoul(words[3], NULL, 10));
  myself = words[0];
  path_below_work(store, "processes");
  publish_number(store, ++published);
  engine = open_engine(store);
  RUN(a_fork_in_the_middle_of_an_adoption_harms_nobody);
  RUN(a_raw_clone_starts_over_too);
  RUN(a_child_may_exec_before_or_after_it_resolves);
  RUN(processes_by_the_dozen_follow_every_publish);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  return claims_end();
}
