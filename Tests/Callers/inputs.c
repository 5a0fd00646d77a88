/*
 * inputs.c: what random calls are made of. All of it ends at a guard page.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "caller.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the stores' documents know, and what they do not. The first are use cases, and then
 * attributes. */
static const char *const words[] = {
    "Everything", "Plain",  "BySession",  "ByAccount",  "Demanding", "All",     "Few",  "Off",
    "country",    "region", "age",        "kids",       "app",       "traffic", "NO",   "us",
    "H",          "S",      "8.9-a.1+b",  "artificial", "session",   "account", "user", "colour",
    "size",       "red",    "large",      "bob",        "ada",       "eu",      "s0",   "main",
    "spare",      "nobody", "sharded/s1", "All/whole"};
enum { WORDS = sizeof words / sizeof *words, USE_CASES = 8, ATTRIBUTES = 6 };
static const char *const no_words[] = {
    "", "\xff", "\xe2\x82", "\xed\xa0\x80", "abcdefgh\xc3", "\xf0\x9f\x98\x80"};
enum { NO_WORDS = sizeof no_words / sizeof *no_words };

static char *copied(caller *caller, const char *bytes, size_t size) {
  char *place = ground_text(&caller->ground, size);
  memcpy(place, bytes, size);
  return place;
}

static turnout_text word(caller *caller, size_t from, size_t count) {
  tape *tape = &caller->tape;
  const char *chosen = tape_once_in(tape, 96) ? no_words[tape_below(tape, NO_WORDS)]
                                              : words[from + tape_below(tape, count)];
  size_t size = strlen(chosen);
  return (turnout_text){copied(caller, chosen, size), size};
}

turnout_text random_text(caller *caller) {
  tape *tape = &caller->tape;
  switch (tape_below(tape, 96)) {
  case 1:
    return (turnout_text){NULL, tape_below(tape, 3)};
  case 2: {
    /* Whatever stands there. */
    size_t size = tape_below(tape, TURNOUT_BYTES_MAX + 1);
    return (turnout_text){ground_text(&caller->ground, size), size};
  }
  case 3: {
    size_t size = TURNOUT_BYTES_MAX - 1 + tape_below(tape, 2);
    char *bytes = ground_text(&caller->ground, size);
    memset(bytes, 'a', size);
    return (turnout_text){bytes, size};
  }
  case 4: /* Too large to be read; only one byte is there. */
    return (turnout_text){ground_text(&caller->ground, 1),
                          ((size_t)TURNOUT_BYTES_MAX + 1) | (size_t)tape_word(tape)};
  case 5: {
    size_t size = tape_below(tape, 40);
    char *bytes = ground_text(&caller->ground, size);
    for (size_t i = 0; i < size; i++)
      bytes[i] = (char)tape_below(tape, 256);
    return (turnout_text){bytes, size};
  }
  case 6: {
    turnout_text made = word(caller, 0, WORDS);
    size_t cut = tape_below(tape, made.size + 1);
    return (turnout_text){made.data + cut, made.size - cut};
  }
  default:
    return word(caller, 0, WORDS);
  }
}

turnout_text random_key(caller *caller) {
  static const char *const keys[] = {"main", "to-spare", "spare", "sharded", "sharded/s0", "c1"};
  if (tape_below(&caller->tape, 3) == 0)
    return random_text(caller);
  const char *chosen = keys[tape_below(&caller->tape, 6)];
  return (turnout_text){copied(caller, chosen, strlen(chosen)), strlen(chosen)};
}

/* Mostly one of those words, with a hash that is right, absent or, seldom, wrong. */
static turnout_name name_of(caller *caller, size_t from, size_t count) {
  tape *tape = &caller->tape;
  turnout_text chosen = tape_once_in(tape, 24) ? random_text(caller) : word(caller, from, count);
  turnout_name made = {chosen.data, chosen.size, 0};
  switch (tape_below(tape, 24)) {
  case 1:
    made.hash = tape_word(tape);
    break;
  case 2:
  case 3:
  case 4:
    made = turnout_name_of(chosen);
    break;
  default:
    break;
  }
  return made;
}

turnout_name random_name(caller *caller) { return name_of(caller, 0, USE_CASES); }

