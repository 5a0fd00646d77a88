/*
 * Where a value comes from: `{header: NAME}` or `{value: …}` in the settings.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TURNOUT_ENVOY_SOURCE_H
#define TURNOUT_ENVOY_SOURCE_H

#include <jansson.h>

#include "complaint.h"
#include "turnout.h"

/* A request header (its name in lower case), or a fixed value, and then header.data is NULL. */
struct source {
  envoy_text header;
  turnout_text value;
};

/* Room for the names of headers in lower case; as many bytes as the settings' text has suffice. */
struct room {
  char *next;
  size_t left;
};

/* Reads `{header: NAME}` or `{value: TEXT}`; `key` names it in complaints. The texts point into
 * `object` and `room`. */
bool source_read(json_t *object, const char *key, struct room *room, struct source *source,
                 struct complaint *complaint);

/* Reads an attribute's `{header: NAME, type: TYPE}` or `{value: …}`. Fills what is fixed of
 * `attribute`: its type, and its value if that is fixed. */
bool source_read_attribute(json_t *object, const char *name, struct room *room,
                           struct source *source, turnout_attribute *attribute,
                           struct complaint *complaint);

#endif
