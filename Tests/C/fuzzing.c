/* Random calls for some seconds ($SECONDS_OF_FUZZ, 3 by default; $SEED repeats a run): no crash,
 * the status and the decision agree, and what is invalid is invalid to every way of resolving. */
#include "stores.h"

#include <math.h>

static uint64_t state;

static uint64_t random64(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state * UINT64_C(0x2545F4914F6CDD1D);
}

static uint64_t below(uint64_t bound) { return random64() % bound; }

static const char *const words[] = {
    "Everything", "Plain",     "BySession", "Demanding", "Off",     "country", "region", "age",
    "kids",       "app",       "traffic",   "session",   "account", "NO",      "us",     "H",
    "S",          "8.9-a.1+b", "All",       "Few",       "colour",  "size",    "age",    "red",
    "large",      "bob",       "",          "ada",       "\xff",    "\xe2\x82"};
enum { WORDS = sizeof words / sizeof *words };

static char noise[TURNOUT_BYTES_MAX + 1];

static turnout_text random_text(void) {
  turnout_text made = text(words[below(WORDS)]);
  switch (below(12)) {
  case 0:
    return (turnout_text){NULL, below(2)};
  case 1:
    return (turnout_text){noise, below(sizeof noise)};
  case 2:
    return (turnout_text){noise, TURNOUT_BYTES_MAX + below(2)};
  case 3:
    return (turnout_text){noise, random64() | (UINT64_C(1) << 40)};
  case 4:
    made.size = below(made.size + 1);
    return made;
  default:
    return made;
  }
}

static turnout_name random_name(void) {
  turnout_text chosen = text(words[below(WORDS - 4)]);
  if (below(8) == 0)
    chosen = random_text();
  turnout_name made = {chosen.data, chosen.size, 0};
  if (below(3) == 0)
    made = turnout_name_of(chosen);
  if (below(30) == 0)
    made.hash = random64();
  return made;
}

static turnout_attribute random_attribute(void) {
  turnout_attribute made = {random_name(), (uint32_t)below(4), (uint32_t)below(2),
                            (double)below(40), random_text()};
  if (below(30) == 0)
    made.type = (uint32_t)random64();
  if (below(30) == 0)
    made.boolean = (uint32_t)random64();
  if (below(15) == 0)
    made.number = below(2) ? NAN : INFINITY;
  return made;
}

static turnout_attribute attributes[TURNOUT_ATTRIBUTES_MAX + 1];
static turnout_unit units[TURNOUT_UNITS_MAX + 1];
static turnout_assignment assignments[TURNOUT_ASSIGNMENTS_MAX + 1];

static size_t random_count(size_t limit) {
  switch (below(20)) {
  case 0:
    return limit;
  case 1:
    return limit + 1;
  case 2:
    return random64() | (UINT64_C(1) << 50);
  default:
    return below(4);
  }
}

static turnout_request random_request(void) {
  turnout_request request = TURNOUT_REQUEST_INIT;
  if (below(50) == 0)
    request.struct_size = below(2) ? random64() : below(sizeof request);
  request.use_case = random_name();
  request.unit = random_text();
  request.request_id = below(3) ? (turnout_text){NULL, 0} : random_text();
  if (below(2)) {
    request.attributes = attributes;
    request.attribute_count = random_count(TURNOUT_ATTRIBUTES_MAX);
    size_t made = below(6);
    for (size_t i = 0; i < made; i++)
      attributes[below(4)] = random_attribute();
  }
  if (below(4) == 0) {
    request.units = units;
    request.unit_count = random_count(TURNOUT_UNITS_MAX);
    units[below(4)] = (turnout_unit){random_name(), random_text()};
  }
  if (below(6) == 0) {
    request.assignments = assignments;
    request.assignment_count = random_count(TURNOUT_ASSIGNMENTS_MAX);
    assignments[below(4)] = (turnout_assignment){random_name(), random_text()};
  }
  if (below(30) == 0)
    request.attribute_count = below(3);
  request.now_ns = (int64_t)random64();
  request.flags = below(40) ? below(2) : random64();
  return request;
}

