/*
 * Envoy's first call.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "complaint.h"
#include "turnout.h"

const char *HOOK(program_init)(void) {
  if (turnout_abi_version() != TURNOUT_ABI_VERSION) {
    struct complaint complaint;
    complain(
        &complaint,
        "libturnout.so has ABI %u and this module was made for %d; install both of one release",
        turnout_abi_version(), TURNOUT_ABI_VERSION);
    complaint_log(&complaint, LOG_ERROR);
    return NULL;
  }
  /* Envoy 1.38 and 1.39 have version 0.1.0 of the ABI, 1.40 has 0.2.0; each warns about another
   * than its own. The cluster specifier came with the latter. */
  return CALLBACK(cluster_specifier_set_cluster_name) != NULL ? "v0.2.0" : "v0.1.0";
}
