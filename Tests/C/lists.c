/* Cells, holdouts and shadows: where they stand in the caller's buffer, and what room they need. */
#include "stores.h"

static turnout_engine *engine;

enum { CANARY = 0x5a, CANARY_BYTES = 64, ROOM = 4096, UNITS = 40 };

/* Requests that between them have every combination of lists: with and without config, with each
 * source of a cell. */
static turnout_request request_number(int i, char *unit, size_t unit_size) {
  static const turnout_assignment assignments[] = {
      {{"size", 4, 0}, {"large", 5}},
      {{"colour", 6, 0}, {NULL, 0}},
      {{"age", 3, 0}, {"old", 3}},
  };
  static const turnout_unit accounts[] = {{{"account", 7, 0}, {"c-17", 4}}};
  snprintf(unit, unit_size, i == 0 ? "ada" : i == 1 ? "bob" : "u-%d", i);
  turnout_request request = request_for("All", unit);
  if (i % 2) {
    request.units = accounts;
    request.unit_count = 1;
  }
  if (i % 3 == 2) {
    request.assignments = assignments;
    request.assignment_count = (size_t)(1 + i % 4) % 4;
  }
  if (i % 5 != 4)
    request.request_id = text("r-17");
  if (i % 7 > 3)
    request.flags = TURNOUT_WANT_CONFIG;
  return request;
}

static size_t list_bytes(const turnout_decision *decision) {
  size_t bytes = 0;
  for (size_t i = 0; i < decision->cell_count; i++)
    bytes +=
        sizeof(turnout_cell) + decision->cells[i].experiment.size + decision->cells[i].cell.size;
  for (size_t i = 0; i < decision->holdout_count; i++)
    bytes += sizeof(turnout_text) + decision->holdouts[i].size;
  for (size_t i = 0; i < decision->shadow_count; i++) {
    const turnout_shadow *s = &decision->shadows[i];
    bytes += sizeof *s + s->name.size + s->model.size + s->version.size + s->cluster.size +
             s->shard.size + s->address.size + s->routing_key.size + s->config.size;
  }
  return bytes ? bytes + 7 : 0;
}

static size_t text_bytes(const turnout_decision *d) {
  return d->model.size + d->version.size + d->cluster.size + d->shard.size + d->address.size +
         d->routing_key.size + d->rule.size + d->traffic.size + d->config.size;
}

static const char *buffer_start;
static size_t buffer_size;

static void expect_text_inside(turnout_text t) {
  CHECK(!t.data || (t.data >= buffer_start && t.data + t.size <= buffer_start + buffer_size));
}

static void expect_list_inside(const void *list, size_t count, size_t stride) {
  if (count == 0) {
    CHECK(list == NULL);
    return;
  }
  const char *first = list;
  CHECK((uintptr_t)list % 8 == 0);
  CHECK(first >= buffer_start && first + count * stride <= buffer_start + buffer_size);
}

static void expect_inside(const turnout_decision *d, const char *buffer, size_t size) {
  buffer_start = buffer;
  buffer_size = size;
  const turnout_text texts[] = {d->model,       d->version, d->cluster, d->shard, d->address,
                                d->routing_key, d->rule,    d->traffic, d->config};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    expect_text_inside(texts[i]);
  expect_list_inside(d->cells, d->cell_count, sizeof *d->cells);
  expect_list_inside(d->holdouts, d->holdout_count, sizeof *d->holdouts);
  expect_list_inside(d->shadows, d->shadow_count, sizeof *d->shadows);
  for (size_t i = 0; i < d->cell_count; i++) {
    expect_text_inside(d->cells[i].experiment);
    expect_text_inside(d->cells[i].cell);
    CHECK(d->cells[i].by >= TURNOUT_BY_HASH && d->cells[i].by <= TURNOUT_BY_ASSIGNMENT);
    CHECK_INT(d->cells[i].reserved, 0);
  }
  for (size_t i = 0; i < d->holdout_count; i++)
    expect_text_inside(d->holdouts[i]);
  for (size_t i = 0; i < d->shadow_count; i++) {
    const turnout_shadow *s = &d->shadows[i];
    const turnout_text own[] = {s->name,  s->model,   s->version,     s->cluster,
                                s->shard, s->address, s->routing_key, s->config};
    for (size_t k = 0; k < sizeof own / sizeof *own; k++)
      expect_text_inside(own[k]);
  }
}

