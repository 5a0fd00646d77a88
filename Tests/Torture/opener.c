/*
 * opener: opens the stores whose folders come on standard input, one a line, as a service that
 * starts now does, then as a writer, then as a service again; a line of output for each:
 *
 *   STATUS REVISION DIGEST VERSION WRITER-STATUS STATUS REVISION GENERATION
 *
 * The writer sets a state, so that it repairs what was left, commits, and tells the readers. One
 * process for thousands of stores, since starting one takes longer than all of this.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <turnout.h>

enum { PATH_BYTES = 4096 };

/* Nothing but what turnout.h promises is asked for: one that does not open is a status. */
static turnout_status serve(const char *store, turnout_decision *decision, uint64_t *generation) {
  static char buffer[TURNOUT_DECISION_BYTES];
  turnout_open_options options = TURNOUT_OPEN_OPTIONS_INIT;
  options.flags = TURNOUT_NO_THREAD;
  turnout_engine *engine = NULL;
  turnout_error error = TURNOUT_ERROR_INIT;
  *decision = (turnout_decision)TURNOUT_DECISION_INIT;
  *generation = 0;
  turnout_status status = turnout_engine_open(store, &options, &error, &engine);
  if (status != TURNOUT_OK)
    return status;
  turnout_engine_info info = TURNOUT_ENGINE_INFO_INIT;
  status = turnout_engine_status(engine, &info, &error);
  if (status == TURNOUT_OK)
    status = info.head_status;
  *generation = info.overlay_generation;
  turnout_request request = TURNOUT_REQUEST_INIT;
  request.use_case = (turnout_name){"Search", 6, 0};
  request.unit = (turnout_text){"u_1", 3};
  if (status == TURNOUT_OK)
    status = turnout_resolve(engine, &request, buffer, sizeof buffer, decision);
  turnout_engine_close(engine);
  return status;
}

static turnout_status write_to(const char *store) {
  turnout_overlay_entry entry = {
      TURNOUT_CLUSTER, TURNOUT_DRAINING, {"main", 4}, INT64_C(4000000000000000000)};
  turnout_error error = TURNOUT_ERROR_INIT;
  turnout_text nobody = {NULL, 0};
  turnout_status status = turnout_overlay_set(store, &entry, 1, nobody, nobody, &error);
  if (status != TURNOUT_OK)
    fprintf(stderr, "%s\n", error.message);
  return status;
}

int main(void) {
  char store[PATH_BYTES];
  while (fgets(store, sizeof store, stdin)) {
    char *end = strchr(store, '\n');
    if (end)
      *end = 0;
    turnout_decision decision;
    uint64_t generation = 0;
    turnout_status status = serve(store, &decision, &generation);
    printf("%d %" PRIu64 " ", status, decision.revision);
    for (size_t i = 0; i < sizeof decision.digest; i++)
      printf("%02x", decision.digest[i]);
    printf(" %.*s ", decision.version.size ? (int)decision.version.size : 1,
           decision.version.size ? decision.version.data : "-");
    printf("%d ", write_to(store));
    status = serve(store, &decision, &generation);
    printf("%d %" PRIu64 " %" PRIu64 "\n", status, decision.revision, generation);
    fflush(stdout);
  }
  return 0;
}
