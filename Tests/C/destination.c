/* Where a routing key leads: what a sidecar asks that was given one. */
#include "stores.h"

#include <pthread.h>
#include <stdbool.h>
#include <sys/mman.h>

static const turnout_text none = {NULL, 0};
static turnout_engine *engine;
static turnout_view *view;

static turnout_destination ask(turnout_text key, turnout_status expected) {
  static _Thread_local char buffer[TURNOUT_DECISION_BYTES];
  turnout_destination destination = TURNOUT_DESTINATION_INIT;
  CHECK_STATUS(turnout_engine_destination(engine, key, buffer, sizeof buffer, &destination),
               expected);
  return destination;
}

static int same_destination(const turnout_destination *a, const turnout_destination *b) {
  return a->revision == b->revision && same_text(a->cluster, b->cluster) &&
         same_text(a->shard, b->shard) && same_text(a->address, b->address) &&
         same_text(a->routing_key, b->routing_key) && a->state == b->state &&
         a->buffer_needed == b->buffer_needed;
}

/* Whether a destination says nothing but its revision and what buffer it needs. */
static int tells_nothing(const turnout_destination *destination) {
  turnout_destination nothing = TURNOUT_DESTINATION_INIT;
  nothing.revision = destination->revision;
  nothing.buffer_needed = destination->buffer_needed;
  return memcmp(&nothing, destination, sizeof nothing) == 0;
}

static const struct {
  const char *key, *cluster, *shard, *address;
} known[] = {{"main", "main", NULL, "10.0.0.1:8080"},
             {"to-spare", "spare", NULL, "10.0.0.2:8080"},
             {"sharded/s0", "sharded", "s0", "10.0.1.0:8080"},
             {"sharded/s1", "sharded", "s1", "10.0.1.1:8080"}};
enum { KNOWN = sizeof known / sizeof *known };

static void every_key_leads_to_its_destination(void) {
  for (int i = 0; i < KNOWN; i++) {
    turnout_destination found = ask(text(known[i].key), TURNOUT_OK);
    CHECK_INT(found.revision, 1);
    CHECK_TEXT(found.cluster, known[i].cluster);
    CHECK_TEXT(found.shard, known[i].shard);
    CHECK_TEXT(found.address, known[i].address);
    CHECK_TEXT(found.routing_key, known[i].key);
    CHECK_INT(found.state, TURNOUT_UP);
    CHECK_INT(found.reserved, 0);
    CHECK_INT(found.buffer_needed,
              found.cluster.size + found.shard.size + found.address.size + found.routing_key.size);
    char buffer[256];
    turnout_destination viewed = TURNOUT_DESTINATION_INIT;
    CHECK_STATUS(turnout_view_destination(view, text(known[i].key), buffer, sizeof buffer, &viewed),
                 TURNOUT_OK);
    CHECK(same_destination(&found, &viewed));
  }
}

/* What resolves give is found again. */
static void every_key_of_a_decision_is_known(void) {
  char buffer[TURNOUT_DECISION_BYTES];
  for (int i = 0; i < 200; i++) {
    char unit[16];
    snprintf(unit, sizeof unit, "u%d", i);
    turnout_attribute country = string_attribute("country", i % 2 ? "S" : "H");
    turnout_request request = request_for("Everything", unit);
    request.attributes = &country;
    request.attribute_count = 1;
    turnout_decision decision = TURNOUT_DECISION_INIT;
    CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
    turnout_destination found = ask(decision.routing_key, TURNOUT_OK);
    CHECK(same_text(found.cluster, decision.cluster) && same_text(found.shard, decision.shard) &&
          same_text(found.address, decision.address));
  }
}

static void other_keys_are_unknown(void) {
  static const char *const others[] = {"spare", "sharded",  "sharded/", "sharded/s2", "Main",
                                       "mai",   "mainmain", "main ",    "\xc3\xa9",   "-"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    turnout_destination found = ask(text(others[i]), TURNOUT_UNKNOWN_ROUTING_KEY);
    CHECK(tells_nothing(&found) && found.revision == 1 && found.buffer_needed == 0);
  }
  static char longest[TURNOUT_BYTES_MAX];
  memset(longest, 'm', sizeof longest);
  ask((turnout_text){longest, sizeof longest}, TURNOUT_UNKNOWN_ROUTING_KEY);
  ask((turnout_text){"main\0", 5}, TURNOUT_UNKNOWN_ROUTING_KEY);
}

