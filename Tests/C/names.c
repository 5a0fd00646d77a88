/* Names with their hash: what turnout_name_of() gives serves every store and every revision. */
#include "stores.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

static turnout_engine *engine;
static char store[PATH_BYTES];
static char buffer[TURNOUT_DECISION_BYTES];

static turnout_decision resolve(const turnout_engine *with, const turnout_request *request) {
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_resolve(with, request, buffer, sizeof buffer, &decision);
  return decision;
}

static void a_handle_is_the_text_and_its_hash(void) {
  static const char *const words[] = {"a", "Everything", "\xc3\xa9t\xc3\xa9", "x y"};
  for (int i = 0; i < 4; i++) {
    turnout_name handle = turnout_name_of(text(words[i]));
    CHECK(handle.data == words[i]);
    CHECK_INT(handle.size, strlen(words[i]));
    CHECK(handle.hash == XXH3_64bits(words[i], strlen(words[i])));
  }
}

static void what_cannot_be_a_name_has_no_hash(void) {
  static const turnout_text texts[] = {{NULL, 0},       {"", 0},
                                       {NULL, 5},       {"x", TURNOUT_BYTES_MAX + 1},
                                       {"x", SIZE_MAX}, {NULL, SIZE_MAX}};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    turnout_name handle = turnout_name_of(texts[i]);
    CHECK(handle.data == texts[i].data);
    CHECK(handle.size == texts[i].size);
    CHECK_INT(handle.hash, 0);
    turnout_request request = request_for(NULL, "u");
    request.use_case = handle;
    CHECK_STATUS(resolve(engine, &request).status, TURNOUT_INVALID_ARGUMENT);
  }
}

static void handles_survive_revisions_and_serve_other_stores(void) {
  char other[PATH_BYTES], document[PATH_BYTES];
  path_below_work(other, "names-other");
  path_below_work(document, "routing.yaml");
  publish(other, document);
  turnout_engine *second = open_engine(other);
  turnout_request alpha = request_for(NULL, "u");
  alpha.use_case = turnout_name_of(text("Alpha"));
  turnout_request plain = request_for(NULL, "u");
  plain.use_case = turnout_name_of(text("Plain"));
  for (unsigned number = 2; number < 6; number++) {
    publish_number(store, number);
    wait_for_revision(engine, number);
    turnout_decision decision = resolve(engine, &alpha);
    CHECK_INT(whole_number(&decision), number);
    CHECK_STATUS(resolve(second, &alpha).status, TURNOUT_UNKNOWN_USE_CASE);
    CHECK_STATUS(resolve(second, &plain).status, TURNOUT_OK);
  }
  /* Of attributes, too. */
  turnout_attribute region = string_attribute(NULL, "us");
  region.name = turnout_name_of(text("region"));
  plain = request_for("Everything", "u");
  plain.attributes = &region;
  plain.attribute_count = 1;
  CHECK_TEXT(resolve(second, &plain).rule, "by-region");
  CHECK_STATUS(turnout_engine_close(second), TURNOUT_OK);
}

static void a_wrong_hash_finds_nothing(void) {
  turnout_name handle = turnout_name_of(text("Alpha"));
  turnout_request request = request_for(NULL, "u");
  for (int bit = 0; bit < 64; bit++) {
    request.use_case = handle;
    request.use_case.hash ^= UINT64_C(1) << bit;
    turnout_decision decision = resolve(engine, &request);
    /* A table looks at some of the bits only; what it finds is the right one or none. */
    CHECK(decision.status == TURNOUT_UNKNOWN_USE_CASE || decision.status == TURNOUT_OK);
    if (bit >= 32)
      CHECK_STATUS(decision.status, TURNOUT_UNKNOWN_USE_CASE);
  }
  request.use_case = handle;
  request.use_case.hash = turnout_name_of(text("Beta")).hash;
  CHECK_STATUS(resolve(engine, &request).status, TURNOUT_UNKNOWN_USE_CASE);
}

static void a_copy_of_the_text_does_as_well(void) {
  char words[] = "Alpha";
  turnout_name handle = turnout_name_of(text("Alpha"));
  handle.data = words;
  turnout_request request = request_for(NULL, "u");
  request.use_case = handle;
  CHECK_STATUS(resolve(engine, &request).status, TURNOUT_OK);
}

int main(void) {
  path_below_work(store, "names");
  publish_number(store, 1);
  engine = open_engine(store);
  RUN(a_handle_is_the_text_and_its_hash);
  RUN(what_cannot_be_a_name_has_no_hash);
  RUN(handles_survive_revisions_and_serve_other_stores);
  RUN(a_wrong_hash_finds_nothing);
  RUN(a_copy_of_the_text_does_as_well);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  return claims_end();
}
