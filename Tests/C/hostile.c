/* Hostile calls: each gets a status. What lies beyond a limit is refused before it is read, which
 * pages that cannot be read prove. */
#include "stores.h"

#include <math.h>
#include <sys/mman.h>

static turnout_engine *engine;
static turnout_view *view;
static char *edge; /* the first byte behind the memory that may be read */

enum { EDGE_BYTES = 1 << 20 };

static void make_edge(void) {
  char *memory =
      mmap(NULL, EDGE_BYTES + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED || mprotect(memory + EDGE_BYTES, 4096, PROT_NONE) != 0)
    give_up("no memory at an", "edge");
  edge = memory + EDGE_BYTES;
  memset(memory, 'a', EDGE_BYTES);
}

/* Some bytes that end where memory ends. */
static void *at_edge(const void *bytes, size_t size) {
  char *place = edge - (size + 7) / 8 * 8;
  memcpy(place, bytes, size);
  return place;
}

/* All six ways to resolve; each must give the same status. */
static void expect(const turnout_request *request, turnout_status expected) {
  char buffer[TURNOUT_DECISION_BYTES];
  turnout_decision decision = TURNOUT_DECISION_INIT;
  CHECK_STATUS(turnout_resolve(engine, request, buffer, sizeof buffer, &decision), expected);
  CHECK_STATUS(decision.status, expected);
  decision = empty_decision();
  CHECK_STATUS(turnout_view_resolve(view, request, buffer, sizeof buffer, &decision), expected);
  CHECK_STATUS(decision.status, expected);
  for (int way = 0; way < 4; way++) {
    decision = empty_decision();
    size_t resolved = 0;
    turnout_status status;
    if (way == 0)
      status = turnout_resolve_units(engine, request, &request->unit, 1, buffer, sizeof buffer,
                                     &decision, sizeof decision, &resolved);
    else if (way == 1)
      status = turnout_view_resolve_units(view, request, &request->unit, 1, buffer, sizeof buffer,
                                          &decision, sizeof decision, &resolved);
    else if (way == 2)
      status = turnout_resolve_use_cases(engine, request, &request->use_case, 1, buffer,
                                         sizeof buffer, &decision, sizeof decision, &resolved);
    else
      status = turnout_view_resolve_use_cases(view, request, &request->use_case, 1, buffer,
                                              sizeof buffer, &decision, sizeof decision, &resolved);
    /* A batch says it of the whole or of the element. */
    if (status == TURNOUT_OK) {
      CHECK_INT(resolved, 1);
      CHECK_STATUS(decision.status, expected);
    } else {
      CHECK_STATUS(status, expected);
      CHECK_INT(resolved, 0);
    }
  }
}

static turnout_request good_request(void) { return request_for("Everything", "u"); }

static void null_everywhere_gets_a_status(void) {
  char buffer[64];
  turnout_request request = good_request();
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_text unit = text("u");
  turnout_name use_case = name("Plain");
  size_t resolved;
  /* Every subset of the pointers. */
  for (int mask = 0; mask < 64; mask++) {
    const turnout_request *r = mask & 1 ? &request : NULL;
    void *b = mask & 2 ? buffer : NULL;
    turnout_decision *d = mask & 4 ? &decision : NULL;
    size_t *n = mask & 8 ? &resolved : NULL;
    const turnout_text *u = mask & 16 ? &unit : NULL;
    const turnout_name *c = mask & 16 ? &use_case : NULL;
    const turnout_engine *e = mask & 32 ? engine : NULL;
    const turnout_view *v = mask & 32 ? view : NULL;
    int whole = (mask & 32) && r && d;
    turnout_status expected = whole ? TURNOUT_BUFFER_TOO_SMALL : TURNOUT_INVALID_ARGUMENT;
    size_t size = b ? 1 : sizeof buffer;
    CHECK_STATUS(turnout_resolve(e, r, b, size, d), expected);
    CHECK_STATUS(turnout_view_resolve(v, r, b, size, d), expected);
    if (!(whole && u))
      expected = TURNOUT_INVALID_ARGUMENT;
    CHECK_STATUS(turnout_resolve_units(e, r, u, 1, b, size, d, sizeof *d, n), expected);
    CHECK_STATUS(turnout_view_resolve_units(v, r, u, 1, b, size, d, sizeof *d, n), expected);
    CHECK_STATUS(turnout_resolve_use_cases(e, r, c, 1, b, size, d, sizeof *d, n), expected);
    CHECK_STATUS(turnout_view_resolve_use_cases(v, r, c, 1, b, size, d, sizeof *d, n), expected);
  }
}

