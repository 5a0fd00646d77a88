/*
 * Asks the engine, and writes down what it decided.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "answer.h"

#include <string.h>

#define TEXT(literal) {literal, sizeof(literal) - 1}

void answer_refuse(struct answer *answer, enum outcome outcome) {
  answer->outcome = outcome;
  answer->use_case = (turnout_text){NULL, 0};
  answer->decision = (turnout_decision)TURNOUT_DECISION_INIT;
}

/* Whether the table has the use case: the name is then its own, not a client's. */
static bool is_known(enum outcome outcome) {
  return outcome == OUTCOME_OK || outcome == OUTCOME_DISABLED ||
         outcome == OUTCOME_MISSING_REQUIRED || outcome == OUTCOME_UNAVAILABLE;
}

void answer_resolve(struct answer *answer, const struct settings *settings,
                    const turnout_engine *engine, const struct question *question) {
  answer_refuse(answer, OUTCOME_FAILURE);
  turnout_request request = question->request;
  if (settings_write(settings, METADATA_CONFIG))
    request.flags |= TURNOUT_WANT_CONFIG;
  turnout_status status =
      turnout_resolve(engine, &request, answer->buffer, sizeof answer->buffer, &answer->decision);
  if (status == TURNOUT_BUFFER_TOO_SMALL && request.flags != 0) {
    request.flags = 0;
    status =
        turnout_resolve(engine, &request, answer->buffer, sizeof answer->buffer, &answer->decision);
  }
  answer->outcome = outcome_of(status);
  if (is_known(answer->outcome))
    answer->use_case = (turnout_text){request.use_case.data, request.use_case.size};
}

envoy_text answer_reason(uint32_t reason) {
  static const envoy_text names[] = {
      [TURNOUT_REASON_OVERRIDE] = TEXT("override"),     [TURNOUT_REASON_ROUTE] = TEXT("route"),
      [TURNOUT_REASON_SPLIT] = TEXT("split"),           [TURNOUT_REASON_LOOKUP] = TEXT("lookup"),
      [TURNOUT_REASON_EXPERIMENT] = TEXT("experiment"),
  };
  return reason < sizeof names / sizeof names[0] ? names[reason] : (envoy_text){NULL, 0};
}

static void put(struct entries *entries, envoy_text key, turnout_text value) {
  if (value.size == 0)
    return;
  entries->pairs[entries->count++] = (envoy_pair){key.data, key.size, value.data, value.size};
}

/* Puts the value of a key that the settings may leave out. */
static void put_key(struct entries *entries, const struct settings *settings, enum metadata_key key,
                    turnout_text value) {
  if (settings_write(settings, key))
    put(entries, settings_key(key), value);
}

/* Adds bytes to the text that is being written in the scratch; false if they do not fit. */
static bool write(struct entries *entries, const char *data, size_t size) {
  if (size > sizeof entries->scratch - entries->scratch_size)
    return false;
  if (size != 0)
    memcpy(entries->scratch + entries->scratch_size, data, size);
  entries->scratch_size += size;
  return true;
}

/* The text that was written since the scratch had `start` bytes. */
static turnout_text written(const struct entries *entries, size_t start) {
  return (turnout_text){entries->scratch + start, entries->scratch_size - start};
}

static turnout_text revision_text(struct entries *entries, uint64_t revision) {
  char digits[20];
  size_t first = sizeof digits;
  for (; revision != 0; revision /= 10)
    digits[--first] = (char)('0' + revision % 10);
  size_t start = entries->scratch_size;
  (void)write(entries, digits + first, sizeof digits - first);
  return written(entries, start);
}

static char hexadecimal(uint32_t digit) { return "0123456789abcdef"[digit]; }

static turnout_text digest_text(struct entries *entries, const uint8_t digest[16]) {
  char digits[32];
  for (size_t i = 0; i < 16; i++) {
    digits[2 * i] = hexadecimal(digest[i] >> 4U);
    digits[2 * i + 1] = hexadecimal(digest[i] & 15U);
  }
  size_t start = entries->scratch_size;
  (void)write(entries, digits, sizeof digits);
  return written(entries, start);
}

/* experiment=cell,…; absent if it does not fit. */
static turnout_text cells_text(struct entries *entries, const turnout_decision *decision) {
  size_t start = entries->scratch_size;
  for (size_t i = 0; i < decision->cell_count; i++) {
    const turnout_cell *cell = &decision->cells[i];
    if ((i != 0 && !write(entries, ",", 1)) ||
        !write(entries, cell->experiment.data, cell->experiment.size) || !write(entries, "=", 1) ||
        !write(entries, cell->cell.data, cell->cell.size)) {
      entries->scratch_size = start;
      break;
    }
  }
  return written(entries, start);
}