static void any_buffer_that_is_large_enough_does(void) {
  /* The buffer ends where memory does. */
  static const size_t edge = 4096;
  char *pages = mmap(NULL, 2 * edge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED || mprotect(pages + edge, edge, PROT_NONE) != 0)
    give_up("no memory at an", "edge");
  for (int i = 0; i < KNOWN; i++) {
    size_t needed = ask(text(known[i].key), TURNOUT_OK).buffer_needed;
    for (size_t size = 0; size < needed + 200; size++) {
      char *buffer = pages + edge - size;
      memset(pages, 0x5a, edge);
      turnout_destination found;
      memset(&found, 0x5a, sizeof found);
      found.struct_size = sizeof found;
      turnout_status status =
          turnout_engine_destination(engine, text(known[i].key), buffer, size, &found);
      CHECK_STATUS(status, size < needed ? TURNOUT_BUFFER_TOO_SMALL : TURNOUT_OK);
      CHECK_INT(found.buffer_needed, needed);
      CHECK(status == TURNOUT_OK || tells_nothing(&found));
      if (status == TURNOUT_OK)
        CHECK_TEXT(found.address, known[i].address);
      /* Nothing before it was written. */
      CHECK(buffer[-1] == 0x5a && buffer[-64] == 0x5a);
    }
    turnout_destination found = TURNOUT_DESTINATION_INIT;
    CHECK_STATUS(turnout_engine_destination(engine, text(known[i].key), NULL, SIZE_MAX, &found),
                 TURNOUT_BUFFER_TOO_SMALL);
    CHECK_INT(found.buffer_needed, needed);
  }
  munmap(pages, 2 * edge);
}

static void hostile_arguments_get_a_status(void) {
  static const struct {
    const char *data;
    size_t size;
  } keys[] = {{NULL, 0},          {NULL, 4},
              {"main", 0},        {"main", (size_t)TURNOUT_BYTES_MAX + 1},
              {"main", SIZE_MAX}, {"main", SIZE_MAX / 2 + 1},
              {"\xff", 1},        {"main\x80", 5},
              {"\xed\xa0\x80", 3}};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    turnout_destination found =
        ask((turnout_text){keys[i].data, keys[i].size}, TURNOUT_INVALID_ARGUMENT);
    CHECK(tells_nothing(&found));
  }
  char buffer[256];
  turnout_text key = text("main");
  turnout_destination found;
  memset(&found, 0x5a, sizeof found);
  found.struct_size = sizeof found;
  CHECK_STATUS(turnout_engine_destination(NULL, key, buffer, sizeof buffer, &found),
               TURNOUT_INVALID_ARGUMENT);
  CHECK(tells_nothing(&found) && found.revision == 0);
  CHECK_STATUS(turnout_view_destination(NULL, key, buffer, sizeof buffer, &found),
               TURNOUT_INVALID_ARGUMENT);
  CHECK_STATUS(turnout_engine_destination(engine, key, buffer, sizeof buffer, NULL),
               TURNOUT_INVALID_ARGUMENT);
  CHECK_STATUS(turnout_engine_destination(NULL, none, NULL, 0, NULL), TURNOUT_INVALID_ARGUMENT);
  CHECK_STATUS(turnout_view_destination(NULL, none, NULL, 0, NULL), TURNOUT_INVALID_ARGUMENT);
}

static void a_struct_of_another_size_is_left_alone_or_cleared_to_its_end(void) {
  static union {
    turnout_destination found;
    char bytes[70000];
  } large;
  const size_t sizes[] = {0, 1, 8, sizeof large.found - 1, 65537, SIZE_MAX, SIZE_MAX / 2 + 1};
  char buffer[256];
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    memset(&large, 0x5a, sizeof large);
    large.found.struct_size = sizes[i];
    CHECK_STATUS(
        turnout_engine_destination(engine, text("main"), buffer, sizeof buffer, &large.found),
        TURNOUT_INVALID_ARGUMENT);
    CHECK_INT(large.found.struct_size, sizes[i]);
    CHECK(large.bytes[sizeof(size_t)] == 0x5a && large.bytes[sizeof large.found] == 0x5a);
  }
  static const char *const keys[] = {"main", "nobody", "\xff"};
  for (size_t size = sizeof large.found; size <= 65536; size += size < 200 ? 1 : 21779) {
    for (int k = 0; k < 3; k++) {
      memset(&large, 0x5a, sizeof large);
      large.found.struct_size = size;
      turnout_engine_destination(engine, text(keys[k]), buffer, sizeof buffer, &large.found);
      CHECK_INT(large.found.struct_size, size);
      for (size_t at = sizeof large.found; at < size; at++)
        CHECK(large.bytes[at] == 0);
      CHECK(large.bytes[size] == 0x5a);
    }
  }
}