/* Resolves into exactly `size` bytes and sees that those around them are as they were. */
static turnout_decision resolve_into(const turnout_request *request, char *buffer, size_t size) {
  turnout_decision decision = TURNOUT_DECISION_INIT;
  memset(buffer - CANARY_BYTES, CANARY, size + 2 * (size_t)CANARY_BYTES);
  turnout_status status = turnout_resolve(engine, request, buffer, size, &decision);
  CHECK_STATUS(decision.status, status);
  for (int i = 0; i < CANARY_BYTES; i++)
    CHECK(buffer[size + (size_t)i] == CANARY && buffer[-1 - i] == CANARY);
  return decision;
}

static void every_smaller_size_is_refused_and_the_size_needed_suffices_anywhere(void) {
  static _Alignas(16) char large[ROOM + 2 * CANARY_BYTES], memory[ROOM + 3 * CANARY_BYTES];
  size_t with_cells = 0, with_holdouts = 0, with_shadows = 0, with_none = 0;
  for (int i = 0; i < UNITS; i++) {
    char unit[16];
    turnout_request request = request_number(i, unit, sizeof unit);
    turnout_decision whole = resolve_into(&request, large + CANARY_BYTES, ROOM);
    CHECK_STATUS(whole.status, TURNOUT_OK);
    CHECK_INT(whole.buffer_needed, text_bytes(&whole) + list_bytes(&whole));
    expect_inside(&whole, large + CANARY_BYTES, whole.buffer_needed);
    with_cells += whole.cell_count > 0;
    with_holdouts += whole.holdout_count > 0;
    with_shadows += whole.shadow_count > 0;
    with_none += whole.cell_count + whole.holdout_count + whole.shadow_count == 0;
    char *buffer = memory + CANARY_BYTES;
    for (size_t size = 0; size < whole.buffer_needed; size++) {
      turnout_decision refused = resolve_into(&request, buffer + size % 8, size);
      CHECK_STATUS(refused.status, TURNOUT_BUFFER_TOO_SMALL);
      CHECK_INT(refused.buffer_needed, whole.buffer_needed);
      CHECK(says_nothing(&refused));
    }
    for (size_t shift = 0; shift < 16; shift++) {
      size_t size = whole.buffer_needed + shift / 8;
      turnout_decision fits = resolve_into(&request, buffer + shift, size);
      CHECK(same_decision(&fits, &whole));
      expect_inside(&fits, buffer + shift, size);
    }
  }
  CHECK(with_cells > 5 && with_holdouts > 5 && with_shadows > 5);
}

static void lists_say_who_is_where_and_why(void) {
  static char buffer[TURNOUT_DECISION_BYTES];
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_request request = request_for("All", "bob");
  request.flags = TURNOUT_WANT_CONFIG;
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
  CHECK_INT(decision.reason, TURNOUT_REASON_EXPERIMENT);
  CHECK_TEXT(decision.rule, "colour");
  CHECK_TEXT(decision.version, "v3");
  CHECK_TEXT(decision.config, "{\"k\":20,\"surface\":\"home\"}");
  CHECK_INT(decision.cell_count, 1);
  CHECK_TEXT(decision.cells[0].experiment, "colour");
  CHECK_TEXT(decision.cells[0].cell, "red");
  CHECK_INT(decision.cells[0].by, TURNOUT_BY_OVERRIDE);
  CHECK_INT(decision.holdout_count, 1);
  CHECK_TEXT(decision.holdouts[0], "everyone");
  CHECK(decision.shadow_count >= 1);
  CHECK_TEXT(decision.shadows[0].name, "whole");
  CHECK_TEXT(decision.shadows[0].model, "ranker");
  CHECK_TEXT(decision.shadows[0].version, "v2");
  CHECK_TEXT(decision.shadows[0].cluster, "spare");
  CHECK_TEXT(decision.shadows[0].shard, NULL);
  CHECK_TEXT(decision.shadows[0].address, "10.0.0.2:8080");
  CHECK_TEXT(decision.shadows[0].routing_key, "to-spare");
  CHECK_TEXT(decision.shadows[0].config, "{\"k\":2}");

  request.unit = text("ada");
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
  CHECK_INT(decision.reason, TURNOUT_REASON_OVERRIDE);
  CHECK_TEXT(decision.rule, NULL);
  CHECK_TEXT(decision.config, "{\"k\":2,\"surface\":\"home\"}");
  CHECK(decision.cell_count == 0 && decision.holdout_count == 0 && decision.shadow_count > 0);
}

