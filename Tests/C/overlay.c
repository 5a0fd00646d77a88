/* The overlay: set in one process, seen in this one and in another; read into any buffer; hostile
 * arguments; permissions. */
#include "stores.h"

#include <sys/stat.h>

static const turnout_text none = {NULL, 0};

static turnout_overlay_entry entry_of(uint32_t kind, uint32_t state, const char *of) {
  turnout_overlay_entry entry = {kind, state, text(of), 0};
  return entry;
}

static turnout_status set(const char *store, turnout_overlay_entry entry) {
  return turnout_overlay_set(store, &entry, 1, none, none, NULL);
}

static uint64_t generation_served(const turnout_engine *engine) {
  turnout_engine_info info = TURNOUT_ENGINE_INFO_INIT;
  CHECK_STATUS(turnout_engine_status(engine, &info, NULL), TURNOUT_OK);
  return info.overlay_generation;
}

static void wait_for_generation(const turnout_engine *engine, uint64_t generation) {
  double end = seconds_now() + 20;
  while (generation_served(engine) != generation && seconds_now() < end)
    usleep(500);
  CHECK_INT(generation_served(engine), generation);
}

/* The entry at a place of the overlay that the engine goes by. */
static void expect_entry(const turnout_engine *engine, size_t at, uint32_t kind, uint32_t state,
                         const char *of) {
  char buffer[4096];
  turnout_overlay overlay = TURNOUT_OVERLAY_INIT;
  CHECK_STATUS(turnout_engine_overlay(engine, buffer, sizeof buffer, &overlay), TURNOUT_OK);
  CHECK(overlay.entry_count > at);
  if (overlay.entry_count <= at)
    return;
  CHECK_INT(overlay.entries[at].kind, kind);
  CHECK_INT(overlay.entries[at].state, state);
  CHECK_TEXT(overlay.entries[at].name, of);
  CHECK(overlay.buffer_needed <= sizeof buffer);
}

static size_t entries_of(const turnout_engine *engine) {
  char buffer[4096];
  turnout_overlay overlay = TURNOUT_OVERLAY_INIT;
  CHECK_STATUS(turnout_engine_overlay(engine, buffer, sizeof buffer, &overlay), TURNOUT_OK);
  CHECK_INT(overlay.entries == NULL, overlay.entry_count == 0);
  return overlay.entry_count;
}

