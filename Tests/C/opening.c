/* Opening and closing: every way in which it fails has its status and its words. */
#include "stores.h"

#include <malloc.h>
#include <sys/stat.h>

static char store[PATH_BYTES];

static void expect_failure(const char *path, turnout_status status, const char *word) {
  turnout_engine *engine = (turnout_engine *)(void *)&status;
  turnout_error error = TURNOUT_ERROR_INIT;
  CHECK_STATUS(turnout_engine_open(path, NULL, &error, &engine), status);
  CHECK(engine == NULL);
  CHECK_STATUS(error.status, status);
  CHECK_INT(error.message_size, strlen(error.message));
  CHECK(error.message_size > 10);
  if (!strstr(error.message, word)) {
    printf("  \"%s\" does not name %s\n", error.message, word);
    CHECK(strstr(error.message, word) != NULL);
  }
  /* The words are asked for, not forced on the caller. */
  CHECK_STATUS(turnout_engine_open(path, NULL, NULL, &engine), status);
}

static void a_missing_folder_is_no_store(void) {
  char path[PATH_BYTES];
  path_below_work(path, "nothing-here");
  expect_failure(path, TURNOUT_NO_STORE, "nothing-here");
}

static void a_folder_or_file_of_another_kind_is_not_a_store(void) {
  char path[PATH_BYTES];
  path_below_work(path, "some-folder");
  mkdir(path, 0755);
  expect_failure(path, TURNOUT_NOT_A_STORE, "some-folder");
  path_below_work(path, "some-file");
  FILE *file = fopen(path, "w");
  if (!file)
    give_up("cannot write", path);
  fputs("text", file);
  fclose(file);
  expect_failure(path, TURNOUT_NOT_A_STORE, "some-file");
}

static void a_path_must_be_given_and_be_utf8(void) {
  turnout_engine *engine = NULL;
  turnout_error error = TURNOUT_ERROR_INIT;
  expect_failure("", TURNOUT_INVALID_ARGUMENT, "path");
  expect_failure(NULL, TURNOUT_INVALID_ARGUMENT, "path");
  expect_failure("/tmp/\xff", TURNOUT_INVALID_ARGUMENT, "path");
  CHECK_STATUS(turnout_engine_open(store, NULL, &error, NULL), TURNOUT_INVALID_ARGUMENT);
  CHECK(strstr(error.message, "out") != NULL);
  CHECK_STATUS(turnout_engine_open(NULL, NULL, NULL, NULL), TURNOUT_INVALID_ARGUMENT);
  CHECK(engine == NULL);
}

static void a_path_may_be_longer_than_the_system_allows(void) {
  size_t size = 1 << 20;
  char *path = malloc(size + 1);
  memset(path, 'a', size);
  path[0] = '/';
  path[size] = 0;
  turnout_engine *engine = NULL;
  turnout_error error = TURNOUT_ERROR_INIT;
  CHECK(turnout_engine_open(path, NULL, &error, &engine) < 0);
  CHECK(engine == NULL);
  /* Words that do not fit are cut, and end in NUL. */
  CHECK_INT(error.message_size, strlen(error.message));
  CHECK(error.message_size < sizeof error.message);
  free(path);
}

static void words_are_cut_at_a_character(void) {
  /* Whatever stands before the path, one of three lengths cuts a character of three bytes. */
  for (int lead = 0; lead < 3; lead++) {
    char path[2048] = "/";
    for (int i = 0; i < lead; i++)
      strcat(path, "a");
    for (int i = 0; i < 400; i++)
      strcat(path, "\xe2\x82\xac");
    turnout_engine *engine = NULL;
    turnout_error error = TURNOUT_ERROR_INIT;
    CHECK(turnout_engine_open(path, NULL, &error, &engine) < 0);
    CHECK(error.message_size >= sizeof error.message - 4);
    CHECK_INT(error.message_size, strlen(error.message));
    CHECK(memcmp(error.message + error.message_size - 3, "\xe2\x82\xac", 3) == 0);
  }
}

