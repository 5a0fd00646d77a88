/*
 * lines STORE: requests as lines of JSON in, decisions as lines of JSON out, as `turnout resolve
 * --batch - --json` writes them; through turnout.h alone. `now_ns` stands for `now`.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turnout.h>

enum { LISTED_MAX = TURNOUT_ASSIGNMENTS_MAX, UNIT_BYTES_MAX = 4096 };

static void die(const char *what) {
  fprintf(stderr, "lines: %s\n", what);
  exit(1);
}

static turnout_text text_of(const json_t *value) {
  return value ? (turnout_text){json_string_value(value), json_string_length(value)}
               : (turnout_text){NULL, 0};
}

static turnout_name key_of(void *iterator) {
  return (turnout_name){json_object_iter_key(iterator), json_object_iter_key_len(iterator), 0};
}

/* A unit that is no text. */
static turnout_text unbase64(const json_t *value, char out[UNIT_BYTES_MAX]) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  turnout_text text = text_of(value);
  size_t size = 0;
  unsigned bits = 0, count = 0;
  for (size_t i = 0; i < text.size && text.data[i] != '='; i++) {
    const char *digit = strchr(digits, text.data[i]);
    if (!digit || !*digit || size == UNIT_BYTES_MAX)
      die("base64");
    bits = bits << 6U | (unsigned)(digit - digits);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out[size++] = (char)(bits >> count);
    }
  }
  return (turnout_text){out, size};
}

/* What a request points to. */
typedef struct lists {
  turnout_attribute attributes[LISTED_MAX];
  turnout_unit units[LISTED_MAX];
  turnout_assignment assignments[LISTED_MAX];
  char unit[UNIT_BYTES_MAX];
} lists;

static turnout_request request_of(json_t *line, lists *lists) {
  turnout_request request = TURNOUT_REQUEST_INIT;
  turnout_text use_case = text_of(json_object_get(line, "use_case"));
  request.use_case = (turnout_name){use_case.data, use_case.size, 0};
  request.unit = text_of(json_object_get(line, "unit"));
  const json_t *encoded = json_object_get(line, "unit_base64");
  if (encoded)
    request.unit = unbase64(encoded, lists->unit);
  request.request_id = text_of(json_object_get(line, "request_id"));
  request.now_ns = json_integer_value(json_object_get(line, "now_ns"));
  request.flags = TURNOUT_WANT_CONFIG;
  request.attributes = lists->attributes;
  request.units = lists->units;
  request.assignments = lists->assignments;

  json_t *all = json_object_get(line, "context");
  for (void *i = json_object_iter(all); i; i = json_object_iter_next(all, i)) {
    json_t *value = json_object_iter_value(i);
    turnout_attribute *to = &lists->attributes[request.attribute_count++];
    *to = (turnout_attribute){key_of(i), TURNOUT_NULL, 0, 0, {NULL, 0}};
    if (json_is_string(value)) {
      to->type = TURNOUT_STRING;
      to->text = text_of(value);
    } else if (json_is_number(value)) {
      to->type = TURNOUT_NUMBER;
      to->number = json_number_value(value);
    } else if (json_is_boolean(value)) {
      to->type = TURNOUT_BOOLEAN;
      to->boolean = json_is_true(value);
    }
  }
  all = json_object_get(line, "units");
  for (void *i = json_object_iter(all); i; i = json_object_iter_next(all, i))
    lists->units[request.unit_count++] =
        (turnout_unit){key_of(i), text_of(json_object_iter_value(i))};
  all = json_object_get(line, "assignments");
  for (void *i = json_object_iter(all); i; i = json_object_iter_next(all, i)) {
    json_t *cell = json_object_iter_value(i);
    lists->assignments[request.assignment_count++] =
        (turnout_assignment){key_of(i), text_of(json_is_null(cell) ? NULL : cell)};
  }
  return request;
}

static void quoted(turnout_text text) {
  static const char *const short_forms[32] = {
      ['\b'] = "\\b", ['\f'] = "\\f", ['\n'] = "\\n", ['\r'] = "\\r", ['\t'] = "\\t"};
  putchar('"');
  for (size_t i = 0; i < text.size; i++) {
    unsigned char byte = (unsigned char)text.data[i];
    if (byte == '"' || byte == '\\')
      printf("\\%c", byte);
    else if (byte >= 0x20)
      putchar(byte);
    else if (short_forms[byte])
      fputs(short_forms[byte], stdout);
    else
      printf("\\u%04x", byte);
  }
  putchar('"');
}

static void field(const char *name, turnout_text text) {
  printf(",\"%s\":", name);
  if (text.data)
    quoted(text);
  else
    fputs("null", stdout);
}

/* A config is JSON already. */
static void config(turnout_text text) {
  fputs(",\"config\":", stdout);
  if (text.data)
    fwrite(text.data, 1, text.size, stdout);
  else
    fputs("null", stdout);
}

