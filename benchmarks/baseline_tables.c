/* Makes the baseline's tables from the parameters of the routing. */
#include "baseline_tables.h"

#include <stdlib.h>

#include "routing_full.h"

static void add_attribute(baseline *baseline, const char *name, uint32_t number) {
  uint32_t size = (uint32_t)strlen(name);
  key key = key_of(name, size);
  uint64_t i = attribute_slot(key);
  while (baseline->attribute_keys[i])
    i = (i + 1) & (ATTRIBUTE_SLOTS - 1);
  attribute *slot = &baseline->attributes[i];
  *slot = (attribute){.size = size, .number = number};
  baseline->attribute_keys[i] = key;
  memcpy(slot->name, name, size);
}

static uint16_t add_text(destination *to, const char *text, size_t size) {
  memcpy(to->text + to->size, text, size);
  to->size = (uint16_t)(to->size + size);
  return (uint16_t)size;
}

static void fill_destination(destination *to, uint32_t model, uint32_t version) {
  char text[32];
  uint32_t cluster = routing_cluster_of(model, version);
  to->model_size = add_text(to, text, routing_model(model, text));
  to->version_size = add_text(to, text, routing_version(version, text));
  to->cluster_size = add_text(to, text, routing_cluster(cluster, text));
  to->address_size = add_text(to, text, routing_address(cluster, text));
  to->key_size = add_text(to, text, routing_cluster(cluster, text));
}

static uint64_t seed(const char *kind, const char *owner, const char *part) {
  char salt[128];
  int size =
      snprintf(salt, sizeof salt, "%s:%s%s%s", kind, owner, part ? "/" : "", part ? part : "");
  return XXH3_64bits(salt, (size_t)size);
}

static void fill_split(const routing *routing, uint32_t u, uint32_t *lasts,
                       uint32_t *destinations) {
  for (uint32_t v = 0; v < ROUTING_VERSIONS; v++) {
    lasts[v] = (uint32_t)(routing_ends[v] - 1);
    destinations[v] = routing_model_of_split(routing, u) * ROUTING_VERSIONS + v;
  }
}

/* ---- simple --------------------------------------------------------------------------------- */

static void fill_simple_test(simple_test *out, uint32_t attribute, const char *text) {
  size_t size = strlen(text);
  *out = (simple_test){.key = key_of(text, size), .value = attribute, .size = (uint32_t)size};
  memcpy(out->text, text, size);
}

static named *fill_simple(const routing *routing, uint32_t u, simple_use_case *out) {
  *out = (simple_use_case){.named.size = 0};
  out->named.size = (uint32_t)routing_use_case(u, out->named.name);
  for (uint32_t r = 0; r < ROUTING_RULES; r++) {
    const char *device = routing_devices[r];
    simple_rule *rule = &out->rules[r];
    fill_simple_test(&rule->tests[0], COUNTRY, routing_countries[u % ROUTING_COUNTRIES]);
    fill_simple_test(&rule->tests[1], DEVICE, device);
    rule->destination = routing_model_of_rule(routing, u, r) * ROUTING_VERSIONS;
    rule->name_size = (uint32_t)strlen(device);
    memcpy(rule->name, device, strlen(device));
  }
  out->seed = seed("split", out->named.name, routing_split_name);
  fill_split(routing, u, out->lasts, out->destinations);
  out->split_name_size = (uint32_t)strlen(routing_split_name);
  memcpy(out->split_name, routing_split_name, out->split_name_size);
  return &out->named;
}

/* ---- full ----------------------------------------------------------------------------------- */

/* A text of the pool, added if it is new. */
static pooled pool(baseline *made, const char *text) {
  size_t size = strlen(text);
  uint16_t i = 0;
  while (made->texts[i * SHORT_TEXT] && strcmp(made->texts + i * SHORT_TEXT, text) != 0)
    i++;
  if (size >= SHORT_TEXT || i == POOLED_MAX - 1)
    abort();
  memcpy(made->texts + i * SHORT_TEXT, text, size);
  return (pooled){(uint16_t)(i * SHORT_TEXT), (uint16_t)size};
}

