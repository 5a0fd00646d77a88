/* Views: one revision for several resolves, whatever is published meanwhile. */
#include "stores.h"

static char store[PATH_BYTES];
static turnout_engine *engine;
static char buffer[TURNOUT_DECISION_BYTES];

static turnout_view *open_view(void) {
  turnout_view *view = NULL;
  turnout_error error = TURNOUT_ERROR_INIT;
  CHECK_STATUS(turnout_view_open(engine, &error, &view), TURNOUT_OK);
  return view;
}

static void expect_number(const turnout_view *view, unsigned number) {
  turnout_request request = request_for("Alpha", "u");
  request.flags = TURNOUT_WANT_CONFIG;
  turnout_decision decision = TURNOUT_DECISION_INIT;
  CHECK_STATUS(view ? turnout_view_resolve(view, &request, buffer, sizeof buffer, &decision)
                    : turnout_resolve(engine, &request, buffer, sizeof buffer, &decision),
               TURNOUT_OK);
  CHECK_INT(whole_number(&decision), number);
  CHECK_INT(decision.revision, number);
}

static void a_view_keeps_its_revision_across_publishes(void) {
  uint64_t first = revision_served(engine);
  turnout_view *older = open_view();
  CHECK_INT(turnout_view_revision(older), first);
  publish_number(store, (unsigned)first + 1);
  wait_for_revision(engine, first + 1);
  turnout_view *newer = open_view();
  CHECK_INT(turnout_view_revision(older), first);
  CHECK_INT(turnout_view_revision(newer), first + 1);
  expect_number(older, (unsigned)first);
  expect_number(newer, (unsigned)first + 1);
  expect_number(NULL, (unsigned)first + 1);

  turnout_engine_info info = TURNOUT_ENGINE_INFO_INIT;
  CHECK_STATUS(turnout_engine_status(engine, &info, NULL), TURNOUT_OK);
  CHECK_INT(info.views_open, 2);
  CHECK(info.views_oldest_ns > 0);
  CHECK(info.views_bytes > 0);
  CHECK_STATUS(turnout_view_close(older), TURNOUT_OK);
  CHECK_STATUS(turnout_view_close(newer), TURNOUT_OK);
  CHECK_STATUS(turnout_engine_status(engine, &info, NULL), TURNOUT_OK);
  CHECK_INT(info.views_open, 0);
  CHECK_INT(info.views_bytes, 0);
}

static void batches_of_a_view_answer_from_its_revision(void) {
  uint64_t number = revision_served(engine);
  turnout_view *view = open_view();
  publish_number(store, (unsigned)number + 1);
  wait_for_revision(engine, number + 1);
  turnout_text units[] = {text("a"), text("b"), text("c")};
  turnout_name names[] = {name("Alpha"), name("Beta"), name("Gamma")};
  for (int batch = 0; batch < 2; batch++) {
    turnout_decision decisions[3];
    for (int i = 0; i < 3; i++)
      decisions[i] = empty_decision();
    turnout_request request = request_for("Beta", "u");
    size_t resolved = 0;
    CHECK_STATUS(batch ? turnout_view_resolve_units(view, &request, units, 3, buffer, sizeof buffer,
                                                    decisions, sizeof *decisions, &resolved)
                       : turnout_view_resolve_use_cases(view, &request, names, 3, buffer,
                                                        sizeof buffer, decisions, sizeof *decisions,
                                                        &resolved),
                 TURNOUT_OK);
    CHECK_INT(resolved, 3);
    for (int i = 0; i < 3; i++)
      CHECK_INT(whole_number(&decisions[i]), number);
  }
  CHECK_STATUS(turnout_view_close(view), TURNOUT_OK);
}

static void a_view_outlives_its_engine(void) {
  turnout_engine *brief = open_engine(store);
  turnout_view *view = NULL;
  CHECK_STATUS(turnout_view_open(brief, NULL, &view), TURNOUT_OK);
  CHECK_STATUS(turnout_engine_close(brief), TURNOUT_OK);
  expect_number(view, (unsigned)turnout_view_revision(view));
  CHECK_STATUS(turnout_view_close(view), TURNOUT_OK);
}