size_t random_count(caller *caller, size_t usual, size_t limit) {
  tape *tape = &caller->tape;
  switch (tape_below(tape, 48)) {
  case 1:
    return limit;
  case 2:
    return limit + 1;
  case 3:
    return (limit + 1) | (size_t)tape_word(tape);
  default:
    return tape_below(tape, usual + 1);
  }
}

static double random_number(caller *caller) {
  static const double numbers[] = {0, 17, 18, 2.5, -0.0, 1e300, 5e-324};
  static const double none[] = {NAN, INFINITY, -INFINITY};
  if (tape_once_in(&caller->tape, 48))
    return none[tape_below(&caller->tape, 3)];
  return numbers[tape_below(&caller->tape, sizeof numbers / sizeof *numbers)];
}

static void fill_attribute(caller *caller, turnout_attribute *attribute) {
  tape *tape = &caller->tape;
  memset(attribute, 0, sizeof *attribute);
  attribute->name = name_of(caller, USE_CASES, ATTRIBUTES);
  attribute->type = (uint32_t)tape_below(tape, 4);
  attribute->text = random_text(caller);
  attribute->number = random_number(caller);
  attribute->boolean = (uint32_t)tape_below(tape, 2);
  if (tape_once_in(tape, 96)) {
    attribute->type = (uint32_t)tape_word(tape);
    attribute->boolean = (uint32_t)tape_word(tape);
  }
}

/* How many of an array are there: all of a count that may be, else one or none. */
static size_t present(size_t count, size_t limit) { return count <= limit ? count : 1; }

const turnout_attribute *random_attributes(caller *caller, size_t limit, size_t *count) {
  *count = random_count(caller, 5, limit);
  if (tape_once_in(&caller->tape, 96))
    return NULL;
  size_t there = present(*count, limit);
  turnout_attribute *made = (void *)ground_own(&caller->ground, there * sizeof *made).at;
  /* Of many, most are one. */
  for (size_t i = 0; i < there; i++)
    if (i < 8)
      fill_attribute(caller, &made[i]);
    else
      made[i] = made[i % 8];
  return made;
}

static const turnout_unit *random_units(caller *caller, size_t *count) {
  *count = random_count(caller, 3, TURNOUT_UNITS_MAX);
  if (tape_once_in(&caller->tape, 96))
    return NULL;
  size_t there = present(*count, TURNOUT_UNITS_MAX);
  turnout_unit *made = (void *)ground_own(&caller->ground, there * sizeof *made).at;
  for (size_t i = 0; i < there; i++)
    made[i] = (turnout_unit){name_of(caller, 0, WORDS), random_text(caller)};
  return made;
}

static const turnout_assignment *random_assignments(caller *caller, size_t *count) {
  *count = random_count(caller, 3, TURNOUT_ASSIGNMENTS_MAX);
  if (tape_once_in(&caller->tape, 96))
    return NULL;
  size_t there = present(*count, TURNOUT_ASSIGNMENTS_MAX);
  turnout_assignment *made = (void *)ground_own(&caller->ground, there * sizeof *made).at;
  for (size_t i = 0; i < there; i++)
    made[i] =
        i < 4 ? (turnout_assignment){name_of(caller, 0, WORDS), random_text(caller)} : made[i % 4];
  return made;
}

/* A struct that the library reads, of a size of its own: `known` bytes are filled in, what is
 * larger has zeros behind them, or not; what is smaller, and what is too large, ends early. */
static void *with_size(caller *caller, const void *made, size_t known, size_t limit) {
  tape *tape = &caller->tape;
  size_t size = known;
  switch (tape_below(tape, 96)) {
  case 1:
    size = sizeof size + tape_below(tape, known - sizeof size);
    break;
  case 2:
  case 3:
    size = known + 8 * tape_below(tape, (limit - known) / 8 + 1);
    break;
  case 4:
    size = (limit + 1) | (size_t)tape_word(tape);
    break;
  case 5:
    size = tape_below(tape, sizeof size);
    break;
  default:
    break;
  }
  size_t there = size < sizeof size ? sizeof size : size > limit ? known : size;
  /* The type's own alignment, whatever it says its size is. */
  char *place = ground_own(&caller->ground, (there + 7) / 8 * 8).at;
  memset(place, 0, there);
  memcpy(place, made, there < known ? there : known);
  memcpy(place, &size, sizeof size);
  if (there > known && tape_below(tape, 4) == 0)
    place[known + tape_below(tape, there - known)] = 1;
  return place;
}