/* The worse of the states of a cluster and of its shard. */
static void the_overlay_says_the_state(void) {
  static const struct {
    const char *name;
    uint32_t state;
    uint32_t main, s0, s1;
  } steps[] = {{"main", TURNOUT_DRAINING, TURNOUT_DRAINING, TURNOUT_UP, TURNOUT_UP},
               {"main", TURNOUT_DOWN, TURNOUT_DOWN, TURNOUT_UP, TURNOUT_UP},
               {"sharded/s1", TURNOUT_DRAINING, TURNOUT_DOWN, TURNOUT_UP, TURNOUT_DRAINING},
               {"sharded", TURNOUT_DOWN, TURNOUT_DOWN, TURNOUT_DOWN, TURNOUT_DOWN},
               {"sharded/s1", TURNOUT_DOWN, TURNOUT_DOWN, TURNOUT_DOWN, TURNOUT_DOWN},
               {"sharded", TURNOUT_DRAINING, TURNOUT_DOWN, TURNOUT_DRAINING, TURNOUT_DOWN},
               {"sharded", TURNOUT_UP, TURNOUT_DOWN, TURNOUT_UP, TURNOUT_DOWN},
               {"main", TURNOUT_UP, TURNOUT_UP, TURNOUT_UP, TURNOUT_DOWN},
               {"sharded/s1", TURNOUT_UP, TURNOUT_UP, TURNOUT_UP, TURNOUT_UP}};
  char store[PATH_BYTES];
  path_below_work(store, "destination");
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    turnout_overlay_entry entry = {TURNOUT_CLUSTER, steps[i].state, text(steps[i].name), 0};
    CHECK_STATUS(turnout_overlay_set(store, &entry, 1, none, none, NULL), TURNOUT_OK);
    CHECK_STATUS(turnout_engine_refresh(engine, NULL), TURNOUT_OK);
    CHECK_INT(ask(text("main"), TURNOUT_OK).state, steps[i].main);
    CHECK_INT(ask(text("sharded/s0"), TURNOUT_OK).state, steps[i].s0);
    CHECK_INT(ask(text("sharded/s1"), TURNOUT_OK).state, steps[i].s1);
    CHECK_INT(ask(text("to-spare"), TURNOUT_OK).state, TURNOUT_UP);
    char buffer[256];
    turnout_destination viewed = TURNOUT_DESTINATION_INIT;
    CHECK_STATUS(turnout_view_destination(view, text("main"), buffer, sizeof buffer, &viewed),
                 TURNOUT_OK);
    CHECK_INT(viewed.state, TURNOUT_UP);
  }
}

static void it_is_not_counted_among_the_resolves(void) {
  turnout_engine_info before = TURNOUT_ENGINE_INFO_INIT, after = TURNOUT_ENGINE_INFO_INIT;
  CHECK_STATUS(turnout_engine_status(engine, &before, NULL), TURNOUT_OK);
  ask(text("main"), TURNOUT_OK);
  ask(text("nobody"), TURNOUT_UNKNOWN_ROUTING_KEY);
  CHECK_STATUS(turnout_engine_status(engine, &after, NULL), TURNOUT_OK);
  CHECK(before.resolves == after.resolves && before.refused == after.refused);
}

static void a_store_without_a_table_has_no_keys(void) {
  char store[PATH_BYTES], document[PATH_BYTES];
  path_below_work(store, "destination-empty");
  path_below_work(document, "routing.yaml");
  const char *words[] = {"publish", document, "--store", store, "--stage", NULL};
  CHECK_INT(turnout_run(words), 0);
  turnout_engine *served = engine;
  engine = open_engine(store);
  turnout_destination found = ask(text("main"), TURNOUT_NO_TABLE);
  CHECK(tells_nothing(&found) && found.revision == 0);
  ask(text("\xff"), TURNOUT_INVALID_ARGUMENT);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  found = ask(text("main"), TURNOUT_CLOSED);
  CHECK(tells_nothing(&found));
  engine = served;
}