static void an_error_object_of_another_size_is_left_alone(void) {
  static const size_t sizes[] = {0, 1, sizeof(turnout_error) - 1, SIZE_MAX};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    turnout_error error;
    memset(&error, 0x5a, sizeof error);
    turnout_error before = error;
    before.struct_size = error.struct_size = sizes[i];
    turnout_engine *engine = NULL;
    CHECK_STATUS(turnout_engine_open("/nowhere/at/all", NULL, &error, &engine), TURNOUT_NO_STORE);
    CHECK(memcmp(&error, &before, sizeof error) == 0);
  }
}

static void a_success_clears_the_words(void) {
  turnout_error error = TURNOUT_ERROR_INIT;
  turnout_engine *engine = NULL;
  CHECK_STATUS(turnout_engine_open("/nowhere", NULL, &error, &engine), TURNOUT_NO_STORE);
  CHECK_STATUS(turnout_engine_open(store, NULL, &error, &engine), TURNOUT_OK);
  CHECK_STATUS(error.status, TURNOUT_OK);
  CHECK_INT(error.message_size, 0);
  CHECK_INT(error.message[0], 0);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

static void a_store_without_a_table_opens_and_says_no_table(void) {
  char empty[PATH_BYTES];
  path_below_work(empty, "opening-empty");
  /* A publish that stages makes a store without a head. */
  char document[PATH_BYTES];
  path_below_work(document, "routing.yaml");
  const char *words[] = {"publish", document, "--stage", "--store", empty, NULL};
  CHECK_INT(turnout_run(words), 0);
  turnout_engine *engine = open_engine(empty);
  turnout_request request = request_for("Plain", "u");
  turnout_decision decision = empty_decision();
  char buffer[TURNOUT_DECISION_BYTES];
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision),
               TURNOUT_NO_TABLE);
  CHECK_STATUS(decision.status, TURNOUT_NO_TABLE);
  CHECK_INT(decision.revision, 0);
  CHECK(says_nothing(&decision));
  turnout_view *view = (turnout_view *)engine;
  turnout_error error = TURNOUT_ERROR_INIT;
  CHECK_STATUS(turnout_view_open(engine, &error, &view), TURNOUT_NO_TABLE);
  CHECK(view == NULL);
  CHECK(error.message_size > 0);
  /* An argument that is not valid is told first. */
  turnout_attribute infinite = number_attribute("age", 1e308 * 10);
  request.attributes = &infinite;
  request.attribute_count = 1;
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision),
               TURNOUT_INVALID_ARGUMENT);
  request.attribute_count = 0;
  size_t resolved = 7;
  turnout_text unit = text("u");
  CHECK_STATUS(turnout_resolve_units(engine, &request, &unit, 1, buffer, sizeof buffer, &decision,
                                     sizeof decision, &resolved),
               TURNOUT_NO_TABLE);
  CHECK_INT(resolved, 0);
  /* And then something is published. */
  publish(empty, document);
  activate(empty, 1);
  wait_for_revision(engine, 1);
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

static void options_of_another_size_or_with_unknown_flags_are_refused(void) {
  static const size_t sizes[] = {0, 1, sizeof(turnout_open_options) - 1, 1 << 20, SIZE_MAX};
  turnout_engine *engine = NULL;
  turnout_error error = TURNOUT_ERROR_INIT;
  turnout_open_options options = TURNOUT_OPEN_OPTIONS_INIT;
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    options.struct_size = sizes[i];
    CHECK_STATUS(turnout_engine_open(store, &options, &error, &engine), TURNOUT_INVALID_ARGUMENT);
    CHECK(engine == NULL);
  }
  options.struct_size = sizeof options;
  for (int bit = 2; bit < 64; bit++) {
    options.flags = UINT64_C(1) << bit;
    CHECK_STATUS(turnout_engine_open(store, &options, &error, &engine), TURNOUT_INVALID_ARGUMENT);
  }
  struct {
    turnout_open_options options;
    char tail[16];
  } later = {TURNOUT_OPEN_OPTIONS_INIT, {0}};
  later.options.struct_size = sizeof later;
  CHECK_STATUS(turnout_engine_open(store, &later.options, &error, &engine), TURNOUT_OK);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  later.tail[15] = 1;
  CHECK_STATUS(turnout_engine_open(store, &later.options, &error, &engine),
               TURNOUT_INVALID_ARGUMENT);
}

