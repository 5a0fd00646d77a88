/* What a C test is made of: claims, each a function, that are counted and said when they fail. */
#ifndef CLAIMS_H
#define CLAIMS_H

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turnout.h>

static atomic_int checks_failed;
static int claims_passed, claims_failed;

/* Threads may check, too. */
#define CHECK(condition)                                                                           \
  do {                                                                                             \
    if (!(condition))                                                                              \
      check_failed(__FILE__, __LINE__, #condition);                                                \
  } while (0)
#define CHECK_INT(value, expected)                                                                 \
  check_int(__FILE__, __LINE__, #value, (long long)(value), (long long)(expected))
#define CHECK_STATUS(value, expected) check_status(__FILE__, __LINE__, #value, (value), (expected))
#define CHECK_TEXT(value, expected) check_text(__FILE__, __LINE__, #value, (value), (expected))

/* Enough of the failures of one claim to understand it. */
enum { FAILURES_SHOWN = 20 };

static inline int check_may_say(void) {
  return atomic_fetch_add(&checks_failed, 1) < FAILURES_SHOWN;
}

static inline void check_failed(const char *file, int line, const char *what) {
  if (check_may_say())
    printf("  %s:%d: %s\n", file, line, what);
}

static inline void check_int(const char *file, int line, const char *what, long long value,
                             long long expected) {
  if (value != expected && check_may_say())
    printf("  %s:%d: %s is %lld, not %lld\n", file, line, what, value, expected);
}

static inline void check_status(const char *file, int line, const char *what, turnout_status value,
                                turnout_status expected) {
  if (value != expected && check_may_say())
    printf("  %s:%d: %s is %s, not %s\n", file, line, what, turnout_status_name(value),
           turnout_status_name(expected));
}

/* `expected` NULL is an absent text. */
static inline void check_text(const char *file, int line, const char *what, turnout_text value,
                              const char *expected) {
  size_t size = expected ? strlen(expected) : 0;
  int equal = (value.data != NULL) == (expected != NULL) && value.size == size &&
              (size == 0 || memcmp(value.data, expected, size) == 0);
  if (!equal && check_may_say())
    printf("  %s:%d: %s is \"%.*s\", not %s\n", file, line, what, (int)value.size,
           value.data ? value.data : "", expected ? expected : "absent");
}

static inline void run_claim(const char *claim, void (*body)(void)) {
  atomic_store(&checks_failed, 0);
  body();
  int failures = atomic_load(&checks_failed);
  if (failures == 0) {
    claims_passed++;
    return;
  }
  claims_failed++;
  printf("FAILED: %s (%d checks)\n", claim, failures);
}
#define RUN(claim) run_claim(#claim, claim)

static inline int claims_end(void) {
  printf("%d passed, %d failed\n", claims_passed, claims_failed);
  return claims_failed == 0 ? 0 : 1;
}

/* ---- Short words for what every test says -------------------------------------------------- */

static inline turnout_text text(const char *words) {
  return (turnout_text){words, words ? strlen(words) : 0};
}

/* A name without its hash. */
static inline turnout_name name(const char *words) {
  return (turnout_name){words, words ? strlen(words) : 0, 0};
}

static inline turnout_attribute string_attribute(const char *key, const char *value) {
  return (turnout_attribute){name(key), TURNOUT_STRING, 0, 0, text(value)};
}

static inline turnout_attribute number_attribute(const char *key, double value) {
  return (turnout_attribute){name(key), TURNOUT_NUMBER, 0, value, {NULL, 0}};
}

static inline turnout_attribute boolean_attribute(const char *key, uint32_t value) {
  return (turnout_attribute){name(key), TURNOUT_BOOLEAN, value, 0, {NULL, 0}};
}

static inline turnout_attribute null_attribute(const char *key) {
  return (turnout_attribute){name(key), TURNOUT_NULL, 0, 0, {NULL, 0}};
}

static inline turnout_request request_for(const char *use_case, const char *unit) {
  turnout_request request = TURNOUT_REQUEST_INIT;
  request.use_case = name(use_case);
  request.unit = text(unit);
  return request;
}

static inline turnout_decision empty_decision(void) {
  turnout_decision decision = TURNOUT_DECISION_INIT;
  return decision;
}

static inline int same_text(turnout_text a, turnout_text b) {
  if (!a.data || !b.data)
    return !a.data && !b.data && a.size == 0 && b.size == 0;
  return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

static inline int same_lists(const turnout_decision *a, const turnout_decision *b) {
  if (a->cell_count != b->cell_count || a->holdout_count != b->holdout_count ||
      a->shadow_count != b->shadow_count)
    return 0;
  for (size_t i = 0; i < a->cell_count; i++)
    if (!same_text(a->cells[i].experiment, b->cells[i].experiment) ||
        !same_text(a->cells[i].cell, b->cells[i].cell) || a->cells[i].by != b->cells[i].by)
      return 0;
  for (size_t i = 0; i < a->holdout_count; i++)
    if (!same_text(a->holdouts[i], b->holdouts[i]))
      return 0;
  for (size_t i = 0; i < a->shadow_count; i++) {
    const turnout_shadow *x = a->shadows ? &a->shadows[i] : NULL;
    const turnout_shadow *y = b->shadows ? &b->shadows[i] : NULL;
    if (!x || !y)
      return 0;
    if (!same_text(x->name, y->name) || !same_text(x->model, y->model) ||
        !same_text(x->version, y->version) || !same_text(x->cluster, y->cluster) ||
        !same_text(x->shard, y->shard) || !same_text(x->address, y->address) ||
        !same_text(x->routing_key, y->routing_key) || !same_text(x->config, y->config))
      return 0;
  }
  return 1;
}

/* Whether two decisions say the same, wherever their texts stand. */
static inline int same_decision(const turnout_decision *a, const turnout_decision *b) {
  return a->status == b->status && a->flags == b->flags && a->revision == b->revision &&
         memcmp(a->digest, b->digest, sizeof a->digest) == 0 && same_text(a->model, b->model) &&
         same_text(a->version, b->version) && same_text(a->cluster, b->cluster) &&
         same_text(a->shard, b->shard) && same_text(a->address, b->address) &&
         same_text(a->routing_key, b->routing_key) && same_text(a->rule, b->rule) &&
         same_text(a->traffic, b->traffic) && same_text(a->config, b->config) &&
         a->reason == b->reason && same_lists(a, b) && a->buffer_needed == b->buffer_needed;
}

/* Whether a decision says nothing but its status, its table and what buffer it needs. */
static inline int says_nothing(const turnout_decision *decision) {
  turnout_decision nothing = TURNOUT_DECISION_INIT;
  nothing.struct_size = decision->struct_size;
  nothing.status = decision->status;
  nothing.revision = decision->revision;
  memcpy(nothing.digest, decision->digest, sizeof nothing.digest);
  nothing.buffer_needed = decision->buffer_needed;
  return memcmp(&nothing, decision, sizeof nothing) == 0;
}

#endif
