/*
 * calls.c: calls of one request, and of none; what must hold of each.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "caller.h"

#include <stdlib.h>
#include <string.h>

/* Now and then the buffer is the request itself, or what one of its pointers leads to: what is
 * answered then means little, but nothing else may be read or written. */
static bool overlaps(caller *caller, place *buffer, const turnout_request *request) {
  tape *tape = &caller->tape;
  if (!request || !tape_once_in(tape, 32))
    return false;
  caller->overlaps++;
  size_t size = request->struct_size;
  if (size < sizeof *request || size > 4096)
    size = sizeof size;
  buffer->at = (char *)(uintptr_t)request;
  buffer->size = size;
  if (size >= sizeof *request && tape_below(tape, 2) && request->attribute_count > 0 &&
      request->attribute_count <= TURNOUT_ATTRIBUTES_MAX && request->attributes) {
    buffer->at = (char *)(uintptr_t)request->attributes;
    buffer->size = request->attribute_count * sizeof *request->attributes;
  }
  size_t from = tape_below(tape, buffer->size);
  buffer->at += from;
  buffer->size -= from;
  return true;
}

static void claim_refused_or_decided(const output *decision, place buffer, turnout_status status) {
  claim_output(decision, sizeof(turnout_decision));
  if (decision->valid)
    claim_decision((const turnout_decision *)(const void *)decision->place.at, buffer, status);
  else
    CLAIM(status < 0);
}

void call_resolve(caller *caller) {
  bool open = false, of_view = tape_below(&caller->tape, 2);
  const turnout_engine *engine = of_view ? NULL : pick_engine(caller, &open);
  const turnout_view *view = of_view ? pick_view(caller, &open) : NULL;
  const turnout_request *request = random_request(caller);
  output decision = random_output(caller, sizeof(turnout_decision));
  place buffer = random_buffer(caller);
  place own = buffer;
  bool overlap = overlaps(caller, &buffer, request);
  void *at = decision.there ? decision.place.at : NULL;
  inside(open ? engine : NULL, open ? view : NULL);
  turnout_status status = of_view ? turnout_view_resolve(view, request, buffer.at, buffer.size, at)
                                  : turnout_resolve(engine, request, buffer.at, buffer.size, at);
  outside();
  counted(caller, of_view ? CALL_view_resolve : CALL_resolve, status);
  CLAIM(status != TURNOUT_REENTRANT);
  if (own.at)
    CLAIM(ground_margin_is_whole(own));
  if (overlap) {
    claim_output(&decision, sizeof(turnout_decision));
    return;
  }
  claim_refused_or_decided(&decision, buffer, status);
  CLAIM(open || status == TURNOUT_INVALID_ARGUMENT || status == TURNOUT_CLOSED);
}

void call_explain(caller *caller) {
  bool open = false, of_view = tape_below(&caller->tape, 2);
  const turnout_engine *engine = of_view ? NULL : pick_engine(caller, &open);
  const turnout_view *view = of_view ? pick_view(caller, &open) : NULL;
  const turnout_request *request = random_request(caller);
  place buffer = random_buffer(caller), needed = ground_own(&caller->ground, sizeof(size_t));
  bool asks = !tape_once_in(&caller->tape, 24);
  size_t *size = asks ? (size_t *)(void *)needed.at : NULL;
  uint32_t form = 1 + (uint32_t)tape_below(&caller->tape, 2);
  if (tape_once_in(&caller->tape, 24))
    form = (uint32_t)tape_word(&caller->tape);
  turnout_status status =
      of_view ? turnout_view_explain(view, request, form, buffer.at, buffer.size, size)
              : turnout_explain(engine, request, form, buffer.at, buffer.size, size);
  counted(caller, of_view ? CALL_view_explain : CALL_explain, status);
  if (buffer.at)
    CLAIM(ground_margin_is_whole(buffer));
  CLAIM(asks || status < 0);
  CLAIM(open || status == TURNOUT_INVALID_ARGUMENT || status == TURNOUT_CLOSED);
  if (!size)
    return;
  if (status == TURNOUT_OK)
    CLAIM(buffer.at && *size > 0 && *size <= buffer.size);
  else
    CLAIM(status == TURNOUT_BUFFER_TOO_SMALL ? *size > 0 : *size == 0);
  if (status == TURNOUT_BUFFER_TOO_SMALL && buffer.at)
    CLAIM(*size > buffer.size && ground_is_untouched(buffer, 0));
}

