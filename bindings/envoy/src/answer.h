/*
 * From the engine's decision to what Envoy is told: the outcome, and entries of metadata.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TURNOUT_ENVOY_ANSWER_H
#define TURNOUT_ENVOY_ANSWER_H

#include "question.h"

/* All keys but the shadows', and three for each shadow. */
#define ANSWER_ENTRIES_MAX (METADATA_KEYS + 3 * TURNOUT_SHADOWS_MAX)

/* For texts that the decision does not have in one piece: the cells, the holdouts, numbers. */
#define ANSWER_SCRATCH_BYTES 16384

/* Lives on the caller's stack. The decision's texts point into `buffer`. */
struct answer {
  enum outcome outcome;
  turnout_text use_case; /* as the table has it; absent if the table has no such use case */
  turnout_decision decision;
  char buffer[TURNOUT_DECISION_BYTES];
};

/* Entries of metadata, which point into the answer, into `scratch` and into constants. */
struct entries {
  size_t count;
  envoy_pair pairs[ANSWER_ENTRIES_MAX];
  size_t scratch_size;
  char scratch[ANSWER_SCRATCH_BYTES];
};

/* Resolves the question. The config is asked for only if the settings write it; one that does not
 * fit is left out. No lock, no allocation, no system call after a thread's first. */
void answer_resolve(struct answer *answer, const struct settings *settings,
                    const turnout_engine *engine, const struct question *question);

/* An answer without a decision: a question that could not be asked. */
void answer_refuse(struct answer *answer, enum outcome outcome);

/* The entries that the settings ask for. Every key that is not in it has no value; a refused
 * request has its status, asked for or not, and of use case, revision and digest what is known. */
void answer_entries(struct entries *entries, const struct answer *answer,
                    const struct settings *settings);

/* How many of the decision's shadows are sent: as many as have a slot, none if the settings do not
 * write them. */
size_t answer_shadows(const struct settings *settings, const turnout_decision *decision);

/* Names of turnout_decision.reason: "override", "route" …; empty for none. */
envoy_text answer_reason(uint32_t reason);

#endif
