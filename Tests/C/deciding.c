/* Every kind of rule and every status, as a caller meets them. */
#include "stores.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

static turnout_engine *engine;
static char buffer[TURNOUT_DECISION_BYTES];

static turnout_decision resolve(const turnout_request *request) {
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_status status = turnout_resolve(engine, request, buffer, sizeof buffer, &decision);
  CHECK_STATUS(decision.status, status);
  return decision;
}

/* Everything, with one attribute. */
static turnout_decision resolve_with(turnout_attribute attribute) {
  turnout_request request = request_for("Everything", "u");
  request.attributes = &attribute;
  request.attribute_count = 1;
  return resolve(&request);
}

static void expect(turnout_decision decision, const char *rule, uint32_t reason,
                   const char *version, const char *cluster) {
  CHECK_STATUS(decision.status, TURNOUT_OK);
  CHECK_TEXT(decision.rule, rule);
  CHECK_INT(decision.reason, reason);
  CHECK_TEXT(decision.model, "ranker");
  CHECK_TEXT(decision.version, version);
  CHECK_TEXT(decision.cluster, cluster);
}

static void a_decision_says_everything(void) {
  turnout_request request = request_for("Everything", "u");
  turnout_attribute country = string_attribute("country", "NO");
  request.attributes = &country;
  request.attribute_count = 1;
  request.flags = TURNOUT_WANT_CONFIG;
  turnout_decision decision = resolve(&request);
  expect(decision, "north", TURNOUT_REASON_ROUTE, "v1", "main");
  CHECK_INT(decision.struct_size, sizeof decision);
  CHECK_INT(decision.flags, 0);
  CHECK_INT(decision.revision, 1);
  CHECK_TEXT(decision.shard, NULL);
  CHECK_TEXT(decision.address, "10.0.0.1:8080");
  CHECK_TEXT(decision.routing_key, "main");
  CHECK_TEXT(decision.traffic, "production");
  CHECK_TEXT(decision.config, "{\"from\":\"model\",\"k\":100,\"pin\":null,\"surface\":\"home\","
                              "\"text\":\"a \\\"quoted\\\" é\"}");
  CHECK(decision.cells == NULL && decision.cell_count == 0);
  CHECK(decision.holdouts == NULL && decision.holdout_count == 0);
  CHECK(decision.shadows == NULL && decision.shadow_count == 0);
  CHECK_INT(decision.reserved, 0);
  turnout_engine_info info = TURNOUT_ENGINE_INFO_INIT;
  CHECK_STATUS(turnout_engine_status(engine, &info, NULL), TURNOUT_OK);
  CHECK(memcmp(info.digest, decision.digest, sizeof info.digest) == 0);
}

static void every_kind_of_rule_decides(void) {
  turnout_request request = request_for("Everything", "u");
  expect(resolve(&request), NULL, TURNOUT_REASON_ROUTE, "v1", "main");
  request.unit = text("ada");
  expect(resolve(&request), "staff", TURNOUT_REASON_ROUTE, "v2", "spare");
  expect(resolve_with(string_attribute("region", "eu")), "by-region", TURNOUT_REASON_LOOKUP, "v1",
         "main");
  expect(resolve_with(string_attribute("region", "us")), "by-region", TURNOUT_REASON_LOOKUP, "v2",
         "spare");
  expect(resolve_with(string_attribute("region", "")), NULL, TURNOUT_REASON_ROUTE, "v1", "main");
  expect(resolve_with(number_attribute("age", 17.9)), "young", TURNOUT_REASON_ROUTE, "v2", "main");
  expect(resolve_with(boolean_attribute("kids", 1)), "children", TURNOUT_REASON_ROUTE, "v2",
         "spare");
  expect(resolve_with(boolean_attribute("kids", 0)), NULL, TURNOUT_REASON_ROUTE, "v1", "main");
  expect(resolve_with(string_attribute("app", "8.9.3")), "old-apps", TURNOUT_REASON_ROUTE, "v2",
         "spare");
  expect(resolve_with(string_attribute("app", "8.10")), NULL, TURNOUT_REASON_ROUTE, "v1", "main");
  turnout_decision own = resolve_with(string_attribute("traffic", "artificial"));
  expect(own, "load", TURNOUT_REASON_ROUTE, "v1", "spare");
  CHECK_TEXT(own.traffic, "artificial");
  CHECK_TEXT(own.routing_key, "to-spare");
}

