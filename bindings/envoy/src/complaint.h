/*
 * Why a configuration is refused, in words for Envoy's log: Envoy itself does not say.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TURNOUT_ENVOY_COMPLAINT_H
#define TURNOUT_ENVOY_COMPLAINT_H

#include "abi.h"

struct complaint {
  char words[1280]; /* NUL-terminated, cut at its end */
};

/* Sets the words, as printf does. Returns false, so that a check can end with it. */
bool complain(struct complaint *complaint, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes "turnout: " and the words to Envoy's log. */
void complaint_log(const struct complaint *complaint, int level);

#endif
