/* The baseline of "simple": see baseline.h. */
#include "baseline_parts.h"

static inline bool holds(const simple_test *test, const values *values) {
  return values->keys[test->value] == test->key &&
         (test->key >> 56 != LONG_TEXT ||
          (values->texts[test->value]->size == test->size &&
           equal(values->texts[test->value]->data, test->text, test->size)));
}

turnout_status NAME(baseline_simple)(const baseline *baseline, const turnout_request *request,
                                     void *buffer, size_t buffer_size, turnout_decision *decision) {
  if (!is_within_limits(request, decision))
    return refuse(baseline, TURNOUT_INVALID_ARGUMENT, 0, decision);

  values values;
  values.texts[TRAFFIC] = &production;
  values.keys[COUNTRY] = values.keys[DEVICE] = MISSING;
  if (!bind(baseline, request, &values))
    return refuse(baseline, TURNOUT_INVALID_ARGUMENT, 0, decision);

  const simple_use_case *use_case =
      find_use_case(baseline, &request->use_case, sizeof(simple_use_case));
  if (!use_case)
    return refuse_unknown(baseline, request, decision);

  uint32_t place, reason;
  turnout_text name;
#pragma GCC unroll 3
  for (uint32_t r = 0; r < ROUTING_RULES; r++) {
    const simple_rule *rule = &use_case->rules[r];
    if (holds(&rule->tests[0], &values) && holds(&rule->tests[1], &values)) {
      place = rule->destination;
      reason = TURNOUT_REASON_ROUTE;
      name = (turnout_text){rule->name, rule->name_size};
      goto decided;
    }
  }
  turnout_text unit = unit_of(request);
  if (!unit.size)
    unit = request->request_id;
  uint32_t arm = 0; /* without anything to draw by, the arm with most positions */
  if (unit.size) {
    uint32_t at = position(unit, use_case->seed);
    while (use_case->lasts[arm] < at)
      arm++;
  }
  place = use_case->destinations[arm];
  reason = TURNOUT_REASON_SPLIT;
  name = (turnout_text){use_case->split_name, use_case->split_name_size};

decided:;
  const destination *to = &baseline->destinations[place];
  turnout_text traffic = production;
  size_t needed = (size_t)to->size + name.size + traffic.size;
  char *start = buffer;
  char *rule_text = start + to->size;
  char *traffic_text = rule_text + name.size;
  if (buffer && buffer_size >= DESTINATION_BYTES + 32 && values.texts[TRAFFIC] == &production) {
    /* Whole fields at once: each overwrites what the one before wrote too much. */
    memcpy(start, to->text, 16);
    memcpy(start + 16, to->text + 16, 16);
    memcpy(start + 32, to->text + 32, 16);
    memcpy(start + 48, to->text + 48, 16);
    memcpy(rule_text, name.data, 16);
    memcpy(traffic_text, production_text, 16);
  } else {
    traffic = *values.texts[TRAFFIC];
    needed = (size_t)to->size + name.size + traffic.size;
    if (needed > buffer_size || !buffer)
      return refuse(baseline, TURNOUT_BUFFER_TOO_SMALL, needed, decision);
    memcpy(start, to->text, to->size);
    memcpy(rule_text, name.data, name.size);
    if (traffic.size)
      memcpy(traffic_text, traffic.data, traffic.size);
  }

  decision->status = TURNOUT_OK;
  decision->flags = 0;
  decision->revision = baseline->revision;
  memcpy(decision->digest, baseline->digest, sizeof decision->digest);
  decision->model = (turnout_text){start, to->model_size};
  start += to->model_size;
  decision->version = (turnout_text){start, to->version_size};
  start += to->version_size;
  decision->cluster = (turnout_text){start, to->cluster_size};
  start += to->cluster_size;
  decision->shard = (turnout_text){NULL, 0};
  decision->address = (turnout_text){start, to->address_size};
  start += to->address_size;
  decision->routing_key = (turnout_text){start, to->key_size};
  decision->rule = (turnout_text){rule_text, name.size};
  decision->traffic = (turnout_text){traffic_text, traffic.size};
  /* Config, cells, holdouts and shadows: none. */
  memset(&decision->config, 0,
         offsetof(turnout_decision, reason) - offsetof(turnout_decision, config));
  decision->reason = reason;
  decision->reserved = 0;
  decision->buffer_needed = needed;
  return TURNOUT_OK;
}
