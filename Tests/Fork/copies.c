/* The library by dlopen(): opened and closed again and again, by threads that end later, and two
 * copies of it in one process on one store, across a fork. Not linked to it. */
#include "left.h"

#include <dlfcn.h>
#include <pthread.h>

enum { CYCLES = 200 };

static char store[PATH_BYTES];

/* What a host looks up. */
typedef struct copy {
  void *library;
  turnout_status (*open)(const char *, const turnout_open_options *, turnout_error *,
                         turnout_engine **);
  turnout_status (*close)(turnout_engine *);
  turnout_status (*refresh)(const turnout_engine *, turnout_error *);
  turnout_status (*resolve)(const turnout_engine *, const turnout_request *, void *, size_t,
                            turnout_decision *);
  turnout_engine *engine;
} copy;

/* POSIX has functions' addresses fit into a pointer; C does not. */
static void look_up(copy *from, const char *symbol, void *function) {
  void *found = dlsym(from->library, symbol);
  if (!found)
    give_up("no symbol", symbol);
  memcpy(function, (const void *)&found, sizeof found);
}

static copy load(const char *path) {
  copy loaded = {0};
  /* The path is this test's own setting. NOLINTNEXTLINE(clang-analyzer-optin.taint.GenericTaint) */
  loaded.library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!loaded.library)
    give_up("cannot load", dlerror());
  look_up(&loaded, "turnout_engine_open", (void *)&loaded.open);
  look_up(&loaded, "turnout_engine_close", (void *)&loaded.close);
  look_up(&loaded, "turnout_engine_refresh", (void *)&loaded.refresh);
  look_up(&loaded, "turnout_resolve", (void *)&loaded.resolve);
  return loaded;
}

static unsigned resolve_number(const copy *with) {
  char buffer[TURNOUT_DECISION_BYTES];
  turnout_request request = request_for("Gamma", "u");
  turnout_decision decision = TURNOUT_DECISION_INIT;
  CHECK_INT(with->resolve(with->engine, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
  return whole_number(&decision);
}

static void open_store(copy *with) {
  CHECK_INT(with->open(store, NULL, NULL, &with->engine), TURNOUT_OK);
}

/* A thread that resolves, and ends after the library was closed. */
typedef struct guest {
  const copy *with;
  pthread_barrier_t resolved, closed;
} guest;

static void *resolve_and_outlive(void *argument) {
  guest *self = argument;
  resolve_number(self->with);
  pthread_barrier_wait(&self->resolved);
  pthread_barrier_wait(&self->closed);
  return NULL;
}

static void one_cycle(void) {
  copy loaded = load(setting("TURNOUT_LIBRARY"));
  open_store(&loaded);
  guest self = {.with = &loaded};
  pthread_barrier_init(&self.resolved, NULL, 2);
  pthread_barrier_init(&self.closed, NULL, 2);
  pthread_t thread;
  CHECK_INT(pthread_create(&thread, NULL, resolve_and_outlive, &self), 0);
  pthread_barrier_wait(&self.resolved);
  CHECK_INT(loaded.close(loaded.engine), TURNOUT_OK);
  CHECK_INT(dlclose(loaded.library), 0);
  pthread_barrier_wait(&self.closed);
  CHECK_INT(pthread_join(thread, NULL), 0);
  pthread_barrier_destroy(&self.resolved);
  pthread_barrier_destroy(&self.closed);
}

/* dlclose() leaves it in place, so that the end of a thread finds the code that it needs. */
static void dlopen_and_dlclose_leave_nothing(void) {
  for (int i = 0; i < 10; i++)
    one_cycle();
  left before = what_is_left();
  for (int i = 0; i < CYCLES; i++)
    one_cycle();
  expect_no_more("200 dlopen and dlclose", before, 4, 2000000);
}

static copy one, other;

static void expect_both(unsigned number) {
  double end = seconds_now() + 20;
  while ((resolve_number(&one) != number || resolve_number(&other) != number) &&
         seconds_now() < end)
    usleep(500);
  CHECK_INT(resolve_number(&one), number);
  CHECK_INT(resolve_number(&other), number);
}

static void *resolve_with_both(void *unused) {
  (void)unused;
  for (int i = 0; i < 1000; i++) {
    CHECK(resolve_number(&one) > 0);
    CHECK(resolve_number(&other) > 0);
  }
  return NULL;
}

static void resolve_in_a_crew(void) {
  pthread_t crew[8];
  for (int i = 0; i < 8; i++)
    CHECK_INT(pthread_create(&crew[i], NULL, resolve_with_both, NULL), 0);
  for (int i = 0; i < 8; i++)
    CHECK_INT(pthread_join(crew[i], NULL), 0);
}

/* Without one of its own the library is not told of a thread's end, and gives no thread a line. */
static void a_host_that_has_used_up_its_keys_is_answered(void) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    pthread_key_t key;
    while (pthread_key_create(&key, NULL) == 0) {
    }
    one = load(setting("TURNOUT_LIBRARY"));
    open_store(&one);
    other = one;
    resolve_in_a_crew();
    CHECK_INT(one.refresh(one.engine, NULL), TURNOUT_OK);
    resolve_with_both(NULL);
    CHECK_INT(one.close(one.engine), TURNOUT_OK);
    _exit(atomic_load(&checks_failed) == 0 ? 0 : 1);
  }
  int status = -1;
  CHECK_INT(waitpid(child, &status, 0), child);
  CHECK_INT(status, 0);
}

/* Each has its own lines, its own keeper and its own key; neither knows of the other. */
static void two_copies_live_in_one_process(void) {
  one = load(setting("TURNOUT_LIBRARY"));
  other = load(setting("TURNOUT_LIBRARY_COPY"));
  CHECK(one.resolve != other.resolve);
  open_store(&one);
  open_store(&other);
  publish_number(store, 2);
  expect_both(2);
  pthread_t crew[8];
  for (int i = 0; i < 8; i++)
    CHECK_INT(pthread_create(&crew[i], NULL, resolve_with_both, NULL), 0);
  publish_number(store, 3);
  for (int i = 0; i < 8; i++)
    CHECK_INT(pthread_join(crew[i], NULL), 0);
  expect_both(3);
}

static void both_copies_survive_a_fork(void) {
  fflush(stdout);
  int go[2];
  CHECK_INT(pipe(go), 0);
  pid_t child = fork();
  if (child == 0) {
    char byte;
    resolve_with_both(NULL);
    CHECK_INT(read(go[0], &byte, 1), 1);
    expect_both(4);
    CHECK_INT(one.close(one.engine), TURNOUT_OK);
    CHECK_INT(resolve_number(&other), 4);
    _exit(atomic_load(&checks_failed) == 0 ? 0 : 1);
  }
  publish_number(store, 4);
  CHECK_INT(write(go[1], "g", 1), 1);
  int status = -1;
  CHECK_INT(waitpid(child, &status, 0), child);
  CHECK_INT(status, 0);
  expect_both(4);
  CHECK_INT(one.close(one.engine), TURNOUT_OK);
  CHECK_INT(resolve_number(&other), 4);
  CHECK_INT(other.close(other.engine), TURNOUT_OK);
}

int main(void) {
  path_below_work(store, "copies");
  publish_number(store, 1);
  /* First, while nothing of the library is in this process. */
  RUN(a_host_that_has_used_up_its_keys_is_answered);
  RUN(dlopen_and_dlclose_leave_nothing);
  RUN(two_copies_live_in_one_process);
  RUN(both_copies_survive_a_fork);
  return claims_end();
}