static void write_lists(const turnout_decision *decision) {
  static const char *const ways[] = {"", "hash", "override", "assignment"};
  fputs(",\"cells\":[", stdout);
  for (size_t i = 0; i < decision->cell_count; i++) {
    fputs(i ? ",{\"experiment\":" : "{\"experiment\":", stdout);
    quoted(decision->cells[i].experiment);
    field("cell", decision->cells[i].cell);
    printf(",\"by\":\"%s\"}", ways[decision->cells[i].by]);
  }
  fputs("],\"holdouts\":[", stdout);
  for (size_t i = 0; i < decision->holdout_count; i++) {
    if (i)
      putchar(',');
    quoted(decision->holdouts[i]);
  }
  fputs("],\"shadows\":[", stdout);
  for (size_t i = 0; decision->shadows && i < decision->shadow_count; i++) {
    const turnout_shadow *shadow = &decision->shadows[i];
    fputs(i ? ",{\"name\":" : "{\"name\":", stdout);
    quoted(shadow->name);
    field("model", shadow->model);
    field("version", shadow->version);
    field("cluster", shadow->cluster);
    field("shard", shadow->shard);
    field("address", shadow->address);
    field("routing_key", shadow->routing_key);
    config(shadow->config);
    putchar('}');
  }
  putchar(']');
}

static void write_decision(const turnout_decision *decision, turnout_text use_case) {
  static const char *const kinds[] = {"", "override", "route", "split", "lookup", "experiment"};
  bool ok = decision->status == TURNOUT_OK;
  printf("{\"status\":\"%s\"", turnout_status_name(decision->status));
  field("use_case", ok ? use_case : (turnout_text){NULL, 0});
  if (ok) {
    printf(",\"revision\":%llu,\"digest\":\"", (unsigned long long)decision->revision);
    for (size_t i = 0; i < sizeof decision->digest; i++)
      printf("%02x", decision->digest[i]);
    putchar('"');
  } else {
    fputs(",\"revision\":null,\"digest\":null", stdout);
  }
  field("model", decision->model);
  field("version", decision->version);
  field("cluster", decision->cluster);
  field("shard", decision->shard);
  field("address", decision->address);
  field("routing_key", decision->routing_key);
  config(decision->config);
  write_lists(decision);
  if (ok) {
    printf(",\"reason\":{\"kind\":\"%s\"", kinds[decision->reason]);
    field("rule", decision->rule);
    putchar('}');
  } else {
    fputs(",\"reason\":null", stdout);
  }
  field("traffic", decision->traffic);
  printf(",\"fallback\":%s,\"degraded\":%s}\n",
         decision->flags & TURNOUT_FALLBACK ? "true" : "false",
         decision->flags & TURNOUT_DEGRADED ? "true" : "false");
}

static bool is_same(turnout_text a, turnout_text b) {
  return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* The table has every routing key that it answers with, and it leads to the same place. */
static void ask_again(const turnout_engine *engine, turnout_text key, turnout_text cluster,
                      turnout_text shard, turnout_text address) {
  char buffer[TURNOUT_DESTINATION_BYTES];
  turnout_destination found = TURNOUT_DESTINATION_INIT;
  if (turnout_engine_destination(engine, key, buffer, sizeof buffer, &found) != TURNOUT_OK ||
      !is_same(found.routing_key, key) || !is_same(found.cluster, cluster) ||
      !is_same(found.shard, shard) || !is_same(found.address, address))
    die("a routing key leads elsewhere than its decision");
}

static void ask_for_keys(const turnout_engine *engine, const turnout_decision *decision) {
  if (decision->status != TURNOUT_OK)
    return;
  ask_again(engine, decision->routing_key, decision->cluster, decision->shard, decision->address);
  for (size_t i = 0; decision->shadows && i < decision->shadow_count; i++) {
    const turnout_shadow *shadow = &decision->shadows[i];
    ask_again(engine, shadow->routing_key, shadow->cluster, shadow->shard, shadow->address);
  }
}

int main(int argc, char **argv) {
  if (argc != 2)
    die("usage: lines STORE");
  turnout_engine *engine;
  turnout_error error = TURNOUT_ERROR_INIT;
  if (turnout_engine_open(argv[1], NULL, &error, &engine) != TURNOUT_OK)
    die(error.message);
  static char buffer[1048576];
  static lists lists;
  char *line = NULL;
  size_t room = 0;
  while (getline(&line, &room, stdin) > 0) {
    json_error_t why;
    json_t *parsed = json_loads(line, JSON_ALLOW_NUL, &why);
    if (!parsed)
      die(why.text);
    turnout_request request = request_of(parsed, &lists);
    turnout_decision decision = TURNOUT_DECISION_INIT;
    turnout_status status = turnout_resolve(engine, &request, buffer, sizeof buffer, &decision);
    if (status != decision.status)
      die("the status returned is not the decision's");
    ask_for_keys(engine, &decision);
    write_decision(&decision, text_of(json_object_get(parsed, "use_case")));
    json_decref(parsed);
  }
  free(line);
  turnout_engine_close(engine);
  return 0;
}
