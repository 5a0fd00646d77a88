/* The baseline's resolve: see baseline.h. */
#include <math.h>
#include <stdbool.h>

#include "baseline_tables.h"

static const char production_text[16] = "production";
static const turnout_text production = {production_text, 10};

static inline bool equal(const char *a, const char *b, size_t size) {
  if (size >= 8) {
    uint64_t x, y, z, w;
    if (size >= 16 && size <= 24) {
      memcpy(&x, a, 8);
      memcpy(&y, b, 8);
      memcpy(&z, a + 8, 8);
      memcpy(&w, b + 8, 8);
      uint64_t differs = (x ^ y) | (z ^ w);
      memcpy(&x, a + size - 8, 8);
      memcpy(&y, b + size - 8, 8);
      return !(differs | (x ^ y));
    }
    for (size_t i = 0; i + 8 < size; i += 8) {
      memcpy(&x, a + i, 8);
      memcpy(&y, b + i, 8);
      if (x != y)
        return false;
    }
    memcpy(&x, a + size - 8, 8);
    memcpy(&y, b + size - 8, 8);
    return x == y;
  }
  if (size >= 4) {
    uint32_t x, y, z, w;
    memcpy(&x, a, 4);
    memcpy(&y, b, 4);
    memcpy(&z, a + size - 4, 4);
    memcpy(&w, b + size - 4, 4);
    return x == y && z == w;
  }
  if (size >= 2) {
    uint16_t x, y, z, w;
    memcpy(&x, a, 2);
    memcpy(&y, b, 2);
    memcpy(&z, a + size - 2, 2);
    memcpy(&w, b + size - 2, 2);
    return x == y && z == w;
  }
  return size == 0 || *a == *b;
}

static __attribute__((noinline)) bool is_utf8_slow(const unsigned char *text, size_t size) {
  size_t i = 0;
  while (i < size) {
    unsigned char lead = text[i], low = 0x80, high = 0xBF;
    size_t length;
    if (lead < 0x80)
      length = 1;
    else if (lead >= 0xC2 && lead <= 0xDF)
      length = 2;
    else if (lead >= 0xE0 && lead <= 0xEF) {
      length = 3;
      if (lead == 0xE0)
        low = 0xA0;
      if (lead == 0xED)
        high = 0x9F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      length = 4;
      if (lead == 0xF0)
        low = 0x90;
      if (lead == 0xF4)
        high = 0x8F;
    } else
      return false;
    if (length > size - i)
      return false;
    for (size_t k = 1; k < length; k++) {
      if (text[i + k] < low || text[i + k] > high)
        return false;
      low = 0x80;
      high = 0xBF;
    }
    i += length;
  }
  return true;
}

/* ASCII is found by words. */
static bool is_utf8(const char *text, size_t size) {
  uint64_t words = 0;
  for (size_t i = 0; i < size; i += 8)
    words |= load_word(text + i, size - i);
  return !(words & UINT64_C(0x8080808080808080)) || is_utf8_slow((const unsigned char *)text, size);
}

static inline bool fits(const char *data, size_t size) {
  return size <= TURNOUT_BYTES_MAX && (data || !size);
}

/* A name has at least one byte. */
static inline bool is_sized(const turnout_name *name) {
  return name->size - 1 < TURNOUT_BYTES_MAX && name->data;
}

/* The units and assignments of a request play no part in this routing, and are checked all the
 * same. */
static __attribute__((noinline)) bool lists_are_valid(const turnout_request *request) {
  if (request->unit_count > TURNOUT_UNITS_MAX || (request->unit_count && !request->units))
    return false;
  if (request->assignment_count > TURNOUT_ASSIGNMENTS_MAX ||
      (request->assignment_count && !request->assignments))
    return false;
  for (size_t i = 0; i < request->unit_count; i++) {
    const turnout_unit *unit = &request->units[i];
    if (!is_sized(&unit->name) || !is_utf8(unit->name.data, unit->name.size) ||
        !fits(unit->value.data, unit->value.size))
      return false;
  }
  for (size_t i = 0; i < request->assignment_count; i++) {
    const turnout_assignment *one = &request->assignments[i];
    if (!is_sized(&one->experiment) || !is_utf8(one->experiment.data, one->experiment.size) ||
        !fits(one->cell.data, one->cell.size) || !is_utf8(one->cell.data, one->cell.size))
      return false;
  }
  return true;
}

static __attribute__((noinline)) turnout_status refuse(const baseline *baseline,
                                                       turnout_status status, size_t needed,
                                                       turnout_decision *decision) {
  if (!decision || decision->struct_size != sizeof *decision)
    return status;
  *decision = (turnout_decision)TURNOUT_DECISION_INIT;
  decision->status = status;
  decision->revision = baseline->revision;
  memcpy(decision->digest, baseline->digest, sizeof decision->digest);
  decision->buffer_needed = needed;
  return status;
}

static inline const attribute *find_attribute(const baseline *baseline, const turnout_name *name) {
  key key = key_of(name->data, name->size);
  for (uint64_t i = attribute_slot(key);; i = (i + 1) & (ATTRIBUTE_SLOTS - 1)) {
    const attribute *found = &baseline->attributes[i];
    if (baseline->attribute_keys[i] == key &&
        (key >> 56 != LONG_TEXT ||
         (found->size == name->size && equal(found->name, name->data, name->size))))
      return found;
    if (!baseline->attribute_keys[i])
      return NULL;
  }
}

