/* Both batches: each element as if it were resolved alone, all in one buffer. */
#include "stores.h"

static turnout_engine *engine;

enum { MANY = 100000, FEW = 50, DECISION_SHARE = 128 };

/* A decision with the caller's own fields behind it. */
typedef struct element {
  turnout_decision decision;
  uint64_t own;
} element;

static element *new_elements(size_t count) {
  element *elements = calloc(count, sizeof *elements);
  if (!elements)
    give_up("no memory for", "a batch");
  for (size_t i = 0; i < count; i++) {
    elements[i].decision.struct_size = sizeof elements[i].decision;
    elements[i].own = i;
  }
  return elements;
}

static turnout_text *new_units(size_t count, char (**bytes)[32]) {
  turnout_text *units = calloc(count, sizeof *units);
  *bytes = calloc(count, sizeof **bytes);
  if (!units || !*bytes)
    give_up("no memory for", "units");
  for (size_t i = 0; i < count; i++) {
    snprintf((*bytes)[i], 32, "u_%zu", i);
    units[i] = text((*bytes)[i]);
  }
  return units;
}

static void many_units_come_out_in_their_order(void) {
  char (*bytes)[32];
  turnout_text *units = new_units(MANY, &bytes);
  element *elements = new_elements(MANY);
  size_t size = (size_t)MANY * DECISION_SHARE, resolved = 0, used = 0;
  char *buffer = malloc(size);
  turnout_attribute half = string_attribute("country", "H");
  turnout_request request = request_for("Everything", "not read");
  request.attributes = &half;
  request.attribute_count = 1;
  CHECK_STATUS(turnout_resolve_units(engine, &request, units, MANY, buffer, size,
                                     &elements[0].decision, sizeof *elements, &resolved),
               TURNOUT_OK);
  CHECK_INT(resolved, MANY);
  for (size_t i = 0; i < MANY; i++) {
    char own[DECISION_SHARE];
    turnout_decision alone = TURNOUT_DECISION_INIT;
    request.unit = units[i];
    CHECK_STATUS(turnout_resolve(engine, &request, own, sizeof own, &alone), TURNOUT_OK);
    CHECK(same_decision(&elements[i].decision, &alone));
    CHECK_INT(elements[i].own, i);
    /* One behind the other: no byte of the buffer is lost, none shared. */
    CHECK(elements[i].decision.model.data == buffer + used);
    used += elements[i].decision.buffer_needed;
  }
  free(units);
  free(bytes);
  free(elements);
  free(buffer);
}

static void many_use_cases_keep_their_own_statuses(void) {
  static const char *names[] = {"Plain", "Nobody", "Off", "Everything", "Demanding", "BySession"};
  static const turnout_status statuses[] = {TURNOUT_OK, TURNOUT_UNKNOWN_USE_CASE, TURNOUT_DISABLED,
                                            TURNOUT_OK, TURNOUT_MISSING_REQUIRED, TURNOUT_OK};
  turnout_name use_cases[FEW];
  for (int i = 0; i < FEW; i++)
    use_cases[i] = i % 2 ? name(names[i % 6]) : turnout_name_of(text(names[i % 6]));
  element *elements = new_elements(FEW);
  static char buffer[FEW * DECISION_SHARE];
  size_t resolved = 0;
  turnout_request request = request_for("not read", "u_3");
  request.flags = TURNOUT_WANT_CONFIG;
  CHECK_STATUS(turnout_resolve_use_cases(engine, &request, use_cases, FEW, buffer, sizeof buffer,
                                         &elements[0].decision, sizeof *elements, &resolved),
               TURNOUT_OK);
  CHECK_INT(resolved, FEW);
  for (int i = 0; i < FEW; i++) {
    char own[DECISION_SHARE];
    turnout_decision alone = TURNOUT_DECISION_INIT;
    request.use_case = use_cases[i];
    turnout_resolve(engine, &request, own, sizeof own, &alone);
    CHECK_STATUS(elements[i].decision.status, statuses[i % 6]);
    CHECK(same_decision(&elements[i].decision, &alone));
  }
  free(elements);
}

