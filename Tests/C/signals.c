/* A resolve from a signal handler that interrupted a resolve is refused and harms nothing. */
#include "stores.h"

#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>

static turnout_engine *engine;
static volatile sig_atomic_t handled, refused, answered, other;

static void on_signal(int number) {
  (void)number;
  char buffer[TURNOUT_DECISION_BYTES];
  turnout_request request = request_for("Alpha", "u");
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_destination destination = TURNOUT_DESTINATION_INIT;
  turnout_status asked =
      turnout_engine_destination(engine, text("c1"), buffer, sizeof buffer, &destination);
  switch (turnout_resolve(engine, &request, buffer, sizeof buffer, &decision)) {
  case TURNOUT_REENTRANT:
    refused++;
    if (decision.status != TURNOUT_REENTRANT || !says_nothing(&decision) ||
        asked != TURNOUT_REENTRANT || destination.address.data)
      other++;
    break;
  case TURNOUT_OK:
    answered++;
    break;
  default:
    other++;
  }
  handled++;
}

static void a_resolve_inside_a_resolve_is_refused(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  sigaction(SIGPROF, &action, NULL);
  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = SIGPROF;
  event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
  timer_t timer;
  CHECK_INT(timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer), 0);
  struct itimerspec often = {{0, 100000}, {0, 100000}};
  CHECK_INT(timer_settime(timer, 0, &often, NULL), 0);
  /* A batch spends nearly all of its time inside. */
  static turnout_text units[1000];
  static turnout_decision decisions[1000];
  static char buffer[1000 * 64];
  for (int i = 0; i < 1000; i++)
    units[i] = text("u");
  double end = seconds_now() + 20;
  uint64_t batches = 0;
  while ((refused < 20 || batches < 200) && seconds_now() < end) {
    for (int i = 0; i < 1000; i++)
      decisions[i] = empty_decision();
    turnout_request request = request_for("Alpha", NULL);
    size_t resolved = 0;
    CHECK_STATUS(turnout_resolve_units(engine, &request, units, 1000, buffer, sizeof buffer,
                                       decisions, sizeof *decisions, &resolved),
                 TURNOUT_OK);
    CHECK_INT(resolved, 1000);
    CHECK_INT(whole_number(&decisions[999]), 1);
    batches++;
  }
  timer_delete(timer);
  printf("%d signals during %" PRIu64 " batches: %d refused, %d answered\n", (int)handled, batches,
         (int)refused, (int)answered);
  CHECK(refused >= 20);
  CHECK_INT(other, 0);
}

int main(void) {
  char store[PATH_BYTES];
  path_below_work(store, "signals");
  publish_number(store, 1);
  engine = open_engine(store);
  RUN(a_resolve_inside_a_resolve_is_refused);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  return claims_end();
}
