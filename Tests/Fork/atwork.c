/* A fork meets the keeper at rest: what a thread that the child has not holds would be held there
 * for ever, the Swift runtime's locks above all. And it does not wait for one that hangs. */
#include "left.h"

#include <pthread.h>
#include <stdbool.h>
#include <sys/syscall.h>

static char store[PATH_BYTES];
static turnout_engine *engine;
/* How long each look of a keeper's at a file takes. */
static atomic_int slowness_ms;
static atomic_bool is_reading;

static bool is_keeper(void) {
  char name[16] = "";
  pthread_getname_np(pthread_self(), name, sizeof name);
  return strcmp(name, "turnout-keeper") == 0;
}

/* The library's, too: the linker takes a program's own before libc's. */
ssize_t pread(int file, void *bytes, size_t count, off_t from) {
  int slowness = atomic_load(&slowness_ms);
  bool is_slow = slowness > 0 && is_keeper();
  if (is_slow) {
    atomic_store(&is_reading, true);
    usleep((useconds_t)slowness * 1000);
  }
  ssize_t read = syscall(SYS_pread64, file, bytes, count, from);
  if (is_slow)
    atomic_store(&is_reading, false);
  return read;
}

static void *change_the_overlay(void *unused) {
  (void)unused;
  static const turnout_text none;
  turnout_overlay_entry entry = {TURNOUT_USE_CASE, TURNOUT_OFF, text("Alpha"), 0};
  CHECK_STATUS(turnout_overlay_set(store, &entry, 1, none, none, NULL), TURNOUT_OK);
  return NULL;
}

/* Forks while the keeper reads; the child says whether it was reading still. */
static int fork_while_it_reads(int slowness) {
  double end = seconds_now() + 60;
  atomic_store(&slowness_ms, slowness);
  while (!atomic_load(&is_reading) && seconds_now() < end)
    usleep(100);
  CHECK(atomic_load(&is_reading));
  pid_t child = fork();
  if (child == 0)
    _exit(atomic_load(&is_reading) ? 3 : 0);
  int status = -1;
  CHECK_INT(waitpid(child, &status, 0), child);
  CHECK(WIFEXITED(status));
  return WEXITSTATUS(status);
}

static void a_fork_meets_the_keeper_at_rest(void) {
  for (int i = 0; i < 6; i++)
    CHECK_INT(fork_while_it_reads(20), 0);
  atomic_store(&slowness_ms, 0);
}

static void a_fork_does_not_wait_for_a_keeper_that_hangs(void) {
  CHECK_INT(fork_while_it_reads(5000), 3);
  atomic_store(&slowness_ms, 0);
}

/* Nobody who forks has the keeper wait for ever, and it follows afterwards. */
static void the_keeper_goes_on_after_it(void) {
  pthread_t changer;
  CHECK_INT(pthread_create(&changer, NULL, change_the_overlay, NULL), 0);
  CHECK_INT(pthread_join(changer, NULL), 0);
  char buffer[TURNOUT_DECISION_BYTES];
  turnout_request request = request_for("Alpha", "u");
  turnout_decision decision = TURNOUT_DECISION_INIT;
  double end = seconds_now() + 60;
  while (turnout_resolve(engine, &request, buffer, sizeof buffer, &decision) != TURNOUT_DISABLED &&
         seconds_now() < end)
    usleep(1000);
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision),
               TURNOUT_DISABLED);
}

int main(void) {
  path_below_work(store, "atwork");
  publish_number(store, 1);
  engine = open_engine(store);
  RUN(a_fork_meets_the_keeper_at_rest);
  RUN(a_fork_does_not_wait_for_a_keeper_that_hangs);
  RUN(the_keeper_goes_on_after_it);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  return claims_end();
}