static void sizes_over_the_limit_are_refused_unread(void) {
  static const size_t sizes[] = {TURNOUT_BYTES_MAX + 1, UINT32_MAX,   SIZE_MAX / 2,
                                 SIZE_MAX / 2 + 1,      SIZE_MAX - 1, SIZE_MAX};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    const char *tiny = edge - 1;
    turnout_request request = good_request();
    request.unit = (turnout_text){tiny, sizes[i]};
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    request = good_request();
    request.use_case = (turnout_name){tiny, sizes[i], 0};
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    request.use_case.hash = 1;
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    request = good_request();
    request.request_id = (turnout_text){tiny, sizes[i]};
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    turnout_attribute attribute = string_attribute("region", "us");
    request = good_request();
    request.attributes = &attribute;
    request.attribute_count = 1;
    attribute.text = (turnout_text){tiny, sizes[i]};
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    attribute = string_attribute("region", "us");
    attribute.name = (turnout_name){tiny, sizes[i], 0};
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    turnout_unit unit = {name("session"), {tiny, sizes[i]}};
    request = good_request();
    request.units = &unit;
    request.unit_count = 1;
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    unit = (turnout_unit){{tiny, sizes[i], 0}, text("s")};
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    turnout_assignment assignment = {name("experiment"), {tiny, sizes[i]}};
    request = good_request();
    request.assignments = &assignment;
    request.assignment_count = 1;
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    assignment = (turnout_assignment){{tiny, sizes[i], 0}, text("cell")};
    expect(&request, TURNOUT_INVALID_ARGUMENT);
  }
}

static void counts_over_the_limit_are_refused_unread(void) {
  turnout_attribute attribute = string_attribute("region", "us");
  turnout_unit unit = {name("session"), text("s")};
  turnout_assignment assignment = {name("experiment"), text("cell")};
  static const size_t huge[] = {1 << 20, SIZE_MAX / 2, SIZE_MAX / 2 + 1, SIZE_MAX};
  for (int i = 0; i < 5; i++) {
    turnout_request request = good_request();
    request.attributes = at_edge(&attribute, sizeof attribute);
    request.attribute_count = i < 4 ? huge[i] : TURNOUT_ATTRIBUTES_MAX + 1;
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    request = good_request();
    request.units = at_edge(&unit, sizeof unit);
    request.unit_count = i < 4 ? huge[i] : TURNOUT_UNITS_MAX + 1;
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    request = good_request();
    request.assignments = at_edge(&assignment, sizeof assignment);
    request.assignment_count = i < 4 ? huge[i] : TURNOUT_ASSIGNMENTS_MAX + 1;
    expect(&request, TURNOUT_INVALID_ARGUMENT);
  }
}

