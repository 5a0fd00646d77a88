/* Whether the engine and the baselines give the same decisions. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

typedef struct answer {
  char buffer[TURNOUT_DECISION_BYTES];
  turnout_decision decision;
  turnout_status status;
} answer;

static int same_text(turnout_text a, turnout_text b) {
  return a.size == b.size && !a.data == !b.data &&
         (!a.size || !a.data || !b.data || !memcmp(a.data, b.data, a.size));
}

/* Whether a list stands in its answer's buffer, aligned; without elements there is none. */
static int is_list(const answer *answer, const void *list, size_t count, size_t bytes) {
  uintptr_t offset = (uintptr_t)list - (uintptr_t)answer->buffer;
  return count ? offset + count * bytes <= sizeof answer->buffer && !((uintptr_t)list % 8) : !list;
}

static int same_cells(const answer *a, const answer *b) {
  const turnout_decision *x = &a->decision, *y = &b->decision;
  if (x->cell_count != y->cell_count || !is_list(a, x->cells, x->cell_count, sizeof *x->cells) ||
      !is_list(b, y->cells, y->cell_count, sizeof *y->cells))
    return 0;
  for (size_t i = 0; i < x->cell_count; i++)
    if (!same_text(x->cells[i].experiment, y->cells[i].experiment) ||
        !same_text(x->cells[i].cell, y->cells[i].cell) || x->cells[i].by != y->cells[i].by ||
        x->cells[i].reserved != y->cells[i].reserved)
      return 0;
  return 1;
}

static int same_shadows(const answer *a, const answer *b) {
  const turnout_decision *x = &a->decision, *y = &b->decision;
  if (x->shadow_count != y->shadow_count ||
      !is_list(a, x->shadows, x->shadow_count, sizeof *x->shadows) ||
      !is_list(b, y->shadows, y->shadow_count, sizeof *y->shadows))
    return 0;
  for (size_t i = 0; i < x->shadow_count; i++) {
    const turnout_shadow *one = &x->shadows[i], *other = &y->shadows[i];
    if (!same_text(one->name, other->name) || !same_text(one->model, other->model) ||
        !same_text(one->version, other->version) || !same_text(one->cluster, other->cluster) ||
        !same_text(one->shard, other->shard) || !same_text(one->address, other->address) ||
        !same_text(one->routing_key, other->routing_key) || !same_text(one->config, other->config))
      return 0;
  }
  return 1;
}

static int same(const answer *a, const answer *b) {
  const turnout_decision *x = &a->decision, *y = &b->decision;
  return a->status == b->status && x->struct_size == y->struct_size && x->status == y->status &&
         x->flags == y->flags && x->revision == y->revision &&
         !memcmp(x->digest, y->digest, sizeof x->digest) && same_text(x->model, y->model) &&
         same_text(x->version, y->version) && same_text(x->cluster, y->cluster) &&
         same_text(x->shard, y->shard) && same_text(x->address, y->address) &&
         same_text(x->routing_key, y->routing_key) && same_text(x->rule, y->rule) &&
         same_text(x->traffic, y->traffic) && same_text(x->config, y->config) && same_cells(a, b) &&
         x->holdout_count == y->holdout_count && !x->holdout_count &&
         !x->holdouts == !y->holdouts && same_shadows(a, b) && x->reason == y->reason &&
         x->buffer_needed == y->buffer_needed;
}

static void say(const char *who, const answer *a) {
  const turnout_decision *x = &a->decision;
  fprintf(stderr,
          "  %s: %s revision %llu model %.*s@%.*s cluster %.*s rule %.*s reason %u cells %zu "
          "shadows %zu needs %zu\n",
          who, turnout_status_name(a->status), (unsigned long long)x->revision, (int)x->model.size,
          x->model.data ? x->model.data : "", (int)x->version.size,
          x->version.data ? x->version.data : "", (int)x->cluster.size,
          x->cluster.data ? x->cluster.data : "", (int)x->rule.size,
          x->rule.data ? x->rule.data : "", x->reason, x->cell_count, x->shadow_count,
          x->buffer_needed);
}

