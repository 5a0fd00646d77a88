/* Explanations in a caller's buffer: both forms, every size, and what is no request. */
#include "stores.h"

enum { ROOM = 1 << 16 };

static char store[PATH_BYTES];
static turnout_engine *engine;
static char words[ROOM];

static turnout_request everything(void) { return request_for("Everything", "u_1"); }

/* The explanation in `words`, with a NUL behind it; its size. */
static size_t explained(const turnout_request *request, uint32_t form) {
  size_t needed = 0;
  CHECK_STATUS(turnout_explain(engine, request, form, words, ROOM - 1, &needed), TURNOUT_OK);
  CHECK(needed > 0 && needed < ROOM);
  words[needed < ROOM ? needed : 0] = 0;
  return needed;
}

static void both_forms_tell_the_decision(void) {
  CHECK_INT(TURNOUT_EXPLAIN_TEXT, 1);
  CHECK_INT(TURNOUT_EXPLAIN_JSON, 2);
  turnout_request request = everything();
  char buffer[TURNOUT_DECISION_BYTES];
  turnout_decision decision = empty_decision();
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
  char expected[256];
  snprintf(expected, sizeof expected, "Everything → %.*s@%.*s\n", (int)decision.model.size,
           decision.model.data, (int)decision.version.size, decision.version.data);
  explained(&request, TURNOUT_EXPLAIN_TEXT);
  CHECK(strncmp(words, expected, strlen(expected)) == 0);
  CHECK(strstr(words, "rule 10: route") && strstr(words, "decides for"));
  CHECK(!strchr(words, 0x1b));
  size_t size = explained(&request, TURNOUT_EXPLAIN_JSON);
  snprintf(expected, sizeof expected, "\"address\":\"%.*s\"", (int)decision.address.size,
           decision.address.data);
  CHECK(strstr(words, expected) && words[0] == '{' && words[size - 1] == '}');
  CHECK(strstr(words, "\"config\":null"));
  request.flags = TURNOUT_WANT_CONFIG;
  explained(&request, TURNOUT_EXPLAIN_JSON);
  CHECK(strstr(words, "\"config\":{") && !strstr(words, "\"config\":null"));
}

