/* The baseline of "full": see baseline.h. */
#include "baseline_parts.h"

enum { ROUTES = 3, EXPERIMENT = 3, SPLIT = 4, CELLS = 3, KEPT_OUT = CELLS, NOT_GIVEN = CELLS + 1 };
enum {
  /* Of a buffer that takes whole fields whatever their texts: those of the decision, two lists of
   * one element, and their texts. */
  ROOM = 2 * DESTINATION_BYTES + 5 * SHORT_TEXT + sizeof(turnout_cell) + sizeof(turnout_shadow) + 8,
};

static inline bool holds(const baseline *baseline, const full_test_record *test,
                         const values *values) {
  return values->keys[test->value] == test->key &&
         (test->key >> 56 != LONG_TEXT ||
          (values->texts[test->value]->size == test->text.size &&
           equal(values->texts[test->value]->data, baseline->texts + test->text.offset,
                 test->text.size)));
}

static inline bool both_hold(const baseline *baseline, const full_rule_record *rule,
                             const values *values) {
  return holds(baseline, &rule->tests[0], values) && holds(baseline, &rule->tests[1], values);
}

static inline uint32_t arm(const uint32_t *lasts, uint32_t at) {
  uint32_t arm = 0;
  while (lasts[arm] < at)
    arm++;
  return arm;
}

static inline turnout_text text_of(const baseline *baseline, pooled text) {
  return (turnout_text){baseline->texts + text.offset, text.size};
}

/* The cell that the request's assignments give, KEPT_OUT or NOT_GIVEN; the last one holds. */
static __attribute__((noinline)) uint32_t assigned(const baseline *baseline,
                                                   const full_use_case *use_case,
                                                   const turnout_request *request) {
  for (size_t i = request->assignment_count; i > 0; i--) {
    const turnout_assignment *one = &request->assignments[i - 1];
    if (one->experiment.size != use_case->experiment_size ||
        memcmp(one->experiment.data, use_case->experiment, use_case->experiment_size) != 0)
      continue;
    for (uint32_t c = 0; c < CELLS; c++) {
      turnout_text cell = text_of(baseline, baseline->known[CELL_TEXTS + c]);
      if (one->cell.size == cell.size && !memcmp(one->cell.data, cell.data, cell.size))
        return c;
    }
    return KEPT_OUT;
  }
  return NOT_GIVEN;
}

/* What is to be written. */
typedef struct answer {
  const destination *to, *shadow; /* NULL: no shadow */
  turnout_text rule, traffic, experiment, cell, shadow_name;
  uint32_t cell_by; /* 0: no cell */
} answer;

/* Whole fields where there is room: each overwrites what the one before wrote too much. */
static inline __attribute__((always_inline)) char *put(char *to, const char *text, size_t size,
                                                       size_t field, bool fields) {
  if (fields)
    memcpy(to, text, field);
  else
    memcpy(to, text, size);
  return to + size;
}

static inline __attribute__((always_inline)) char *
put_destination(char *to, const destination *from, bool fields) {
  return put(to, from->text, from->size, DESTINATION_BYTES, fields);
}

static inline turnout_text take(char **from, size_t size) {
  turnout_text text = {*from, size};
  *from += size;
  return text;
}

static inline __attribute__((always_inline)) void
write_answer(const answer *answer, char *start, bool fields, turnout_decision *decision) {
  char *at = put_destination(start, answer->to, fields);
  decision->rule = (turnout_text){at, answer->rule.size};
  at = put(at, answer->rule.data, answer->rule.size, SHORT_TEXT, fields);
  decision->traffic = (turnout_text){at, answer->traffic.size};
  if (answer->traffic.size)
    at = put(at, answer->traffic.data, answer->traffic.size, sizeof production_text, fields);

  decision->model = take(&start, answer->to->model_size);
  decision->version = take(&start, answer->to->version_size);
  decision->cluster = take(&start, answer->to->cluster_size);
  decision->shard = (turnout_text){NULL, 0};
  decision->address = take(&start, answer->to->address_size);
  decision->routing_key = take(&start, answer->to->key_size);
  decision->config = (turnout_text){NULL, 0};
  decision->holdouts = NULL;
  decision->holdout_count = 0;

  /* The lists, aligned, and then their texts. */
  char *lists = (char *)(((uintptr_t)at + 7) & ~(uintptr_t)7);
  turnout_cell *cell = (void *)lists;
  turnout_shadow *shadow = (void *)(lists + (answer->cell_by ? sizeof *cell : 0));
  at = (char *)shadow + (answer->shadow ? sizeof *shadow : 0);
  decision->cells = NULL;
  decision->cell_count = 0;
  if (answer->cell_by) {
    char *name = put(at, answer->experiment.data, answer->experiment.size, SHORT_TEXT, fields);
    *cell = (turnout_cell){.experiment = {at, answer->experiment.size},
                           .cell = {name, answer->cell.size},
                           .by = answer->cell_by};
    at = put(name, answer->cell.data, answer->cell.size, SHORT_TEXT, fields);
    decision->cells = cell;
    decision->cell_count = 1;
  }
  decision->shadows = NULL;
  decision->shadow_count = 0;
  if (answer->shadow) {
    const destination *to = answer->shadow;
    char *text = put(at, answer->shadow_name.data, answer->shadow_name.size, SHORT_TEXT, fields);
    put_destination(text, to, fields);
    shadow->name = (turnout_text){at, answer->shadow_name.size};
    shadow->model = take(&text, to->model_size);
    shadow->version = take(&text, to->version_size);
    shadow->cluster = take(&text, to->cluster_size);
    shadow->shard = (turnout_text){NULL, 0};
    shadow->address = take(&text, to->address_size);
    shadow->routing_key = take(&text, to->key_size);
    shadow->config = (turnout_text){NULL, 0};
    decision->shadows = shadow;
    decision->shadow_count = 1;
  }
}

