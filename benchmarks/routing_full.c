/* The routing "full": see routing_full.h. */
#include "routing_full.h"

enum { COUNTRY, DEVICE, PLAN, SURFACE };
enum { USE_CASES_PER_EXPERIMENT = 16, EXPERIMENTS_PER_LAYER = 2, SHARE_PERCENT = 40 };

const char *const full_attributes[FULL_ATTRIBUTES] = {"country", "device", "plan", "surface"};

/* Of those that fail in the last context, the first condition holds and the second does not. */
const full_rule full_rules[FULL_RULES] = {
    {"tv", {{COUNTRY, NULL}, {DEVICE, "tv"}}},
    {"search", {{PLAN, "premium"}, {SURFACE, "search-results"}}},
    {"kids", {{DEVICE, "web"}, {SURFACE, "kids-profile"}}},
    {NULL, {{COUNTRY, NULL}, {PLAN, "premium"}}},
    {"canary", {{DEVICE, "web"}, {SURFACE, "home-page"}}},
};
const char *const full_rest_name = "rest";

/* 2^32 / 3 = 1431655765.33: of equal remainders the first name's rounds up. */
const char *const full_cells[FULL_CELLS] = {"control", "deeper", "wider"};
const uint64_t full_cell_ends[FULL_CELLS] = {1431655766, 2863311531, UINT64_C(1) << 32};
const uint32_t full_cell_versions[FULL_CELLS] = {FULL_NOBODY, 1, 2};

const char *const full_shadow_name = "dark";
const uint64_t full_sample_end = (UINT64_C(1) << 32) / 10;

const full_context full_contexts[FULL_CONTEXTS] = {
    {0, {"tv", "premium", "home-page"}},     {0, {"web", "premium", "search-results"}},
    {0, {"web", "premium", "kids-profile"}}, {1, {"web", "premium", "home-page"}},
    {0, {"phone", "premium", "home-page"}},  {0, {"web", "premium", "home-page"}},
};

uint32_t full_experiment_of(uint32_t use_case) { return use_case / USE_CASES_PER_EXPERIMENT; }

uint32_t full_model_of_shadow(const routing *routing, uint32_t use_case) {
  return (use_case + 3) % routing->models;
}

void full_interval(uint32_t experiment, uint32_t *first, uint32_t *last) {
  /* The arms of a layer stand in the order of their cells' salts, which is that of the numbers. */
  uint32_t positions = (uint32_t)((UINT64_C(1) << 32) * SHARE_PERCENT / 100);
  *first = experiment % EXPERIMENTS_PER_LAYER * positions;
  *last = *first + positions - 1;
}

size_t full_experiment(uint32_t experiment, char out[32]) {
  return (size_t)snprintf(out, 32, "depth-%04u", experiment);
}

size_t full_layer_of(uint32_t experiment, char out[32]) {
  return (size_t)snprintf(out, 32, "ranking-%04u", experiment / EXPERIMENTS_PER_LAYER);
}

static void write_experiment(const routing *routing, uint32_t experiment, FILE *out) {
  char text[32];
  char version[32];
  full_experiment(experiment, text);
  fprintf(out, "  %s:\n", text);
  full_layer_of(experiment, text);
  fprintf(out, "    layer: %s\n    share: %d%%\n    allow: [partial-models]\n    cells:\n", text,
          SHARE_PERCENT);
  for (uint32_t c = 0; c < FULL_CELLS; c++) {
    if (full_cell_versions[c] == FULL_NOBODY) {
      fprintf(out, "      %s: {}\n", full_cells[c]);
      continue;
    }
    fprintf(out, "      %s:\n        model:\n", full_cells[c]);
    routing_version(full_cell_versions[c], version);
    uint32_t u = experiment * USE_CASES_PER_EXPERIMENT;
    for (; u < routing->use_cases && full_experiment_of(u) == experiment; u++) {
      char name[ROUTING_NAME_STRIDE];
      routing_use_case(u, name);
      routing_model(routing_model_of_split(routing, u), text);
      fprintf(out, "          %s: %s@%s\n", name, text, version);
    }
  }
}

static void write_when(const full_rule *rule, uint32_t use_case, FILE *out) {
  fputs("when: {", out);
  for (uint32_t t = 0; t < FULL_TESTS; t++) {
    const full_test *test = &rule->tests[t];
    fprintf(out, "%s %s: %s", t ? "," : "", full_attributes[test->attribute],
            test->text ? test->text : routing_countries[use_case % ROUTING_COUNTRIES]);
  }
  fputs(" }", out);
}

static void write_use_case(const routing *routing, uint32_t u, FILE *out) {
  char name[ROUTING_NAME_STRIDE];
  char text[32];
  routing_use_case(u, name);
  fprintf(out, "  %s:\n    rules:\n", name);
  for (uint32_t r = 0; r < FULL_RULES; r++) {
    const full_rule *rule = &full_rules[r];
    fputs("      - { ", out);
    if (rule->name)
      fprintf(out, "name: %s, ", rule->name);
    write_when(rule, u, out);
    fputs(", ", out);
    if (r < FULL_ROUTES) {
      routing_model(routing_model_of_rule(routing, u, r), text);
      fprintf(out, "route: %s@v1", text);
    } else if (!rule->name) {
      full_experiment(full_experiment_of(u), text);
      fprintf(out, "experiment: %s", text);
    } else {
      routing_write_split(routing, u, out);
    }
    fputs(" }\n", out);
  }
  routing_model(routing_model_of_split(routing, u), text);
  fprintf(out, "      - { name: %s, route: %s@v1 }\n", full_rest_name, text);
  routing_model(full_model_of_shadow(routing, u), text);
  fprintf(out, "    shadows: [{ name: %s, model: %s@v3, sample: 10%% }]\n", full_shadow_name, text);
}

void routing_write_full(const routing *routing, FILE *out) {
  char text[32];
  fputs("turnout: 1\nunit: user\nattributes: {", out);
  for (int a = 0; a < FULL_ATTRIBUTES; a++)
    fprintf(out, "%s %s: string", a ? "," : "", full_attributes[a]);
  fputs(" }\n", out);
  routing_write_clusters(out);
  routing_write_models(routing, out);
  uint32_t experiments = full_experiment_of(routing->use_cases - 1) + 1;
  fputs("layers:\n", out);
  for (uint32_t e = 0; e < experiments; e += EXPERIMENTS_PER_LAYER) {
    full_layer_of(e, text);
    fprintf(out, "  %s: {}\n", text);
  }
  fputs("experiments:\n", out);
  for (uint32_t e = 0; e < experiments; e++)
    write_experiment(routing, e, out);
  fputs("use_cases:\n", out);
  for (uint32_t u = 0; u < routing->use_cases; u++)
    write_use_case(routing, u, out);
}
