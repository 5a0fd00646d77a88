/* Everything at once, for as long as one likes: `soak SECONDS`. Threads resolve, in batches and
 * through views; threads, engines and children come and go; tables are published and the overlay is
 * changed all the while. Every decision must be whole, of a revision that was in force between the
 * call's begin and its end, and under one overlay. After each round nothing may be left behind. */
#include "../Fork/left.h"

#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>

enum { ROUND_SECONDS = 15, WARM_ROUNDS = 2, MAPPINGS_MORE = 24, BYTES_MORE = 24000000 };

static char store[PATH_BYTES];
static turnout_engine *engine;
static atomic_bool stop;
/* Revisions: what a writer has begun to publish, and what this process has been seen to serve. */
static atomic_uint begun, served;
static atomic_uint_least64_t decisions, views, threads, engines, children, overlays;
static const turnout_text no_text;

static turnout_overlay_entry entry(uint32_t state, const char *use_case) {
  turnout_overlay_entry entry = {TURNOUT_USE_CASE, state, text(use_case), 0};
  return entry;
}

/* Alpha is off and Beta is on, or the other way round: never both, whoever looks. */
static void set_overlay(bool alpha) {
  turnout_overlay_entry entries[] = {entry(alpha ? TURNOUT_ON : TURNOUT_OFF, "Alpha"),
                                     entry(alpha ? TURNOUT_OFF : TURNOUT_ON, "Beta")};
  turnout_error error = TURNOUT_ERROR_INIT;
  if (turnout_overlay_set(store, entries, 2, no_text, no_text, &error) != TURNOUT_OK) {
    printf("  %s\n", error.message);
    CHECK(!"the overlay is set");
  }
}

static void expect_in_force(const turnout_decision *decision, unsigned before) {
  unsigned number = whole_number(decision);
  CHECK(number != 0);
  CHECK_INT(decision->revision, number);
  CHECK(number >= before && number <= atomic_load(&begun));
}

