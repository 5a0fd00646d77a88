/* The caller's buffer: what it must hold is said exactly, and nothing beyond it is touched. */
#include "stores.h"

static turnout_engine *engine;

enum { CANARY = 0x5a, CANARY_BYTES = 64, BUFFER_BYTES = 1024 };

static turnout_request requests[5];
static turnout_attribute attributes[5];

static void make_requests(void) {
  attributes[0] = string_attribute("country", "NO");
  attributes[1] = string_attribute("country", "S");
  attributes[2] = string_attribute("region", "us");
  attributes[3] = string_attribute("traffic", "artificial");
  attributes[4] = number_attribute("age", 3);
  for (int i = 0; i < 5; i++) {
    requests[i] = request_for("Everything", "u");
    requests[i].attributes = &attributes[i];
    requests[i].attribute_count = 1;
  }
}

/* The bytes of a decision's texts. */
static size_t bytes_of(const turnout_decision *decision) {
  return decision->model.size + decision->version.size + decision->cluster.size +
         decision->shard.size + decision->address.size + decision->routing_key.size +
         decision->rule.size + decision->traffic.size + decision->config.size;
}

/* Whether a present text lies inside the buffer. */
static int is_inside(turnout_text text, const char *buffer, size_t size) {
  return !text.data || (text.data >= buffer && text.data + text.size <= buffer + size);
}

static void expect_inside(const turnout_decision *decision, const char *buffer, size_t size) {
  CHECK(is_inside(decision->model, buffer, size));
  CHECK(is_inside(decision->version, buffer, size));
  CHECK(is_inside(decision->cluster, buffer, size));
  CHECK(is_inside(decision->shard, buffer, size));
  CHECK(is_inside(decision->address, buffer, size));
  CHECK(is_inside(decision->routing_key, buffer, size));
  CHECK(is_inside(decision->rule, buffer, size));
  CHECK(is_inside(decision->traffic, buffer, size));
  CHECK(is_inside(decision->config, buffer, size));
}

/* Resolves into exactly `size` bytes and sees that those behind are as they were. */
static turnout_decision resolve_into(const turnout_request *request, char *buffer, size_t size) {
  turnout_decision decision = TURNOUT_DECISION_INIT;
  memset(buffer, CANARY, size + CANARY_BYTES);
  turnout_status status = turnout_resolve(engine, request, buffer, size, &decision);
  CHECK_STATUS(decision.status, status);
  for (size_t i = 0; i < CANARY_BYTES; i++)
    CHECK(buffer[size + i] == CANARY);
  return decision;
}

static void every_smaller_size_is_refused_and_the_size_needed_suffices(void) {
  static char large[BUFFER_BYTES + CANARY_BYTES];
  static char buffer[BUFFER_BYTES + CANARY_BYTES];
  for (int i = 0; i < 10; i++) {
    turnout_request request = requests[i % 5];
    request.flags = i < 5 ? 0 : TURNOUT_WANT_CONFIG;
    turnout_decision whole = resolve_into(&request, large, BUFFER_BYTES);
    CHECK_STATUS(whole.status, TURNOUT_OK);
    CHECK_INT(whole.buffer_needed, bytes_of(&whole));
    expect_inside(&whole, large, whole.buffer_needed);
    for (size_t size = 0; size < whole.buffer_needed; size++) {
      turnout_decision refused = resolve_into(&request, buffer, size);
      CHECK_STATUS(refused.status, TURNOUT_BUFFER_TOO_SMALL);
      CHECK_INT(refused.buffer_needed, whole.buffer_needed);
      CHECK_INT(refused.revision, whole.revision);
      CHECK(says_nothing(&refused));
    }
    for (size_t size = whole.buffer_needed; size < whole.buffer_needed + 40; size++) {
      turnout_decision fits = resolve_into(&request, buffer, size);
      CHECK(same_decision(&fits, &whole));
      expect_inside(&fits, buffer, size);
    }
  }
}

