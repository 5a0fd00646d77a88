/* SPDX-License-Identifier: Apache-2.0 */
#include "routing_key.h"

void routing_key_find(struct answer *answer, const turnout_engine *engine,
                      turnout_text routing_key) {
  if (!routing_key.data || routing_key.size == 0) {
    answer_refuse(answer, OUTCOME_MISSING_HEADER);
    return;
  }
  answer_refuse(answer, OUTCOME_FAILURE);
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