/* The three answers to one request; ends the program if they differ. */
static void ask(const bench *bench, const turnout_request *request, size_t room, const char *what) {
  static answer engine, clang, gcc;
  engine.decision = clang.decision = gcc.decision = (turnout_decision)TURNOUT_DECISION_INIT;
  engine.status = turnout_resolve(bench->engine, request, engine.buffer, room, &engine.decision);
  clang.status = bench->resolve_clang(bench->clang, request, clang.buffer, room, &clang.decision);
  gcc.status = bench->resolve_gcc(bench->gcc, request, gcc.buffer, room, &gcc.decision);
  /* Without a table in hand a refusal tells no revision: the engine checks some things first. */
  if (engine.status == TURNOUT_INVALID_ARGUMENT && !engine.decision.revision) {
    clang.decision.revision = gcc.decision.revision = 0;
    memset(clang.decision.digest, 0, sizeof clang.decision.digest);
    memset(gcc.decision.digest, 0, sizeof gcc.decision.digest);
  }
  if (same(&engine, &clang) && same(&engine, &gcc))
    return;
  fprintf(stderr, "the engine and the baseline differ: %s, use case %.*s, unit %.*s\n", what,
          (int)request->use_case.size, request->use_case.data, (int)request->unit.size,
          request->unit.data ? request->unit.data : "");
  say("engine", &engine);
  say("baseline (clang)", &clang);
  say("baseline (gcc)", &gcc);
  exit(1);
}

static uint64_t compare_refusals(const bench *bench, uint32_t unit) {
  asking good, bad;
  bench_ask(bench, &good, 0);
  bench_turn(bench, &good, 1, unit, EVERY_CONDITION);
  uint64_t asked = 0;
#define REFUSED(what, room, ...)                                                                   \
  do {                                                                                             \
    bad = good;                                                                                    \
    bad.request.attributes = bad.attributes;                                                       \
    __VA_ARGS__;                                                                                   \
    ask(bench, &bad.request, room, what);                                                          \
    asked++;                                                                                       \
  } while (0)
  const size_t all = TURNOUT_DECISION_BYTES;
  turnout_attribute *const a = bad.attributes;
  turnout_request *const r = &bad.request;
  REFUSED("unknown use case", all, r->use_case.size--);
  REFUSED("a use case that is no UTF-8", all, r->use_case.data = "\xC3(aaaaaaaaaaaaaaaaaaaaaaaa");
  REFUSED("no use case", all, r->use_case.size = 0);
  REFUSED("a null use case", all, r->use_case.data = NULL);
  REFUSED("a unit over the limit", all, r->unit.size = TURNOUT_BYTES_MAX + 1);
  REFUSED("a null unit", all, r->unit.data = NULL);
  REFUSED("no unit", all, r->unit.size = 0);
  REFUSED("no unit but a request id", all, {
    r->unit.size = 0;
    r->request_id = (turnout_text){"request-77", 10};
  });
  REFUSED("a wrong struct_size", all, r->struct_size--);
  REFUSED("unknown flags", all, r->flags = 2);
  REFUSED("null attributes", all, r->attributes = NULL);
  REFUSED("too many attributes", all, r->attribute_count = TURNOUT_ATTRIBUTES_MAX + 1);
  REFUSED("no attributes", all, r->attribute_count = 0);
  REFUSED("a nameless attribute", all, a[0].name.size = 0);
  REFUSED("an undeclared attribute", all, a[0].name.size = 6);
  REFUSED("a name that is no UTF-8", all, {
    a[0].name.data = "\xFF\xFE";
    a[0].name.size = 2;
  });
  REFUSED("a value that is no UTF-8", all, a[0].text = ((turnout_text){"\xED\xA0\x80", 3}));
  REFUSED("a value beyond ASCII", all, a[0].text = ((turnout_text){"\xC3\xA5land", 6}));
  REFUSED("a null value", all, a[0].text.data = NULL);
  REFUSED("an empty value", all, a[0].text.size = 0);
  REFUSED("an unknown type", all, a[0].type = 9);
  REFUSED("null", all, a[0].type = TURNOUT_NULL);
  REFUSED("a number for a string", all, a[0].type = TURNOUT_NUMBER);
  REFUSED("NaN", all, {
    a[0].type = TURNOUT_NUMBER;
    a[0].number = NAN;
  });
  REFUSED("infinity", all, {
    a[0].type = TURNOUT_NUMBER;
    a[0].number = INFINITY;
  });
  REFUSED("a boolean of 2", all, {
    a[0].type = TURNOUT_BOOLEAN;
    a[0].boolean = 2;
  });
  turnout_name traffic = {"traffic", 7, 0};
  REFUSED("a traffic class", all, {
    a[0].name = traffic;
    a[0].text = (turnout_text){"replay", 6};
  });
  static const char class[TURNOUT_TRAFFIC_MAX + 1] = "batch";
  REFUSED("the default's traffic class, given", all, {
    a[0].name = traffic;
    a[0].text = (turnout_text){"production", 10};
  });
  REFUSED("the default's traffic class beside all", all, {
    a[r->attribute_count] = (turnout_attribute){.name = traffic, .type = TURNOUT_STRING};
    a[r->attribute_count++].text = (turnout_text){"production", 10};
  });
  REFUSED("a traffic class beside all", all, {
    a[r->attribute_count] = (turnout_attribute){.name = traffic, .type = TURNOUT_STRING};
    a[r->attribute_count++].text = (turnout_text){"replay", 6};
  });
  REFUSED("a long traffic class", all, {
    a[0].name = traffic;
    a[0].text = (turnout_text){class, TURNOUT_TRAFFIC_MAX};
  });
  REFUSED("a traffic class that is too long", all, {
    a[0].name = traffic;
    a[0].text = (turnout_text){class, TURNOUT_TRAFFIC_MAX + 1};
  });
  REFUSED("a traffic class that is a number", all, {
    a[0].name = traffic;
    a[0].type = TURNOUT_NUMBER;
  });
  REFUSED("a traffic class of null", all, {
    a[0].name = traffic;
    a[0].type = TURNOUT_NULL;
  });
  REFUSED("units without an array", all, r->unit_count = 1);
  REFUSED("an attribute given twice", all, a[1].name = a[0].name);
  turnout_unit named = {{"user", 4, 0}, {"user-000000000000000042", 22}};
  REFUSED("a unit given by name", all, {
    r->unit.size = 0;
    r->units = &named;
    r->unit_count = 1;
  });
  REFUSED("a unit given twice", all, {
    r->units = &named;
    r->unit_count = 1;
  });
  turnout_unit stranger = {{"session", 7, 0}, {"s-42", 4}};
  REFUSED("another unit", all, {
    r->unit.size = 0;
    r->units = &stranger;
    r->unit_count = 1;
  });
  turnout_assignment given = {{"depth-0000", 10, 0}, {"control", 7}};
  static const turnout_text cells[] = {
      {"control", 7}, {"deeper", 6}, {"wider", 5}, {"absent", 6}, {NULL, 0}};
  for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
    given.cell = cells[i];
    REFUSED("an assignment", all, {
      r->assignments = &given;
      r->assignment_count = 1;
    });
    REFUSED("an assignment without a unit", all, {
      r->unit.size = 0;
      r->assignments = &given;
      r->assignment_count = 1;
    });
  }
  given.cell = (turnout_text){"\xFF", 1};
  REFUSED("a cell that is no UTF-8", all, {
    r->assignments = &given;
    r->assignment_count = 1;
  });
  for (size_t room = 0; room < 640; room++)
    REFUSED("a small buffer", room, (void)0);
