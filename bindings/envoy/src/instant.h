/* A moment as RFC 3339 writes it.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TURNOUT_ENVOY_INSTANT_H
#define TURNOUT_ENVOY_INSTANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is right where instant_read() said no. */
#define INSTANT_EXPECTATION                                                                        \
  "a time is written as 2026-11-20T00:00:00Z, or with an offset, +01:00, from 1678 to 2261"

/* Nanoseconds since 1970 in UTC; a finer fraction is dropped. */
bool instant_read(const char *text, size_t size, int64_t *nanoseconds);

#endif