static named *fill_full(baseline *made, const routing *routing, uint32_t u, full_use_case *out) {
  char text[32];
  *out = (full_use_case){.named.size = 0};
  out->named.size = (uint32_t)routing_use_case(u, out->named.name);
  for (uint32_t r = 0; r < FULL_RULES; r++) {
    full_rule_record *rule = &out->rules[r];
    for (uint32_t t = 0; t < TESTS; t++) {
      const full_test *test = &full_rules[r].tests[t];
      const char *value = test->text ? test->text : routing_countries[u % ROUTING_COUNTRIES];
      rule->tests[t] = (full_test_record){key_of(value, strlen(value)), COUNTRY + test->attribute,
                                          pool(made, value)};
    }
    if (full_rules[r].name)
      rule->name = pool(made, full_rules[r].name);
    if (r < FULL_ROUTES)
      rule->destination = routing_model_of_rule(routing, u, r) * ROUTING_VERSIONS;
  }
  uint32_t own = routing_model_of_split(routing, u) * ROUTING_VERSIONS;
  uint32_t experiment = full_experiment_of(u);
  out->experiment_size = (uint32_t)full_experiment(experiment, text);
  memcpy(out->experiment, text, out->experiment_size);
  out->cells_seed = seed("cells", text, NULL);
  full_layer_of(experiment, text);
  out->layer_seed = seed("layer", text, NULL);
  full_interval(experiment, &out->layer_first, &out->layer_last);
  for (uint32_t c = 0; c < FULL_CELLS; c++) {
    out->cell_lasts[c] = (uint32_t)(full_cell_ends[c] - 1);
    out->cell_destinations[c] =
        full_cell_versions[c] == FULL_NOBODY ? UINT32_MAX : own + full_cell_versions[c];
  }
  out->split_seed = seed("split", out->named.name, full_rules[FULL_RULES - 1].name);
  fill_split(routing, u, out->split_lasts, out->split_destinations);
  out->rest_destination = own;
  out->sample_seed = seed("shadow", out->named.name, full_shadow_name);
  out->sample_last = (uint32_t)(full_sample_end - 1);
  out->shadow_destination = full_model_of_shadow(routing, u) * ROUTING_VERSIONS + 2;
  return &out->named;
}

static void pool_known(baseline *made) {
  made->known[REST_TEXT] = pool(made, full_rest_name);
  made->known[SHADOW_TEXT] = pool(made, full_shadow_name);
  for (uint32_t c = 0; c < FULL_CELLS; c++)
    made->known[CELL_TEXTS + c] = pool(made, full_cells[c]);
}

baseline *baseline_make(const routing *routing, const turnout_decision *like) {
  const int full = routing->scenario == ROUTING_FULL;
  baseline *made = calloc(1, sizeof *made);
  if (!made)
    return NULL;
  made->revision = like->revision;
  memcpy(made->digest, like->digest, sizeof made->digest);
  add_attribute(made, "traffic", TRAFFIC);
  for (uint32_t a = 0; a < (full ? FULL_ATTRIBUTES : 2); a++)
    add_attribute(made, full_attributes[a], COUNTRY + a);

  uint64_t slots = 1;
  while (slots < 2 * (uint64_t)routing->use_cases)
    slots *= 2;
  made->mask = slots - 1;
  made->slots = calloc(slots, sizeof(slot));
  made->destinations = calloc((size_t)routing->models * ROUTING_VERSIONS, sizeof(destination));
  size_t stride = full ? sizeof(full_use_case) : sizeof(simple_use_case);
  made->use_cases = aligned_alloc(64, (routing->use_cases * stride + 63) & ~(size_t)63);
  made->texts = calloc(POOLED_MAX, SHORT_TEXT);
  if (!made->destinations || !made->slots || !made->use_cases || !made->texts)
    return NULL;
  for (uint32_t i = 0; i < routing->models * ROUTING_VERSIONS; i++)
    fill_destination(&made->destinations[i], i / ROUTING_VERSIONS, i % ROUTING_VERSIONS);
  if (full)
    pool_known(made);
  for (uint32_t u = 0; u < routing->use_cases; u++) {
    const named *one = full ? fill_full(made, routing, u, (full_use_case *)made->use_cases + u)
                            : fill_simple(routing, u, (simple_use_case *)made->use_cases + u);
    uint64_t hash = XXH3_64bits(one->name, one->size);
    uint64_t i = hash;
    while (made->slots[i & made->mask].use_case)
      i++;
    made->slots[i & made->mask] = (slot){(uint32_t)(hash >> 32), u + 1};
  }
  return made;
}
