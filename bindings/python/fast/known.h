/* Decisions seen before, found again by what they say: a table from canonical bytes to a number and
 * to the Python object.
 * SPDX-License-Identifier: Apache-2.0
 *
 * The canonical form of a decision is a turnout_decision, the elements of its lists, then all
 * texts, one behind the other; addresses are offsets from its start. It does not depend on where
 * the library put things in its buffer. Everything here wants the interpreter's lock. */
#ifndef TURNOUT_FAST_KNOWN_H
#define TURNOUT_FAST_KNOWN_H

#include <Python.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <turnout.h>

/* Texts are copied in steps of so many bytes: as many must be readable, and writable, behind them.
 */
#define STEP ((size_t)16)

typedef struct {
  char *bytes; /* aligned for a turnout_decision */
  size_t size, room;
} canonical;

static inline bool canonical_reserve(canonical *form, size_t room) {
  if (room <= form->room)
    return true;
  char *bytes = realloc(form->bytes, room);
  if (!bytes)
    return false;
  form->bytes = bytes;
  form->room = room;
  return true;
}

/* Appends a text and makes it an offset; an absent one stays absent. */
static inline void canonical_text(canonical *form, turnout_text *text) {
  if (!text->data)
    return;
  char *to = form->bytes + form->size;
  for (size_t i = 0; i < text->size; i += STEP)
    memcpy(to + i, text->data + i, STEP);
  text->data = (const char *)(uintptr_t)form->size;
  form->size += text->size;
}

/* Copies a list behind what is there, and gives the copy. */
static inline void *canonical_list(canonical *form, const void *list, size_t bytes) {
  void *copy = form->bytes + form->size;
  memcpy(copy, list, bytes);
  form->size += bytes;
  return copy;
}

static void canonical_lists(canonical *form, turnout_decision *to) {
  const size_t cell_count = to->cell_count;
  const size_t holdout_count = to->holdout_count;
  const size_t shadow_count = to->shadow_count;
  turnout_cell *cells = NULL;
  turnout_text *holdouts = NULL;
  turnout_shadow *shadows = NULL;
  if (cell_count) {
    cells = canonical_list(form, to->cells, cell_count * sizeof *cells);
    to->cells = (const turnout_cell *)((char *)cells - form->bytes);
  }
  if (holdout_count) {
    holdouts = canonical_list(form, to->holdouts, holdout_count * sizeof *holdouts);
    to->holdouts = (const turnout_text *)((char *)holdouts - form->bytes);
  }
  if (shadow_count) {
    shadows = canonical_list(form, to->shadows, shadow_count * sizeof *shadows);
    to->shadows = (const turnout_shadow *)((char *)shadows - form->bytes);
  }
  for (size_t i = 0; i < cell_count; i++) {
    canonical_text(form, &cells[i].experiment);
    canonical_text(form, &cells[i].cell);
  }
  for (size_t i = 0; i < holdout_count; i++)
    canonical_text(form, &holdouts[i]);
  for (size_t i = 0; i < shadow_count; i++) {
    turnout_shadow *shadow = &shadows[i];
    turnout_text *texts[] = {&shadow->name,        &shadow->model, &shadow->version,
                             &shadow->cluster,     &shadow->shard, &shadow->address,
                             &shadow->routing_key, &shadow->config};
    for (size_t j = 0; j < sizeof texts / sizeof *texts; j++)
      canonical_text(form, texts[j]);
  }
}

/* Makes the canonical form; false without memory. STEP bytes behind the texts must be readable. */
static inline bool canonical_of(const turnout_decision *decision, canonical *form) {
  size_t lists = decision->cell_count * sizeof(turnout_cell) +
                 decision->holdout_count * sizeof(turnout_text) +
                 decision->shadow_count * sizeof(turnout_shadow);
  if (!canonical_reserve(form, sizeof *decision + lists + decision->buffer_needed + 2 * STEP))
    return false;
  turnout_decision *to = (turnout_decision *)(void *)form->bytes;
  *to = *decision;
  to->buffer_needed = 0; /* the same answer may take more or fewer bytes in another buffer */
  form->size = sizeof *decision;
  if (lists)
    canonical_lists(form, to);
  canonical_text(form, &to->model);
  canonical_text(form, &to->version);
  canonical_text(form, &to->cluster);
  canonical_text(form, &to->shard);
  canonical_text(form, &to->address);
  canonical_text(form, &to->routing_key);
  canonical_text(form, &to->rule);
  canonical_text(form, &to->traffic);
  canonical_text(form, &to->config);
  return true;
}

