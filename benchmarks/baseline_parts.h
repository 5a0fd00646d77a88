/*
 * What the baselines of both routings do alike: they check the request as turnout.h says, find the
 * use case, and bind the attributes.
 */
#ifndef BASELINE_PARTS_H
#define BASELINE_PARTS_H
#include <math.h>
#include <stdbool.h>

#include "baseline_tables.h"

/* Compiled once by clang and once by gcc, and told apart by the suffix. */
#ifndef BASELINE_SUFFIX
#define BASELINE_SUFFIX _gcc
#endif
#define BASELINE_JOIN_(name, suffix) name##suffix
#define BASELINE_JOIN(name, suffix) BASELINE_JOIN_(name, suffix)
#define NAME(name) BASELINE_JOIN(name, BASELINE_SUFFIX)

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

/* What is wrong with a request whatever the tables say, but for its attributes. */
static inline bool is_within_limits(const turnout_request *request,
                                    const turnout_decision *decision) {
  return request && decision && decision->struct_size == sizeof *decision &&
         request->struct_size == sizeof *request && is_sized(&request->use_case) &&
         fits(request->unit.data, request->unit.size) &&
         fits(request->request_id.data, request->request_id.size) &&
         request->attribute_count <= TURNOUT_ATTRIBUTES_MAX &&
         (!request->attribute_count || request->attributes) &&
         !(request->flags & ~TURNOUT_WANT_CONFIG) &&
         (!(request->unit_count | request->assignment_count) || lists_are_valid(request));
}

/* The unit by which everything here is drawn; empty if none is given. */
static __attribute__((noinline)) turnout_text unit_by_name(const turnout_request *request) {
  for (size_t i = request->unit_count; i > 0; i--) {
    const turnout_unit *unit = &request->units[i - 1];
    if (unit->name.size == 4 && !memcmp(unit->name.data, "user", 4))
      return unit->value;
  }
  return (turnout_text){NULL, 0};
}

static inline turnout_text unit_of(const turnout_request *request) {
  return request->unit.size || !request->unit_count ? request->unit : unit_by_name(request);
}

static inline uint32_t position(turnout_text value, uint64_t seed) {
  return (uint32_t)(XXH3_64bits_withSeed(value.data, value.size, seed) >> 32);
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

static inline turnout_status refuse_unknown(const baseline *baseline,
                                            const turnout_request *request,
                                            turnout_decision *decision) {
  return refuse(baseline,
                is_utf8(request->use_case.data, request->use_case.size) ? TURNOUT_UNKNOWN_USE_CASE
                                                                        : TURNOUT_INVALID_ARGUMENT,
                0, decision);
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

/* `stride` is the size of one use case. */
static inline const void *find_use_case(const baseline *baseline, const turnout_name *name,
                                        size_t stride) {
  uint64_t hash = name->hash ? name->hash : XXH3_64bits(name->data, name->size);
  uint32_t tag = (uint32_t)(hash >> 32);
  for (uint64_t i = hash;; i++) {
    slot slot = baseline->slots[i & baseline->mask];
    if (!slot.use_case)
      return NULL;
    if (slot.tag != tag)
      continue;
    const named *found =
        (const void *)((const char *)baseline->use_cases + (slot.use_case - 1) * stride);
    if (found->size == name->size && equal(found->name, name->data, name->size))
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

#endif