static void what_is_at_the_limit_is_read_to_its_end_and_no_further(void) {
  turnout_request request = good_request();
  request.unit = (turnout_text){edge - TURNOUT_BYTES_MAX, TURNOUT_BYTES_MAX};
  request.request_id = request.unit;
  expect(&request, TURNOUT_OK);
  request.use_case = (turnout_name){edge - TURNOUT_BYTES_MAX, TURNOUT_BYTES_MAX, 0};
  expect(&request, TURNOUT_UNKNOWN_USE_CASE);
  static turnout_attribute attributes[TURNOUT_ATTRIBUTES_MAX];
  for (size_t i = 0; i < TURNOUT_ATTRIBUTES_MAX; i++) {
    size_t size = i * 541 + 1;
    attributes[i] = string_attribute("region", NULL);
    attributes[i].text = (turnout_text){edge - size, size};
    if (i % 2)
      attributes[i].name = (turnout_name){edge - size, size, 0};
  }
  request = good_request();
  request.attributes = attributes;
  request.attribute_count = TURNOUT_ATTRIBUTES_MAX;
  expect(&request, TURNOUT_OK);
  static turnout_unit units[TURNOUT_UNITS_MAX];
  for (size_t i = 0; i < TURNOUT_UNITS_MAX; i++)
    units[i] = (turnout_unit){{edge - i - 1, i + 1, 0}, {edge - 3, 3}};
  static turnout_assignment assignments[TURNOUT_ASSIGNMENTS_MAX];
  for (size_t i = 0; i < TURNOUT_ASSIGNMENTS_MAX; i++)
    assignments[i] =
        (turnout_assignment){{edge - i - 1, i + 1, 0}, {i % 2 ? edge - 3 : NULL, i % 2 ? 3 : 0}};
  request.units = units;
  request.unit_count = TURNOUT_UNITS_MAX;
  request.assignments = assignments;
  request.assignment_count = TURNOUT_ASSIGNMENTS_MAX;
  expect(&request, TURNOUT_OK);
  /* Every size of a name and a unit, up to the edge: words read at a time must not reach beyond. */
  for (size_t size = 1; size < 600; size++) {
    request = good_request();
    request.use_case = (turnout_name){edge - size, size, 0};
    expect(&request, TURNOUT_UNKNOWN_USE_CASE);
    request = request_for("BySession", NULL);
    request.unit = (turnout_text){edge - size, size};
    expect(&request, TURNOUT_OK);
  }
}

static void no_data_with_a_size_is_refused(void) {
  for (size_t size = 1; size < 3; size++) {
    turnout_text nothing = {NULL, size};
    turnout_request request = good_request();
    request.unit = nothing;
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    request = good_request();
    request.use_case = (turnout_name){NULL, size, size};
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    request = good_request();
    request.request_id = nothing;
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    request = good_request();
    request.attribute_count = size;
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    request = good_request();
    request.unit_count = size;
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    request = good_request();
    request.assignment_count = size;
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    turnout_attribute attribute = string_attribute("region", NULL);
    attribute.text = nothing;
    request = good_request();
    request.attributes = &attribute;
    request.attribute_count = 1;
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    attribute = string_attribute(NULL, "us");
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    attribute.name.size = size;
    expect(&request, TURNOUT_INVALID_ARGUMENT);
  }
}

static void text_that_is_not_utf8_is_refused_wherever_text_is_due(void) {
  static const char *const wrong[] = {
      "\x80", /* a continuation alone */
      "\xbf",
      "abcdefgh\xff", /* never in UTF-8, behind a whole word */
      "\xfe",
      "\xc0\x80", /* two bytes for NUL */
      "\xc1\xbf", /* overlong */
      "\xe0\x9f\xbf",
      "\xf0\x8f\xbf\xbf",
      "\xed\xa0\x80",     /* the first surrogate */
      "\xed\xbf\xbf",     /* the last */
      "\xf4\x90\x80\x80", /* beyond the last character */
      "\xf5\x80\x80\x80",
      "\xf8\x88\x80\x80\x80", /* five bytes */
      "\xc3",                 /* cut off */
      "\xe2\x82",
      "\xf0\x9f\x98",
      "\xc3\x28", /* no continuation where one is due */
      "\xe2\x28\xa1",
      "\xe2\x82\x28",
      "\xf0\x28\x8c\xbc",
      "\xf0\x90\x28\xbc",
      "\xf0\x28\x8c\x28",
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    size_t size = strlen(wrong[i]);
    /* At the edge, so that a character cut off is not looked for behind. */
    const char *place = edge - size;
    memcpy(edge - size, wrong[i], size);
    turnout_text bytes = {place, size};
    turnout_name bytes_name = {place, size, 0};
    turnout_request request = good_request();
    request.use_case = bytes_name;
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    request.use_case = turnout_name_of(bytes);
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    static const char *const keys[] = {"region", "app", "traffic", "age", "not-declared"};
    for (int k = 0; k < 5; k++) {
      turnout_attribute attribute = string_attribute(keys[k], NULL);
      attribute.text = bytes;
      request = good_request();
      request.attributes = &attribute;
      request.attribute_count = 1;
      expect(&request, TURNOUT_INVALID_ARGUMENT);
    }
    turnout_attribute attribute = number_attribute(NULL, 1);
    attribute.name = bytes_name;
    request.attributes = &attribute;
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    turnout_unit unit = {bytes_name, text("s")};
    request = good_request();
    request.units = &unit;
    request.unit_count = 1;
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    turnout_assignment assignment = {bytes_name, text("s")};
    request = good_request();
    request.assignments = &assignment;
    request.assignment_count = 1;
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    assignment = (turnout_assignment){name("experiment"), bytes};
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    /* Units and request ids are bytes. */
    unit = (turnout_unit){name("session"), bytes};
    request = good_request();
    request.unit = bytes;
    request.request_id = bytes;
    request.units = &unit;
    request.unit_count = 1;
    expect(&request, TURNOUT_OK);
  }
  static const char *const right[] = {
      "\xc2\x80",     "\xdf\xbf",         "\xe0\xa0\x80",     "\xed\x9f\xbf",        "\xee\x80\x80",
      "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "abcdefgh\xe2\x82\xac"};
  for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
    turnout_attribute attribute = string_attribute("region", right[i]);
    turnout_request request = good_request();
    request.attributes = &attribute;
    request.attribute_count = 1;
    expect(&request, TURNOUT_OK);
    request.use_case = name(right[i]);
    expect(&request, TURNOUT_UNKNOWN_USE_CASE);
  }
}