static void a_second_close_is_told(void) {
  turnout_view *view = open_view();
  CHECK_STATUS(turnout_view_close(view), TURNOUT_OK);
  CHECK_STATUS(turnout_view_close(view), TURNOUT_CLOSED);
  CHECK_STATUS(turnout_view_close(NULL), TURNOUT_OK);
  CHECK_INT(turnout_view_revision(view), 0);
  CHECK_INT(turnout_view_revision(NULL), 0);
  turnout_request request = request_for("Alpha", "u");
  turnout_decision decision = TURNOUT_DECISION_INIT;
  CHECK_STATUS(turnout_view_resolve(view, &request, buffer, sizeof buffer, &decision),
               TURNOUT_CLOSED);
  CHECK_STATUS(decision.status, TURNOUT_CLOSED);
  turnout_text unit = text("u");
  size_t resolved = 9;
  CHECK_STATUS(turnout_view_resolve_units(view, &request, &unit, 1, buffer, sizeof buffer,
                                          &decision, sizeof decision, &resolved),
               TURNOUT_CLOSED);
  CHECK_INT(resolved, 0);
}

static void an_engine_is_no_view_and_a_view_no_engine(void) {
  turnout_view *view = open_view();
  turnout_request request = request_for("Alpha", "u");
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_engine_info info = TURNOUT_ENGINE_INFO_INIT;
  turnout_view *other = NULL;
  turnout_engine *wrong = (turnout_engine *)(void *)view;
  CHECK_STATUS(turnout_resolve(wrong, &request, buffer, sizeof buffer, &decision), TURNOUT_CLOSED);
  CHECK_STATUS(turnout_engine_status(wrong, &info, NULL), TURNOUT_CLOSED);
  CHECK_STATUS(turnout_engine_refresh(wrong, NULL), TURNOUT_CLOSED);
  CHECK_STATUS(turnout_view_open(wrong, NULL, &other), TURNOUT_CLOSED);
  CHECK_STATUS(turnout_engine_close(wrong), TURNOUT_CLOSED);
  CHECK_STATUS(turnout_view_close((turnout_view *)(void *)engine), TURNOUT_CLOSED);
  expect_number(view, (unsigned)turnout_view_revision(view));
  CHECK_STATUS(turnout_view_close(view), TURNOUT_OK);
}

static void there_is_a_limit_and_closing_makes_room(void) {
  static turnout_view *views[TURNOUT_VIEWS_MAX];
  turnout_error error = TURNOUT_ERROR_INIT;
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < TURNOUT_VIEWS_MAX; i++)
      views[i] = open_view();
    turnout_view *more = (turnout_view *)(void *)&error;
    CHECK_STATUS(turnout_view_open(engine, &error, &more), TURNOUT_LIMIT_EXCEEDED);
    CHECK(more == NULL);
    CHECK(strstr(error.message, "1024") != NULL);
    CHECK_STATUS(turnout_view_close(views[round]), TURNOUT_OK);
    views[round] = open_view();
    expect_number(views[round], (unsigned)revision_served(engine));
    for (int i = 0; i < TURNOUT_VIEWS_MAX; i++)
      CHECK_STATUS(turnout_view_close(views[i]), TURNOUT_OK);
  }
}

static void a_view_must_have_an_engine_and_a_place_to_go(void) {
  turnout_view *view = NULL;
  turnout_error error = TURNOUT_ERROR_INIT;
  CHECK_STATUS(turnout_view_open(NULL, &error, &view), TURNOUT_INVALID_ARGUMENT);
  CHECK(strstr(error.message, "engine") != NULL);
  CHECK_STATUS(turnout_view_open(engine, &error, NULL), TURNOUT_INVALID_ARGUMENT);
  CHECK(strstr(error.message, "out") != NULL);
  CHECK_STATUS(turnout_view_open(NULL, NULL, NULL), TURNOUT_INVALID_ARGUMENT);
}

int main(void) {
  path_below_work(store, "views");
  publish_number(store, 1);
  engine = open_engine(store);
  RUN(a_view_keeps_its_revision_across_publishes);
  RUN(batches_of_a_view_answer_from_its_revision);
  RUN(a_view_outlives_its_engine);
  RUN(a_second_close_is_told);
  RUN(an_engine_is_no_view_and_a_view_no_engine);
  RUN(there_is_a_limit_and_closing_makes_room);
  RUN(a_view_must_have_an_engine_and_a_place_to_go);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  return claims_end();
}