static void a_second_close_is_told(void) {
  turnout_engine *engine = open_engine(store);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_CLOSED);
  CHECK_STATUS(turnout_engine_close(NULL), TURNOUT_OK);
  turnout_request request = request_for("Plain", "u");
  turnout_decision decision = empty_decision();
  char buffer[TURNOUT_DECISION_BYTES];
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision), TURNOUT_CLOSED);
  CHECK(says_nothing(&decision));
  turnout_error error = TURNOUT_ERROR_INIT;
  CHECK_STATUS(turnout_engine_refresh(engine, &error), TURNOUT_CLOSED);
  CHECK(error.message_size > 0);
  turnout_engine_info info = TURNOUT_ENGINE_INFO_INIT;
  CHECK_STATUS(turnout_engine_status(engine, &info, &error), TURNOUT_CLOSED);
}

static void engines_on_one_store_close_apart(void) {
  turnout_engine *engines[50];
  for (int i = 0; i < 50; i++)
    engines[i] = open_engine(store);
  turnout_request request = request_for("Plain", "u");
  turnout_decision decision = empty_decision();
  char buffer[TURNOUT_DECISION_BYTES];
  for (int i = 0; i < 50; i++) {
    for (int j = i; j < 50; j++)
      CHECK_STATUS(turnout_resolve(engines[j], &request, buffer, sizeof buffer, &decision),
                   TURNOUT_OK);
    CHECK_STATUS(turnout_engine_close(engines[i]), TURNOUT_OK);
  }
}

static void the_library_names_itself_and_its_statuses(void) {
  CHECK_INT(turnout_abi_version(), TURNOUT_ABI_VERSION);
  CHECK(strcmp(turnout_version(), "0.1.0") == 0);
  static const char *names[] = {"closed",
                                "limit_exceeded",
                                "conflict",
                                "no_revision",
                                "out_of_memory",
                                "io_error",
                                "network_file_system",
                                "disk_full",
                                "permission_denied",
                                "newer_format",
                                "corrupt",
                                "not_a_store",
                                "no_store",
                                "reentrant",
                                "buffer_too_small",
                                "no_table",
                                "invalid_argument",
                                "ok",
                                "unknown_use_case",
                                "disabled",
                                "missing_required",
                                "unavailable",
                                "unknown_routing_key"};
  for (turnout_status status = TURNOUT_CLOSED; status <= TURNOUT_UNKNOWN_ROUTING_KEY; status++)
    CHECK(strcmp(turnout_status_name(status), names[status - TURNOUT_CLOSED]) == 0);
  static const turnout_status unknown[] = {6, -18, INT32_MIN, INT32_MAX};
  for (int i = 0; i < 4; i++)
    CHECK(strcmp(turnout_status_name(unknown[i]), "unknown_status") == 0);
}

/* What names a store's place is kept for ever, once for each. */
static void two_paths_in_turns_take_no_memory(void) {
  char other[PATH_BYTES + 3];
  snprintf(other, sizeof other, "%s/.", store);
  turnout_engine *held = open_engine(store);
  size_t before = 0;
  for (int i = 0; i < 4000; i++) {
    if (i == 1000)
      before = mallinfo2().uordblks;
    CHECK_STATUS(turnout_engine_close(open_engine(i % 2 ? store : other)), TURNOUT_OK);
  }
  /* Sanitizers have an allocator of their own, which says 0. */
  CHECK(mallinfo2().uordblks <= before + 100000);
  CHECK_STATUS(turnout_engine_close(held), TURNOUT_OK);
}

int main(void) {
  char document[PATH_BYTES];
  path_below_work(store, "opening");
  path_below_work(document, "routing.yaml");
  publish(store, document);
  RUN(the_library_names_itself_and_its_statuses);
  RUN(a_missing_folder_is_no_store);
  RUN(a_folder_or_file_of_another_kind_is_not_a_store);
  RUN(a_path_must_be_given_and_be_utf8);
  RUN(a_path_may_be_longer_than_the_system_allows);
  RUN(words_are_cut_at_a_character);
  RUN(an_error_object_of_another_size_is_left_alone);
  RUN(a_success_clears_the_words);
  RUN(a_store_without_a_table_opens_and_says_no_table);
  RUN(options_of_another_size_or_with_unknown_flags_are_refused);
  RUN(a_second_close_is_told);
  RUN(engines_on_one_store_close_apart);
  RUN(two_paths_in_turns_take_no_memory);
  return claims_end();
}
