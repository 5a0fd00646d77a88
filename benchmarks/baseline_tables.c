/* Makes the baseline's tables from the parameters of the routing. */
#include "baseline_tables.h"

#include <stdlib.h>

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

static void fill_test(test *out, uint32_t attribute, const char *text) {
  size_t size = strlen(text);
  *out = (test){.key = key_of(text, size), .value = attribute, .size = (uint32_t)size};
  memcpy(out->text, text, size);
}

static void fill_use_case(const routing *routing, uint32_t u, use_case *out) {
  *out = (use_case){.name_size = (uint32_t)routing_use_case(u, out->name)};
  routing_use_case(u, out->name);
  const char *country = routing_countries[u % ROUTING_COUNTRIES];
  for (uint32_t r = 0; r < ROUTING_RULES; r++) {
    const char *device = routing_devices[r];
    rule *rule = &out->rules[r];
    fill_test(&rule->tests[0], COUNTRY, country);
    fill_test(&rule->tests[1], DEVICE, device);
    rule->destination = routing_model_of_rule(routing, u, r) * ROUTING_VERSIONS;
    rule->name_size = (uint32_t)strlen(device);
    memcpy(rule->name, device, strlen(device));
  }
  char salt[64];
  int salt_size = snprintf(salt, sizeof salt, "split:%s/%s", out->name, routing_split_name);
  out->seed = XXH3_64bits(salt, (size_t)salt_size);
  for (uint32_t v = 0; v < ROUTING_VERSIONS; v++) {
    out->lasts[v] = (uint32_t)(routing_ends[v] - 1);
    out->destinations[v] = routing_model_of_split(routing, u) * ROUTING_VERSIONS + v;
  }
  out->split_name_size = (uint32_t)strlen(routing_split_name);
  memcpy(out->split_name, routing_split_name, out->split_name_size);
}

/* `like` is a decision of the engine's: its revision and digest are what decisions repeat. */
baseline *NAME(baseline_make)(const routing *routing, const turnout_decision *like) {
  baseline *made = calloc(1, sizeof *made);
  if (!made)
    return NULL;
  made->revision = like->revision;
  memcpy(made->digest, like->digest, sizeof made->digest);
  add_attribute(made, "traffic", TRAFFIC);
  add_attribute(made, "country", COUNTRY);
  add_attribute(made, "device", DEVICE);

  made->destinations = calloc((size_t)routing->models * ROUTING_VERSIONS, sizeof(destination));
  uint64_t slots = 1;
  while (slots < 2 * (uint64_t)routing->use_cases)
    slots *= 2;
  made->mask = slots - 1;
  made->slots = calloc(slots, sizeof(slot));
  made->use_cases = aligned_alloc(64, ((size_t)routing->use_cases * sizeof(use_case) + 63) & ~63ul);
  if (!made->destinations || !made->slots || !made->use_cases)
    return NULL;

  for (uint32_t m = 0; m < routing->models; m++) {
    for (uint32_t v = 0; v < ROUTING_VERSIONS; v++) {
      destination *to = &made->destinations[m * ROUTING_VERSIONS + v];
      char text[32];
      uint32_t cluster = routing_cluster_of(m, v);
      to->model_size = add_text(to, text, routing_model(m, text));
      to->version_size = add_text(to, text, routing_version(v, text));
      to->cluster_size = add_text(to, text, routing_cluster(cluster, text));
      to->address_size = add_text(to, text, routing_address(cluster, text));
      to->key_size = add_text(to, text, routing_cluster(cluster, text));
    }
  }
  for (uint32_t u = 0; u < routing->use_cases; u++) {
    use_case *one = &made->use_cases[u];
    fill_use_case(routing, u, one);
    uint64_t hash = XXH3_64bits(one->name, one->name_size);
    uint64_t i = hash;
    while (made->slots[i & made->mask].use_case)
      i++;
    made->slots[i & made->mask] = (slot){(uint32_t)(hash >> 32), u + 1};
  }
  return made;
}
