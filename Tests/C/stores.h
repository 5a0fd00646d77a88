/* Stores for the C tests: each in a folder of its own below $TURNOUT_WORK, published into by the
 * command that $TURNOUT names. */
#ifndef STORES_H
#define STORES_H

#include "claims.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATH_BYTES = 512 };

/* Ends the program: without its stores a test means nothing. */
static inline void give_up(const char *why, const char *what) {
  printf("FAILED: %s %s\n%d passed, %d failed\n", why, what, claims_passed, claims_failed + 1);
  fflush(stdout);
  _exit(1);
}

static inline const char *setting(const char *variable) {
  const char *value = getenv(variable);
  if (!value)
    give_up("run Tests/C/run, which sets", variable);
  return value;
}

static inline void path_below_work(char *path, const char *file) {
  snprintf(path, PATH_BYTES, "%s/%s", setting("TURNOUT_WORK"), file);
}

/* Runs the command, which says nothing unless it fails; gives its exit status. */
static inline int turnout_run(const char *const *arguments) {
  char *words[8] = {(char *)setting("TURNOUT")};
  for (int i = 0; i < 6 && arguments[i]; i++)
    words[i + 1] = (char *)arguments[i];
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  int failure = posix_spawn(&child, words[0], &actions, NULL, words, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0)
    give_up("cannot start", words[0]);
  int status = -1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Publishes a document of this folder, or one given by an absolute path. */
static inline void publish(const char *store, const char *document) {
  const char *words[] = {"publish", document, "--store", store, NULL};
  if (turnout_run(words) != 0)
    give_up("cannot publish", document);
}

static inline void activate(const char *store, unsigned revision) {
  char number[16];
  snprintf(number, sizeof number, "%u", revision);
  const char *words[] = {"activate", number, "--store", store, NULL};
  if (turnout_run(words) != 0)
    give_up("cannot activate", number);
}

/* A document whose every text states its number: see is_of_number(). */
static inline void publish_number(const char *store, unsigned number) {
  char document[PATH_BYTES + 16];
  snprintf(document, sizeof document, "%s-%u.yaml", store, number);
  FILE *file = fopen(document, "w");
  if (!file)
    give_up("cannot write", document);
  fprintf(file,
          "turnout: 1\n"
          "unit: user\n"
          "clusters: { c%u: { address: 'host%u:80' } }\n"
          "models: { m%u: { v%u: { cluster: [c%u], config: { n: %u } } } }\n"
          "use_cases:\n",
          number, number, number, number, number, number);
  static const char *names[] = {"Alpha", "Beta", "Gamma"};
  for (int i = 0; i < 3; i++)
    fprintf(file,
            "  %s:\n"
            "    rules:\n"
            "      - { name: r%u, route: m%u@v%u }\n",
            names[i], number, number, number);
  fclose(file);
  publish(store, document);
}

static inline unsigned number_in(turnout_text text, const char *format) {
  char words[64];
  unsigned number = 0;
  if (!text.data || text.size >= sizeof words)
    return 0;
  memcpy(words, text.data, text.size);
  words[text.size] = 0;
  return sscanf(words, format, &number) == 1 ? number : 0;
}

/* The number that a decision's texts all state; 0 if they differ. The config may be absent. */
static inline unsigned whole_number(const turnout_decision *decision) {
  unsigned number = number_in(decision->model, "m%u");
  int whole = number_in(decision->version, "v%u") == number &&
              number_in(decision->cluster, "c%u") == number &&
              number_in(decision->routing_key, "c%u") == number &&
              number_in(decision->address, "host%u:80") == number &&
              number_in(decision->rule, "r%u") == number &&
              (!decision->config.data || number_in(decision->config, "{\"n\":%u}") == number);
  return whole ? number : 0;
}

static inline turnout_engine *open_engine(const char *store) {
  turnout_engine *engine = NULL;
  turnout_error error = TURNOUT_ERROR_INIT;
  if (turnout_engine_open(store, NULL, &error, &engine) != TURNOUT_OK)
    give_up("cannot open:", error.message);
  return engine;
}

static inline double seconds_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static inline uint64_t revision_served(const turnout_engine *engine) {
  turnout_engine_info info = TURNOUT_ENGINE_INFO_INIT;
  CHECK_STATUS(turnout_engine_status(engine, &info, NULL), TURNOUT_OK);
  return info.revision;
}

/* Waits for the keeper; a test that this ends has failed. */
static inline void wait_for_revision(const turnout_engine *engine, uint64_t revision) {
  double end = seconds_now() + 20;
  while (revision_served(engine) != revision && seconds_now() < end)
    usleep(500);
  CHECK_INT(revision_served(engine), revision);
}

#endif