static inline uint64_t mixed(uint64_t hash, uint64_t word) {
  hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
  return hash ^ hash >> 29U;
}

/* Of what differs between the decisions of one table and use case; a collision costs a comparison.
 */
static inline uint64_t canonical_hash(const canonical *form) {
  const turnout_decision *decision = (const turnout_decision *)(const void *)form->bytes;
  uint64_t hash = mixed(form->size, decision->revision);
  hash = mixed(hash, (uint64_t)(uint32_t)decision->status << 32U | decision->flags);
  hash = mixed(hash, decision->model.size ^ decision->cell_count << 32U ^ decision->reason);
  uint64_t word = 0;
  size_t i = sizeof *decision;
  for (; i + 8 <= form->size; i += 8) {
    memcpy(&word, form->bytes + i, 8);
    hash = mixed(hash, word);
  }
  word = 0;
  memcpy(&word, form->bytes + i, form->size - i);
  return mixed(hash, word);
}

typedef struct {
  uint64_t hash;
  PyObject *use_case; /* a str */
  PyObject *raw;      /* bytes: the canonical form; NULL in a free place */
  PyObject *decision;
  int32_t code;
} known;

typedef struct {
  known *places; /* a power of two of them, at most half of them taken */
  size_t room, count;
} known_table;

static void known_clear(known_table *table) {
  /* What is released may call back: by then the table is empty. */
  known_table old = *table;
  *table = (known_table){NULL, 0, 0};
  for (size_t i = 0; i < old.room; i++) {
    Py_XDECREF(old.places[i].use_case);
    Py_XDECREF(old.places[i].raw);
    Py_XDECREF(old.places[i].decision);
  }
  free(old.places);
}

static inline bool known_equal(const known *place, uint64_t hash, PyObject *use_case,
                               const canonical *form) {
  if (place->hash != hash)
    return false;
  if (place->use_case != use_case) {
    Py_ssize_t size = 0;
    const char *a = PyUnicode_AsUTF8AndSize(place->use_case, &size);
    Py_ssize_t other = 0;
    const char *b = PyUnicode_AsUTF8AndSize(use_case, &other);
    if (!a || !b || size != other || memcmp(a, b, (size_t)size) != 0)
      return false;
  }
  char *raw = NULL;
  Py_ssize_t size = 0;
  PyBytes_AsStringAndSize(place->raw, &raw, &size);
  return (size_t)size == form->size && memcmp(raw, form->bytes, form->size) == 0;
}

/* The place of a decision, or NULL if it is not known. */
static inline known *known_find(const known_table *table, uint64_t hash, PyObject *use_case,
                                const canonical *form) {
  for (size_t i = hash; table->room; i++) {
    known *place = &table->places[i & (table->room - 1)];
    if (!place->raw)
      return NULL;
    if (known_equal(place, hash, use_case, form))
      return place;
  }
  return NULL;
}

static bool known_grow(known_table *table) {
  if (table->count * 2 < table->room)
    return true;
  size_t room = table->room ? table->room * 2 : 64;
  known *places = calloc(room, sizeof *places);
  if (!places)
    return false;
  for (size_t i = 0; i < table->room; i++) {
    if (!table->places[i].raw)
      continue;
    size_t j = table->places[i].hash;
    while (places[j & (room - 1)].raw)
      j++;
    places[j & (room - 1)] = table->places[i];
  }
  free(table->places);
  table->places = places;
  table->room = room;
  return true;
}

/* Takes a decision in that is not known yet, with new references; NULL without memory. */
static known *known_add(known_table *table, uint64_t hash, PyObject *use_case, PyObject *raw,
                        PyObject *decision) {
  if (!known_grow(table)) {
    PyErr_NoMemory();
    return NULL;
  }
  size_t i = hash;
  while (table->places[i & (table->room - 1)].raw)
    i++;
  known *place = &table->places[i & (table->room - 1)];
  Py_INCREF(use_case);
  Py_INCREF(raw);
  Py_INCREF(decision);
  *place = (known){hash, use_case, raw, decision, 0};
  table->count++;
  return place;
}

#endif