static void resolve_gamma(const turnout_engine *with) {
  char buffer[TURNOUT_DECISION_BYTES];
  turnout_request request = request_for("Gamma", "u");
  request.flags = TURNOUT_WANT_CONFIG;
  turnout_decision decision = TURNOUT_DECISION_INIT;
  unsigned before = atomic_load(&served);
  CHECK_STATUS(turnout_resolve(with, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
  expect_in_force(&decision, before);
  atomic_fetch_add_explicit(&decisions, 1, memory_order_relaxed);
}

static void *resolve_singly(void *unused) {
  (void)unused;
  while (!atomic_load(&stop))
    resolve_gamma(engine);
  return NULL;
}

/* One revision and one overlay for a whole batch. */
static void *resolve_in_batches(void *unused) {
  (void)unused;
  char buffer[TURNOUT_DECISION_BYTES * 3];
  turnout_name use_cases[] = {name("Alpha"), name("Beta"), name("Gamma")};
  while (!atomic_load(&stop)) {
    turnout_request request = request_for("Gamma", "u");
    turnout_decision answers[3] = {TURNOUT_DECISION_INIT, TURNOUT_DECISION_INIT,
                                   TURNOUT_DECISION_INIT};
    unsigned before = atomic_load(&served);
    turnout_resolve_use_cases(engine, &request, use_cases, 3, buffer, sizeof buffer, answers,
                              sizeof *answers, NULL);
    expect_in_force(&answers[2], before);
    CHECK_INT(answers[0].revision, answers[2].revision);
    CHECK_INT(answers[1].revision, answers[2].revision);
    CHECK((answers[0].status == TURNOUT_OK) + (answers[1].status == TURNOUT_OK) == 1);
    CHECK((answers[0].status == TURNOUT_DISABLED) + (answers[1].status == TURNOUT_DISABLED) == 1);
    atomic_fetch_add_explicit(&decisions, 3, memory_order_relaxed);
  }
  return NULL;
}

static void *resolve_through_views(void *argument) {
  useconds_t held = (useconds_t)(intptr_t)argument;
  char buffer[TURNOUT_DECISION_BYTES];
  while (!atomic_load(&stop)) {
    turnout_view *view = NULL;
    unsigned before = atomic_load(&served);
    CHECK_STATUS(turnout_view_open(engine, NULL, &view), TURNOUT_OK);
    for (int i = 0; i < 8; i++) {
      turnout_request request = request_for("Gamma", "u");
      turnout_decision decision = TURNOUT_DECISION_INIT;
      CHECK_STATUS(turnout_view_resolve(view, &request, buffer, sizeof buffer, &decision),
                   TURNOUT_OK);
      expect_in_force(&decision, before);
      CHECK_INT(decision.revision, turnout_view_revision(view));
      if (held)
        usleep(held);
    }
    CHECK_STATUS(turnout_view_close(view), TURNOUT_OK);
    atomic_fetch_add_explicit(&views, 1, memory_order_relaxed);
  }
  return NULL;
}

static void *resolve_once(void *unused) {
  (void)unused;
  resolve_gamma(engine);
  return NULL;
}

static void *start_threads(void *unused) {
  (void)unused;
  while (!atomic_load(&stop)) {
    pthread_t crew[16];
    for (int i = 0; i < 16; i++)
      CHECK_INT(pthread_create(&crew[i], NULL, resolve_once, NULL), 0);
    for (int i = 0; i < 16; i++)
      CHECK_INT(pthread_join(crew[i], NULL), 0);
    atomic_fetch_add_explicit(&threads, 16, memory_order_relaxed);
  }
  return NULL;
}

static void *open_and_close(void *unused) {
  (void)unused;
  while (!atomic_load(&stop)) {
    turnout_engine *own = NULL;
    CHECK_STATUS(turnout_engine_open(store, NULL, NULL, &own), TURNOUT_OK);
    resolve_gamma(own);
    CHECK_STATUS(turnout_engine_refresh(own, NULL), TURNOUT_OK);
    resolve_gamma(own);
    CHECK_STATUS(turnout_engine_close(own), TURNOUT_OK);
    atomic_fetch_add_explicit(&engines, 1, memory_order_relaxed);
  }
  return NULL;
}

/* What a child does with the engine of its parent, and with one of its own. Its copy of `begun`
 * stays behind, so that it looks only whether decisions are whole. */
static int child_lives(void) {
  atomic_store(&checks_failed, 0);
  atomic_store(&begun, UINT32_MAX);
  for (int i = 0; i < 200; i++)
    resolve_gamma(engine);
  turnout_view *view = NULL;
  CHECK_STATUS(turnout_view_open(engine, NULL, &view), TURNOUT_OK);
  turnout_engine *own = open_engine(store);
  resolve_gamma(own);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  CHECK_STATUS(turnout_view_close(view), TURNOUT_OK);
  resolve_gamma(own);
  CHECK_STATUS(turnout_engine_close(own), TURNOUT_OK);
  return atomic_load(&checks_failed) == 0 ? 0 : 1;
}

static void *fork_children(void *unused) {
  (void)unused;
  while (!atomic_load(&stop)) {
    pid_t child = fork();
    if (child == 0)
      _exit(child_lives());
    int status = -1;
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK_INT(status, 0);
    atomic_fetch_add_explicit(&children, 1, memory_order_relaxed);
    usleep(20000);
  }
  return NULL;
}

static void *change_overlay(void *unused) {
  (void)unused;
  for (bool alpha = true; !atomic_load(&stop); alpha = !alpha) {
    set_overlay(alpha);
    atomic_fetch_add_explicit(&overlays, 1, memory_order_relaxed);
    usleep(2000);
  }
  return NULL;
}

static void publish_next(void) {
  unsigned number = atomic_fetch_add(&begun, 1) + 1;
  publish_number(store, number);
  char document[PATH_BYTES + 16];
  snprintf(document, sizeof document, "%s-%u.yaml", store, number);
  unlink(document);
  wait_for_revision(engine, number);
  atomic_store(&served, number);
}

static double round_end;

static void every_decision_is_whole_and_was_in_force(void) {
  static void *(*const work[])(void *) = {
      resolve_singly,        resolve_singly,        resolve_in_batches,
      resolve_through_views, resolve_through_views, start_threads,
      open_and_close,        fork_children,         change_overlay};
  enum { WORKERS = sizeof work / sizeof *work };
  pthread_t crew[WORKERS];
  atomic_store(&stop, false);
  for (intptr_t i = 0; i < WORKERS; i++)
    CHECK_INT(pthread_create(&crew[i], NULL, work[i], (void *)(i == 3 ? (intptr_t)20000 : 0)), 0);
  while (seconds_now() < round_end)
    publish_next();
  atomic_store(&stop, true);
  for (int i = 0; i < WORKERS; i++)
    CHECK_INT(pthread_join(crew[i], NULL), 0);
}

static left baseline;
static int rounds;

static void nothing_is_left_behind(void) {
  turnout_engine_info info = TURNOUT_ENGINE_INFO_INIT;
  CHECK_STATUS(turnout_engine_status(engine, &info, NULL), TURNOUT_OK);
  CHECK_INT(info.views_open, 0);
  malloc_trim(0);
  if (rounds <= WARM_ROUNDS)
    baseline = what_is_left();
  left now = settled(baseline, MAPPINGS_MORE, BYTES_MORE);
  CHECK(is_no_more(now, baseline, MAPPINGS_MORE, BYTES_MORE));
  printf("round %d: revision %u; %" PRIu64 " decisions, %" PRIu64 " views, %" PRIu64
         " threads, %" PRIu64 " engines, %" PRIu64 " children, %" PRIu64
         " overlays; %ld descriptors, %ld mappings, %ld tasks, %.1f MB\n",
         rounds, atomic_load(&served), (uint64_t)atomic_load(&decisions),
         (uint64_t)atomic_load(&views), (uint64_t)atomic_load(&threads),
         (uint64_t)atomic_load(&engines), (uint64_t)atomic_load(&children),
         (uint64_t)atomic_load(&overlays), now.descriptors, now.mappings, now.tasks,
         (double)now.bytes / 1e6);
  fflush(stdout);
}

int main(int count, char **words) {
  double seconds = count > 1 ? strtod(words[1], NULL) : 10;
  mallopt(M_ARENA_MAX, 2);
  path_below_work(store, "soak");
  atomic_store(&begun, 1);
  publish_number(store, 1);
  set_overlay(true);
  engine = open_engine(store);
  atomic_store(&served, 1);
  double end = seconds_now() + seconds;
  /* A short run has three rounds, too, so that the last one has something to be compared with. */
  double length = seconds / 4 < ROUND_SECONDS ? seconds / 4 : ROUND_SECONDS;
  while (seconds_now() < end) {
    rounds++;
    round_end = seconds_now() + length;
    RUN(every_decision_is_whole_and_was_in_force);
    RUN(nothing_is_left_behind);
  }
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  return claims_end();
}