static inline const use_case *find_use_case(const baseline *baseline, const turnout_name *name) {
  uint64_t hash = name->hash ? name->hash : XXH3_64bits(name->data, name->size);
  uint32_t tag = (uint32_t)(hash >> 32);
  for (uint64_t i = hash;; i++) {
    slot slot = baseline->slots[i & baseline->mask];
    if (!slot.use_case)
      return NULL;
    if (slot.tag != tag)
      continue;
    const use_case *found = &baseline->use_cases[slot.use_case - 1];
    if (found->name_size == name->size && equal(found->name, name->data, name->size))
      return found;
  }
}

typedef struct values {
  key keys[ATTRIBUTES];
  const turnout_text *texts[ATTRIBUTES];
} values;

/* A value that is no text: of another type than declared, so missing; or not valid. */
static __attribute__((noinline)) bool bind_other(const turnout_attribute *given,
                                                 const attribute *found, values *values) {
  if (given->type == TURNOUT_NUMBER    ? !isfinite(given->number)
      : given->type == TURNOUT_BOOLEAN ? given->boolean > 1
                                       : given->type != TURNOUT_NULL)
    return false;
  if (!found)
    return is_utf8(given->name.data, given->name.size);
  if (found->number == TRAFFIC && given->type != TURNOUT_NULL)
    return false;
  values->keys[found->number] = MISSING;
  if (found->number == TRAFFIC)
    values->texts[TRAFFIC] = &production;
  return true;
}

/* False if one is not valid. */
static inline bool bind(const baseline *baseline, const turnout_request *request, values *values) {
  const turnout_attribute *given = request->attributes;
  const turnout_attribute *end = given + request->attribute_count;
  for (; given != end; given++) {
    if (!is_sized(&given->name))
      return false;
    const attribute *found = find_attribute(baseline, &given->name);
    if (given->type != TURNOUT_STRING) {
      if (!bind_other(given, found, values))
        return false;
      continue;
    }
    const turnout_text text = given->text;
    if (!fits(text.data, text.size))
      return false;
    const key key = key_of(text.data, text.size);
    if (key & (UINT64_C(0x8080808080808080) >> 8) || key >> 56 == LONG_TEXT) {
      if (!is_utf8(text.data, text.size))
        return false;
      if (found && found->number == TRAFFIC && text.size > TURNOUT_TRAFFIC_MAX)
        return false;
    }
    if (found) {
      values->keys[found->number] = key;
      values->texts[found->number] = &given->text;
    } else if (!is_utf8(given->name.data, given->name.size)) {
      return false;
    }
  }
  return true;
}

static inline bool holds(const test *test, const values *values) {
  return values->keys[test->value] == test->key &&
         (test->key >> 56 != LONG_TEXT ||
          (values->texts[test->value]->size == test->size &&
           equal(values->texts[test->value]->data, test->text, test->size)));
}

turnout_status NAME(baseline_resolve)(const baseline *baseline, const turnout_request *request,
                                      void *buffer, size_t buffer_size,
                                      turnout_decision *decision) {
  if (!request || !decision || decision->struct_size != sizeof *decision ||
      request->struct_size != sizeof *request || !is_sized(&request->use_case) ||
      !fits(request->unit.data, request->unit.size) ||
      !fits(request->request_id.data, request->request_id.size) ||
      request->attribute_count > TURNOUT_ATTRIBUTES_MAX ||
      (request->attribute_count && !request->attributes) ||
      (request->flags & ~TURNOUT_WANT_CONFIG) ||
      ((request->unit_count | request->assignment_count) && !lists_are_valid(request)))
    return refuse(baseline, TURNOUT_INVALID_ARGUMENT, 0, decision);

  values values;
  values.texts[TRAFFIC] = &production;
  values.keys[COUNTRY] = values.keys[DEVICE] = MISSING;
  if (!bind(baseline, request, &values))
    return refuse(baseline, TURNOUT_INVALID_ARGUMENT, 0, decision);

  const use_case *use_case = find_use_case(baseline, &request->use_case);
  if (!use_case)
    return refuse(baseline,
                  is_utf8(request->use_case.data, request->use_case.size)
                      ? TURNOUT_UNKNOWN_USE_CASE
                      : TURNOUT_INVALID_ARGUMENT,
                  0, decision);

  uint32_t place, reason;
  turnout_text name;
#pragma GCC unroll 3
  for (uint32_t r = 0; r < ROUTING_RULES; r++) {
    const rule *rule = &use_case->rules[r];
    if (holds(&rule->tests[0], &values) && holds(&rule->tests[1], &values)) {
      place = rule->destination;
      reason = TURNOUT_REASON_ROUTE;
      name = (turnout_text){rule->name, rule->name_size};
      goto decided;
    }
  }
  turnout_text unit = request->unit.size ? request->unit : request->request_id;
  uint32_t arm = 0; /* without anything to draw by, the arm with most positions */
  if (unit.size) {
    uint32_t position =
        (uint32_t)(XXH3_64bits_withSeed(unit.data, unit.size, use_case->seed) >> 32);
    while (use_case->lasts[arm] < position)
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
