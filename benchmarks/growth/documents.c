/*
 * documents KIND NUMBER [MODELS]: writes a routing document of which one thing grows to standard
 * output. The requests that go with each kind are in growth.c. So many use cases have 1,000 models
 * at most, unless MODELS says another number.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "growth.h"

static void head(uint32_t models, uint32_t versions) {
  printf("turnout: 1\nunit: user\nattributes:\n  country: string\n  device: string\n");
  for (uint32_t i = 0; i < GROWTH_ATTRIBUTES; i++)
    printf("  a%02u: string\n", i);
  printf("clusters:\n");
  for (uint32_t i = 0; i < 40; i++)
    printf("  cluster-%02u: { address: \"10.20.%u.%u:8080\" }\n", i, i / 8, 10 + i % 8);
  printf("models:\n");
  for (uint32_t model = 0; model < models; model++) {
    printf("  ranker-%04u:\n", model);
    for (uint32_t version = 1; version <= versions; version++)
      printf("    v%u: { cluster: cluster-%02u }\n", version, (model * 3 + version) % 40);
  }
  printf("use_cases:\n");
}

static void use_cases(uint32_t count, uint32_t models) {
  head(models, 3);
  static const char *const devices[] = {"tv", "phone", "tablet"};
  for (uint32_t u = 0; u < count; u++) {
    printf("  HomePageRanking-%06u:\n    rules:\n", u);
    for (uint32_t rule = 0; rule < 3; rule++)
      printf("      - { name: %s, when: { country: %s, device: %s }, route: ranker-%04u@v1 }\n",
             devices[rule], growth_countries[u % GROWTH_COUNTRIES], devices[rule],
             (u + (rule + 1) * 7) % models);
    uint32_t model = u % models;
    printf("      - { name: canary, split: { ranker-%04u@v1: 34, ranker-%04u@v2: 33, "
           "ranker-%04u@v3: 33 } }\n",
           model, model, model);
  }
}

static void rules(uint32_t count) {
  head(1, 1);
  printf("  Subject:\n    rules:\n");
  for (uint32_t i = 1; i < count; i++)
    printf("      - { when: { country: US, device: d%02u }, route: ranker-0000@v1 }\n", i);
  printf("      - { route: ranker-0000@v1 }\n");
}

static void split(const char *use_case, uint32_t arms, uint64_t (*weight)(uint32_t arm)) {
  printf("  %s:\n    rules:\n      - name: canary\n        split:\n", use_case);
  for (uint32_t arm = 0; arm < arms; arm++)
    printf("          ranker-0000@v%u: %llu\n", arm + 1, (unsigned long long)weight(arm));
}

static uint64_t equal_weight(uint32_t arm) {
  (void)arm;
  return 1;
}

static uint64_t state;

static uint64_t random_weight(uint32_t arm) {
  (void)arm;
  return 1 + growth_random(&state) % 999999999u;
}

/* Two arms that take from each other in turn, each time a little less than before. */
static uint32_t turn;

static uint64_t less_each_time(uint32_t arm) {
  int64_t share = 500000000;
  for (uint32_t i = 0; i < turn; i++)
    share += (i % 2 ? 1 : -1) * (int64_t)(GROWTH_REVISIONS - i) * 100000;
  return (uint64_t)(arm ? 1000000000 - share : share);
}

/* A split of each number of arms, with the random weights of a revision. */
static void weights(uint32_t revision) {
  head(1, 100);
  state = 88172645463325252u + revision * 0x9e3779b97f4a7c15u;
  turn = revision;
  split("Arms002", 2, random_weight);
  split("Arms003", 3, random_weight);
  split("Arms010", 10, random_weight);
  split("Arms100", 100, random_weight);
  split("Worst002", 2, less_each_time);
}

int main(int argc, char **argv) {
  const char *kind = argc == 3 || argc == 4 ? argv[1] : "";
  uint32_t number = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
  uint32_t models = number < 1000 ? number : 1000;
  if (argc == 4)
    models = (uint32_t)strtoul(argv[3], NULL, 10);
  if (strcmp(kind, "use-cases") == 0 && number >= 1 && number <= 1000000 && models >= 1 &&
      models <= 10000) {
    use_cases(number, models);
  } else if (strcmp(kind, "rules") == 0 && number >= 1 && number <= 64) {
    rules(number);
  } else if (strcmp(kind, "arms") == 0 && number >= 1 && number <= 4096) {
    head(1, number);
    split("Subject", number, equal_weight);
  } else if (strcmp(kind, "one") == 0) {
    head(1, 1);
    printf("  Subject: { rules: [ { route: ranker-0000@v1 } ] }\n");
  } else if (strcmp(kind, "weights") == 0 && number <= GROWTH_REVISIONS) {
    weights(number);
  } else {
    fprintf(stderr, "usage: documents use-cases|rules|arms|one|weights NUMBER [MODELS]\n");
    return 2;
  }
  return fflush(stdout) || ferror(stdout) ? 3 : 0;
}
