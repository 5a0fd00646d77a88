/* The ends of threads, engines and the process: destructors that resolve, thousands that come and
 * go, and what is left of them. */
#include "left.h"

#include <pthread.h>

enum { THREADS = 10000, AT_ONCE = 20, OPENS = 10000, DESTRUCTIONS = 4 };

static char store[PATH_BYTES];
static turnout_engine *engine;
static pthread_key_t early, late;
static atomic_uint destroyed;

static void resolve_once(const turnout_engine *with) {
  char buffer[TURNOUT_DECISION_BYTES];
  turnout_request request = request_for("Gamma", "u");
  turnout_decision decision = TURNOUT_DECISION_INIT;
  CHECK_STATUS(turnout_resolve(with, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
  CHECK_INT(whole_number(&decision), 1);
}

static void *resolves(void *unused) {
  (void)unused;
  resolve_once(engine);
  return NULL;
}

static void come_and_go(int total, void *(*life)(void *)) {
  for (int done = 0; done < total; done += AT_ONCE) {
    pthread_t crew[AT_ONCE];
    for (int i = 0; i < AT_ONCE; i++)
      CHECK_INT(pthread_create(&crew[i], NULL, life, NULL), 0);
    for (int i = 0; i < AT_ONCE; i++)
      CHECK_INT(pthread_join(crew[i], NULL), 0);
  }
}

/* 256 lines are a mapping: 10,000 threads that each kept one would show as 39. */
static void ten_thousand_threads_leave_nothing(void) {
  come_and_go(AT_ONCE * 4, resolves);
  left before = what_is_left();
  come_and_go(THREADS, resolves);
  expect_no_more("10,000 threads", before, 8, 4000000);
}

/* A destructor runs again as long as somebody sets a value, up to four times. Each of them
 * resolves, so that the thread claims a line after it has given back the one before. */
static void resolve_in_destructor(void *value) {
  resolve_once(engine);
  atomic_fetch_add(&destroyed, 1);
  uintptr_t left_to_do = (uintptr_t)value - 1;
  if (left_to_do)
    pthread_setspecific(left_to_do % 2 ? early : late, (void *)left_to_do);
}

static void *resolves_until_its_end(void *unused) {
  (void)unused;
  pthread_setspecific(early, (void *)2);
  pthread_setspecific(late, (void *)1);
  resolve_once(engine);
  return NULL;
}

static void destructors_of_threads_may_resolve(void) {
  CHECK_INT(pthread_key_create(&late, resolve_in_destructor), 0);
  come_and_go(AT_ONCE * 4, resolves_until_its_end);
  left before = what_is_left();
  unsigned destroyed_before = atomic_load(&destroyed);
  come_and_go(2000, resolves_until_its_end);
  CHECK(atomic_load(&destroyed) - destroyed_before >= 2000 * 2);
  expect_no_more("2,000 threads that resolve in destructors", before, 8, 4000000);
}

/* Every fourth with no other engine open, so that the keeper begins and ends with it. */
static void ten_thousand_opens_leave_nothing(void) {
  left before = {0, 0, 0, 0};
  for (int i = -100; i < OPENS; i++) {
    if (i == 0)
      before = what_is_left();
    int alone = i % 4 == 0;
    if (alone)
      CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
    turnout_engine *own = open_engine(store);
    resolve_once(own);
    CHECK_STATUS(turnout_engine_close(own), TURNOUT_OK);
    if (alone)
      engine = open_engine(store);
  }
  expect_no_more("10,000 opens", before, 4, 4000000);
}

static void *resolves_for_ever(void *unused) {
  while (engine)
    resolves(unused);
  return NULL;
}

static void resolve_at_exit(void) {
  resolve_once(engine);
  if (atomic_load(&checks_failed) != 0)
    _exit(1);
}

/* exit() runs handlers while other threads go on; then it ends them wherever they are. */
static void a_process_may_exit_while_threads_resolve(void) {
  for (int i = 0; i < 10; i++) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
      pthread_t crew[4];
      for (int j = 0; j < 4; j++)
        pthread_create(&crew[j], NULL, resolves_for_ever, NULL);
      resolve_once(engine);
      atexit(resolve_at_exit);
      exit(0);
    }
    int status = -1;
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK_INT(status, 0);
  }
}

int main(void) {
  /* Made before the first resolve as after it: destructors run in the order of keys. */
  if (pthread_key_create(&early, resolve_in_destructor) != 0)
    give_up("no key", "");
  path_below_work(store, "ends");
  publish_number(store, 1);
  engine = open_engine(store);
  RUN(ten_thousand_threads_leave_nothing);
  RUN(destructors_of_threads_may_resolve);
  RUN(ten_thousand_opens_leave_nothing);
  RUN(a_process_may_exit_while_threads_resolve);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  return claims_end();
}