static void values_that_are_none_are_refused(void) {
  static const char *const keys[] = {"age", "region", "traffic", "not-declared"};
  for (int k = 0; k < 4; k++) {
    turnout_attribute attribute;
    turnout_request request = good_request();
    request.attributes = &attribute;
    request.attribute_count = 1;
    const double numbers[] = {NAN, -NAN, INFINITY, -INFINITY};
    for (int i = 0; i < 4; i++) {
      attribute = number_attribute(keys[k], numbers[i]);
      expect(&request, TURNOUT_INVALID_ARGUMENT);
    }
    static const uint32_t wrong[] = {2, 255, 256, UINT32_MAX};
    for (int i = 0; i < 4; i++) {
      attribute = boolean_attribute(keys[k], wrong[i]);
      expect(&request, TURNOUT_INVALID_ARGUMENT);
      attribute = null_attribute(keys[k]);
      attribute.type = wrong[i] == 2 ? 4 : wrong[i];
      expect(&request, TURNOUT_INVALID_ARGUMENT);
    }
    /* What is not of the type is not looked at. */
    attribute = null_attribute(keys[k]);
    attribute.text = (turnout_text){edge, SIZE_MAX};
    attribute.number = NAN;
    attribute.boolean = 77;
    expect(&request, TURNOUT_OK);
  }
}

static void a_struct_of_another_size_is_refused_unless_its_tail_is_zero(void) {
  turnout_request request = good_request();
  static const size_t sizes[] = {0,       1, sizeof request - 1, 4097, 1 << 20, SIZE_MAX / 2 + 1,
                                 SIZE_MAX};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    request.struct_size = sizes[i];
    expect(at_edge(&request, sizeof request), TURNOUT_INVALID_ARGUMENT);
  }
  struct {
    turnout_request request;
    unsigned char tail[64];
  } later = {good_request(), {0}};
  for (size_t bytes = 1; bytes <= sizeof later.tail; bytes++) {
    later.request.struct_size = sizeof later.request + bytes;
    expect(&later.request, TURNOUT_OK);
    later.tail[bytes - 1] = 1;
    expect(&later.request, TURNOUT_INVALID_ARGUMENT);
    later.request.struct_size--;
    expect(&later.request, TURNOUT_OK);
    later.tail[bytes - 1] = 0;
  }
}

