/* Workers that play requests while the main thread publishes, changes the overlay and replaces
 * configurations, of which the last user, a worker, ends the old one: as Envoy does it.
 * SPDX-License-Identifier: Apache-2.0 */
#include "play.h"

#include <pthread.h>

enum { WORKERS = 3, PUBLISHES = 6, UPDATES = 90 };

/* What Envoy holds a configuration by: each request in flight, and the listener. */
struct shared {
  struct played filter, specifier;
  atomic_uint users;
};

static char store[PATH_BYTES];
static pthread_mutex_t current_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct shared *current;
static atomic_bool stop;
static atomic_uint ended_by_workers, played_requests, answered;

static struct shared *shared_new(void) {
  struct shared *shared = calloc(1, sizeof *shared);
  play_new(&shared->filter, store,
           "{\"store\":\"%s\",\"directory\":\"/d\",\"response_headers\":true,\"metadata\":["
           "\"model\",\"version\",\"cluster\",\"rule\",\"revision\"]}",
           true);
#if SURFACE >= 140
  play_new(&shared->specifier, store,
           "{\"store\":\"%s\",\"metadata\":[\"version\",\"cluster\",\"revision\"]}", false);
#endif
  atomic_store(&shared->users, 1);
  return shared;
}

static struct shared *take(void) {
  pthread_mutex_lock(&current_mutex);
  struct shared *shared = current;
  atomic_fetch_add(&shared->users, 1);
  pthread_mutex_unlock(&current_mutex);
  return shared;
}

static bool give_back(struct shared *shared) {
  if (atomic_fetch_sub(&shared->users, 1) != 1)
    return false;
  play_free(&shared->filter, true);
#if SURFACE >= 140
  play_free(&shared->specifier, false);
#endif
  free(shared);
  return true;
}

/* The number that texts of one decision all state. */
static unsigned whole(const struct host_stream *stream) {
  unsigned number = number_in(said(host_metadata(stream, "version")), "v%u");
  CHECK_INT(number_in(said(host_metadata(stream, "cluster")), "c%u"), number);
  CHECK_INT(number_in(said(host_metadata(stream, "revision")), "%u"), number);
  CHECK(number != 0);
  return number;
}

static void play_one(struct shared *shared, struct host_stream *stream, unsigned turn) {
  static const char question[] = "[{\"use_case\":\"Alpha\"},{\"use_case\":\"Beta\"}]";
  static const char *const use_cases[] = {"Alpha", "Beta", "Gamma", "Nobody"};
  bool known = turn % 4 != 3;
  host_stream_reset(stream);
  host_add(stream, REQUEST_HEADERS, ":method", "POST");
  host_add(stream, REQUEST_HEADERS, ":path", turn % 8 == 7 ? "/d" : "/");
  host_add(stream, REQUEST_HEADERS, "x-turnout-use-case", use_cases[turn % 4]);
  host_add(stream, REQUEST_HEADERS, "x-turnout-cluster", "forged");
  if (turn % 8 == 7) {
    const void *filter = play_begin(&shared->filter, stream);
    play_headers(stream, filter, false);
    host_receive(stream, question, sizeof question - 1);
    play_body(stream, filter, true);
    CHECK_INT(stream->reply_code, 200);
    atomic_fetch_add(&answered, 1);
    HOOK(http_filter_destroy)(filter);
    return;
  }
  play_request(&shared->filter, stream);
  if (known)
    CHECK_INT(number_in(said(host_header(stream, REQUEST_HEADERS, "x-turnout-cluster")), "c%u"),
              whole(stream));
  else
    CHECK_INT(stream->reply_code, 404);
#if SURFACE >= 140
  host_stream_reset(stream);
  host_add(stream, REQUEST_HEADERS, "x-turnout-use-case", use_cases[turn % 3]);
  stream->config = &shared->specifier.host;
  CHECK(play_select(&shared->specifier, stream));
  CHECK_INT(number_in(said(stream->cluster), "c%u"), whole(stream));
#endif
}

static void *work(void *argument) {
  struct host_stream *stream = host_stream_new(NULL);
  for (unsigned turn = (unsigned)(intptr_t)argument; !atomic_load(&stop); turn++) {
    struct shared *shared = take();
    play_one(shared, stream, turn);
    atomic_fetch_add(&played_requests, 1);
    if (give_back(shared))
      atomic_fetch_add(&ended_by_workers, 1);
  }
  host_stream_free(stream);
  return NULL;
}

static void change_overlay(unsigned turn, unsigned number) {
  char cluster[16];
  snprintf(cluster, sizeof cluster, "c%u", number);
  turnout_overlay_entry entry = {TURNOUT_CLUSTER, turn % 2 ? TURNOUT_DRAINING : TURNOUT_UP,
                                 text(cluster), 0};
  turnout_overlay_set(store, &entry, 1, text("test"), text(""), NULL);
}

static void every_request_is_whole_whatever_happens_beside_it(void) {
  pthread_t workers[WORKERS];
  for (int i = 0; i < WORKERS; i++)
    CHECK_INT(pthread_create(&workers[i], NULL, work, (void *)(intptr_t)i), 0);
  unsigned number = 1;
  for (unsigned update = 1; update <= UPDATES; update++) {
    struct shared *next = shared_new();
    pthread_mutex_lock(&current_mutex);
    struct shared *old = current;
    current = next;
    pthread_mutex_unlock(&current_mutex);
    give_back(old);
    if (update % (UPDATES / PUBLISHES) == 0)
      publish_number(store, ++number);
    change_overlay(update, number);
    unsigned before = atomic_load(&played_requests);
    double end = seconds_now() + 20;
    while (atomic_load(&played_requests) < before + WORKERS && seconds_now() < end)
      sched_yield();
  }
  atomic_store(&stop, true);
  for (int i = 0; i < WORKERS; i++)
    CHECK_INT(pthread_join(workers[i], NULL), 0);
  printf("%u requests, %u of them lists, %d configurations, %u ended by a worker\n",
         atomic_load(&played_requests), atomic_load(&answered), UPDATES,
         atomic_load(&ended_by_workers));
  CHECK(atomic_load(&answered) > 0);
  give_back(current);
}

int main(void) {
  path_below_work(store, "working");
  publish_number(store, 1);
  current = shared_new();
  RUN(every_request_is_whole_whatever_happens_beside_it);
  return claims_end();
}
