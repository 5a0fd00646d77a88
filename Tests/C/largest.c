/* The largest decision without config: what a document may say at its limits fits into
 * TURNOUT_DECISION_BYTES. */
#include "stores.h"

enum { NAME_BYTES = 128, ADDRESS_BYTES = 320, KEY_BYTES = 256, EXPERIMENTS = TURNOUT_CELLS_MAX };

/* The limits, each at once; of a sharded cluster the routing key has `/` and a shard's name behind
 * it. */
enum {
  DESTINATION = 4 * NAME_BYTES + ADDRESS_BYTES + KEY_BYTES + 1 + NAME_BYTES,
  TEXTS = DESTINATION + NAME_BYTES + TURNOUT_TRAFFIC_MAX,
  CELL = sizeof(turnout_cell) + NAME_BYTES + NAME_BYTES,
  HOLDOUT = sizeof(turnout_text) + NAME_BYTES,
  SHADOW = sizeof(turnout_shadow) + NAME_BYTES + DESTINATION,
  WORST = TEXTS + TURNOUT_CELLS_MAX * CELL + TURNOUT_HOLDOUTS_MAX * HOLDOUT +
      TURNOUT_SHADOWS_MAX * SHADOW + 7
};
_Static_assert(WORST == 27216 && WORST <= TURNOUT_DECISION_BYTES, "what the header promises");

/* A name of the greatest size that begins with `prefix` and a number. */
static const char *longest(const char *prefix, int number) {
  static char names[8][NAME_BYTES + 1];
  static int next;
  char *words = names[next++ % 8];
  int size = snprintf(words, NAME_BYTES + 1, "%s%02d-", prefix, number);
  memset(words + size, 'n', (size_t)(NAME_BYTES - size));
  words[NAME_BYTES] = 0;
  return words;
}

static void write_document(const char *path) {
  FILE *file = fopen(path, "w");
  if (!file)
    give_up("cannot write", path);
  char key[KEY_BYTES + 1], address[ADDRESS_BYTES + 1];
  memset(key, 'k', KEY_BYTES);
  memset(address, 'a', ADDRESS_BYTES);
  key[KEY_BYTES] = address[ADDRESS_BYTES] = 0;
  fprintf(file, "turnout: 1\nunit: user\nclusters:\n  %s:\n    routing_key: %s\n", longest("c", 0),
          key);
  fprintf(file, "    shards: { %s: { address: %s } }\n", longest("s", 0), address);
  fprintf(file, "models: { %s: { %s: { cluster: %s } } }\n", longest("m", 0), longest("v", 0),
          longest("c", 0));
  fprintf(file, "layers: {");
  for (int i = 0; i < EXPERIMENTS; i++)
    fprintf(file, " l%d: {},", i);
  fprintf(file, " }\nholdouts:\n");
  for (int i = 0; i < TURNOUT_HOLDOUTS_MAX; i++)
    fprintf(file, "  %s: { share: 100%%, layers: [l0], traffic: %s }\n", longest("h", i),
            longest("t", 0));
  fprintf(file, "experiments:\n");
  for (int i = 0; i < EXPERIMENTS; i++)
    fprintf(file, "  %s: { layer: l%d, traffic: %s, cells: { %s: {} } }\n", longest("e", i), i,
            longest("t", 0), longest("x", i));
  fprintf(file, "use_cases:\n  Largest:\n    shadows:\n");
  for (int i = 0; i < TURNOUT_SHADOWS_MAX; i++)
    fprintf(file, "      - { name: %s, traffic: %s, model: '%s@%s' }\n", longest("w", i),
            longest("t", 0), longest("m", 0), longest("v", 0));
  fprintf(file, "    rules:\n");
  for (int i = 0; i < EXPERIMENTS; i++)
    fprintf(file, "      - { experiment: %s }\n", longest("e", i));
  fprintf(file, "      - { name: %s, route: '%s@%s' }\n", longest("r", 0), longest("m", 0),
          longest("v", 0));
  fclose(file);
}

/* Every experiment that is in no layer of a holdout gives a cell: one less than the limits have. */
static void the_largest_decision_fits_into_the_size_that_the_header_says(void) {
  char store[PATH_BYTES], document[PATH_BYTES];
  path_below_work(store, "largest");
  path_below_work(document, "largest.yaml");
  write_document(document);
  publish(store, document);
  turnout_engine *engine = open_engine(store);
  turnout_attribute traffic = string_attribute("traffic", longest("t", 0));
  turnout_request request = request_for("Largest", "u");
  request.attributes = &traffic;
  request.attribute_count = 1;
  char *buffer = malloc(TURNOUT_DECISION_BYTES + 1);
  if (!buffer)
    give_up("no memory for", "a decision");
  turnout_decision decision = TURNOUT_DECISION_INIT;
  for (int shift = 0; shift < 2; shift++) {
    CHECK_STATUS(
        turnout_resolve(engine, &request, buffer + shift, TURNOUT_DECISION_BYTES, &decision),
        TURNOUT_OK);
    CHECK_INT(decision.cell_count, TURNOUT_CELLS_MAX - 1);
    CHECK_INT(decision.holdout_count, TURNOUT_HOLDOUTS_MAX);
    CHECK_INT(decision.shadow_count, TURNOUT_SHADOWS_MAX);
    CHECK_INT(decision.buffer_needed, WORST - CELL);
  }
  free(buffer);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

int main(void) {
  RUN(the_largest_decision_fits_into_the_size_that_the_header_says);
  return claims_end();
}