static void a_value_of_another_type_is_missing(void) {
  expect(resolve_with(string_attribute("age", "12")), NULL, TURNOUT_REASON_ROUTE, "v1", "main");
  expect(resolve_with(number_attribute("kids", 1)), NULL, TURNOUT_REASON_ROUTE, "v1", "main");
  expect(resolve_with(string_attribute("app", "eight")), NULL, TURNOUT_REASON_ROUTE, "v1", "main");
  expect(resolve_with(null_attribute("country")), NULL, TURNOUT_REASON_ROUTE, "v1", "main");
  CHECK_STATUS(resolve_with(number_attribute("traffic", 1)).status, TURNOUT_INVALID_ARGUMENT);
  CHECK_STATUS(resolve_with(boolean_attribute("traffic", 1)).status, TURNOUT_INVALID_ARGUMENT);
  turnout_decision decision = resolve_with(null_attribute("traffic"));
  CHECK_TEXT(decision.traffic, "production");
}

static void of_two_attributes_with_one_name_the_later_holds(void) {
  turnout_attribute attributes[] = {string_attribute("region", "eu"),
                                    string_attribute("region", "us"), null_attribute("kids"),
                                    boolean_attribute("kids", 1), null_attribute("kids")};
  turnout_request request = request_for("Everything", "u");
  request.attributes = attributes;
  request.attribute_count = 5;
  expect(resolve(&request), "by-region", TURNOUT_REASON_LOOKUP, "v2", "spare");
  attributes[1] = number_attribute("region", 1);
  expect(resolve(&request), NULL, TURNOUT_REASON_ROUTE, "v1", "main");
  request.attribute_count = 4;
  expect(resolve(&request), "children", TURNOUT_REASON_ROUTE, "v2", "spare");
}

static void answers_that_are_no_decision_say_nothing_else(void) {
  static const struct {
    const char *use_case;
    turnout_status status;
  } cases[] = {{"Off", TURNOUT_DISABLED},
               {"Demanding", TURNOUT_MISSING_REQUIRED},
               {"Nobody", TURNOUT_UNKNOWN_USE_CASE},
               {"everything", TURNOUT_UNKNOWN_USE_CASE},
               {"\xc3\xa9", TURNOUT_UNKNOWN_USE_CASE}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    turnout_request request = request_for(cases[i].use_case, "u");
    turnout_decision decision;
    memset(&decision, 0x5a, sizeof decision);
    decision.struct_size = sizeof decision;
    CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision),
                 cases[i].status);
    CHECK_STATUS(decision.status, cases[i].status);
    CHECK_INT(decision.revision, 1);
    CHECK_INT(decision.buffer_needed, 0);
    CHECK(says_nothing(&decision));
  }
}

static void what_is_required_may_be_an_attribute_or_a_unit(void) {
  turnout_request request = request_for("Demanding", "u");
  turnout_attribute country = string_attribute("country", "DE");
  turnout_unit session = {name("session"), text("s")};
  request.attributes = &country;
  request.attribute_count = 1;
  /* `session` has a unit that stands in for it, which does not count as given. */
  CHECK_STATUS(resolve(&request).status, TURNOUT_MISSING_REQUIRED);
  request.units = &session;
  request.unit_count = 1;
  CHECK_STATUS(resolve(&request).status, TURNOUT_OK);
  request.attribute_count = 0;
  CHECK_STATUS(resolve(&request).status, TURNOUT_MISSING_REQUIRED);
  country = number_attribute("country", 1);
  request.attribute_count = 1;
  CHECK_STATUS(resolve(&request).status, TURNOUT_MISSING_REQUIRED);
}

/* ---- Draws, against the formula of the documentation --------------------------------------- */

static uint32_t position(turnout_text unit, const char *salt) {
  return (uint32_t)(XXH3_64bits_withSeed(unit.data, unit.size, XXH3_64bits(salt, strlen(salt))) >>
                    32);
}

static void expect_half(const turnout_request *request, turnout_text drawn) {
  const char *version = position(drawn, "halves") < UINT32_C(0x80000000) ? "v1" : "v2";
  turnout_decision decision = resolve(request);
  CHECK_TEXT(decision.rule, "halves");
  CHECK_INT(decision.reason, TURNOUT_REASON_SPLIT);
  CHECK_TEXT(decision.version, version);
}