static void a_batch_gives_each_element_its_lists(void) {
  enum { COUNT = 60 };
  static char bytes[COUNT][16], buffer[COUNT * 1024], own[ROOM];
  turnout_text units[COUNT];
  turnout_decision decisions[COUNT];
  for (int i = 0; i < COUNT; i++) {
    snprintf(bytes[i], sizeof bytes[i], i % 10 == 9 ? "bob" : "u-%d", i);
    units[i] = text(bytes[i]);
    decisions[i] = empty_decision();
  }
  for (int shift = 0; shift < 8; shift++) {
    turnout_request request = request_for("All", "not read");
    request.request_id = text("r-17");
    request.flags = shift % 2 ? TURNOUT_WANT_CONFIG : 0;
    size_t resolved = 0, used = (size_t)shift;
    CHECK_STATUS(turnout_resolve_units(engine, &request, units, COUNT, buffer + shift,
                                       sizeof buffer - 8, decisions, sizeof *decisions, &resolved),
                 TURNOUT_OK);
    CHECK_INT(resolved, COUNT);
    for (int i = 0; i < COUNT; i++) {
      turnout_decision alone = TURNOUT_DECISION_INIT;
      request.unit = units[i];
      CHECK_STATUS(turnout_resolve(engine, &request, own, sizeof own, &alone), TURNOUT_OK);
      CHECK(same_decision(&decisions[i], &alone));
      expect_inside(&decisions[i], buffer + used, decisions[i].buffer_needed);
      used += decisions[i].buffer_needed;
    }
    /* Exactly the room that they take is enough; a byte less leaves the last one out. */
    size_t all = used - (size_t)shift;
    CHECK_STATUS(turnout_resolve_units(engine, &request, units, COUNT, buffer + shift, all,
                                       decisions, sizeof *decisions, &resolved),
                 TURNOUT_OK);
    CHECK_STATUS(turnout_resolve_units(engine, &request, units, COUNT, buffer + shift, all - 1,
                                       decisions, sizeof *decisions, &resolved),
                 TURNOUT_BUFFER_TOO_SMALL);
    CHECK_INT(resolved, COUNT - 1);
  }
}

static void a_batch_of_use_cases_draws_each_anew(void) {
  static char buffer[ROOM];
  const turnout_name use_cases[] = {name("All"), name("Few"), name("Nobody"), name("Few")};
  turnout_decision decisions[4];
  for (int unit = 0; unit < UNITS; unit++) {
    char words[16];
    turnout_request request = request_number(unit, words, sizeof words);
    size_t resolved = 0;
    for (int i = 0; i < 4; i++)
      decisions[i] = empty_decision();
    CHECK_STATUS(turnout_resolve_use_cases(engine, &request, use_cases, 4, buffer, sizeof buffer,
                                           decisions, sizeof *decisions, &resolved),
                 TURNOUT_OK);
    CHECK_STATUS(decisions[2].status, TURNOUT_UNKNOWN_USE_CASE);
    CHECK(says_nothing(&decisions[2]));
    CHECK(same_decision(&decisions[1], &decisions[3]));
    CHECK_INT(decisions[1].shadow_count, 0);
    for (size_t i = 0; i < decisions[1].holdout_count; i++)
      CHECK_TEXT(decisions[1].holdouts[i], "half");
  }
}

