/*
 * driven.c: the same sequences, chosen by libFuzzer: an input's bytes are its choices.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "caller.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static caller alone;

int LLVMFuzzerInitialize(int *argc, char ***argv) {
  (void)argc;
  (void)argv;
  make_roots();
  ground_make(&alone.ground);
  join_callers(&alone);
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  alone.tape = tape_of_bytes(data, size);
  alone.forks = 0;
  /* With something open, a short input reaches something. */
  char path[PATH_BYTES];
  turnout_engine *engine = NULL;
  turnout_view *view = NULL;
  (void)snprintf(path, sizeof path, "%s/routing", getenv("TURNOUT_STORES"));
  CLAIM(turnout_engine_open(path, NULL, NULL, &engine) == TURNOUT_OK);
  CLAIM(turnout_view_open(engine, NULL, &view) == TURNOUT_OK);
  atomic_store(&alone.engines[0], engine);
  atomic_store(&alone.views[0], view);
  while (!tape_over(&alone.tape))
    make_a_call(&alone);
  ground_clear(&alone.ground);
  close_all(&alone);
  return 0;
}