void call_destination(caller *caller) {
  bool open = false, of_view = tape_below(&caller->tape, 2);
  const turnout_engine *engine = of_view ? NULL : pick_engine(caller, &open);
  const turnout_view *view = of_view ? pick_view(caller, &open) : NULL;
  output output = random_output(caller, sizeof(turnout_destination));
  place buffer = random_buffer(caller);
  void *at = output.there ? output.place.at : NULL;
  turnout_text key = random_key(caller);
  inside(open ? engine : NULL, open ? view : NULL);
  turnout_status status = of_view
                              ? turnout_view_destination(view, key, buffer.at, buffer.size, at)
                              : turnout_engine_destination(engine, key, buffer.at, buffer.size, at);
  outside();
  counted(caller, of_view ? CALL_view_destination : CALL_engine_destination, status);
  claim_output(&output, sizeof(turnout_destination));
  CLAIM(open || status == TURNOUT_INVALID_ARGUMENT || status == TURNOUT_CLOSED);
  const turnout_destination *found = at;
  if (!output.valid || !found) {
    CLAIM(status < 0);
    return;
  }
  CLAIM((status == TURNOUT_OK) == (found->state != 0));
  CLAIM(status != TURNOUT_BUFFER_TOO_SMALL || !buffer.at || found->buffer_needed > buffer.size);
  claim_text(found->cluster, buffer);
  claim_text(found->shard, buffer);
  claim_text(found->address, buffer);
  claim_text(found->routing_key, buffer);
}

void call_engine(caller *caller) {
  bool open = false;
  turnout_engine *engine = (turnout_engine *)(uintptr_t)pick_engine(caller, &open);
  output error = random_error(caller);
  turnout_error *words = error.there ? (void *)error.place.at : NULL;
  if (tape_below(&caller->tape, 3) == 0) {
    turnout_status status = turnout_engine_refresh(engine, words);
    counted(caller, CALL_engine_refresh, status);
    claim_error(&error, status, false);
    return;
  }
  output info = random_output(caller, sizeof(turnout_engine_info));
  turnout_engine_info *at = info.there ? (void *)info.place.at : NULL;
  turnout_status status = turnout_engine_status(engine, at, words);
  counted(caller, CALL_engine_status, status);
  claim_error(&error, status, true);
  if (status == TURNOUT_OK) {
    claim_output(&info, sizeof(turnout_engine_info));
    CLAIM(open && info.valid && at && at->keeper_running <= 1 &&
          at->views_open <= TURNOUT_VIEWS_MAX);
  } else {
    CLAIM(!open || !info.valid);
    if (info.there)
      CLAIM(ground_is_untouched(info.place, sizeof(size_t)));
  }
}

static void set_overlay(caller *caller) {
  size_t count = 0;
  const char *path = random_path(caller);
  const turnout_overlay_entry *entries = random_entries(caller, &count);
  turnout_text author = random_text(caller), message = random_text(caller);
  output error = random_error(caller);
  turnout_status status = turnout_overlay_set(path, entries, count, author, message,
                                              error.there ? (void *)error.place.at : NULL);
  counted(caller, CALL_overlay_set, status);
  claim_error(&error, status, false);
}

void call_overlay(caller *caller) {
  /* A change of a store waits for the disk. */
  if (tape_below(&caller->tape, 40) == 1) {
    set_overlay(caller);
    return;
  }
  bool open = false;
  const turnout_engine *engine = pick_engine(caller, &open);
  output output = random_output(caller, sizeof(turnout_overlay));
  place buffer = random_buffer(caller);
  turnout_overlay *overlay = output.there ? (void *)output.place.at : NULL;
  turnout_status status = turnout_engine_overlay(engine, buffer.at, buffer.size, overlay);
  counted(caller, CALL_engine_overlay, status);
  claim_output(&output, sizeof(turnout_overlay));
  if (buffer.at)
    CLAIM(ground_margin_is_whole(buffer));
  CLAIM(open || status == TURNOUT_INVALID_ARGUMENT || status == TURNOUT_CLOSED);
  if (!output.valid || !overlay) {
    CLAIM(status < 0);
    return;
  }
  if (status != TURNOUT_OK) {
    CLAIM(!overlay->entries && overlay->entry_count == 0);
    return;
  }
  for (size_t i = 0; i < overlay->entry_count; i++)
    claim_text(overlay->entries[i].name, buffer);
}

void call_names(caller *caller) {
  switch (tape_below(&caller->tape, 4)) {
  case 1: {
    turnout_status status = (turnout_status)tape_word(&caller->tape);
    CLAIM(strlen(turnout_status_name(status)) > 1);
    counted(caller, CALL_status_name, TURNOUT_OK);
    break;
  }
  case 2:
    CLAIM(turnout_abi_version() == TURNOUT_ABI_VERSION && turnout_version()[0] != 0);
    counted(caller, CALL_abi_version, TURNOUT_OK);
    counted(caller, CALL_version, TURNOUT_OK);
    break;
  default: {
    turnout_text text = random_text(caller);
    turnout_name name = turnout_name_of(text);
    bool none = !text.data || text.size == 0 || text.size > TURNOUT_BYTES_MAX;
    CLAIM(name.data == text.data && name.size == text.size && (!none || name.hash == 0));
    counted(caller, CALL_name_of, TURNOUT_OK);
  }
  }
}