static void assignments_are_checked_and_unknown_cells_counted(void) {
  static char buffer[TURNOUT_DECISION_BYTES];
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_engine_info before = TURNOUT_ENGINE_INFO_INIT, after = TURNOUT_ENGINE_INFO_INIT;
  turnout_request request = request_for("Few", "u-3");
  turnout_assignment twice[] = {{name("colour"), text("red")}, {name("colour"), text("blue")}};
  request.assignments = twice;
  request.assignment_count = 2;
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
  CHECK_INT(decision.cell_count, 1);
  CHECK_TEXT(decision.cells[0].cell, "blue");
  CHECK_INT(decision.cells[0].by, TURNOUT_BY_ASSIGNMENT);

  twice[1].cell = text("nowhere");
  turnout_engine_status(engine, &before, NULL);
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
  CHECK_INT(decision.cell_count, 0);
  twice[1].cell = (turnout_text){NULL, 0};
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
  CHECK_INT(decision.cell_count, 0);
  turnout_engine_status(engine, &after, NULL);
  CHECK_INT(after.assignments_unknown - before.assignments_unknown, 1);

  twice[1].cell = text("\xff");
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision),
               TURNOUT_INVALID_ARGUMENT);
  twice[1].cell = text("blue");
  twice[0].experiment = name("");
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision),
               TURNOUT_INVALID_ARGUMENT);
  request.assignments = NULL;
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision),
               TURNOUT_INVALID_ARGUMENT);
  request.assignments = twice;
  request.assignment_count = TURNOUT_ASSIGNMENTS_MAX + 1;
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision),
               TURNOUT_INVALID_ARGUMENT);
}

static void a_shadow_that_is_switched_off_is_left_out_and_counted(void) {
  static char buffer[TURNOUT_DECISION_BYTES];
  char store[PATH_BYTES];
  path_below_work(store, "lists");
  const char *off[] = {"set", "shadow", "All/whole", "off", "--store", store, NULL};
  const char *on[] = {"set", "shadow", "All/whole", "on", "--store", store, NULL};
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_engine_info before = TURNOUT_ENGINE_INFO_INIT, after = TURNOUT_ENGINE_INFO_INIT;
  turnout_request request = request_for("All", "ada");
  CHECK_INT(turnout_run(off), 0);
  CHECK_STATUS(turnout_engine_refresh(engine, NULL), TURNOUT_OK);
  turnout_engine_status(engine, &before, NULL);
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
  for (size_t i = 0; i < decision.shadow_count; i++)
    CHECK(!same_text(decision.shadows[i].name, text("whole")));
  turnout_engine_status(engine, &after, NULL);
  CHECK_INT(after.shadows_left_out - before.shadows_left_out, 1);
  CHECK_INT(turnout_run(on), 0);
  CHECK_STATUS(turnout_engine_refresh(engine, NULL), TURNOUT_OK);
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
  CHECK(decision.shadow_count > 0 && same_text(decision.shadows[0].name, text("whole")));
}

int main(void) {
  char store[PATH_BYTES], document[PATH_BYTES];
  path_below_work(store, "lists");
  path_below_work(document, "experiments.yaml");
  publish(store, document);
  engine = open_engine(store);
  RUN(every_smaller_size_is_refused_and_the_size_needed_suffices_anywhere);
  RUN(lists_say_who_is_where_and_why);
  RUN(a_batch_gives_each_element_its_lists);
  RUN(a_batch_of_use_cases_draws_each_anew);
  RUN(assignments_are_checked_and_unknown_cells_counted);
  RUN(a_shadow_that_is_switched_off_is_left_out_and_counted);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
  return claims_end();
}
