/*
 * batches.c: calls of many units or use cases.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "caller.h"

#include <string.h>

enum { ELEMENTS_USUALLY = 6 };

typedef struct batch {
  size_t count, stride;
  size_t there; /* elements that there is room for */
  const turnout_text *units;
  const turnout_name *use_cases;
  place decisions, resolved;
  bool has_decisions, asks;
} batch;

static size_t random_stride(caller *caller) {
  tape *tape = &caller->tape;
  switch (tape_below(tape, 24)) {
  case 1:
    return tape_below(tape, sizeof(turnout_decision));
  case 2:
    return sizeof(turnout_decision) + 1 + tape_below(tape, 100);
  case 3:
    return 65528 + 8 * tape_below(tape, 3);
  case 4:
    return (size_t)tape_word(tape);
  default:
    return sizeof(turnout_decision) + 8 * tape_below(tape, 8);
  }
}

static batch random_batch(caller *caller, bool of_units) {
  tape *tape = &caller->tape;
  batch batch;
  memset(&batch, 0, sizeof batch);
  batch.count = random_count(caller, ELEMENTS_USUALLY, TURNOUT_BATCH_MAX);
  batch.stride = random_stride(caller);
  bool wide = batch.stride < sizeof(turnout_decision) || batch.stride > 9000;
  batch.there = batch.count <= ELEMENTS_USUALLY && !wide ? batch.count : 1;
  /* As many as the stride and the count say, or they must be refused before they are read. */
  if (batch.count == TURNOUT_BATCH_MAX || (wide && batch.stride <= 65536))
    batch.count = batch.there;
  if (of_units) {
    turnout_text *units = (void *)ground_own(&caller->ground, batch.there * sizeof *units).at;
    for (size_t i = 0; i < batch.there; i++)
      units[i] = random_text(caller);
    batch.units = tape_once_in(tape, 24) ? NULL : units;
  } else {
    turnout_name *names = (void *)ground_own(&caller->ground, batch.there * sizeof *names).at;
    for (size_t i = 0; i < batch.there; i++)
      names[i] = random_name(caller);
    batch.use_cases = tape_once_in(tape, 24) ? NULL : names;
  }
  batch.has_decisions = !tape_once_in(tape, 24);
  batch.asks = tape_below(tape, 4) != 0;
  batch.resolved = ground_own(&caller->ground, sizeof(size_t));
  size_t stride = batch.stride > 65536 ? sizeof(turnout_decision) : batch.stride;
  size_t last = stride < sizeof(turnout_decision) ? sizeof(turnout_decision) : stride;
  size_t bytes = batch.there == 0 ? 8 : (batch.there - 1) * stride + last;
  batch.decisions = ground_own(&caller->ground, (bytes + 7) / 8 * 8);
  for (size_t i = 0; i < batch.there && stride % 8 == 0; i++) {
    size_t size = sizeof(turnout_decision);
    if (tape_once_in(tape, 24))
      size = tape_below(tape, 2) ? tape_below(tape, stride + 9) : (size_t)tape_word(tape);
    memcpy(batch.decisions.at + i * stride, &size, sizeof size);
  }
  return batch;
}

static void claim_batch(const batch *batch, place buffer, turnout_status status) {
  CLAIM(ground_margin_is_whole(batch->decisions));
  size_t resolved = 0;
  if (batch->asks)
    memcpy(&resolved, batch->resolved.at, sizeof resolved);
  CLAIM(resolved <= batch->count);
  if (status == TURNOUT_OK && batch->asks)
    CLAIM(resolved == batch->count);
  for (size_t i = 0; i < resolved; i++) {
    const turnout_decision *decision = (const void *)(batch->decisions.at + i * batch->stride);
    CLAIM(decision->struct_size >= sizeof *decision && decision->struct_size <= batch->stride);
    claim_decision(decision, buffer, decision->status);
    CLAIM(decision->status != TURNOUT_BUFFER_TOO_SMALL);
  }
  /* The elements behind the one at which it stopped are as they were. */
  if (batch->asks && batch->has_decisions && resolved + 1 < batch->there &&
      batch->stride >= sizeof(turnout_decision) && batch->stride % 8 == 0)
    CLAIM(ground_is_untouched(
        (place){batch->decisions.at + (resolved + 1) * batch->stride + sizeof(size_t),
                batch->stride - sizeof(size_t)},
        0));
}

void call_batch(caller *caller) {
  bool open = false, of_view = tape_below(&caller->tape, 2),
       of_units = tape_below(&caller->tape, 2);
  const turnout_engine *engine = of_view ? NULL : pick_engine(caller, &open);
  const turnout_view *view = of_view ? pick_view(caller, &open) : NULL;
  const turnout_request *request = random_request(caller);
  batch batch = random_batch(caller, of_units);
  place buffer = random_buffer(caller);
  turnout_decision *decisions = batch.has_decisions ? (void *)batch.decisions.at : NULL;
  size_t *resolved = batch.asks ? (void *)batch.resolved.at : NULL;
  inside(open ? engine : NULL, open ? view : NULL);
  turnout_status status;
  int call;
  if (of_units && of_view) {
    call = CALL_view_resolve_units;
    status = turnout_view_resolve_units(view, request, batch.units, batch.count, buffer.at,
                                        buffer.size, decisions, batch.stride, resolved);
  } else if (of_units) {
    call = CALL_resolve_units;
    status = turnout_resolve_units(engine, request, batch.units, batch.count, buffer.at,
                                   buffer.size, decisions, batch.stride, resolved);
  } else if (of_view) {
    call = CALL_view_resolve_use_cases;
    status = turnout_view_resolve_use_cases(view, request, batch.use_cases, batch.count, buffer.at,
                                            buffer.size, decisions, batch.stride, resolved);
  } else {
    call = CALL_resolve_use_cases;
    status = turnout_resolve_use_cases(engine, request, batch.use_cases, batch.count, buffer.at,
                                       buffer.size, decisions, batch.stride, resolved);
  }
  outside();
  counted(caller, call, status);
  CLAIM(status <= 0 && status != TURNOUT_REENTRANT);
  CLAIM(open || status == TURNOUT_INVALID_ARGUMENT || status == TURNOUT_CLOSED);
  if (buffer.at)
    CLAIM(ground_margin_is_whole(buffer));
  claim_batch(&batch, buffer, status);
}