static void a_split_goes_by_its_unit_and_else_by_the_request_id(void) {
  turnout_attribute half = string_attribute("country", "H");
  for (int i = 0; i < 500; i++) {
    char bytes[2][16];
    snprintf(bytes[0], 16, "u_%d", i);
    snprintf(bytes[1], 16, "s_%d", i * 7);
    turnout_request request = request_for("Everything", bytes[0]);
    request.attributes = &half;
    request.attribute_count = 1;
    request.request_id = text(bytes[1]);
    expect_half(&request, text(bytes[0]));
    request.unit = (turnout_text){NULL, 0};
    expect_half(&request, text(bytes[1]));
    request.unit = (turnout_text){"", 0};
    expect_half(&request, text(bytes[1]));

    /* Another unit than the primary one; without it, the one that stands in. */
    turnout_unit sessions[2] = {{name("session"), text("earlier")},
                                {name("session"), text(bytes[1])}};
    request = request_for("BySession", bytes[0]);
    expect_half(&request, text(bytes[0]));
    request.units = sessions;
    request.unit_count = 2;
    expect_half(&request, text(bytes[1]));
  }
}

static void units_are_any_bytes(void) {
  uint32_t random = 1;
  char bytes[300];
  turnout_attribute half = string_attribute("country", "H");
  for (size_t size = 1; size < sizeof bytes; size++) {
    for (size_t i = 0; i < size; i++) {
      random = random * 1664525 + 1013904223;
      bytes[i] = (char)(random >> 24);
    }
    turnout_request request = request_for("Everything", NULL);
    request.unit = (turnout_text){bytes, size};
    request.attributes = &half;
    request.attribute_count = 1;
    expect_half(&request, request.unit);
    request.request_id = request.unit;
    request.unit.size = 0;
    expect_half(&request, request.request_id);
  }
}

static void with_nothing_to_draw_by_the_largest_arm_answers(void) {
  turnout_request request = request_for("ByAccount", "only-the-user");
  turnout_decision decision = resolve(&request);
  CHECK_TEXT(decision.rule, "most");
  CHECK_TEXT(decision.version, "v2");
}

static void a_shard_is_drawn_by_the_clusters_unit(void) {
  turnout_attribute sharded = string_attribute("country", "S");
  int counts[2] = {0, 0};
  for (int i = 0; i < 300; i++) {
    char bytes[16];
    snprintf(bytes, sizeof bytes, "s_%d", i);
    turnout_unit session = {name("session"), text(bytes)};
    turnout_request request = request_for("Everything", "the same");
    request.attributes = &sharded;
    request.attribute_count = 1;
    request.units = &session;
    request.unit_count = 1;
    turnout_decision decision = resolve(&request);
    int shard = position(text(bytes), "shards") >= UINT32_C(0x80000000);
    CHECK_TEXT(decision.cluster, "sharded");
    CHECK_TEXT(decision.shard, shard ? "s1" : "s0");
    CHECK_TEXT(decision.address, shard ? "10.0.1.1:8080" : "10.0.1.0:8080");
    CHECK_TEXT(decision.routing_key, shard ? "sharded/s1" : "sharded/s0");
    counts[shard]++;
  }
  CHECK(counts[0] > 100 && counts[1] > 100);
}

static void a_config_is_made_only_when_asked_for(void) {
  turnout_request request = request_for("Plain", "u");
  CHECK_TEXT(resolve(&request).config, NULL);
  request.flags = TURNOUT_WANT_CONFIG;
  CHECK_TEXT(resolve(&request).config, "{\"k\":2}");
  turnout_attribute sharded = string_attribute("country", "S");
  request = request_for("Demanding", "u");
  request = request_for("Everything", "u");
  request.attributes = &sharded;
  request.attribute_count = 1;
  request.flags = TURNOUT_WANT_CONFIG;
  CHECK_TEXT(resolve(&request).config, "{\"k\":10,\"surface\":\"home\"}");
}

int main(void) {
  char store[PATH_BYTES], document[PATH_BYTES];
  path_below_work(store, "deciding");
  path_below_work(document, "routing.yaml");
  publish(store, document);
  engine = open_engine(store);
  RUN(a_decision_says_everything);
  RUN(every_kind_of_rule_decides);
  RUN(a_value_of_another_type_is_missing);
  RUN(of_two_attributes_with_one_name_the_later_holds);
  RUN(answers_that_are_no_decision_say_nothing_else);
  RUN(what_is_required_may_be_an_attribute_or_a_unit);
  RUN(a_split_goes_by_its_unit_and_else_by_the_request_id);
  RUN(units_are_any_bytes);
  RUN(with_nothing_to_draw_by_the_largest_arm_answers);
  RUN(a_shard_is_drawn_by_the_clusters_unit);
  RUN(a_config_is_made_only_when_asked_for);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  return claims_end();
}
