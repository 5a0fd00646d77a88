/*
 * Route metadata, which the specifier sets.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TURNOUT_ENVOY_METADATA_H
#define TURNOUT_ENVOY_METADATA_H

#include "answer.h"

/* Sets all entries of the answer. */
void metadata_set(void *selection, const struct settings *settings, const struct answer *answer);

/* Writes the entries as a serialised google.protobuf.Struct. Returns its size, or 0 if it is larger
 * than `size`. */
size_t metadata_serialise(const struct entries *entries, char *bytes, size_t size);

#endif
