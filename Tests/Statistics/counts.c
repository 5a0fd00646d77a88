/* counts STORE SHAPE COUNT >FILE: resolves COUNT units of a shape for every use case of
 * routing.yaml, in batches, and writes eight bytes for each: the arms of Even, Other and Uneven,
 * the cell in the layer `first` and in `second` (the number of its name plus 1; 0 is none), the arm
 * of the split below them, whether a holdout contains the unit, and which shadows (1 small, 2
 * large). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turnout.h>

enum { BATCH = 1000, BUFFER_BYTES = 4194304, UNIT_BYTES = 64, RECORD_BYTES = 8 };

static void give_up(const char *what) {
  fprintf(stderr, "counts: %s\n", what);
  exit(1);
}

/* The random numbers of splitmix64: the same on every machine. */
static uint64_t next_random(uint64_t *state) {
  uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
  z = (z ^ (z >> 30U)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27U)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31U);
}

static size_t unit_of(const char *shape, uint64_t number, uint64_t *random, char *unit) {
  if (strcmp(shape, "sequential") == 0)
    return (size_t)snprintf(unit, UNIT_BYTES, "%llu", (unsigned long long)number);
  if (strcmp(shape, "email") == 0) {
    static const char *const names[] = {"ada", "grace", "alan", "edsger", "barbara"};
    static const char *const hosts[] = {"example.com", "mail.example.org", "example.net"};
    return (size_t)snprintf(unit, UNIT_BYTES, "%s.%llu@%s", names[number % 5],
                            (unsigned long long)(number / 15), hosts[number / 5 % 3]);
  }
  if (strcmp(shape, "uuid") == 0) {
    uint64_t high = next_random(random), low = next_random(random);
    return (size_t)snprintf(
        unit, UNIT_BYTES, "%08" PRIx64 "-%04" PRIx64 "-4%03" PRIx64 "-%04" PRIx64 "-%012" PRIx64,
        high >> 32U, high >> 16U & UINT64_C(0xFFFF), high & UINT64_C(0xFFF),
        UINT64_C(0x8000) | (low >> 48U & UINT64_C(0x3FFF)), low & UINT64_C(0xFFFFFFFFFFFF));
  }
  if (strcmp(shape, "binary") != 0)
    give_up("unknown shape");
  /* Eight bytes, the highest first, zeros among them. */
  for (unsigned i = 0; i < 8; i++)
    unit[i] = (char)(number >> (56U - 8U * i));
  return 8;
}

static unsigned char last_digit(turnout_text text) {
  return text.size > 0 ? (unsigned char)(text.data[text.size - 1] - '0') : 0;
}

static void note(unsigned char *record, int use_case, const turnout_decision *decision) {
  if (decision->status != TURNOUT_OK)
    give_up(turnout_status_name(decision->status));
  if (use_case < 3) {
    record[use_case] = last_digit(decision->version);
    return;
  }
  for (size_t i = 0; i < decision->cell_count; i++) {
    const turnout_cell *cell = &decision->cells[i];
    int second = cell->experiment.data[0] >= 'd';
    if (record[3 + second] != 0)
      give_up("two cells in one layer");
    record[3 + second] = (unsigned char)(last_digit(cell->cell) + 1);
  }
  record[5] = last_digit(decision->version);
  record[6] = (unsigned char)decision->holdout_count;
  for (size_t i = 0; i < decision->shadow_count; i++)
    record[7] = (unsigned char)(record[7] + (decision->shadows[i].name.data[0] == 's' ? 1 : 2));
}

int main(int argc, char **argv) {
  if (argc != 4)
    give_up("usage: counts STORE SHAPE COUNT");
  static const turnout_name use_cases[] = {
      {"Even", 4, 0}, {"Other", 5, 0}, {"Uneven", 6, 0}, {"Cells", 5, 0}};
  static char names[BATCH][UNIT_BYTES];
  static turnout_text units[BATCH];
  static turnout_decision decisions[BATCH];
  static unsigned char records[BATCH][RECORD_BYTES];
  char *buffer = malloc(BUFFER_BYTES);
  turnout_engine *engine = NULL;
  turnout_error error = TURNOUT_ERROR_INIT;
  if (!buffer || turnout_engine_open(argv[1], NULL, &error, &engine) != TURNOUT_OK)
    give_up(error.message);
  uint64_t count = strtoull(argv[3], NULL, 10), random = 1879;
  for (uint64_t first = 0; first < count; first += BATCH) {
    size_t size = count - first < BATCH ? (size_t)(count - first) : BATCH;
    for (size_t i = 0; i < size; i++) {
      units[i].data = names[i];
      units[i].size = unit_of(argv[2], first + i, &random, names[i]);
    }
    memset(records, 0, sizeof records);
    for (int use_case = 0; use_case < 4; use_case++) {
      for (size_t i = 0; i < size; i++)
        decisions[i] = (turnout_decision)TURNOUT_DECISION_INIT;
      turnout_request request = TURNOUT_REQUEST_INIT;
      request.use_case = use_cases[use_case];
      if (turnout_resolve_units(engine, &request, units, size, buffer, BUFFER_BYTES, decisions,
                                sizeof decisions[0], NULL) != TURNOUT_OK)
        give_up("the batch failed");
      for (size_t i = 0; i < size; i++)
        note(records[i], use_case, &decisions[i]);
    }
    if (fwrite(records, RECORD_BYTES, size, stdout) != size)
      give_up("cannot write");
  }
  free(buffer);
  turnout_engine_close(engine);
  return 0;
}
