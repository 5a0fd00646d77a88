/* SPDX-License-Identifier: Apache-2.0 */
#include "routing_key.h"

#ifndef TURNOUT_DESTINATION_INIT
typedef struct turnout_destination {
  size_t struct_size;
  uint64_t revision;
  turnout_text cluster, shard, address, routing_key;
  uint32_t state;
  uint32_t reserved;
  size_t buffer_needed;
} turnout_destination;
#define TURNOUT_DESTINATION_INIT {.struct_size = sizeof(turnout_destination)}
#define TURNOUT_UNKNOWN_ROUTING_KEY 5
OPTIONAL turnout_status turnout_engine_destination(const turnout_engine *engine,
                                                   turnout_text routing_key, void *buffer,
                                                   size_t buffer_size,
                                                   turnout_destination *destination);
#define HAS_DESTINATION (turnout_engine_destination != NULL)
#else
#define HAS_DESTINATION true
#endif

void routing_key_find(struct answer *answer, const turnout_engine *engine,
                      turnout_text routing_key) {
  if (!routing_key.data || routing_key.size == 0) {
    answer_refuse(answer, OUTCOME_MISSING_HEADER);
    return;
  }
  answer_refuse(answer, OUTCOME_FAILURE);
  if (!HAS_DESTINATION)
    return;
  turnout_destination destination = TURNOUT_DESTINATION_INIT;
  turnout_status status = turnout_engine_destination(engine, routing_key, answer->buffer,
                                                     sizeof answer->buffer, &destination);
  answer->outcome =
      status == TURNOUT_UNKNOWN_ROUTING_KEY ? OUTCOME_UNKNOWN_ROUTING_KEY : outcome_of(status);
  turnout_decision *decision = &answer->decision;
  decision->status = status;
  decision->revision = destination.revision;
  decision->cluster = destination.cluster;
  decision->shard = destination.shard;
  decision->address = destination.address;
  decision->routing_key = destination.routing_key;
}
