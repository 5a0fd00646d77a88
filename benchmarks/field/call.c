/*
 * call STORE FLAGS: the questions of workload.py asked from C. Reads `round COUNT` from standard
 * input and answers each with microseconds a resolve, as JSON, so that its rounds stand between
 * those of the workers in Python.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "turnout.h"

enum { USERS = 1000, COUNTRIES = 20, STRIDE = 7919, NAME_BYTES = 24, USER_BYTES = 16, WARM = 500 };

static const char *const countries[COUNTRIES] = {"US", "CA", "DE", "FR", "NO", "SE", "JP",
                                                 "KR", "BR", "MX", "IN", "GB", "IT", "ES",
                                                 "PL", "NL", "AU", "NZ", "ZA", "AR"};

static turnout_text text_of(const char *text) { return (turnout_text){text, strlen(text)}; }

static turnout_attribute attribute_of(const char *name, const char *value) {
  return (turnout_attribute){
      .name = {name, strlen(name), 0}, .type = TURNOUT_STRING, .text = text_of(value)};
}

static uint64_t cpu_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void print_round(const turnout_engine *engine, char (*names)[NAME_BYTES],
                        char (*users)[USER_BYTES], uint32_t flags, uint32_t count) {
  char buffer[TURNOUT_DECISION_BYTES];
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_attribute attributes[2] = {attribute_of("country", ""), attribute_of("device", "web")};
  turnout_request request = TURNOUT_REQUEST_INIT;
  request.attributes = attributes;
  request.attribute_count = 2;
  uint64_t begin = 0;
  for (uint32_t n = 0; n < WARM + count; n++) {
    if (n == WARM)
      begin = cpu_ns();
    uint32_t i = n < WARM ? n : n - WARM;
    uint32_t flag = (uint32_t)((uint64_t)i * STRIDE % flags), country = flag % COUNTRIES;
    const char *user = users[country + COUNTRIES * (i % (USERS / COUNTRIES))];
    request.use_case = (turnout_name){names[flag], strlen(names[flag]), 0};
    request.unit = text_of(user);
    attributes[0].text = text_of(countries[country]);
    if (turnout_resolve(engine, &request, buffer, sizeof buffer, &decision) ||
        decision.reason != TURNOUT_REASON_SPLIT) {
      fprintf(stderr, "call: flag %" PRIu32 ", %s: %s, not by the split\n", flag, user,
              turnout_status_name(decision.status));
      exit(3);
    }
  }
  printf("{\"us\": %.6f}\n", (double)(cpu_ns() - begin) / 1000 / count);
  fflush(stdout);
}

int main(int argc, char **argv) {
  uint32_t flags = argc == 3 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
  if (!flags || flags > 1000000) {
    fprintf(stderr, "usage: call STORE FLAGS\n");
    return 2;
  }
  turnout_engine *engine;
  turnout_error error = TURNOUT_ERROR_INIT;
  if (turnout_engine_open(argv[1], NULL, &error, &engine) != TURNOUT_OK) {
    fprintf(stderr, "call: %s\n", error.message);
    return 3;
  }
  char (*names)[NAME_BYTES] = calloc(flags, NAME_BYTES);
  char (*users)[USER_BYTES] = calloc(USERS, USER_BYTES);
  if (!names || !users)
    abort();
  for (uint32_t i = 0; i < flags; i++)
    snprintf(names[i], NAME_BYTES, "HomePageRanking-%06" PRIu32, i);
  for (uint32_t i = 0; i < USERS; i++)
    snprintf(users[i], USER_BYTES, "user-%06" PRIu32, i);
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    uint32_t count = strncmp(line, "round ", 6) == 0 ? (uint32_t)strtoul(line + 6, NULL, 10) : 0;
    if (!count) {
      fprintf(stderr, "call: not an order: %s", line);
      return 2;
    }
    print_round(engine, names, users, flags, count);
  }
  free(names);
  free(users);
  turnout_engine_close(engine);
  return 0;
}