#undef REFUSED
  return asked;
}

uint64_t bench_compare(const bench *bench) {
  if (bench->routing.use_cases == 0)
    return 0;
  uint64_t asked = 0;
  uint64_t state = 1;
  asking asking;
  for (uint32_t u = 0; u < bench->routing.use_cases; u++) {
    bench_ask(bench, &asking, u % 2 == 1);
    for (uint32_t c = 0; c < bench->context_count; c++) {
      /* A multiple of the number of contexts, so that each comes in turn. */
      uint32_t unit = (bench_random(&state) >> 8) * bench->context_count + c;
      bench_turn(bench, &asking, u, unit, EVERY_CONTEXT);
      ask(bench, &asking.request, TURNOUT_DECISION_BYTES, "each context");
    }
    asking.attributes[0].text = bench->countries[bench_random(&state) % ROUTING_COUNTRIES];
    ask(bench, &asking.request, TURNOUT_DECISION_BYTES, "any country");
    asked += bench->context_count + 1;
  }
  /* Every unit, where every condition is tested: all arms of all draws. */
  bench_ask(bench, &asking, 0);
  for (uint32_t i = 0; i < 20 * BENCH_UNITS; i++) {
    bench_turn(bench, &asking, bench_random(&state) % bench->routing.use_cases, i, EVERY_CONDITION);
    ask(bench, &asking.request, TURNOUT_DECISION_BYTES, "each unit");
    asked++;
  }
  /* Units with and without a cell and a shadow. */
  for (uint32_t unit = 1; unit < 24; unit++)
    asked += compare_refusals(bench, unit);
  return asked;
}