static void a_refused_request_has_an_explanation(void) {
  const struct {
    const char *use_case, *status, *why;
  } cases[] = {{"Nothing", "unknown_use_case", "no use case of this name"},
               {"Off", "disabled", "enabled: false"},
               {"Demanding", "missing_required", "which the request lacks"},
               {"", "invalid_argument", "no use case is named"},
               {"\xff", "invalid_argument", "not UTF-8"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    turnout_request request = request_for(cases[i].use_case, "u_1");
    explained(&request, TURNOUT_EXPLAIN_TEXT);
    CHECK(strstr(words, cases[i].status) && strstr(words, cases[i].why));
    explained(&request, TURNOUT_EXPLAIN_JSON);
    CHECK(strstr(words, cases[i].status) && strstr(words, cases[i].why));
  }
}

static void every_buffer_size_is_respected(void) {
  turnout_request request = everything();
  static const uint32_t forms[] = {TURNOUT_EXPLAIN_TEXT, TURNOUT_EXPLAIN_JSON};
  for (int form = 0; form < 2; form++) {
    size_t size = explained(&request, forms[form]);
    char *whole = malloc(size + 1), *buffer = malloc(size + 1);
    if (!whole || !buffer)
      give_up("no memory for", "a buffer");
    memcpy(whole, words, size);
    for (size_t room = 0; room <= size; room++) {
      memset(buffer, '#', size + 1);
      size_t needed = 0;
      turnout_status status = turnout_explain(engine, &request, forms[form], buffer, room, &needed);
      CHECK_INT(needed, size);
      CHECK_STATUS(status, room < size ? TURNOUT_BUFFER_TOO_SMALL : TURNOUT_OK);
      size_t untouched = room < size ? 0 : size;
      for (size_t i = untouched; i < size + 1; i++)
        if (buffer[i] != '#') {
          CHECK(buffer[i] == '#');
          break;
        }
      if (room == size)
        CHECK(memcmp(buffer, whole, size) == 0);
    }
    free(whole);
    free(buffer);
  }
}

static void hostile_arguments_are_refused(void) {
  turnout_request request = everything();
  size_t needed = 7;
  CHECK_STATUS(turnout_explain(NULL, &request, 1, words, ROOM, &needed), TURNOUT_INVALID_ARGUMENT);
  CHECK_INT(needed, 0);
  CHECK_STATUS(turnout_explain(engine, NULL, 1, words, ROOM, &needed), TURNOUT_INVALID_ARGUMENT);
  CHECK_STATUS(turnout_explain(engine, &request, 1, words, ROOM, NULL), TURNOUT_INVALID_ARGUMENT);
  CHECK_STATUS(turnout_view_explain(NULL, &request, 1, words, ROOM, &needed),
               TURNOUT_INVALID_ARGUMENT);
  static const uint32_t forms[] = {0, 3, 4, UINT32_MAX};
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    CHECK_STATUS(turnout_explain(engine, &request, forms[i], words, ROOM, &needed),
                 TURNOUT_INVALID_ARGUMENT);
  CHECK_STATUS(turnout_explain(engine, &request, 1, NULL, ROOM, &needed), TURNOUT_BUFFER_TOO_SMALL);
  CHECK(needed > 0);
  CHECK_STATUS(turnout_explain(engine, &request, 1, NULL, SIZE_MAX, &needed),
               TURNOUT_BUFFER_TOO_SMALL);
  CHECK_STATUS(turnout_explain(engine, &request, 1, words, SIZE_MAX, &needed), TURNOUT_OK);
  CHECK_STATUS(
      turnout_view_explain((const turnout_view *)engine, &request, 1, words, ROOM, &needed),
      TURNOUT_CLOSED);
  CHECK_INT(needed, 0);
}

/* What is wrong with a request is said, whatever it is; nothing behind it is read. */
static void hostile_requests_are_explained(void) {
  static char big[TURNOUT_BYTES_MAX + 1];
  memset(big, 'x', sizeof big);
  static unsigned char grown[4096];
  turnout_request request = everything();
  request.struct_size = 3;
  explained(&request, TURNOUT_EXPLAIN_TEXT);
  CHECK(strstr(words, "struct_size is 3"));
  request.struct_size = SIZE_MAX;
  explained(&request, TURNOUT_EXPLAIN_TEXT);
  CHECK(strstr(words, "struct_size"));
  request = everything();
  memcpy(grown, &request, sizeof request);
  ((turnout_request *)(void *)grown)->struct_size = sizeof grown;
  explained((turnout_request *)(void *)grown, TURNOUT_EXPLAIN_TEXT);
  CHECK(strstr(words, "decides for"));
  grown[sizeof grown - 1] = 1;
  explained((turnout_request *)(void *)grown, TURNOUT_EXPLAIN_TEXT);
  CHECK(strstr(words, "does not know"));

  request = everything();
  request.flags = 6;
  explained(&request, TURNOUT_EXPLAIN_TEXT);
  CHECK(strstr(words, "flags"));
  request = everything();
  request.use_case = (turnout_name){NULL, 9, 0};
  explained(&request, TURNOUT_EXPLAIN_JSON);
  CHECK(strstr(words, "the name of the use case") && strstr(words, "\"use_case\":null"));
  request = everything();
  request.unit = (turnout_text){big, sizeof big};
  explained(&request, TURNOUT_EXPLAIN_TEXT);
  CHECK(strstr(words, "the unit is longer"));
  request = everything();
  request.unit = (turnout_text){NULL, SIZE_MAX};
  explained(&request, TURNOUT_EXPLAIN_TEXT);
  CHECK(strstr(words, "invalid_argument"));
  request = everything();
  request.attribute_count = SIZE_MAX;
  explained(&request, TURNOUT_EXPLAIN_TEXT);
  CHECK(strstr(words, "attributes"));
  request = everything();
  request.unit_count = 1;
  explained(&request, TURNOUT_EXPLAIN_TEXT);
  CHECK(strstr(words, "other units"));
  request = everything();
  request.assignment_count = SIZE_MAX / 2;
  explained(&request, TURNOUT_EXPLAIN_TEXT);
  CHECK(strstr(words, "assignments"));
  request = everything();
  turnout_attribute wrong = boolean_attribute("kids", 2);
  request.attributes = &wrong;
  request.attribute_count = 1;
  explained(&request, TURNOUT_EXPLAIN_TEXT);
  CHECK(strstr(words, "attribute 1, kids"));
}

static void units_are_bytes_and_long_ones_are_cut(void) {
  static char big[TURNOUT_BYTES_MAX];
  memset(big, '\xfe', sizeof big);
  turnout_request request = everything();
  request.unit = (turnout_text){big, sizeof big};
  explained(&request, TURNOUT_EXPLAIN_JSON);
  CHECK(strstr(words, "\"base64\":\"/v7+/v7+") && strstr(words, "\"cut_from_bytes\":65536"));
  explained(&request, TURNOUT_EXPLAIN_TEXT);
  CHECK(strstr(words, "base64:/v7+") && strstr(words, "…"));
}

static void a_view_explains_its_own_revision(void) {
  turnout_view *view = NULL;
  CHECK_STATUS(turnout_view_open(engine, NULL, &view), TURNOUT_OK);
  turnout_request request = everything();
  size_t needed = 0;
  CHECK_STATUS(turnout_view_explain(view, &request, TURNOUT_EXPLAIN_TEXT, words, ROOM - 1, &needed),
               TURNOUT_OK);
  words[needed < ROOM ? needed : 0] = 0;
  CHECK(strstr(words, "revision     1, digest"));
  CHECK_STATUS(turnout_explain((const turnout_engine *)view, &request, 1, words, ROOM, &needed),
               TURNOUT_CLOSED);
  turnout_view_close(view);
  CHECK_STATUS(turnout_view_explain(view, &request, 1, words, ROOM, &needed), TURNOUT_CLOSED);
}

static void an_explanation_is_not_counted(void) {
  turnout_engine_info before = TURNOUT_ENGINE_INFO_INIT, after = TURNOUT_ENGINE_INFO_INIT;
  turnout_request request = request_for("Nothing", "u");
  turnout_engine_status(engine, &before, NULL);
  explained(&request, TURNOUT_EXPLAIN_TEXT);
  turnout_engine_status(engine, &after, NULL);
  CHECK_INT(after.resolves, before.resolves);
  CHECK_INT(after.refused, before.refused);
}

static void a_store_without_a_table_says_so(void) {
  char empty[PATH_BYTES], document[PATH_BYTES];
  path_below_work(empty, "explain-staged");
  path_below_work(document, "routing.yaml");
  const char *arguments[] = {"publish", document, "--stage", "--store", empty, NULL};
  CHECK_INT(turnout_run(arguments), 0);
  turnout_engine *other = open_engine(empty);
  turnout_request request = everything();
  size_t needed = 0;
  CHECK_STATUS(turnout_explain(other, &request, TURNOUT_EXPLAIN_TEXT, words, ROOM - 1, &needed),
               TURNOUT_OK);
  words[needed < ROOM ? needed : 0] = 0;
  CHECK(strstr(words, "no_table") && strstr(words, "nothing has been published"));
  turnout_engine_close(other);
}

int main(void) {
  char document[PATH_BYTES];
  path_below_work(store, "explain");
  path_below_work(document, "routing.yaml");
  publish(store, document);
  engine = open_engine(store);
  RUN(both_forms_tell_the_decision);
  RUN(a_refused_request_has_an_explanation);
  RUN(every_buffer_size_is_respected);
  RUN(hostile_arguments_are_refused);
  RUN(hostile_requests_are_explained);
  RUN(units_are_bytes_and_long_ones_are_cut);
  RUN(a_view_explains_its_own_revision);
  RUN(an_explanation_is_not_counted);
  RUN(a_store_without_a_table_says_so);
  turnout_engine_close(engine);
  return claims_end();
}
