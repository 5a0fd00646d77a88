/*
 * The yardstick: what a C programmer would write by hand for exactly this routing, over flat tables
 * of its own. It takes the requests and fills the decisions of turnout.h, checks what turnout.h
 * says is checked, and gives the same answers. It has no revisions, no publishing and no readers
 * to protect: what Turnout takes beyond the baseline is the price of those, and of being general.
 */
#ifndef BASELINE_H
#define BASELINE_H
#include <turnout.h>

#include "routing.h"

typedef struct baseline baseline;

/* One name for each compiler that builds this file. */
#define BASELINE_JOIN_(name, suffix) name##suffix
#define BASELINE_JOIN(name, suffix) BASELINE_JOIN_(name, suffix)
#define BASELINE_DECLARE(suffix)                                                                   \
  baseline *baseline_make##suffix(const routing *routing, const turnout_decision *like);           \
  turnout_status baseline_resolve##suffix(const baseline *baseline,                                \
                                          const turnout_request *request, void *buffer,            \
                                          size_t buffer_size, turnout_decision *decision);

BASELINE_DECLARE(_clang)
BASELINE_DECLARE(_gcc)

#endif
