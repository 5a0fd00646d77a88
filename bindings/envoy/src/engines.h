/*
 * The engines of this process: one for each store, shared by all specifiers and filters.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TURNOUT_ENVOY_ENGINES_H
#define TURNOUT_ENVOY_ENGINES_H

#include <stdatomic.h>
#include <sys/types.h>

#include "complaint.h"
#include "series.h"
#include "turnout.h"

/* One engine, and what is known of its table without asking it: asking takes a lock, which workers
 * must not. The two words below are each true by themselves. */
struct engine {
  const turnout_engine *handle;
  _Atomic uint64_t revision;
  _Atomic int64_t adopted_at_seconds; /* since 1970 */
  struct series *series;              /* what was counted of it */
  /* For engines.c alone. */
  turnout_engine *opened;
  struct engine *next;
  _Atomic uint64_t uses;
  turnout_status refusal; /* last logged */
  /* The directory: two spellings of a path are one store, and one made anew is another. */
  dev_t device;
  ino_t inode;
  char path[];
};

/* The engine of the store in the directory `path`, opened if nobody uses it yet; under
 * `--mode validate` without a thread. Main thread only: it opens files and may wait, and closes
 * engines that nobody uses any more. Returns NULL and the words if the store cannot be served. A
 * store in which nothing is published yet is served, with a warning in Envoy's log. */
struct engine *engines_take(const char *path, struct complaint *complaint);

/* Ends a use. Any thread: it waits for nothing and closes nothing; see engines.c. */
void engines_release(struct engine *engine);

/* Asks the engine what it serves, keeps its revision and time of adoption in it, and logs once why
 * a head is refused; closes engines that nobody uses any more. False if it does not answer. Main
 * thread only. */
bool engines_look(struct engine *engine, turnout_engine_info *info);

/* Tells that a request was answered by the table with this revision. Any worker; a few loads where
 * that is not news. */
void engines_saw(struct engine *engine, uint64_t revision, int64_t now_seconds);

#endif
