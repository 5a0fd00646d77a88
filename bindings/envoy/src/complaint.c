/*
 * Words for Envoy's log.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "complaint.h"

#include <stdarg.h>
#include <stdio.h>

bool complain(struct complaint *complaint, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(complaint->words, sizeof complaint->words, format, arguments);
  va_end(arguments);
  return false;
}

void complaint_log(const struct complaint *complaint, int level) {
  char line[sizeof complaint->words + 16];
  int size = snprintf(line, sizeof line, "turnout: %s", complaint->words);
  if (size > 0)
    CALLBACK(log)(level, (envoy_text){line, (size_t)size});
}
