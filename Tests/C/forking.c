/* fork(): children go on with the engine that their parent opened, each with its own keeper. */
#include "stores.h"

enum { CHILDREN = 8 };

static char store[PATH_BYTES];
static turnout_engine *engine;
static char buffer[TURNOUT_DECISION_BYTES];

static unsigned resolve_number(const turnout_engine *with) {
  turnout_request request = request_for("Gamma", "u");
  request.flags = TURNOUT_WANT_CONFIG;
  turnout_decision decision = TURNOUT_DECISION_INIT;
  CHECK_STATUS(turnout_resolve(with, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
  unsigned number = whole_number(&decision);
  CHECK_INT(decision.revision, number);
  return number;
}

/* What a child found wrong is its exit status. */
static pid_t start_child(void (*body)(void *), void *argument) {
  fflush(stdout);
  pid_t child = fork();
  if (child != 0)
    return child;
  atomic_store(&checks_failed, 0);
  body(argument);
  fflush(stdout);
  _exit(atomic_load(&checks_failed) == 0 ? 0 : 1);
}

static void expect_good_end(pid_t child) {
  int status = -1;
  CHECK_INT(waitpid(child, &status, 0), child);
  CHECK_INT(status, 0);
}

/* Tells over one pipe what it resolves, and again whenever it is asked over another. */
typedef struct talk {
  int ask[2], answer[2];
} talk;

static void answer_until_closed(void *argument) {
  const talk *pipes = argument;
  unsigned wanted;
  close(pipes->ask[1]);
  /* The first answer is of the table that was published before, or after, the fork. */
  while (read(pipes->ask[0], &wanted, sizeof wanted) == (ssize_t)sizeof wanted) {
    double end = seconds_now() + 20;
    unsigned number = resolve_number(engine);
    while (number != wanted && seconds_now() < end) {
      usleep(500);
      number = resolve_number(engine);
    }
    CHECK_INT(write(pipes->answer[1], &number, sizeof number), sizeof number);
  }
}

static void children_resolve_and_see_later_publishes(void) {
  static talk pipes[CHILDREN];
  pid_t children[CHILDREN];
  unsigned number = resolve_number(engine);
  publish_number(store, ++number);
  for (int i = 0; i < CHILDREN; i++) {
    CHECK(pipe(pipes[i].ask) == 0 && pipe(pipes[i].answer) == 0);
    fcntl(pipes[i].ask[1], F_SETFD, FD_CLOEXEC);
    children[i] = start_child(answer_until_closed, &pipes[i]);
    close(pipes[i].ask[0]);
  }
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < CHILDREN; i++)
      CHECK_INT(write(pipes[i].ask[1], &number, sizeof number), sizeof number);
    for (int i = 0; i < CHILDREN; i++) {
      unsigned answer = 0;
      CHECK_INT(read(pipes[i].answer[0], &answer, sizeof answer), sizeof answer);
      CHECK_INT(answer, number);
    }
    wait_for_revision(engine, number);
    CHECK_INT(resolve_number(engine), number);
    publish_number(store, ++number);
  }
  /* Later children hold the writing ends of the earlier ones' pipes, so they end in this order. */
  for (int i = CHILDREN - 1; i >= 0; i--) {
    close(pipes[i].ask[1]);
    close(pipes[i].answer[0]);
    close(pipes[i].answer[1]);
    expect_good_end(children[i]);
  }
  wait_for_revision(engine, number);
  CHECK_INT(resolve_number(engine), number);
}

static void close_all_and_open_again(void *argument) {
  turnout_view *view = argument;
  turnout_request request = request_for("Gamma", "u");
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_status status = turnout_view_resolve(view, &request, buffer, sizeof buffer, &decision);
  CHECK_STATUS(status, TURNOUT_CLOSED);
  turnout_view_close(view);
  resolve_number(engine);
  turnout_view *own = NULL;
  CHECK_STATUS(turnout_view_open(engine, NULL, &own), TURNOUT_OK);
  CHECK_STATUS(turnout_view_close(own), TURNOUT_OK);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  turnout_engine *again = open_engine(store);
  resolve_number(again);
  CHECK_STATUS(turnout_engine_close(again), TURNOUT_OK);
}

static void what_a_child_closes_stays_open_in_the_parent(void) {
  turnout_view *view = NULL;
  CHECK_STATUS(turnout_view_open(engine, NULL, &view), TURNOUT_OK);
  for (int i = 0; i < 4; i++)
    expect_good_end(start_child(close_all_and_open_again, view));
  turnout_request request = request_for("Gamma", "u");
  turnout_decision decision = TURNOUT_DECISION_INIT;
  CHECK_STATUS(turnout_view_resolve(view, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
  CHECK_STATUS(turnout_view_close(view), TURNOUT_OK);
  unsigned number = resolve_number(engine) + 1;
  publish_number(store, number);
  wait_for_revision(engine, number);
}

static void resolve_some(void *unused) {
  (void)unused;
  for (int i = 0; i < 1000; i++)
    resolve_number(engine);
}

static void a_grandchild(void *unused) {
  (void)unused;
  resolve_some(NULL);
  expect_good_end(start_child(resolve_some, NULL));
  resolve_some(NULL);
}

static void a_child_may_fork_again(void) {
  expect_good_end(start_child(a_grandchild, NULL));
  resolve_some(NULL);
}

static void end_at_once(void *unused) { (void)unused; }

static void a_child_that_never_resolves_disturbs_nobody(void) {
  for (int i = 0; i < 20; i++) {
    expect_good_end(start_child(end_at_once, NULL));
    resolve_number(engine);
  }
  unsigned number = resolve_number(engine) + 1;
  publish_number(store, number);
  wait_for_revision(engine, number);
}

int main(void) {
  path_below_work(store, "forking");
  publish_number(store, 1);
  engine = open_engine(store);
  RUN(children_resolve_and_see_later_publishes);
  RUN(what_a_child_closes_stays_open_in_the_parent);
  RUN(a_child_may_fork_again);
  RUN(a_child_that_never_resolves_disturbs_nobody);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  return claims_end();
}