static turnout_text holdouts_text(struct entries *entries, const turnout_decision *decision) {
  size_t start = entries->scratch_size;
  const turnout_text *holdout = decision->holdouts;
  for (size_t i = 0; holdout != NULL && i < decision->holdout_count; i++, holdout++) {
    if ((i != 0 && !write(entries, ",", 1)) || !write(entries, holdout->data, holdout->size)) {
      entries->scratch_size = start;
      break;
    }
  }
  return written(entries, start);
}

size_t answer_shadows(const struct settings *settings, const turnout_decision *decision) {
  size_t slots = settings_write(settings, METADATA_SHADOWS) ? settings->shadow_slots : 0;
  return decision->shadow_count < slots ? decision->shadow_count : slots;
}

static void put_shadows(struct entries *entries, const struct settings *settings,
                        const turnout_decision *decision) {
  static const struct {
    envoy_text routing_key, model, version;
  } slots[TURNOUT_SHADOWS_MAX] = {
#define SLOT(number)                                                                               \
  {TEXT("shadow_" number), TEXT("shadow_" number "_model"), TEXT("shadow_" number "_version")}
      SLOT("1"), SLOT("2"), SLOT("3"), SLOT("4"), SLOT("5"), SLOT("6"), SLOT("7"), SLOT("8"),
#undef SLOT
  };
  size_t count = answer_shadows(settings, decision);
  for (size_t i = 0; i < count; i++) {
    put(entries, slots[i].routing_key, decision->shadows[i].routing_key);
    put(entries, slots[i].model, decision->shadows[i].model);
    put(entries, slots[i].version, decision->shadows[i].version);
  }
}

/* Whether it is said which table answered: a look-up of a routing key does not say it. */
static bool is_digest(const uint8_t digest[16]) {
  static const uint8_t none[16];
  return memcmp(digest, none, sizeof none) != 0;
}

/* What a request has that was answered by a table, also with a refusal. */
static void put_table(struct entries *entries, const struct settings *settings,
                      const turnout_decision *decision) {
  if (decision->revision == 0)
    return;
  if (settings_write(settings, METADATA_REVISION))
    put(entries, settings_key(METADATA_REVISION), revision_text(entries, decision->revision));
  if (settings_write(settings, METADATA_DIGEST) && is_digest(decision->digest))
    put(entries, settings_key(METADATA_DIGEST), digest_text(entries, decision->digest));
}

static turnout_text boolean_text(bool boolean) {
  return boolean ? (turnout_text)TEXT("true") : (turnout_text)TEXT("false");
}

static turnout_text text_of(envoy_text text) { return (turnout_text){text.data, text.size}; }

/* What a decision has. */
static void put_decision(struct entries *entries, const struct settings *settings,
                         const turnout_decision *decision) {
  put_key(entries, settings, METADATA_MODEL, decision->model);
  put_key(entries, settings, METADATA_VERSION, decision->version);
  put_key(entries, settings, METADATA_CLUSTER, decision->cluster);
  put_key(entries, settings, METADATA_SHARD, decision->shard);
  put_key(entries, settings, METADATA_ROUTING_KEY, decision->routing_key);
  /* A routing key that was looked up is no decision: nothing decided. */
  if (decision->reason == TURNOUT_REASON_NONE)
    return;
  put_key(entries, settings, METADATA_REASON, text_of(answer_reason(decision->reason)));
  put_key(entries, settings, METADATA_RULE, decision->rule);
  if (settings_write(settings, METADATA_CELLS))
    put(entries, settings_key(METADATA_CELLS), cells_text(entries, decision));
  if (settings_write(settings, METADATA_HOLDOUTS))
    put(entries, settings_key(METADATA_HOLDOUTS), holdouts_text(entries, decision));
  put_key(entries, settings, METADATA_TRAFFIC, decision->traffic);
  put_key(entries, settings, METADATA_FALLBACK,
          boolean_text((decision->flags & TURNOUT_FALLBACK) != 0));
  put_key(entries, settings, METADATA_DEGRADED,
          boolean_text((decision->flags & TURNOUT_DEGRADED) != 0));
  put_shadows(entries, settings, decision);
  put_key(entries, settings, METADATA_CONFIG, decision->config);
}

void answer_entries(struct entries *entries, const struct answer *answer,
                    const struct settings *settings) {
  entries->count = 0;
  entries->scratch_size = 0;
  if (settings->metadata == 0)
    return;
  if (answer->outcome != OUTCOME_OK || settings_write(settings, METADATA_STATUS))
    put(entries, settings_key(METADATA_STATUS), text_of(outcome_name(answer->outcome)));
  put_key(entries, settings, METADATA_USE_CASE, answer->use_case);
  put_table(entries, settings, &answer->decision);
  if (answer->outcome == OUTCOME_OK)
    put_decision(entries, settings, &answer->decision);
}
