/* Settings of one route, virtual host or route table (typed_per_filter_config).
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef TURNOUT_ENVOY_ROUTE_SETTINGS_H
#define TURNOUT_ENVOY_ROUTE_SETTINGS_H

#include "settings.h"

/* What is done on this route. */
enum route_mode {
  ROUTE_AS_LISTENER,
  ROUTE_RESOLVE,
  ROUTE_ROUTING_KEY,
  ROUTE_OFF, /* nothing is decided; internal headers are removed all the same */
};

struct route_settings {
  enum route_mode mode;
  turnout_name use_case; /* of every request on this route; data NULL: as the listener says */
  char use_case_bytes[]; /* NUL-terminated */
};

/* Reads {"mode": …, "use_case": …}, each optional. Returns the settings, from malloc(), or NULL and
 * the words. */
struct route_settings *route_settings_read(envoy_text text, struct complaint *complaint);

/* The nearest settings of the stream's route, or NULL. Costs nothing while no route has any. */
const struct route_settings *route_settings_of(void *stream);

#endif
