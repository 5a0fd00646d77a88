/*
 * The engines of this process: one for each store, shared by all specifiers and filters.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TURNOUT_ENVOY_ENGINES_H
#define TURNOUT_ENVOY_ENGINES_H

#include "settings.h"
#include "turnout.h"

/* One use of an engine, counted. */
struct engine_use;

/* The engine of the store in the directory `path`, opened if nobody uses it yet; under
 * `--mode validate` without a thread. Main thread only: it opens files and may wait, and closes
 * engines that nobody uses any more. Returns NULL and the words if the store cannot be served. A
 * store in which nothing is published yet is served, with a warning in Envoy's log. */
struct engine_use *engines_take(const char *path, struct complaint *complaint);

/* Ends a use. Any thread: it waits for nothing and closes nothing; see engines.c. */
void engines_release(struct engine_use *use);

/* The engine; valid until the use is released. */
const turnout_engine *engines_engine(const struct engine_use *use);

#endif
