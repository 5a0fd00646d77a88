/* What an engine serves and says of itself: refresh, and the status with its counters. */
#include "stores.h"

#include <dirent.h>

static char buffer[TURNOUT_DECISION_BYTES];

static turnout_engine_info info_of(const turnout_engine *engine) {
  turnout_engine_info info = TURNOUT_ENGINE_INFO_INIT;
  CHECK_STATUS(turnout_engine_status(engine, &info, NULL), TURNOUT_OK);
  return info;
}

static turnout_status resolve(const turnout_engine *engine, const turnout_request *request) {
  turnout_decision decision = TURNOUT_DECISION_INIT;
  return turnout_resolve(engine, request, buffer, sizeof buffer, &decision);
}

static void without_a_thread_the_host_refreshes(void) {
  char store[PATH_BYTES];
  path_below_work(store, "serving-still");
  publish_number(store, 1);
  turnout_open_options options = TURNOUT_OPEN_OPTIONS_INIT;
  options.flags = TURNOUT_NO_THREAD;
  turnout_engine *engine = NULL;
  turnout_error error = TURNOUT_ERROR_INIT;
  CHECK_STATUS(turnout_engine_open(store, &options, &error, &engine), TURNOUT_OK);
  CHECK_INT(info_of(engine).keeper_running, 0);
  for (unsigned number = 2; number < 5; number++) {
    publish_number(store, number);
    CHECK_INT(revision_served(engine), number - 1);
    CHECK_STATUS(turnout_engine_refresh(engine, &error), TURNOUT_OK);
    CHECK_INT(revision_served(engine), number);
  }
  activate(store, 2);
  CHECK_STATUS(turnout_engine_refresh(engine, NULL), TURNOUT_OK);
  CHECK_INT(revision_served(engine), 2);
  /* With another engine's keeper, both follow. */
  turnout_engine *kept = open_engine(store);
  CHECK_INT(info_of(engine).keeper_running, 1);
  activate(store, 4);
  wait_for_revision(engine, 4);
  CHECK_STATUS(turnout_engine_close(kept), TURNOUT_OK);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

static void the_keeper_follows_without_being_asked(void) {
  char store[PATH_BYTES];
  path_below_work(store, "serving-kept");
  publish_number(store, 1);
  turnout_engine *engine = open_engine(store);
  CHECK_INT(info_of(engine).keeper_running, 1);
  for (unsigned number = 2; number < 6; number++) {
    publish_number(store, number);
    wait_for_revision(engine, number);
    turnout_engine_info info = info_of(engine);
    CHECK_INT(info.head_revision, number);
    CHECK_STATUS(info.head_status, TURNOUT_OK);
    CHECK(info.image_bytes > 0);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t age = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec - info.adopted_at_ns;
    CHECK(age >= 0 && age < INT64_C(60000000000));
  }
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

static int threads_running(void) {
  int count = -2; /* "." and ".." */
  DIR *tasks = opendir("/proc/self/task");
  while (tasks && readdir(tasks))
    count++;
  if (tasks)
    closedir(tasks);
  return count;
}

static void a_store_has_one_keeper_and_it_ends_with_the_last_handle(void) {
  char store[PATH_BYTES];
  path_below_work(store, "serving-kept");
  int before = threads_running();
  turnout_engine *first = open_engine(store), *second = open_engine(store);
  turnout_view *view = NULL;
  CHECK_STATUS(turnout_view_open(second, NULL, &view), TURNOUT_OK);
  CHECK_INT(threads_running(), before + 1);
  CHECK_STATUS(turnout_engine_close(first), TURNOUT_OK);
  CHECK_STATUS(turnout_engine_close(second), TURNOUT_OK);
  CHECK_STATUS(turnout_view_close(view), TURNOUT_OK);
  double end = seconds_now() + 20;
  while (threads_running() != before && seconds_now() < end)
    usleep(500);
  CHECK_INT(threads_running(), before);
}

static void a_head_that_cannot_be_served_is_told_and_the_old_one_stays(void) {
  char store[PATH_BYTES], shell[3 * PATH_BYTES];
  path_below_work(store, "serving-broken");
  publish_number(store, 1);
  turnout_open_options options = TURNOUT_OPEN_OPTIONS_INIT;
  options.flags = TURNOUT_NO_THREAD;
  turnout_engine *engine = NULL;
  CHECK_STATUS(turnout_engine_open(store, &options, NULL, &engine), TURNOUT_OK);
  publish_number(store, 2);
  /* Between its publish and our look, the new table's bytes become zero. */
  snprintf(shell, sizeof shell,
           "f='%s'/tables/00000002.mdb && s=$(stat -c %%s $f) && chmod u+w $f && "
           "truncate -s 0 $f && truncate -s $s $f",
           store);
  CHECK_INT(system(shell), 0);
  turnout_error error = TURNOUT_ERROR_INIT;
  CHECK_STATUS(turnout_engine_refresh(engine, &error), TURNOUT_CORRUPT);
  CHECK(error.message_size > 0);
  turnout_engine_info info = TURNOUT_ENGINE_INFO_INIT;
  turnout_error why = TURNOUT_ERROR_INIT;
  CHECK_STATUS(turnout_engine_status(engine, &info, &why), TURNOUT_OK);
  CHECK_INT(info.revision, 1);
  CHECK_INT(info.head_revision, 2);
  CHECK_STATUS(info.head_status, TURNOUT_CORRUPT);
  CHECK_STATUS(why.status, TURNOUT_CORRUPT);
  CHECK(why.message_size > 0);
  turnout_request request = request_for("Alpha", "u");
  CHECK_STATUS(resolve(engine, &request), TURNOUT_OK);
  /* Who comes new serves the head before, and is told why. */
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  turnout_engine *other = NULL;
  CHECK_STATUS(turnout_engine_open(store, &options, &error, &other), TURNOUT_OK);
  CHECK_STATUS(resolve(other, &request), TURNOUT_OK);
  CHECK_STATUS(turnout_engine_status(other, &info, &why), TURNOUT_OK);
  CHECK_INT(info.revision, 1);
  CHECK_INT(info.head_revision, 2);
  CHECK_STATUS(info.head_status, TURNOUT_CORRUPT);
  CHECK(strstr(why.message, "Revision 1 is served") != NULL);
  CHECK_STATUS(turnout_engine_close(other), TURNOUT_OK);
  /* With nothing whole there is nothing to serve. */
  snprintf(shell, sizeof shell, "rm -f '%s'/tables/00000001.mdb", store);
  CHECK_INT(system(shell), 0);
  CHECK_STATUS(turnout_engine_open(store, &options, &error, &other), TURNOUT_CORRUPT);
  CHECK(other == NULL);
}

static void private_tables_survive_what_is_done_to_their_files(void) {
  char store[PATH_BYTES], shell[3 * PATH_BYTES];
  path_below_work(store, "serving-private");
  publish_number(store, 1);
  turnout_open_options options = TURNOUT_OPEN_OPTIONS_INIT;
  options.flags = TURNOUT_NO_THREAD | TURNOUT_PRIVATE_TABLES;
  turnout_engine *engine = NULL;
  CHECK_STATUS(turnout_engine_open(store, &options, NULL, &engine), TURNOUT_OK);
  turnout_request request = request_for("Alpha", "u");
  CHECK_STATUS(resolve(engine, &request), TURNOUT_OK);
  /* The very file that was read: overwritten, then cut. A shared mapping would show the one and die
   * of the other. */
  snprintf(shell, sizeof shell,
           "f='%s'/tables/00000001.mdb && chmod u+w $f && "
           "dd if=/dev/urandom of=$f bs=4096 count=3 seek=2 conv=notrunc status=none",
           store);
  CHECK_INT(system(shell), 0);
  CHECK_STATUS(resolve(engine, &request), TURNOUT_OK);
  snprintf(shell, sizeof shell, "truncate -s 0 '%s'/tables/00000001.mdb", store);
  CHECK_INT(system(shell), 0);
  for (int i = 0; i < 100; i++)
    CHECK_STATUS(resolve(engine, &request), TURNOUT_OK);
  publish_number(store, 2);
  CHECK_STATUS(turnout_engine_refresh(engine, NULL), TURNOUT_OK);
  turnout_engine_info info = TURNOUT_ENGINE_INFO_INIT;
  CHECK_STATUS(turnout_engine_status(engine, &info, NULL), TURNOUT_OK);
  CHECK_INT(info.revision, 2);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

static void resolves_and_refusals_are_counted(void) {
  char store[PATH_BYTES], document[PATH_BYTES];
  path_below_work(store, "serving-counters");
  path_below_work(document, "routing.yaml");
  publish(store, document);
  turnout_engine *engine = open_engine(store);
  turnout_engine_info before = info_of(engine);
  turnout_request request = request_for("Plain", "u");
  for (int i = 0; i < 100; i++)
    CHECK_STATUS(resolve(engine, &request), TURNOUT_OK);
  turnout_engine_info after = info_of(engine);
  CHECK_INT(after.resolves - before.resolves, 100);
  CHECK_INT(after.refused - before.refused, 0);

  turnout_request unknown = request_for("Nobody", "u");
  for (int i = 0; i < 7; i++)
    CHECK_STATUS(resolve(engine, &unknown), TURNOUT_UNKNOWN_USE_CASE);
  turnout_decision small = TURNOUT_DECISION_INIT;
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, 1, &small), TURNOUT_BUFFER_TOO_SMALL);
  before = after;
  after = info_of(engine);
  CHECK_INT(after.resolves - before.resolves, 8);
  CHECK_INT(after.refused - before.refused, 8);

  turnout_attribute attributes[] = {string_attribute("nobody-declared", "x"),
                                    string_attribute("age", "12"), number_attribute("kids", 1),
                                    null_attribute("country"), string_attribute("app", "x.y")};
  request.attributes = attributes;
  request.attribute_count = 5;
  CHECK_STATUS(resolve(engine, &request), TURNOUT_OK);
  before = after;
  after = info_of(engine);
  CHECK_INT(after.attributes_undeclared - before.attributes_undeclared, 1);
  CHECK_INT(after.attributes_mistyped - before.attributes_mistyped, 3);

  /* A batch is counted by its elements. */
  turnout_name names[] = {name("Plain"), name("Nobody"), name("Off"), name("Plain")};
  turnout_decision decisions[4];
  for (int i = 0; i < 4; i++)
    decisions[i] = empty_decision();
  request.attribute_count = 0;
  before = after;
  CHECK_STATUS(turnout_resolve_use_cases(engine, &request, names, 4, buffer, sizeof buffer,
                                         decisions, sizeof *decisions, NULL),
               TURNOUT_OK);
  after = info_of(engine);
  CHECK_INT(after.resolves - before.resolves, 4);
  CHECK_INT(after.refused - before.refused, 2);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

static void a_status_needs_a_struct_of_the_right_size(void) {
  char store[PATH_BYTES];
  path_below_work(store, "serving-still");
  turnout_engine *engine = open_engine(store);
  turnout_error error = TURNOUT_ERROR_INIT;
  static const size_t sizes[] = {0, 8, sizeof(turnout_engine_info) - 1, 1 << 20, SIZE_MAX};
  turnout_engine_info info = TURNOUT_ENGINE_INFO_INIT;
  for (int i = 0; i < 5; i++) {
    info.struct_size = sizes[i];
    CHECK_STATUS(turnout_engine_status(engine, &info, &error), TURNOUT_INVALID_ARGUMENT);
    CHECK(error.message_size > 0);
  }
  CHECK_STATUS(turnout_engine_status(engine, NULL, &error), TURNOUT_INVALID_ARGUMENT);
  CHECK_STATUS(turnout_engine_status(NULL, &info, &error), TURNOUT_INVALID_ARGUMENT);
  CHECK_STATUS(turnout_engine_refresh(NULL, &error), TURNOUT_INVALID_ARGUMENT);
  struct {
    turnout_engine_info info;
    char tail[16];
    char behind[8];
  } later;
  memset(&later, 0x5a, sizeof later);
  later.info.struct_size = sizeof later.info + sizeof later.tail;
  CHECK_STATUS(turnout_engine_status(engine, &later.info, &error), TURNOUT_OK);
  CHECK_INT(later.info.revision, 4);
  for (int i = 0; i < 16; i++)
    CHECK_INT(later.tail[i], 0);
  for (int i = 0; i < 8; i++)
    CHECK_INT(later.behind[i], 0x5a);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

int main(void) {
  RUN(without_a_thread_the_host_refreshes);
  RUN(the_keeper_follows_without_being_asked);
  RUN(a_store_has_one_keeper_and_it_ends_with_the_last_handle);
  RUN(a_head_that_cannot_be_served_is_told_and_the_old_one_stays);
  RUN(private_tables_survive_what_is_done_to_their_files);
  RUN(resolves_and_refusals_are_counted);
  RUN(a_status_needs_a_struct_of_the_right_size);
  return claims_end();
}
