/* What both routings have: see routing.h. */
#include "routing.h"

#include <stdlib.h>
#include <string.h>

const char *const routing_countries[ROUTING_COUNTRIES] = {"US", "CA", "DE", "FR", "NO", "SE", "JP",
                                                          "KR", "BR", "MX", "IN", "GB", "IT", "ES",
                                                          "PL", "NL", "AU", "NZ", "ZA", "AR"};
const char *const routing_devices[ROUTING_DEVICES] = {"tv", "phone", "tablet", "web"};
const char *const routing_split_name = "canary";
const uint32_t routing_weights[ROUTING_VERSIONS] = {34, 33, 33};
/* 0.34 · 2^32 = 1460288880.64 and 0.33 · 2^32 = 1417339207.68: the two largest remainders round up.
 */
const uint64_t routing_ends[ROUTING_VERSIONS] = {1460288880, 2877628088, UINT64_C(1) << 32};

size_t routing_use_case(uint32_t use_case, char out[ROUTING_NAME_STRIDE]) {
  return (size_t)snprintf(out, ROUTING_NAME_STRIDE, "HomePageRanking-%06u", use_case % 1000000);
}

size_t routing_model(uint32_t model, char out[32]) {
  return (size_t)snprintf(out, 32, "ranker-%04u", model);
}

size_t routing_version(uint32_t version, char out[32]) {
  return (size_t)snprintf(out, 32, "v%u", version + 1);
}

size_t routing_cluster(uint32_t cluster, char out[32]) {
  return (size_t)snprintf(out, 32, "cluster-%02u", cluster);
}

size_t routing_address(uint32_t cluster, char out[32]) {
  return (size_t)snprintf(out, 32, "10.20.%u.%u:8080", cluster / 8, 10 + cluster % 8);
}

uint32_t routing_model_of_rule(const routing *routing, uint32_t use_case, uint32_t rule) {
  return (use_case + 7 * (rule + 1)) % routing->models;
}

uint32_t routing_model_of_split(const routing *routing, uint32_t use_case) {
  return use_case % routing->models;
}

uint32_t routing_cluster_of(uint32_t model, uint32_t version) {
  return (model * ROUTING_VERSIONS + version) % ROUTING_CLUSTERS;
}

int routing_read(routing *routing, int argc, char **argv, int numbers) {
  int from = 1;
  *routing = (struct routing){.scenario = ROUTING_SIMPLE};
  if (argc > 1 && (!strcmp(argv[1], "simple") || !strcmp(argv[1], "full"))) {
    routing->scenario = argv[1][0] == 'f' ? ROUTING_FULL : ROUTING_SIMPLE;
    from = 2;
  }
  if (argc < from + numbers + 2)
    return 0;
  routing->use_cases = (uint32_t)strtoul(argv[from + numbers], NULL, 10);
  routing->models = (uint32_t)strtoul(argv[from + numbers + 1], NULL, 10);
  return routing->use_cases && routing->models ? from : 0;
}

void routing_write(const routing *routing, FILE *out) {
  if (routing->scenario == ROUTING_FULL)
    routing_write_full(routing, out);
  else
    routing_write_simple(routing, out);
}

void routing_write_clusters(FILE *out) {
  char name[32];
  char address[32];
  fputs("clusters:\n", out);
  for (uint32_t c = 0; c < ROUTING_CLUSTERS; c++) {
    routing_cluster(c, name);
    routing_address(c, address);
    fprintf(out, "  %s: { address: \"%s\" }\n", name, address);
  }
}

void routing_write_models(const routing *routing, FILE *out) {
  char text[32];
  char version[32];
  fputs("models:\n", out);
  for (uint32_t m = 0; m < routing->models; m++) {
    routing_model(m, text);
    fprintf(out, "  %s:\n", text);
    for (uint32_t v = 0; v < ROUTING_VERSIONS; v++) {
      routing_cluster(routing_cluster_of(m, v), text);
      routing_version(v, version);
      fprintf(out, "    %s: { cluster: %s, config: { top_k: %u } }\n", version, text, 20 + v);
    }
  }
}

void routing_write_split(const routing *routing, uint32_t use_case, FILE *out) {
  char model[32];
  char version[32];
  routing_model(routing_model_of_split(routing, use_case), model);
  fputs("split: {", out);
  for (uint32_t v = 0; v < ROUTING_VERSIONS; v++) {
    routing_version(v, version);
    fprintf(out, "%s %s@%s: %u", v ? "," : "", model, version, routing_weights[v]);
  }
  fputs(" }", out);
}

void routing_write_simple(const routing *routing, FILE *out) {
  fputs("turnout: 1\nunit: user\nattributes: { country: string, device: string }\n", out);
  routing_write_clusters(out);
  routing_write_models(routing, out);
  fputs("use_cases:\n", out);
  for (uint32_t u = 0; u < routing->use_cases; u++) {
    char name[ROUTING_NAME_STRIDE];
    char model[32];
    routing_use_case(u, name);
    fprintf(out, "  %s:\n    rules:\n", name);
    for (uint32_t r = 0; r < ROUTING_RULES; r++) {
      routing_model(routing_model_of_rule(routing, u, r), model);
      fprintf(out, "      - { name: %s, when: { country: %s, device: %s }, route: %s@v1 }\n",
              routing_devices[r], routing_countries[u % ROUTING_COUNTRIES], routing_devices[r],
              model);
    }
    fprintf(out, "      - { name: %s, ", routing_split_name);
    routing_write_split(routing, u, out);
    fputs(" }\n", out);
  }
}