static void no_buffer_is_a_buffer_of_no_bytes(void) {
  static const size_t sizes[] = {0, 1, TURNOUT_DECISION_BYTES, SIZE_MAX};
  for (int i = 0; i < 4; i++) {
    turnout_decision decision = TURNOUT_DECISION_INIT;
    CHECK_STATUS(turnout_resolve(engine, &requests[0], NULL, sizes[i], &decision),
                 TURNOUT_BUFFER_TOO_SMALL);
    CHECK(decision.buffer_needed > 0);
  }
}

static void a_buffer_of_any_size_and_place_will_do(void) {
  static char buffer[BUFFER_BYTES];
  turnout_decision decision = TURNOUT_DECISION_INIT;
  CHECK_STATUS(turnout_resolve(engine, &requests[0], buffer, SIZE_MAX, &decision), TURNOUT_OK);
  CHECK_STATUS(turnout_resolve(engine, &requests[0], buffer, SIZE_MAX / 2, &decision), TURNOUT_OK);
  for (int shift = 0; shift < 64; shift++)
    CHECK_STATUS(
        turnout_resolve(engine, &requests[0], buffer + shift, BUFFER_BYTES - 64, &decision),
        TURNOUT_OK);
}

static void texts_live_after_the_engine(void) {
  char store[PATH_BYTES], document[PATH_BYTES];
  path_below_work(store, "buffers-closed");
  path_below_work(document, "routing.yaml");
  publish(store, document);
  turnout_engine *brief = open_engine(store);
  static char buffer[BUFFER_BYTES];
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_request request = requests[0];
  request.flags = TURNOUT_WANT_CONFIG;
  CHECK_STATUS(turnout_resolve(brief, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
  expect_inside(&decision, buffer, sizeof buffer);
  CHECK_STATUS(turnout_engine_close(brief), TURNOUT_OK);
  CHECK_TEXT(decision.model, "ranker");
  CHECK_TEXT(decision.rule, "north");
  CHECK_TEXT(decision.traffic, "production");
}

static void a_traffic_class_is_copied_and_not_borrowed(void) {
  static char buffer[TURNOUT_DECISION_BYTES];
  char words[] = "artificial";
  turnout_attribute traffic = {name("traffic"), TURNOUT_STRING, 0, 0, text(words)};
  turnout_request request = requests[0];
  request.attributes = &traffic;
  turnout_decision decision = TURNOUT_DECISION_INIT;
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
  memset(words, 0, sizeof words);
  CHECK_TEXT(decision.traffic, "artificial");
}

static void a_larger_decision_is_cleared_to_its_end(void) {
  struct {
    turnout_decision decision;
    char tail[40];
    char behind[8];
  } later;
  static char buffer[BUFFER_BYTES];
  for (int i = 0; i < 2; i++) {
    memset(&later, CANARY, sizeof later);
    later.decision.struct_size = sizeof later.decision + sizeof later.tail;
    turnout_request request = i ? request_for("Nobody", "u") : requests[0];
    CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &later.decision),
                 i ? TURNOUT_UNKNOWN_USE_CASE : TURNOUT_OK);
    for (size_t k = 0; k < sizeof later.tail; k++)
      CHECK(later.tail[k] == 0);
    for (size_t k = 0; k < sizeof later.behind; k++)
      CHECK(later.behind[k] == CANARY);
    CHECK_INT(later.decision.struct_size, sizeof later.decision + sizeof later.tail);
  }
}

int main(void) {
  char store[PATH_BYTES], document[PATH_BYTES];
  path_below_work(store, "buffers");
  path_below_work(document, "routing.yaml");
  publish(store, document);
  engine = open_engine(store);
  make_requests();
  RUN(every_smaller_size_is_refused_and_the_size_needed_suffices);
  RUN(no_buffer_is_a_buffer_of_no_bytes);
  RUN(a_buffer_of_any_size_and_place_will_do);
  RUN(texts_live_after_the_engine);
  RUN(a_traffic_class_is_copied_and_not_borrowed);
  RUN(a_larger_decision_is_cleared_to_its_end);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  return claims_end();
}
