/*
 * outputs.c: what calls fill in, and what must hold of it afterwards.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "caller.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STRUCT_BYTES_MAX = 65536 };

void claim_broken(const char *file, int line, const char *what) {
  (void)fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
  abort();
}

turnout_status counted(caller *caller, int call, turnout_status status) {
  int at = status - STATUS_LOWEST;
  CLAIM(at >= 0 && at < STATUSES);
  CLAIM(strcmp(turnout_status_name(status), "unknown_status") != 0);
  caller->counts[call][at]++;
  return status;
}

output random_output(caller *caller, size_t known) {
  tape *tape = &caller->tape;
  output output = {{NULL, 0}, true, true};
  size_t size = known;
  switch (tape_below(tape, 24)) {
  case 1:
    output.there = output.valid = false;
    return output;
  case 2:
    size = tape_below(tape, known);
    output.valid = false;
    break;
  case 3:
    size = ((size_t)STRUCT_BYTES_MAX + 1) | (size_t)tape_word(tape);
    output.valid = false;
    break;
  case 4:
    size = known + 8 * tape_below(tape, (STRUCT_BYTES_MAX - known) / 8 + 1);
    break;
  default:
    break;
  }
  size_t there = size < sizeof size ? sizeof size : size > STRUCT_BYTES_MAX ? known : size;
  output.place = ground_own(&caller->ground, (there + 7) / 8 * 8);
  memcpy(output.place.at, &size, sizeof size);
  return output;
}

void claim_output(const output *output, size_t known) {
  if (!output->there)
    return;
  CLAIM(ground_margin_is_whole(output->place));
  if (!output->valid) {
    CLAIM(ground_is_untouched(output->place, sizeof(size_t)));
    return;
  }
  for (size_t i = known; i < output->place.size; i++)
    CLAIM(output->place.at[i] == 0);
}

place random_buffer(caller *caller) {
  tape *tape = &caller->tape;
  size_t size = 2048;
  switch (tape_below(tape, 8)) {
  case 1:
    size = tape_below(tape, 256);
    break;
  case 2:
    size = tape_below(tape, 4096);
    break;
  case 3:
    size = TURNOUT_DECISION_BYTES;
    break;
  case 4:
    size = tape_below(tape, 65536);
    break;
  case 5: {
    /* None, whatever its size is said to be. */
    place none = {NULL, (size_t)tape_word(tape)};
    return none;
  }
  default:
    break;
  }
  return ground_own(&caller->ground, size);
}

output random_error(caller *caller) {
  tape *tape = &caller->tape;
  output output = {{NULL, 0}, false, false};
  return tape_below(tape, 3) ? random_output(caller, sizeof(turnout_error)) : output;
}

void claim_error(const output *output, turnout_status status, bool may_be_of_head) {
  if (!output->there)
    return;
  /* Of an error larger than any library's the struct is filled, and nothing behind it read. */
  const turnout_error *error = (const turnout_error *)(const void *)output->place.at;
  bool small = error->struct_size < sizeof *error;
  CLAIM(ground_margin_is_whole(output->place));
  if (small) {
    CLAIM(ground_is_untouched(output->place, sizeof error->struct_size));
    return;
  }
  if (error->struct_size > STRUCT_BYTES_MAX) {
    CLAIM(ground_is_untouched(output->place, sizeof error->struct_size));
    return;
  }
  for (size_t i = sizeof *error; i < output->place.size; i++)
    CLAIM(output->place.at[i] == 0);
  CLAIM(error->message_size < sizeof error->message);
  CLAIM(strlen(error->message) == error->message_size);
  CLAIM(may_be_of_head || error->status == status);
  CLAIM((error->status == TURNOUT_OK) == (error->message_size == 0));
}

void claim_text(turnout_text text, place buffer) {
  if (!text.data) {
    CLAIM(text.size == 0);
    return;
  }
  CLAIM(text.data >= buffer.at && text.data <= buffer.at + buffer.size);
  CLAIM(text.size <= (size_t)(buffer.at + buffer.size - text.data));
}

static void claim_list(const void *list, size_t count, size_t element, place buffer) {
  CLAIM((list != NULL) == (count > 0));
  if (!list)
    return;
  CLAIM((uintptr_t)list % sizeof(void *) == 0);
  claim_text((turnout_text){list, count * element}, buffer);
}

void claim_decision(const turnout_decision *decision, place buffer, turnout_status status) {
  CLAIM(decision->status == status);
  if (status != TURNOUT_OK) {
    turnout_decision nothing = TURNOUT_DECISION_INIT;
    nothing.struct_size = decision->struct_size;
    nothing.status = status;
    nothing.revision = decision->revision;
    memcpy(nothing.digest, decision->digest, sizeof nothing.digest);
    nothing.buffer_needed = decision->buffer_needed;
    CLAIM(memcmp(&nothing, decision, sizeof nothing) == 0);
    if (status == TURNOUT_BUFFER_TOO_SMALL)
      CLAIM(!buffer.at || decision->buffer_needed > buffer.size);
    else
      CLAIM(decision->buffer_needed == 0);
    return;
  }
  CLAIM(decision->buffer_needed <= buffer.size && decision->revision != 0);
  CLAIM(decision->model.data && decision->version.data && decision->cluster.data);
  CLAIM(decision->address.data && decision->routing_key.data && decision->traffic.data);
  const turnout_text texts[] = {decision->model, decision->version, decision->cluster,
                                decision->shard, decision->address, decision->routing_key,
                                decision->rule,  decision->traffic, decision->config};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    claim_text(texts[i], buffer);
  CLAIM(decision->cell_count <= TURNOUT_CELLS_MAX);
  CLAIM(decision->holdout_count <= TURNOUT_HOLDOUTS_MAX);
  CLAIM(decision->shadow_count <= TURNOUT_SHADOWS_MAX);
  claim_list(decision->cells, decision->cell_count, sizeof *decision->cells, buffer);
  claim_list(decision->holdouts, decision->holdout_count, sizeof *decision->holdouts, buffer);
  claim_list(decision->shadows, decision->shadow_count, sizeof *decision->shadows, buffer);
  for (size_t i = 0; i < decision->cell_count; i++) {
    claim_text(decision->cells[i].experiment, buffer);
    claim_text(decision->cells[i].cell, buffer);
  }
  for (size_t i = 0; i < decision->holdout_count; i++)
    claim_text(decision->holdouts[i], buffer);
  for (size_t i = 0; i < decision->shadow_count; i++) {
    claim_text(decision->shadows[i].name, buffer);
    claim_text(decision->shadows[i].address, buffer);
    claim_text(decision->shadows[i].config, buffer);
  }
}
