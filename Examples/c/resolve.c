/* resolve.c: asks a store which model version should answer, and prints the decision.
 *
 *   ./resolve STORE USE_CASE UNIT [ATTRIBUTE=VALUE …]
 *   ./resolve demo-store ContinueWatching ada country=US device=tv
 *
 * A value that is a number is sent as one, true and false as booleans, anything else as text. In
 * double quotes it is text whatever it looks like, as versions are: app_version='"8.1"'. */
#include <turnout.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ATTRIBUTES = 32, BUFFER_BYTES = 65536 };

static turnout_text text(const char *words) { return (turnout_text){words, strlen(words)}; }

static turnout_attribute attribute(char *argument) {
  turnout_attribute made = {{argument, 0, 0}, TURNOUT_STRING, 0, 0, {NULL, 0}};
  char *value = strchr(argument, '='), *end = NULL;
  if (!value)
    value = argument + strlen(argument);
  made.name.size = (size_t)(value - argument);
  if (*value == '=')
    value++;
  made.text = text(value);
  if (made.text.size > 1 && *value == '"' && value[made.text.size - 1] == '"') {
    made.text = (turnout_text){value + 1, made.text.size - 2};
    return made;
  }
  made.number = strtod(value, &end);
  if (*value && *end == 0 && isfinite(made.number))
    made.type = TURNOUT_NUMBER;
  made.boolean = strcmp(value, "true") == 0;
  if (made.boolean || strcmp(value, "false") == 0)
    made.type = TURNOUT_BOOLEAN;
  return made;
}

static void line(const char *label, turnout_text value) {
  if (value.data)
    printf("%-12s %.*s\n", label, (int)value.size, value.data);
}

int main(int count, char **arguments) {
  if (count < 4 || count - 4 > ATTRIBUTES) {
    fprintf(stderr, "usage: %s STORE USE_CASE UNIT [ATTRIBUTE=VALUE …]\n", arguments[0]);
    return 2;
  }
  turnout_attribute attributes[ATTRIBUTES];
  for (int i = 4; i < count; i++)
    attributes[i - 4] = attribute(arguments[i]);

  turnout_engine *engine = NULL;
  turnout_error error = TURNOUT_ERROR_INIT;
  if (turnout_engine_open(arguments[1], NULL, &error, &engine) != TURNOUT_OK) {
    fprintf(stderr, "%s: %s\n", turnout_status_name(error.status), error.message);
    return 3;
  }
  turnout_request request = TURNOUT_REQUEST_INIT;
  request.use_case = turnout_name_of(text(arguments[2]));
  request.unit = text(arguments[3]);
  request.attributes = attributes;
  request.attribute_count = (size_t)(count - 4);
  request.flags = TURNOUT_WANT_CONFIG;

  static char buffer[BUFFER_BYTES]; /* the decision's texts will stand here */
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_status status = turnout_resolve(engine, &request, buffer, sizeof buffer, &decision);
  printf("%-12s %s\n", "status", turnout_status_name(status));
  line("model", decision.model);
  line("version", decision.version);
  line("cluster", decision.cluster);
  line("shard", decision.shard);
  line("address", decision.address);
  line("routing key", decision.routing_key);
  line("rule", decision.rule);
  line("config", decision.config);
  turnout_engine_close(engine);
  return status == TURNOUT_OK ? 0 : 1;
}