static turnout_engine *engine;
static turnout_view *view;
static uint64_t calls, seen[32];

/* The request's view of a batch must say what a single resolve says. */
static void expect_alike(const turnout_request *request, turnout_status single) {
  char buffer[1024];
  turnout_decision decision = TURNOUT_DECISION_INIT;
  size_t resolved = 0;
  turnout_status status =
      below(2) ? turnout_view_resolve_units(view, request, &request->unit, 1, buffer, sizeof buffer,
                                            &decision, sizeof decision, &resolved)
               : turnout_resolve_use_cases(engine, request, &request->use_case, 1, buffer,
                                           sizeof buffer, &decision, sizeof decision, &resolved);
  turnout_status of_element = status == TURNOUT_OK ? decision.status : status;
  if (single != TURNOUT_BUFFER_TOO_SMALL && of_element != TURNOUT_BUFFER_TOO_SMALL)
    CHECK_STATUS(of_element, single);
}

static void random_calls_get_a_status(void) {
  const char *given = getenv("SEED"), *length = getenv("SECONDS_OF_FUZZ");
  uint64_t seed = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL) * 1000003;
  state = seed | 1;
  printf("seed %" PRIu64 "\n", seed);
  fflush(stdout);
  for (size_t i = 0; i < sizeof noise; i++)
    noise[i] = (char)(below(4) ? 'a' + below(26) : random64());
  for (size_t i = 0; i <= TURNOUT_ATTRIBUTES_MAX; i++)
    attributes[i] = random_attribute();
  for (size_t i = 0; i <= TURNOUT_UNITS_MAX; i++)
    units[i] = (turnout_unit){random_name(), random_text()};
  for (size_t i = 0; i <= TURNOUT_ASSIGNMENTS_MAX; i++)
    assignments[i] = (turnout_assignment){random_name(), random_text()};
  double end = seconds_now() + (length ? strtod(length, NULL) : 3);
  while (seconds_now() < end && atomic_load(&checks_failed) == 0) {
    for (int i = 0; i < 1000; i++) {
      char buffer[2048];
      size_t size = below(sizeof buffer - 8);
      memset(buffer + size, 0x5a, 8);
      turnout_request request = random_request();
      turnout_decision decision = TURNOUT_DECISION_INIT;
      turnout_status status = turnout_resolve(engine, &request, buffer, size, &decision);
      calls++;
      CHECK_STATUS(decision.status, status);
      if (status == TURNOUT_OK)
        CHECK(decision.buffer_needed <= size && decision.model.data == buffer);
      else
        CHECK(says_nothing(&decision));
      if (status == TURNOUT_BUFFER_TOO_SMALL)
        CHECK(decision.buffer_needed > size);
      for (size_t k = 0; k < 8; k++)
        CHECK(buffer[size + k] == 0x5a);
      expect_alike(&request, status);
      if (status + 17 >= 0 && status + 17 < 32)
        seen[status + 17]++;
    }
  }
  printf("%" PRIu64 " requests:", calls);
  for (int i = 0; i < 32; i++)
    if (seen[i])
      printf(" %s %" PRIu64, turnout_status_name(i - 17), seen[i]);
  printf("\n");
  CHECK(seen[17] > 0);
}

static void fuzz(const char *name) {
  char store[PATH_BYTES], document[PATH_BYTES];
  path_below_work(store, name);
  strcat(store, "-fuzzing");
  path_below_work(document, name);
  publish(store, document);
  engine = open_engine(store);
  CHECK_STATUS(turnout_view_open(engine, NULL, &view), TURNOUT_OK);
  RUN(random_calls_get_a_status);
  CHECK_STATUS(turnout_view_close(view), TURNOUT_OK);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

int main(void) {
  fuzz("routing.yaml");
  fuzz("experiments.yaml");
  return claims_end();
}
