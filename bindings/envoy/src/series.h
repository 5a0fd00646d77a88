/*
 * The series that were counted of a store, by their labels.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Envoy ends a counter with the last configuration that has counted in it. An update of the routes
 * would so begin every series anew at its first request; the new configuration therefore touches
 * each known series while the old one is still there.
 */
#ifndef TURNOUT_ENVOY_SERIES_H
#define TURNOUT_ENVOY_SERIES_H

#include <stdatomic.h>

#include "abi.h"
#include "turnout.h"

/* What is beyond these is counted, and may begin anew. */
#define SERIES_MAX 4096
#define SERIES_BYTES_MAX 400 /* of the labels of one */

struct one_series {
  _Atomic uint64_t hash;  /* 0: free */
  _Atomic uint32_t ready; /* the rest is written, and does not change any more */
  uint16_t counter;
  uint16_t sizes[2];
  char labels[SERIES_BYTES_MAX];
};

struct series {
  struct one_series all[SERIES_MAX];
};

/* Notes a series with one label or two. Any worker; no lock, no allocation. */
void series_note(struct series *series, uint16_t counter, const envoy_text *values, size_t count);

/* Calls `each` for every series that was noted. */
void series_each(struct series *series,
                 void (*each)(void *context, uint16_t counter, envoy_text *values, size_t count),
                 void *context);

#endif