static void a_decision_of_another_size_is_left_alone(void) {
  static const size_t sizes[] = {0,       1, sizeof(turnout_decision) - 1, 65537, SIZE_MAX / 2 + 1,
                                 SIZE_MAX};
  char buffer[256];
  turnout_request request = good_request();
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    turnout_decision decision;
    memset(&decision, 0x5a, sizeof decision);
    decision.struct_size = sizes[i];
    turnout_decision *place = at_edge(&decision, sizeof decision);
    CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, place),
                 TURNOUT_INVALID_ARGUMENT);
    CHECK(memcmp(place, &decision, sizeof decision) == 0);
    CHECK_STATUS(turnout_resolve(NULL, &request, buffer, sizeof buffer, place),
                 TURNOUT_INVALID_ARGUMENT);
    CHECK(memcmp(place, &decision, sizeof decision) == 0);
  }
}

/* As much of a struct as it says it has, and not a byte more. */
static void a_request_that_is_too_small_is_not_read_by_explain(void) {
  for (size_t size = 0; size < sizeof(turnout_request); size += sizeof(size_t)) {
    turnout_request request = good_request();
    request.struct_size = size;
    size_t there = size < sizeof size ? sizeof size : size;
    turnout_request *place = at_edge(&request, there);
    char said[1024];
    size_t needed = 0;
    CHECK_STATUS(turnout_explain(engine, place, TURNOUT_EXPLAIN_TEXT, said, sizeof said, &needed),
                 TURNOUT_OK);
    CHECK_STATUS(
        turnout_view_explain(view, place, TURNOUT_EXPLAIN_JSON, said, sizeof said, &needed),
        TURNOUT_OK);
    expect(place, TURNOUT_INVALID_ARGUMENT);
  }
}

static void an_error_above_its_limit_is_left_alone(void) {
  static const size_t sizes[] = {65537, SIZE_MAX / 2, SIZE_MAX / 2 + 1, SIZE_MAX};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    static turnout_error error;
    memset(&error, 0x5a, sizeof error);
    error.struct_size = sizes[i];
    turnout_error *place = at_edge(&error, sizeof error);
    turnout_view *none = view;
    CHECK_STATUS(turnout_view_open(NULL, place, &none), TURNOUT_INVALID_ARGUMENT);
    CHECK(!none && memcmp(place, &error, sizeof error) == 0);
    CHECK_STATUS(turnout_engine_refresh(engine, place), TURNOUT_OK);
    CHECK(memcmp(place, &error, sizeof error) == 0);
  }
}

static void unknown_flags_are_refused(void) {
  turnout_request request = good_request();
  for (int bit = 1; bit < 64; bit++) {
    request.flags = UINT64_C(1) << bit;
    expect(&request, TURNOUT_INVALID_ARGUMENT);
    request.flags |= TURNOUT_WANT_CONFIG;
    expect(&request, TURNOUT_INVALID_ARGUMENT);
  }
}

static void every_time_will_do(void) {
  static const int64_t times[] = {INT64_MIN, -1, 0, 1, INT64_MAX};
  turnout_request request = good_request();
  for (int i = 0; i < 5; i++) {
    request.now_ns = times[i];
    expect(&request, TURNOUT_OK);
  }
}

int main(void) {
  char store[PATH_BYTES], document[PATH_BYTES];
  path_below_work(store, "hostile");
  path_below_work(document, "routing.yaml");
  publish(store, document);
  engine = open_engine(store);
  CHECK_STATUS(turnout_view_open(engine, NULL, &view), TURNOUT_OK);
  make_edge();
  RUN(null_everywhere_gets_a_status);
  RUN(what_is_at_the_limit_is_read_to_its_end_and_no_further);
  RUN(sizes_over_the_limit_are_refused_unread);
  RUN(counts_over_the_limit_are_refused_unread);
  RUN(no_data_with_a_size_is_refused);
  RUN(text_that_is_not_utf8_is_refused_wherever_text_is_due);
  RUN(values_that_are_none_are_refused);
  RUN(a_struct_of_another_size_is_refused_unless_its_tail_is_zero);
  RUN(a_decision_of_another_size_is_left_alone);
  RUN(a_request_that_is_too_small_is_not_read_by_explain);
  RUN(an_error_above_its_limit_is_left_alone);
  RUN(unknown_flags_are_refused);
  RUN(every_time_will_do);
  CHECK_STATUS(turnout_view_close(view), TURNOUT_OK);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  return claims_end();
}