static void the_name_of_the_request_is_not_read_by_a_batch_of_names(void) {
  turnout_request request = TURNOUT_REQUEST_INIT;
  request.use_case = (turnout_name){NULL, 1000, 1};
  turnout_name use_case = name("Plain");
  turnout_decision decision = TURNOUT_DECISION_INIT;
  char buffer[DECISION_SHARE];
  size_t resolved = 0;
  CHECK_STATUS(turnout_resolve_use_cases(engine, &request, &use_case, 1, buffer, sizeof buffer,
                                         &decision, sizeof decision, &resolved),
               TURNOUT_OK);
  CHECK_STATUS(decision.status, TURNOUT_OK);
  request = request_for("Plain", NULL);
  request.unit = (turnout_text){NULL, 1000};
  turnout_text unit = text("u");
  CHECK_STATUS(turnout_resolve_units(engine, &request, &unit, 1, buffer, sizeof buffer, &decision,
                                     sizeof decision, &resolved),
               TURNOUT_OK);
  CHECK_STATUS(decision.status, TURNOUT_OK);
}

static void a_full_buffer_stops_and_a_second_call_goes_on(void) {
  char (*bytes)[32];
  turnout_text *units = new_units(FEW, &bytes);
  turnout_request request = request_for("Plain", NULL);
  turnout_decision one = TURNOUT_DECISION_INIT;
  char own[DECISION_SHARE];
  CHECK_STATUS(turnout_resolve(engine, &request, own, sizeof own, &one), TURNOUT_OK);
  for (size_t room = 0; room < one.buffer_needed * 4; room++) {
    element *elements = new_elements(FEW);
    char *buffer = malloc(room + 1);
    buffer[room] = 0x5a;
    size_t resolved = 99;
    CHECK_STATUS(turnout_resolve_units(engine, &request, units, FEW, buffer, room,
                                       &elements[0].decision, sizeof *elements, &resolved),
                 TURNOUT_BUFFER_TOO_SMALL);
    CHECK_INT(resolved, room / one.buffer_needed);
    for (size_t i = 0; i < resolved; i++)
      CHECK_TEXT(elements[i].decision.version, "v2");
    CHECK_STATUS(elements[resolved].decision.status, TURNOUT_BUFFER_TOO_SMALL);
    CHECK_INT(elements[resolved].decision.buffer_needed, one.buffer_needed);
    CHECK(says_nothing(&elements[resolved].decision));
    turnout_decision untouched = TURNOUT_DECISION_INIT;
    for (size_t i = resolved + 1; i < FEW; i++)
      CHECK(memcmp(&elements[i].decision, &untouched, sizeof untouched) == 0);
    CHECK(buffer[room] == 0x5a);
    free(elements);
    free(buffer);
  }
  free(units);
  free(bytes);
}

static void a_wrong_struct_size_in_the_middle_stops(void) {
  static const size_t sizes[] = {0, sizeof(turnout_decision) - 1, sizeof(element) + 1, SIZE_MAX};
  char (*bytes)[32];
  turnout_text *units = new_units(FEW, &bytes);
  turnout_request request = request_for("Plain", NULL);
  static char buffer[FEW * DECISION_SHARE];
  for (int i = 0; i < 4; i++) {
    element *elements = new_elements(FEW);
    size_t wrong = 17, resolved = 99;
    elements[wrong].decision.struct_size = sizes[i];
    element before = elements[wrong];
    CHECK_STATUS(turnout_resolve_units(engine, &request, units, FEW, buffer, sizeof buffer,
                                       &elements[0].decision, sizeof *elements, &resolved),
                 TURNOUT_INVALID_ARGUMENT);
    CHECK_INT(resolved, wrong);
    CHECK_TEXT(elements[wrong - 1].decision.version, "v2");
    CHECK(memcmp(&before, &elements[wrong], sizeof before) == 0);
    free(elements);
  }
  free(units);
  free(bytes);
}

static void an_element_that_is_not_valid_does_not_stop_the_others(void) {
  turnout_text units[] = {
      text("a"),        {NULL, 5},       text("b"), {"x", TURNOUT_BYTES_MAX + 1},
      {NULL, SIZE_MAX}, {"x", SIZE_MAX}, text("c")};
  turnout_name names[] = {name("Plain"), {NULL, 5, 0}, name("\xff"), {"x", SIZE_MAX, 0},
                          {NULL, 0, 0},  {"", 0, 0},   name("Plain")};
  turnout_decision decisions[7];
  char buffer[7 * DECISION_SHARE];
  for (int batch = 0; batch < 2; batch++) {
    for (int i = 0; i < 7; i++)
      decisions[i] = empty_decision();
    turnout_request request = request_for("Plain", "u");
    size_t resolved = 0;
    turnout_status status =
        batch ? turnout_resolve_use_cases(engine, &request, names, 7, buffer, sizeof buffer,
                                          decisions, sizeof *decisions, &resolved)
              : turnout_resolve_units(engine, &request, units, 7, buffer, sizeof buffer, decisions,
                                      sizeof *decisions, &resolved);
    CHECK_STATUS(status, TURNOUT_OK);
    CHECK_INT(resolved, 7);
    for (int i = 0; i < 7; i++) {
      int valid = i == 0 || i == 6 || (i == 2 && !batch);
      CHECK_STATUS(decisions[i].status, valid ? TURNOUT_OK : TURNOUT_INVALID_ARGUMENT);
      if (!valid)
        CHECK(says_nothing(&decisions[i]));
    }
  }
}