const turnout_request *random_request(caller *caller) {
  tape *tape = &caller->tape;
  if (tape_once_in(tape, 96))
    return NULL;
  turnout_request request = TURNOUT_REQUEST_INIT;
  request.use_case = random_name(caller);
  request.unit = random_text(caller);
  switch (tape_below(tape, 8)) {
  case 1:
    request.units = random_units(caller, &request.unit_count);
    break;
  case 2:
    request.assignments = random_assignments(caller, &request.assignment_count);
    break;
  case 3:
    request.request_id = random_text(caller);
    break;
  default:
    break;
  }
  if (tape_below(tape, 2))
    request.attributes =
        random_attributes(caller, TURNOUT_ATTRIBUTES_MAX, &request.attribute_count);
  request.now_ns = tape_below(tape, 4) ? 0 : (int64_t)tape_word(tape);
  request.flags = tape_below(tape, 2);
  if (tape_once_in(tape, 96))
    request.flags = tape_word(tape);
  return with_size(caller, &request, sizeof request, 4096);
}

const turnout_open_options *random_options(caller *caller) {
  tape *tape = &caller->tape;
  if (tape_below(tape, 3) == 0)
    return NULL;
  turnout_open_options options = TURNOUT_OPEN_OPTIONS_INIT;
  if (tape_below(tape, 2))
    options.constants = random_attributes(caller, TURNOUT_ATTRIBUTES_MAX, &options.constant_count);
  options.flags = tape_below(tape, 4);
  if (tape_once_in(tape, 24))
    options.flags = tape_word(tape);
  return with_size(caller, &options, sizeof options, 65536);
}

const turnout_overlay_entry *random_entries(caller *caller, size_t *count) {
  tape *tape = &caller->tape;
  static const char *const names[] = {"main",      "spare", "sharded/s1",
                                      "All/whole", "Plain", "colour"};
  *count = random_count(caller, 3, TURNOUT_OVERLAY_MAX);
  if (*count == TURNOUT_OVERLAY_MAX)
    *count = 64;
  if (tape_once_in(tape, 24))
    return NULL;
  size_t there = present(*count, TURNOUT_OVERLAY_MAX);
  turnout_overlay_entry *made = (void *)ground_own(&caller->ground, there * sizeof *made).at;
  for (size_t i = 0; i < there; i++) {
    const char *name = names[tape_below(tape, 6)];
    turnout_text text = {copied(caller, name, strlen(name)), strlen(name)};
    memset(&made[i], 0, sizeof made[i]);
    made[i].name = tape_below(tape, 6) ? text : random_text(caller);
    made[i].kind = (uint32_t)tape_below(tape, 5);
    made[i].state = (uint32_t)tape_below(tape, 6);
    made[i].until_ns = tape_below(tape, 3) ? 0 : (int64_t)tape_word(tape);
    if (tape_once_in(tape, 24))
      made[i].kind = (uint32_t)tape_word(tape);
  }
  return made;
}

const char *random_path(caller *caller) {
  /* The folder's stores; the driver makes them. */
  static const char *const stores[] = {
      "routing", "routing", "experiments",  "experiments",      "empty",   "damaged",
      "no-head", "missing", "routing/head", "other/../routing", "\xff\xfe"};
  tape *tape = &caller->tape;
  const char *folder = getenv("TURNOUT_STORES");
  if (!folder || tape_once_in(tape, 48))
    return NULL;
  if (tape_once_in(tape, 48)) {
    size_t size = 1 + tape_below(tape, 8192);
    char *path = ground_own(&caller->ground, size).at;
    memset(path, '/', size);
    for (size_t i = 1; i < size; i += 2)
      path[i] = (char)tape_below(tape, 256);
    path[size - 1] = 0;
    return path;
  }
  char path[PATH_BYTES];
  const char *store = stores[tape_below(tape, sizeof stores / sizeof *stores)];
  int size = snprintf(path, sizeof path, "%s/%s", folder, store);
  return memcpy(ground_own(&caller->ground, (size_t)size + 1).at, path, (size_t)size + 1);
}
