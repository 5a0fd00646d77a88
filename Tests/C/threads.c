/* Threads that resolve with no set-up while tables are published: every decision is whole. */
#include "stores.h"

#include <pthread.h>
#include <stdbool.h>

enum { THREADS = 8, PUBLISHES = 12 };

static char store[PATH_BYTES];
static turnout_engine *engine;
static atomic_bool stop;
static atomic_uint_least64_t decisions_seen;

static void expect_whole(const turnout_decision *decision) {
  CHECK_STATUS(decision->status, TURNOUT_OK);
  unsigned number = whole_number(decision);
  CHECK(number != 0);
  CHECK_INT(decision->revision, number);
}

/* One of: single resolves, batches, views. */
static void *resolve_until_stopped(void *argument) {
  int kind = (int)(intptr_t)argument % 3;
  uint64_t seen = 0, latest = 0;
  char buffer[TURNOUT_DECISION_BYTES];
  static const char *const names[] = {"Alpha", "Beta", "Gamma"};
  while (!atomic_load(&stop)) {
    turnout_request request = request_for(names[seen % 3], "u");
    request.flags = seen & 1 ? TURNOUT_WANT_CONFIG : 0;
    turnout_decision decisions[3] = {TURNOUT_DECISION_INIT, TURNOUT_DECISION_INIT,
                                     TURNOUT_DECISION_INIT};
    if (kind == 0) {
      turnout_resolve(engine, &request, buffer, sizeof buffer, decisions);
      expect_whole(decisions);
      /* A rollback is a new head, so a revision may fall; no test publishes one here. */
      CHECK(decisions->revision >= latest);
      latest = decisions->revision;
    } else if (kind == 1) {
      turnout_name use_cases[] = {name("Alpha"), name("Beta"), name("Gamma")};
      turnout_resolve_use_cases(engine, &request, use_cases, 3, buffer, sizeof buffer, decisions,
                                sizeof *decisions, NULL);
      for (int i = 0; i < 3; i++) {
        expect_whole(&decisions[i]);
        CHECK_INT(decisions[i].revision, decisions[0].revision);
      }
    } else {
      turnout_view *view = NULL;
      CHECK_STATUS(turnout_view_open(engine, NULL, &view), TURNOUT_OK);
      for (int i = 0; i < 3; i++) {
        turnout_view_resolve(view, &request, buffer, sizeof buffer, &decisions[0]);
        expect_whole(&decisions[0]);
        CHECK_INT(decisions[0].revision, turnout_view_revision(view));
      }
      CHECK_STATUS(turnout_view_close(view), TURNOUT_OK);
    }
    seen++;
  }
  atomic_fetch_add(&decisions_seen, seen);
  return NULL;
}

static void every_decision_is_whole_while_tables_are_published(void) {
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++)
    CHECK_INT(pthread_create(&threads[i], NULL, resolve_until_stopped, (void *)(intptr_t)i), 0);
  unsigned first = (unsigned)revision_served(engine);
  for (unsigned number = first + 1; number <= first + PUBLISHES; number++)
    publish_number(store, number);
  wait_for_revision(engine, first + PUBLISHES);
  atomic_store(&stop, true);
  for (int i = 0; i < THREADS; i++)
    CHECK_INT(pthread_join(threads[i], NULL), 0);
  printf("%d threads, %d publishes, %" PRIu64 " rounds of resolves\n", THREADS, PUBLISHES,
         (uint64_t)atomic_load(&decisions_seen));
  turnout_engine_info info = TURNOUT_ENGINE_INFO_INIT;
  CHECK_STATUS(turnout_engine_status(engine, &info, NULL), TURNOUT_OK);
  CHECK_INT(info.views_open, 0);
  CHECK(info.resolves >= (uint64_t)atomic_load(&decisions_seen));
}

static void *resolve_once(void *unused) {
  (void)unused;
  char buffer[TURNOUT_DECISION_BYTES];
  turnout_request request = request_for("Beta", "u");
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_resolve(engine, &request, buffer, sizeof buffer, &decision);
  expect_whole(&decision);
  return NULL;
}

static void threads_may_come_and_go(void) {
  for (int round = 0; round < 100; round++) {
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
      CHECK_INT(pthread_create(&threads[i], NULL, resolve_once, NULL), 0);
    for (int i = 0; i < THREADS; i++)
      CHECK_INT(pthread_join(threads[i], NULL), 0);
  }
}

static void *open_and_close(void *unused) {
  (void)unused;
  for (int i = 0; i < 100; i++) {
    turnout_engine *own = NULL;
    turnout_view *view = NULL;
    CHECK_STATUS(turnout_engine_open(store, NULL, NULL, &own), TURNOUT_OK);
    CHECK_STATUS(turnout_view_open(own, NULL, &view), TURNOUT_OK);
    resolve_once(NULL);
    CHECK_STATUS(turnout_engine_close(own), TURNOUT_OK);
    CHECK(turnout_view_revision(view) > 0);
    CHECK_STATUS(turnout_view_close(view), TURNOUT_OK);
  }
  return NULL;
}

static void engines_open_and_close_in_many_threads(void) {
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++)
    CHECK_INT(pthread_create(&threads[i], NULL, open_and_close, NULL), 0);
  for (int i = 0; i < THREADS; i++)
    CHECK_INT(pthread_join(threads[i], NULL), 0);
}

int main(void) {
  path_below_work(store, "threads");
  publish_number(store, 1);
  engine = open_engine(store);
  RUN(every_decision_is_whole_while_tables_are_published);
  RUN(threads_may_come_and_go);
  RUN(engines_open_and_close_in_many_threads);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  return claims_end();
}