static void a_batch_of_nothing_is_done_at_once(void) {
  turnout_request request = request_for("Plain", "u");
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_text unit = text("u");
  turnout_name use_case = name("Plain");
  size_t resolved = 9;
  CHECK_STATUS(turnout_resolve_units(engine, &request, &unit, 0, NULL, 0, &decision,
                                     sizeof decision, &resolved),
               TURNOUT_OK);
  CHECK_INT(resolved, 0);
  /* What an empty vector gives. */
  resolved = 9;
  CHECK_STATUS(
      turnout_resolve_units(engine, &request, NULL, 0, NULL, 0, NULL, sizeof decision, &resolved),
      TURNOUT_OK);
  CHECK_INT(resolved, 0);
  resolved = 9;
  CHECK_STATUS(turnout_resolve_use_cases(engine, &request, NULL, 0, NULL, 0, NULL, sizeof decision,
                                         &resolved),
               TURNOUT_OK);
  CHECK_INT(resolved, 0);
  /* The request's own name is not read: here is none. */
  request.use_case.data = (const char *)8;
  CHECK_STATUS(turnout_resolve_use_cases(engine, &request, NULL, 0, NULL, 0, NULL, sizeof decision,
                                         &resolved),
               TURNOUT_OK);
  CHECK_STATUS(turnout_resolve_use_cases(engine, &request, &use_case, 0, NULL, 0, NULL,
                                         sizeof decision, NULL),
               TURNOUT_OK);
}

static void arguments_that_do_not_fit_are_refused_whole(void) {
  turnout_request request = request_for("Plain", "u");
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_text unit = text("u");
  char buffer[DECISION_SHARE];
  size_t size = sizeof decision;
  const struct {
    const turnout_engine *engine;
    const turnout_request *request;
    const turnout_text *units;
    size_t count;
    turnout_decision *decisions;
    size_t stride;
  } cases[] = {
      {NULL, &request, &unit, 1, &decision, size},
      {engine, NULL, &unit, 1, &decision, size},
      {engine, &request, NULL, 1, &decision, size},
      {engine, &request, &unit, 1, NULL, size},
      {engine, &request, &unit, TURNOUT_BATCH_MAX + 1, &decision, size},
      {engine, &request, &unit, SIZE_MAX, &decision, size},
      {engine, &request, &unit, SIZE_MAX / 2, &decision, size},
      {engine, &request, &unit, (size_t)1 << 63, &decision, size},
      {engine, &request, &unit, 1, &decision, 0},
      {engine, &request, &unit, 1, &decision, size - 8},
      {engine, &request, &unit, 1, &decision, size + 1},
      {engine, &request, &unit, 1, &decision, size + 4},
      {engine, &request, &unit, 1, &decision, SIZE_MAX},
      {engine, &request, &unit, 1, &decision, SIZE_MAX - 7},
      {engine, &request, &unit, 1, &decision, (size_t)1 << 62},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    size_t resolved = 99;
    CHECK_STATUS(turnout_resolve_units(cases[i].engine, cases[i].request, cases[i].units,
                                       cases[i].count, buffer, sizeof buffer, cases[i].decisions,
                                       cases[i].stride, &resolved),
                 TURNOUT_INVALID_ARGUMENT);
    CHECK_INT(resolved, 0);
  }
  turnout_decision untouched = TURNOUT_DECISION_INIT;
  CHECK(memcmp(&decision, &untouched, sizeof decision) == 0);
}

int main(void) {
  char store[PATH_BYTES], document[PATH_BYTES];
  path_below_work(store, "batches");
  path_below_work(document, "routing.yaml");
  publish(store, document);
  engine = open_engine(store);
  RUN(many_units_come_out_in_their_order);
  RUN(many_use_cases_keep_their_own_statuses);
  RUN(the_name_of_the_request_is_not_read_by_a_batch_of_names);
  RUN(a_full_buffer_stops_and_a_second_call_goes_on);
  RUN(a_wrong_struct_size_in_the_middle_stops);
  RUN(an_element_that_is_not_valid_does_not_stop_the_others);
  RUN(a_batch_of_nothing_is_done_at_once);
  RUN(arguments_that_do_not_fit_are_refused_whole);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  return claims_end();
}
