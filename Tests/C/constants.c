/* Attributes given once at open, and what a request's own do to them. */
#include "stores.h"

static char store[PATH_BYTES];
static char buffer[TURNOUT_DECISION_BYTES];

static turnout_engine *open_with(const turnout_attribute *constants, size_t count) {
  turnout_open_options options = TURNOUT_OPEN_OPTIONS_INIT;
  options.constants = constants;
  options.constant_count = count;
  turnout_engine *engine = NULL;
  turnout_error error = TURNOUT_ERROR_INIT;
  CHECK_STATUS(turnout_engine_open(store, &options, &error, &engine), TURNOUT_OK);
  return engine;
}

static void expect_rule(const turnout_engine *engine, turnout_attribute *own, const char *rule) {
  turnout_request request = request_for("Everything", "u");
  request.attributes = own;
  request.attribute_count = own ? 1 : 0;
  turnout_decision decision = TURNOUT_DECISION_INIT;
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
  CHECK_TEXT(decision.rule, rule);
}

static void constants_hold_unless_the_request_says_otherwise(void) {
  turnout_attribute constants[] = {string_attribute("region", "us"), boolean_attribute("kids", 1)};
  turnout_engine *engine = open_with(constants, 2);
  expect_rule(engine, NULL, "by-region");
  turnout_attribute own = string_attribute("region", "nowhere");
  expect_rule(engine, &own, "children");
  own = null_attribute("region");
  expect_rule(engine, &own, "children");
  own = number_attribute("region", 1);
  expect_rule(engine, &own, "children");
  own = string_attribute("country", "NO");
  expect_rule(engine, &own, "north");
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

static void constants_are_copied(void) {
  char key[] = "region", value[] = "us";
  turnout_attribute constant = string_attribute(key, value);
  turnout_engine *engine = open_with(&constant, 1);
  turnout_view *view = NULL;
  memset(key, 'x', sizeof key);
  memset(value, 'x', sizeof value);
  memset(&constant, 0xff, sizeof constant);
  expect_rule(engine, NULL, "by-region");
  /* A view has its engine's, also without the engine. */
  CHECK_STATUS(turnout_view_open(engine, NULL, &view), TURNOUT_OK);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  turnout_request request = request_for("Everything", "u");
  turnout_decision decision = TURNOUT_DECISION_INIT;
  CHECK_STATUS(turnout_view_resolve(view, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
  CHECK_TEXT(decision.rule, "by-region");
  CHECK_STATUS(turnout_view_close(view), TURNOUT_OK);
}

static void each_engine_has_its_own(void) {
  turnout_attribute constants[] = {string_attribute("region", "us"), boolean_attribute("kids", 1)};
  turnout_engine *first = open_with(constants, 1), *second = open_with(constants + 1, 1),
                 *third = open_with(NULL, 0);
  expect_rule(first, NULL, "by-region");
  expect_rule(second, NULL, "children");
  expect_rule(third, NULL, NULL);
  CHECK_STATUS(turnout_engine_close(first), TURNOUT_OK);
  expect_rule(second, NULL, "children");
  CHECK_STATUS(turnout_engine_close(second), TURNOUT_OK);
  CHECK_STATUS(turnout_engine_close(third), TURNOUT_OK);
}

static void a_constant_traffic_class_is_the_default_of_every_request(void) {
  turnout_attribute traffic = string_attribute("traffic", "artificial");
  turnout_engine *engine = open_with(&traffic, 1);
  expect_rule(engine, NULL, "load");
  turnout_attribute own = string_attribute("traffic", "production");
  expect_rule(engine, &own, NULL);
  own = null_attribute("traffic");
  expect_rule(engine, &own, NULL);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

static void a_text_that_is_no_value_is_not_read(void) {
  static char text[60000];
  memset(text, 'x', sizeof text);
  turnout_attribute constants[] = {number_attribute("age", 3), boolean_attribute("kids", 1),
                                   null_attribute("country"), string_attribute("region", "us")};
  constants[0].text = (turnout_text){NULL, SIZE_MAX - sizeof text};
  constants[1].text = (turnout_text){text, SIZE_MAX / 2};
  constants[2].text = (turnout_text){text, SIZE_MAX / 2};
  turnout_engine *engine = open_with(constants, 4);
  expect_rule(engine, NULL, "by-region");
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  constants[3].name = (turnout_name){"undeclared", 10, 0};
  constants[3].text = (turnout_text){text, sizeof text};
  constants[1] = constants[2];
  engine = open_with(constants, 4);
  expect_rule(engine, NULL, "young");
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

static void as_many_as_the_limit_beside_as_many_of_the_request(void) {
  static turnout_attribute constants[TURNOUT_ATTRIBUTES_MAX], own[TURNOUT_ATTRIBUTES_MAX];
  for (int i = 0; i < TURNOUT_ATTRIBUTES_MAX; i++) {
    constants[i] = string_attribute("unknown", "x");
    own[i] = string_attribute("other", "x");
  }
  constants[TURNOUT_ATTRIBUTES_MAX - 1] = string_attribute("region", "us");
  own[TURNOUT_ATTRIBUTES_MAX - 1] = number_attribute("age", 3);
  turnout_engine *engine = open_with(constants, TURNOUT_ATTRIBUTES_MAX);
  turnout_request request = request_for("Everything", "u");
  request.attributes = own;
  request.attribute_count = TURNOUT_ATTRIBUTES_MAX;
  turnout_decision decision = TURNOUT_DECISION_INIT;
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
  CHECK_TEXT(decision.rule, "by-region");
  own[0] = null_attribute("region");
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
  CHECK_TEXT(decision.rule, "young");
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

static void constants_that_are_not_valid_open_nothing(void) {
  static const turnout_attribute wrong[] = {
      {{NULL, 0, 0}, TURNOUT_STRING, 0, 0, {"x", 1}},
      {{NULL, 3, 0}, TURNOUT_STRING, 0, 0, {"x", 1}},
      {{"a\xff", 2, 0}, TURNOUT_STRING, 0, 0, {"x", 1}},
      {{"a", SIZE_MAX, 0}, TURNOUT_STRING, 0, 0, {"x", 1}},
      {{"a", 1, 0}, TURNOUT_STRING, 0, 0, {"\xc0\x80", 2}},
      {{"a", 1, 0}, TURNOUT_STRING, 0, 0, {NULL, 2}},
      {{"a", 1, 0}, TURNOUT_STRING, 0, 0, {"x", SIZE_MAX}},
      {{"a", 1, 0}, TURNOUT_STRING, 0, 0, {"x", TURNOUT_BYTES_MAX + 1}},
      {{"a", 1, 0}, TURNOUT_NUMBER, 0, 1e308 * 10, {NULL, 0}},
      {{"a", 1, 0}, TURNOUT_BOOLEAN, 2, 0, {NULL, 0}},
      {{"a", 1, 0}, 4, 0, 0, {NULL, 0}},
      {{"a", 1, 0}, UINT32_MAX, 0, 0, {NULL, 0}},
  };
  turnout_open_options options = TURNOUT_OPEN_OPTIONS_INIT;
  turnout_engine *engine = NULL;
  turnout_error error = TURNOUT_ERROR_INIT;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    options.constants = &wrong[i];
    options.constant_count = 1;
    CHECK_STATUS(turnout_engine_open(store, &options, &error, &engine), TURNOUT_INVALID_ARGUMENT);
    CHECK(engine == NULL && error.message_size > 0);
  }
  static const size_t counts[] = {TURNOUT_ATTRIBUTES_MAX + 1, SIZE_MAX, SIZE_MAX / 2,
                                  (size_t)1 << 63};
  turnout_attribute good = string_attribute("region", "us");
  for (int i = 0; i < 4; i++) {
    options.constants = &good;
    options.constant_count = counts[i];
    CHECK_STATUS(turnout_engine_open(store, &options, &error, &engine), TURNOUT_INVALID_ARGUMENT);
  }
  options.constants = NULL;
  options.constant_count = 1;
  CHECK_STATUS(turnout_engine_open(store, &options, &error, &engine), TURNOUT_INVALID_ARGUMENT);
  /* A traffic class is a text, and not a long one. */
  turnout_attribute traffic = number_attribute("traffic", 1);
  options.constants = &traffic;
  CHECK_STATUS(turnout_engine_open(store, &options, &error, &engine), TURNOUT_INVALID_ARGUMENT);
  char class[TURNOUT_TRAFFIC_MAX + 1];
  memset(class, 'x', sizeof class);
  traffic = string_attribute("traffic", "");
  traffic.text = (turnout_text){class, sizeof class};
  CHECK_STATUS(turnout_engine_open(store, &options, &error, &engine), TURNOUT_INVALID_ARGUMENT);
}

int main(void) {
  char document[PATH_BYTES];
  path_below_work(store, "constants");
  path_below_work(document, "routing.yaml");
  publish(store, document);
  RUN(constants_hold_unless_the_request_says_otherwise);
  RUN(constants_are_copied);
  RUN(each_engine_has_its_own);
  RUN(a_constant_traffic_class_is_the_default_of_every_request);
  RUN(a_text_that_is_no_value_is_not_read);
  RUN(as_many_as_the_limit_beside_as_many_of_the_request);
  RUN(constants_that_are_not_valid_open_nothing);
  return claims_end();
}
