/*
 * The yardstick: what a C programmer would write by hand for exactly these routings, over flat
 * tables of its own. It takes the requests and fills the decisions of turnout.h, checks what
 * turnout.h says is checked, and gives the same answers. It has no revisions, no publishing and no
 * readers to protect: what Turnout takes beyond the baseline is the price of those, and of being
 * general.
 */
#ifndef BASELINE_H
#define BASELINE_H
#include <turnout.h>

#include "routing.h"

typedef struct baseline baseline;

/* The tables. `like` is a decision of the engine's: its revision and digest are what decisions
 * repeat. NULL without memory. */
baseline *baseline_make(const routing *routing, const turnout_decision *like);

typedef turnout_status baseline_resolve(const baseline *baseline, const turnout_request *request,
                                        void *buffer, size_t buffer_size,
                                        turnout_decision *decision);

/* One of each routing for each compiler that builds it. */
baseline_resolve baseline_simple_clang, baseline_simple_gcc, baseline_full_clang, baseline_full_gcc;

#endif
