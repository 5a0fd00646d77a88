/* The second step: a request that carries the routing key of an earlier decision.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TURNOUT_ENVOY_ROUTING_KEY_H
#define TURNOUT_ENVOY_ROUTING_KEY_H

#include "answer.h"

/* Answers with the destination that the table in force has under `routing_key`, which is a
 * client's: any bytes. Fills the outcome (ok, unknown_routing_key, missing_header if it is empty,
 * or why the engine refused) and of the decision revision, cluster, shard, address and routing key;
 * their texts live in the answer. A destination that is draining or down is answered like any
 * other: the client has decided, and a decision, too, may name one where every cluster is down. No
 * lock, no allocation, no system call after a thread's first. */
void routing_key_find(struct answer *answer, const turnout_engine *engine,
                      turnout_text routing_key);

#endif