static void what_is_set_is_seen_here_and_makes_no_revision(void) {
  char store[PATH_BYTES];
  path_below_work(store, "overlay-here");
  publish_number(store, 1);
  turnout_engine *engine = open_engine(store);
  CHECK_INT(entries_of(engine), 0);
  turnout_overlay_entry entries[] = {entry_of(TURNOUT_USE_CASE, TURNOUT_OFF, "Beta"),
                                     entry_of(TURNOUT_CLUSTER, TURNOUT_DRAINING, "c1"),
                                     entry_of(TURNOUT_USE_CASE, TURNOUT_OFF, "Alpha")};
  turnout_error error = TURNOUT_ERROR_INIT;
  CHECK_STATUS(turnout_overlay_set(store, entries, 3, text("ada"), text("why"), &error),
               TURNOUT_OK);
  wait_for_generation(engine, 1);
  CHECK_INT(entries_of(engine), 3);
  expect_entry(engine, 0, TURNOUT_CLUSTER, TURNOUT_DRAINING, "c1");
  expect_entry(engine, 1, TURNOUT_USE_CASE, TURNOUT_OFF, "Alpha");
  expect_entry(engine, 2, TURNOUT_USE_CASE, TURNOUT_OFF, "Beta");
  CHECK_INT(revision_served(engine), 1);
  /* It outlives a publish, and a name that is gone may go. */
  publish_number(store, 2);
  wait_for_revision(engine, 2);
  CHECK_INT(entries_of(engine), 3);
  CHECK_STATUS(set(store, entry_of(TURNOUT_CLUSTER, TURNOUT_DOWN, "c1")), TURNOUT_INVALID_ARGUMENT);
  CHECK_STATUS(set(store, entry_of(TURNOUT_CLUSTER, TURNOUT_UP, "c1")), TURNOUT_OK);
  wait_for_generation(engine, 2);
  CHECK_INT(entries_of(engine), 2);
  /* What holds already is no change. */
  CHECK_STATUS(turnout_overlay_set(store, entries, 1, none, none, NULL), TURNOUT_OK);
  CHECK_STATUS(turnout_overlay_set(store, NULL, 0, none, none, NULL), TURNOUT_OK);
  CHECK_STATUS(turnout_engine_refresh(engine, NULL), TURNOUT_OK);
  CHECK_INT(generation_served(engine), 2);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

/* The child sets, this process sees; then the other way round. */
static void what_is_set_is_seen_in_another_process(void) {
  char store[PATH_BYTES];
  path_below_work(store, "overlay-there");
  publish_number(store, 1);
  turnout_engine *engine = open_engine(store);
  pid_t child = fork();
  if (child == 0) {
    CHECK_STATUS(set(store, entry_of(TURNOUT_CLUSTER, TURNOUT_DOWN, "c1")), TURNOUT_OK);
    turnout_engine *own = open_engine(store);
    wait_for_generation(own, 2);
    expect_entry(own, 1, TURNOUT_USE_CASE, TURNOUT_OFF, "Gamma");
    _exit(atomic_load(&checks_failed) == 0 ? 0 : 1);
  }
  wait_for_generation(engine, 1);
  expect_entry(engine, 0, TURNOUT_CLUSTER, TURNOUT_DOWN, "c1");
  CHECK_STATUS(set(store, entry_of(TURNOUT_USE_CASE, TURNOUT_OFF, "Gamma")), TURNOUT_OK);
  int status = -1;
  waitpid(child, &status, 0);
  CHECK_INT(status, 0);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

static void the_command_and_the_library_set_the_same_overlay(void) {
  char store[PATH_BYTES];
  path_below_work(store, "overlay-command");
  publish_number(store, 1);
  turnout_engine *engine = open_engine(store);
  const char *words[] = {"set", "cluster", "c1", "down", "--store", store, NULL};
  CHECK_INT(turnout_run(words), 0);
  wait_for_generation(engine, 1);
  expect_entry(engine, 0, TURNOUT_CLUSTER, TURNOUT_DOWN, "c1");
  CHECK_STATUS(set(store, entry_of(TURNOUT_CLUSTER, TURNOUT_UP, "c1")), TURNOUT_OK);
  wait_for_generation(engine, 2);
  CHECK_INT(entries_of(engine), 0);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

static void an_entry_ends_when_its_time_comes(void) {
  char store[PATH_BYTES];
  path_below_work(store, "overlay-ending");
  publish_number(store, 1);
  turnout_engine *engine = open_engine(store);
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  turnout_overlay_entry entry = entry_of(TURNOUT_CLUSTER, TURNOUT_DOWN, "c1");
  entry.until_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec + 700000000;
  CHECK_STATUS(set(store, entry), TURNOUT_OK);
  wait_for_generation(engine, 1);
  char buffer[256];
  turnout_overlay overlay = TURNOUT_OVERLAY_INIT;
  CHECK_STATUS(turnout_engine_overlay(engine, buffer, sizeof buffer, &overlay), TURNOUT_OK);
  CHECK(overlay.entry_count == 1 && overlay.entries[0].until_ns == entry.until_ns);
  double end = seconds_now() + 20;
  while (entries_of(engine) != 0 && seconds_now() < end)
    usleep(500);
  CHECK_INT(entries_of(engine), 0);
  clock_gettime(CLOCK_REALTIME, &now);
  CHECK((int64_t)now.tv_sec * 1000000000 + now.tv_nsec >= entry.until_ns);
  entry.until_ns = 1;
  CHECK_STATUS(set(store, entry), TURNOUT_INVALID_ARGUMENT);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

static void it_is_read_into_a_buffer_of_any_place_and_size(void) {
  char store[PATH_BYTES];
  path_below_work(store, "overlay-buffers");
  publish_number(store, 1);
  turnout_overlay_entry entries[] = {entry_of(TURNOUT_CLUSTER, TURNOUT_DOWN, "c1"),
                                     entry_of(TURNOUT_USE_CASE, TURNOUT_OFF, "Alpha")};
  CHECK_STATUS(turnout_overlay_set(store, entries, 2, none, none, NULL), TURNOUT_OK);
  turnout_engine *engine = open_engine(store);
  turnout_overlay overlay = TURNOUT_OVERLAY_INIT;
  CHECK_STATUS(turnout_engine_overlay(engine, NULL, 0, &overlay), TURNOUT_BUFFER_TOO_SMALL);
  size_t needed = overlay.buffer_needed;
  CHECK(needed >= 2 * sizeof(turnout_overlay_entry) + 7);
  CHECK_INT(overlay.generation, 1);
  CHECK_STATUS(turnout_engine_overlay(engine, NULL, SIZE_MAX, &overlay), TURNOUT_BUFFER_TOO_SMALL);
  for (size_t shift = 0; shift < 16; shift++) {
    char *memory = malloc(needed + shift);
    if (!memory)
      give_up("no", "memory");
    CHECK_STATUS(turnout_engine_overlay(engine, memory + shift, needed - 1, &overlay),
                 TURNOUT_BUFFER_TOO_SMALL);
    CHECK(overlay.entries == NULL && overlay.entry_count == 0);
    CHECK_STATUS(turnout_engine_overlay(engine, memory + shift, needed, &overlay), TURNOUT_OK);
    CHECK_INT(overlay.buffer_needed, needed);
    CHECK((uintptr_t)overlay.entries % 8 == 0);
    CHECK_TEXT(overlay.entries[0].name, "c1");
    CHECK_TEXT(overlay.entries[1].name, "Alpha");
    free(memory);
  }
  /* A larger struct of a later version is filled with zeros; a smaller one is refused. */
  struct {
    turnout_overlay overlay;
    uint64_t later;
  } larger = {TURNOUT_OVERLAY_INIT, 7};
  larger.overlay.struct_size = sizeof larger;
  char buffer[512];
  CHECK_STATUS(turnout_engine_overlay(engine, buffer, sizeof buffer, &larger.overlay), TURNOUT_OK);
  CHECK(larger.later == 0 && larger.overlay.entry_count == 2);
  overlay.struct_size = sizeof overlay - 1;
  CHECK_STATUS(turnout_engine_overlay(engine, buffer, sizeof buffer, &overlay),
               TURNOUT_INVALID_ARGUMENT);
  overlay.struct_size = 65537;
  CHECK_STATUS(turnout_engine_overlay(engine, buffer, sizeof buffer, &overlay),
               TURNOUT_INVALID_ARGUMENT);
  CHECK_STATUS(turnout_engine_overlay(engine, buffer, sizeof buffer, NULL),
               TURNOUT_INVALID_ARGUMENT);
  turnout_overlay another = TURNOUT_OVERLAY_INIT;
  CHECK_STATUS(turnout_engine_overlay(NULL, buffer, sizeof buffer, &another),
               TURNOUT_INVALID_ARGUMENT);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  CHECK_STATUS(turnout_engine_overlay(engine, buffer, sizeof buffer, &another), TURNOUT_CLOSED);
}

static void expect_refused(const char *store, turnout_overlay_entry entry) {
  turnout_overlay_entry entries[] = {entry_of(TURNOUT_USE_CASE, TURNOUT_OFF, "Alpha"), entry};
  turnout_error error = TURNOUT_ERROR_INIT;
  CHECK_STATUS(turnout_overlay_set(store, entries, 2, none, none, &error),
               TURNOUT_INVALID_ARGUMENT);
  CHECK(error.status == TURNOUT_INVALID_ARGUMENT && error.message_size > 0);
}

static void hostile_arguments_change_nothing(void) {
  char store[PATH_BYTES];
  path_below_work(store, "overlay-hostile");
  publish_number(store, 1);
  turnout_overlay_entry good = entry_of(TURNOUT_CLUSTER, TURNOUT_DOWN, "c1");
  CHECK_STATUS(turnout_overlay_set(NULL, &good, 1, none, none, NULL), TURNOUT_INVALID_ARGUMENT);
  CHECK_STATUS(turnout_overlay_set("", &good, 1, none, none, NULL), TURNOUT_INVALID_ARGUMENT);
  CHECK_STATUS(turnout_overlay_set("\xff", &good, 1, none, none, NULL), TURNOUT_INVALID_ARGUMENT);
  CHECK_STATUS(turnout_overlay_set("/nothing/here", &good, 1, none, none, NULL), TURNOUT_NO_STORE);
  CHECK_STATUS(turnout_overlay_set(store, NULL, 1, none, none, NULL), TURNOUT_INVALID_ARGUMENT);
  CHECK_STATUS(turnout_overlay_set(store, &good, TURNOUT_OVERLAY_MAX + 1, none, none, NULL),
               TURNOUT_INVALID_ARGUMENT);
  CHECK_STATUS(turnout_overlay_set(store, &good, SIZE_MAX, none, none, NULL),
               TURNOUT_INVALID_ARGUMENT);
  char long_text[5000];
  memset(long_text, 'a', sizeof long_text);
  turnout_text texts[] = {{long_text, 257}, {long_text, SIZE_MAX}, {NULL, 1}, {"\xc3", 1}};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    CHECK_STATUS(turnout_overlay_set(store, &good, 1, texts[i], none, NULL),
                 TURNOUT_INVALID_ARGUMENT);
    turnout_text message = texts[i];
    if (message.size == 257)
      message.size = 4097;
    CHECK_STATUS(turnout_overlay_set(store, &good, 1, none, message, NULL),
                 TURNOUT_INVALID_ARGUMENT);
    turnout_overlay_entry entry = good;
    entry.name = texts[i];
    if (entry.name.size == 257)
      entry.name.size = 258;
    expect_refused(store, entry);
  }
  static const uint32_t numbers[] = {0, 5, 6, 256 + 1, UINT32_MAX};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    expect_refused(store, entry_of(numbers[i], TURNOUT_DOWN, "c1"));
    if (numbers[i] != 5)
      expect_refused(store, entry_of(TURNOUT_CLUSTER, numbers[i], "c1"));
  }
  expect_refused(store, entry_of(TURNOUT_CLUSTER, TURNOUT_OFF, "c1"));
  expect_refused(store, entry_of(TURNOUT_USE_CASE, TURNOUT_DOWN, "Beta"));
  expect_refused(store, entry_of(TURNOUT_USE_CASE, TURNOUT_OFF, "Alpha"));
  expect_refused(store, entry_of(TURNOUT_USE_CASE, TURNOUT_OFF, "Delta"));
  expect_refused(store, entry_of(TURNOUT_SHADOW, TURNOUT_OFF, "Alpha"));
  expect_refused(store, entry_of(TURNOUT_SHADOW, TURNOUT_OFF, "Alpha/dark"));
  expect_refused(store, entry_of(TURNOUT_EXPERIMENT, TURNOUT_OFF, "depth"));
  expect_refused(store, entry_of(TURNOUT_CLUSTER, TURNOUT_DOWN, ""));
  expect_refused(store, entry_of(TURNOUT_CLUSTER, TURNOUT_DOWN, "c1/"));
  turnout_overlay_entry ending = good;
  ending.until_ns = INT64_MIN;
  expect_refused(store, ending);
  ending.state = TURNOUT_UP;
  ending.until_ns = INT64_MAX;
  expect_refused(store, ending);
  turnout_engine *engine = open_engine(store);
  CHECK_INT(generation_served(engine), 0);
  CHECK_INT(entries_of(engine), 0);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

static void before_the_first_publish_there_is_nothing_to_switch(void) {
  char store[PATH_BYTES];
  char document[PATH_BYTES];
  path_below_work(store, "overlay-staged");
  path_below_work(document, "routing.yaml");
  const char *words[] = {"publish", document, "--stage", "--store", store, NULL};
  CHECK_INT(turnout_run(words), 0);
  turnout_error error = TURNOUT_ERROR_INIT;
  turnout_overlay_entry entry = entry_of(TURNOUT_CLUSTER, TURNOUT_DOWN, "c1");
  CHECK_STATUS(turnout_overlay_set(store, &entry, 1, none, none, &error), TURNOUT_NO_TABLE);
  CHECK(error.message_size > 0);
}

/* Root may write anywhere, so a child that is nobody shows it. */
static void who_may_not_write_may_read(void) {
  if (geteuid() != 0)
    give_up("this test changes users:", "run it as root");
  /* Its path must be open to others, which the folder of the tests need not be. */
  char folder[] = "/tmp/turnout-overlay-XXXXXX";
  if (!mkdtemp(folder) || chmod(folder, 0755) != 0)
    give_up("cannot make", folder);
  char store[PATH_BYTES];
  snprintf(store, sizeof store, "%s/store", folder);
  publish_number(store, 1);
  CHECK_STATUS(set(store, entry_of(TURNOUT_CLUSTER, TURNOUT_DOWN, "c1")), TURNOUT_OK);
  pid_t child = fork();
  if (child == 0) {
    if (setgid(65534) != 0 || setuid(65534) != 0)
      _exit(2);
    turnout_engine *engine = open_engine(store);
    expect_entry(engine, 0, TURNOUT_CLUSTER, TURNOUT_DOWN, "c1");
    turnout_error error = TURNOUT_ERROR_INIT;
    turnout_overlay_entry up = entry_of(TURNOUT_CLUSTER, TURNOUT_UP, "c1");
    CHECK_STATUS(turnout_overlay_set(store, &up, 1, none, none, &error), TURNOUT_PERMISSION_DENIED);
    CHECK(error.message_size > 0);
    CHECK_STATUS(turnout_engine_refresh(engine, NULL), TURNOUT_OK);
    CHECK_INT(entries_of(engine), 1);
    _exit(atomic_load(&checks_failed) == 0 ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  CHECK_INT(status, 0);
  char command[PATH_BYTES + 16];
  snprintf(command, sizeof command, "rm -r '%s'", folder);
  CHECK_INT(system(command), 0);
}

int main(void) {
  RUN(what_is_set_is_seen_here_and_makes_no_revision);
  RUN(what_is_set_is_seen_in_another_process);
  RUN(the_command_and_the_library_set_the_same_overlay);
  RUN(an_entry_ends_when_its_time_comes);
  RUN(it_is_read_into_a_buffer_of_any_place_and_size);
  RUN(hostile_arguments_change_nothing);
  RUN(before_the_first_publish_there_is_nothing_to_switch);
  RUN(who_may_not_write_may_read);
  return claims_end();
}
