/* SPDX-License-Identifier: Apache-2.0 */
#include "decision_json.h"

#include <string.h>

static void string(json_text *text, turnout_text value) {
  json_append_string(text, value.data, value.size);
}

/* `"name":` and a comma before it. */
static void key(json_text *text, const char *name) {
  json_append_literal(text, ",\"");
  json_append(text, name, strlen(name));
  json_append_literal(text, "\":");
}

static void field(json_text *text, const char *name, turnout_text value) {
  key(text, name);
  string(text, value);
}

static void boolean(json_text *text, const char *name, bool value) {
  key(text, name);
  json_append(text, value ? "true" : "false", value ? 4 : 5);
}

/* A config is JSON already. */
static void config(json_text *text, turnout_text value) {
  key(text, "config");
  if (value.data)
    json_append(text, value.data, value.size);
  else
    json_append_literal(text, "null");
}

static void digest(json_text *text, const uint8_t bytes[16]) {
  static const char digits[] = "0123456789abcdef";
  char words[32];
  for (size_t i = 0; i < 16; i++) {
    words[2 * i] = digits[(unsigned)bytes[i] >> 4U];
    words[2 * i + 1] = digits[bytes[i] & 15U];
  }
  key(text, "digest");
  json_append_string(text, words, sizeof words);
}

static void words(json_text *text, const char *value) {
  json_append_string(text, value, value ? strlen(value) : 0);
}

static const char *reason_name(uint32_t reason) {
  switch (reason) {
  case TURNOUT_REASON_OVERRIDE:
    return "override";
  case TURNOUT_REASON_ROUTE:
    return "route";
  case TURNOUT_REASON_SPLIT:
    return "split";
  case TURNOUT_REASON_LOOKUP:
    return "lookup";
  case TURNOUT_REASON_EXPERIMENT:
    return "experiment";
  default:
    return NULL;
  }
}

static const char *by_name(uint32_t by) {
  switch (by) {
  case TURNOUT_BY_HASH:
    return "hash";
  case TURNOUT_BY_OVERRIDE:
    return "override";
  case TURNOUT_BY_ASSIGNMENT:
    return "assignment";
  default:
    return NULL;
  }
}

static void comma_after(json_text *text, size_t index) {
  if (index > 0)
    json_append_literal(text, ",");
}

static void lists(json_text *text, const turnout_decision *decision) {
  key(text, "cells");
  json_append_literal(text, "[");
  for (size_t i = 0; decision->cells && i < decision->cell_count; i++) {
    const turnout_cell *cell = &decision->cells[i];
    comma_after(text, i);
    json_append_literal(text, "{\"experiment\":");
    string(text, cell->experiment);
    field(text, "cell", cell->cell);
    key(text, "by");
    words(text, by_name(cell->by));
    json_append_literal(text, "}");
  }
  json_append_literal(text, "]");
  key(text, "holdouts");
  json_append_literal(text, "[");
  for (size_t i = 0; decision->holdouts && i < decision->holdout_count; i++) {
    comma_after(text, i);
    string(text, decision->holdouts[i]);
  }
  json_append_literal(text, "]");
  key(text, "shadows");
  json_append_literal(text, "[");
  for (size_t i = 0; decision->shadows && i < decision->shadow_count; i++) {
    const turnout_shadow *shadow = &decision->shadows[i];
    comma_after(text, i);
    json_append_literal(text, "{\"name\":");
    string(text, shadow->name);
    field(text, "model", shadow->model);
    field(text, "version", shadow->version);
    field(text, "cluster", shadow->cluster);
    field(text, "shard", shadow->shard);
    field(text, "address", shadow->address);
    field(text, "routing_key", shadow->routing_key);
    config(text, shadow->config);
    json_append_literal(text, "}");
  }
  json_append_literal(text, "]");
}

void decision_json(json_text *text, const turnout_decision *decision, turnout_text use_case) {
  json_append_literal(text, "{\"status\":");
  words(text, turnout_status_name(decision->status));
  if (decision->status != TURNOUT_OK) {
    json_append_literal(
        text,
        ",\"use_case\":null,\"revision\":null,\"digest\":null,\"model\":null,\"version\":null,"
        "\"cluster\":null,\"shard\":null,\"address\":null,\"routing_key\":null,"
        "\"config\":null,\"cells\":[],\"holdouts\":[],\"shadows\":[],\"reason\":null,"
        "\"traffic\":null,\"fallback\":false,\"degraded\":false}");
    return;
  }
  field(text, "use_case", use_case);
  key(text, "revision");
  json_append_number(text, decision->revision);
  digest(text, decision->digest);
  field(text, "model", decision->model);
  field(text, "version", decision->version);
  field(text, "cluster", decision->cluster);
  field(text, "shard", decision->shard);
  field(text, "address", decision->address);
  field(text, "routing_key", decision->routing_key);
  config(text, decision->config);
  lists(text, decision);
  key(text, "reason");
  json_append_literal(text, "{\"kind\":");
  words(text, reason_name(decision->reason));
  field(text, "rule", decision->rule);
  json_append_literal(text, "}");
  field(text, "traffic", decision->traffic);
  boolean(text, "fallback", decision->flags & TURNOUT_FALLBACK);
  boolean(text, "degraded", decision->flags & TURNOUT_DEGRADED);
  json_append_literal(text, "}");
}
