/* first.c: the first minute with Turnout in C. In the folder of a store: ./first */
#include <stdio.h>
#include <turnout.h>

int main(void) {
  turnout_engine *engine = NULL;
  turnout_error error = TURNOUT_ERROR_INIT;
  if (turnout_engine_open("turnout-store", NULL, &error, &engine) != TURNOUT_OK) {
    fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  turnout_attribute country = {{"country", 7, 0}, TURNOUT_STRING, 0, 0, {"US", 2}};
  turnout_request request = TURNOUT_REQUEST_INIT;
  request.use_case = (turnout_name){"ContinueWatching", 16, 0};
  request.unit = (turnout_text){"u_17", 4};
  request.attributes = &country;
  request.attribute_count = 1;

  char buffer[TURNOUT_DECISION_BYTES]; /* the decision's texts will stand here */
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_status status = turnout_resolve(engine, &request, buffer, sizeof buffer, &decision);
  if (status == TURNOUT_OK)
    printf("%.*s@%.*s at %.*s\n", (int)decision.model.size, decision.model.data,
           (int)decision.version.size, decision.version.data, (int)decision.address.size,
           decision.address.data);
  else
    fprintf(stderr, "no decision: %s\n", turnout_status_name(status));
  turnout_engine_close(engine);
  return status == TURNOUT_OK ? 0 : 1;
}