/* A child asks the engine of its parent; the parent's view is not its. */
static void after_a_fork_the_engine_answers_and_the_view_is_closed(void) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    atomic_store(&checks_failed, 0);
    char buffer[256];
    turnout_destination found = ask(text("sharded/s1"), TURNOUT_OK);
    CHECK_TEXT(found.shard, "s1");
    CHECK_STATUS(turnout_view_destination(view, text("main"), buffer, sizeof buffer, &found),
                 TURNOUT_CLOSED);
    fflush(stdout);
    _exit(atomic_load(&checks_failed) == 0 ? 0 : 1);
  }
  int status = -1;
  CHECK_INT(waitpid(child, &status, 0), child);
  CHECK_INT(status, 0);
}

/* ---- While tables come and go --------------------------------------------------------------- */

enum { REVISIONS = 8, THREADS = 3 };
static atomic_bool stop;
static atomic_uint found_count;

/* A key of one revision leads nowhere in any other. */
static void *ask_for_all(void *unused) {
  (void)unused;
  while (!atomic_load(&stop)) {
    for (unsigned number = 1; number <= REVISIONS; number++) {
      char key[16], buffer[256];
      snprintf(key, sizeof key, "c%u", number);
      turnout_destination found = TURNOUT_DESTINATION_INIT;
      turnout_status status =
          turnout_engine_destination(engine, text(key), buffer, sizeof buffer, &found);
      if (status == TURNOUT_OK) {
        CHECK_INT(found.revision, number);
        CHECK_INT(number_in(found.cluster, "c%u"), number);
        CHECK_INT(number_in(found.address, "host%u:80"), number);
        CHECK_INT(number_in(found.routing_key, "c%u"), number);
        atomic_fetch_add(&found_count, 1);
      } else {
        CHECK_STATUS(status, TURNOUT_UNKNOWN_ROUTING_KEY);
        CHECK(found.revision != number && tells_nothing(&found));
      }
    }
  }
  return NULL;
}

static void an_answer_is_of_one_table(void) {
  char store[PATH_BYTES];
  path_below_work(store, "destination-many");
  publish_number(store, 1);
  turnout_engine *served = engine;
  engine = open_engine(store);
  turnout_view *first = NULL;
  CHECK_STATUS(turnout_view_open(engine, NULL, &first), TURNOUT_OK);
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++)
    CHECK_INT(pthread_create(&threads[i], NULL, ask_for_all, NULL), 0);
  for (unsigned number = 2; number <= REVISIONS; number++) {
    publish_number(store, number);
    wait_for_revision(engine, number);
  }
  atomic_store(&stop, true);
  for (int i = 0; i < THREADS; i++)
    CHECK_INT(pthread_join(threads[i], NULL), 0);
  CHECK(atomic_load(&found_count) > 0);
  /* A view answers from its own. */
  char buffer[256];
  turnout_destination found = TURNOUT_DESTINATION_INIT;
  CHECK_STATUS(turnout_view_destination(first, text("c1"), buffer, sizeof buffer, &found),
               TURNOUT_OK);
  CHECK_STATUS(turnout_view_destination(first, text("c8"), buffer, sizeof buffer, &found),
               TURNOUT_UNKNOWN_ROUTING_KEY);
  CHECK_STATUS(turnout_view_close(first), TURNOUT_OK);
  CHECK_STATUS(turnout_view_destination(first, text("c1"), buffer, sizeof buffer, &found),
               TURNOUT_CLOSED);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  engine = served;
}

int main(void) {
  char store[PATH_BYTES], document[PATH_BYTES];
  path_below_work(store, "destination");
  path_below_work(document, "routing.yaml");
  publish(store, document);
  engine = open_engine(store);
  CHECK_STATUS(turnout_view_open(engine, NULL, &view), TURNOUT_OK);
  RUN(every_key_leads_to_its_destination);
  RUN(every_key_of_a_decision_is_known);
  RUN(other_keys_are_unknown);
  RUN(any_buffer_that_is_large_enough_does);
  RUN(hostile_arguments_get_a_status);
  RUN(a_struct_of_another_size_is_left_alone_or_cleared_to_its_end);
  RUN(it_is_not_counted_among_the_resolves);
  RUN(a_store_without_a_table_has_no_keys);
  RUN(after_a_fork_the_engine_answers_and_the_view_is_closed);
  RUN(the_overlay_says_the_state);
  CHECK_STATUS(turnout_view_close(view), TURNOUT_OK);
  RUN(an_answer_is_of_one_table);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  return claims_end();
}