static inline bool is_production(turnout_text traffic) {
  return traffic.size == production.size && !memcmp(traffic.data, production_text, production.size);
}

turnout_status NAME(baseline_full)(const baseline *baseline, const turnout_request *request,
                                   void *buffer, size_t buffer_size, turnout_decision *decision) {
  if (!is_within_limits(request, decision))
    return refuse(baseline, TURNOUT_INVALID_ARGUMENT, 0, decision);

  values values;
  values.texts[TRAFFIC] = &production;
  values.keys[COUNTRY] = values.keys[DEVICE] = values.keys[PLAN] = values.keys[SURFACE] = MISSING;
  if (!bind(baseline, request, &values))
    return refuse(baseline, TURNOUT_INVALID_ARGUMENT, 0, decision);

  const full_use_case *use_case =
      find_use_case(baseline, &request->use_case, sizeof(full_use_case));
  if (!use_case)
    return refuse_unknown(baseline, request, decision);

  answer answer = {.traffic = *values.texts[TRAFFIC]};
  const bool in_production =
      values.texts[TRAFFIC] == &production || is_production(*values.texts[TRAFFIC]);
  const turnout_text unit = unit_of(request);
  const full_rule_record *rule = use_case->rules;
  uint32_t place, reason;

#pragma GCC unroll 3
  for (; rule < use_case->rules + ROUTES; rule++) {
    if (both_hold(baseline, rule, &values)) {
      place = rule->destination;
      goto route;
    }
  }
  if (both_hold(baseline, rule, &values) && in_production) {
    uint32_t cell = NOT_GIVEN;
    if (request->assignment_count)
      cell = assigned(baseline, use_case, request);
    answer.cell_by = TURNOUT_BY_ASSIGNMENT;
    if (cell == NOT_GIVEN) {
      cell = KEPT_OUT;
      answer.cell_by = TURNOUT_BY_HASH;
      if (unit.size) {
        uint32_t at = position(unit, use_case->layer_seed);
        if (use_case->layer_first <= at && at <= use_case->layer_last)
          cell = arm(use_case->cell_lasts, position(unit, use_case->cells_seed));
      }
    }
    if (cell == KEPT_OUT) {
      answer.cell_by = 0;
    } else {
      answer.experiment = (turnout_text){use_case->experiment, use_case->experiment_size};
      answer.cell = text_of(baseline, baseline->known[CELL_TEXTS + cell]);
      place = use_case->cell_destinations[cell];
      if (place != UINT32_MAX) {
        reason = TURNOUT_REASON_EXPERIMENT;
        answer.rule = answer.experiment;
        goto decided;
      }
    }
  }
  rule++;
  if (both_hold(baseline, rule, &values)) {
    /* Without anything to draw by, the arm with most positions. */
    turnout_text by = unit.size ? unit : request->request_id;
    place = use_case->split_destinations[by.size ? arm(use_case->split_lasts,
                                                       position(by, use_case->split_seed))
                                                 : 0];
    reason = TURNOUT_REASON_SPLIT;
    answer.rule = text_of(baseline, rule->name);
    goto decided;
  }
  place = use_case->rest_destination;
  reason = TURNOUT_REASON_ROUTE;
  answer.rule = text_of(baseline, baseline->known[REST_TEXT]);
  goto decided;
route:
  reason = TURNOUT_REASON_ROUTE;
  answer.rule = text_of(baseline, rule->name);

decided:
  answer.to = &baseline->destinations[place];
  size_t needed = answer.to->size + answer.rule.size + answer.traffic.size;
  if (in_production && unit.size &&
      position(unit, use_case->sample_seed) <= use_case->sample_last) {
    answer.shadow = &baseline->destinations[use_case->shadow_destination];
    answer.shadow_name = text_of(baseline, baseline->known[SHADOW_TEXT]);
    needed += sizeof(turnout_shadow) + answer.shadow_name.size + answer.shadow->size;
  }
  if (answer.cell_by)
    needed += sizeof(turnout_cell) + answer.experiment.size + answer.cell.size;
  if (answer.cell_by || answer.shadow)
    needed += 7; /* the lists are aligned, wherever the buffer begins */

  if (buffer && buffer_size >= ROOM && values.texts[TRAFFIC] == &production)
    write_answer(&answer, buffer, true, decision);
  else if (buffer && needed <= buffer_size)
    write_answer(&answer, buffer, false, decision);
  else
    return refuse(baseline, TURNOUT_BUFFER_TOO_SMALL, needed, decision);

  decision->status = TURNOUT_OK;
  decision->flags = 0;
  decision->revision = baseline->revision;
  memcpy(decision->digest, baseline->digest, sizeof decision->digest);
  decision->reason = reason;
  decision->reserved = 0;
  decision->buffer_needed = needed;
  return TURNOUT_OK;
}
