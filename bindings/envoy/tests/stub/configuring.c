/* Configurations: what is refused and in which words, that validation starts nothing, and that
 * making and ending them again and again leaves nothing behind.
 * SPDX-License-Identifier: Apache-2.0 */
#include "play.h"

#include <dirent.h>
#include <malloc.h>

static char store[PATH_BYTES];

enum { CYCLES = 10000 };

static size_t entries_of(const char *folder) {
  size_t count = 0;
  DIR *open = opendir(folder);
  while (open && readdir(open))
    count++;
  if (open)
    closedir(open);
  return count;
}

static size_t threads(void) { return entries_of("/proc/self/task"); }
static size_t files(void) { return entries_of("/proc/self/fd"); }

/* The settings as they are, with %s standing for the store. */
static const void *make(struct host_config *host, const char *settings, bool filter) {
  char words[8192];
  size_t size = 0;
  for (const char *at = settings; *at && size + PATH_BYTES < sizeof words; at++) {
    if (at[0] == '%' && at[1] == 's') {
      size += (size_t)snprintf(words + size, PATH_BYTES, "%s", store);
      at++;
    } else {
      words[size++] = *at;
    }
  }
  host_config_clear(host);
  host_log_clear();
  envoy_text config = {words, size};
  envoy_text name = {"turnout", 7};
  return filter ? HOOK(http_filter_config_new)(host, name, config)
                : HOOK(cluster_specifier_config_new)(host, name, config);
}

static void expect_words(const char *settings, const char *expected) {
  char words[2048];
  char *at = words;
  /* The store's path differs from run to run. */
  for (const char *log = host_log(); *log && at < words + sizeof words - 4;) {
    if (strncmp(log, store, strlen(store)) == 0) {
      at += sprintf(at, "%%s");
      log += strlen(store);
    } else {
      *at++ = *log++;
    }
  }
  *at = 0;
  if (at > words && at[-1] == '\n')
    *--at = 0;
  if (strcmp(words, expected) == 0)
    return;
  check_failed(__FILE__, __LINE__, settings);
  printf("    said     %s\n    expected %s\n", words, expected);
}

static void bad_settings_are_refused_with_words(void) {
  static const struct {
    const char *settings, *words;
    bool filter;
  } cases[] = {
#include "refused_settings.txt"
  };
  static struct host_config host;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    CHECK(make(&host, cases[i].settings, cases[i].filter) == NULL);
    expect_words(cases[i].settings, cases[i].words);
  }
}

static void bad_settings_of_a_route_are_refused_with_words(void) {
  static const struct {
    const char *settings, *words;
  } cases[] = {
#include "refused_routes.txt"
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    host_log_clear();
    envoy_text config = {cases[i].settings, strlen(cases[i].settings)};
    CHECK(!HOOK(http_filter_per_route_config_new)((envoy_text){"turnout", 7}, config));
    expect_words(cases[i].settings, cases[i].words);
  }
}

/* Envoy 1.38 gives a route's Struct or StringValue as it stands on the wire. */
static void settings_of_a_route_may_come_on_the_wire(void) {
  static const struct {
    const char *bytes;
    size_t size;
    bool good;
  } cases[] = {
      {"\x0a\x0d\x0a\x04mode\x12\x05\x1a\x03off", 15, true},
      {"\x0a\x0d\x0a\x04mode\x12\x05\x1a\x03ofg", 15, false},
      {"\x0a\x0d\x0a\x04mode\x12\x05\x1a\x04off", 15, false},
      {"\x0a\x0d\x0a\x04mode\x12\x05\x1a\x03of", 14, false},
      {"\x0a\x0e{\"mode\":\"off\"}", 16, true},
      {"\x0a{\"mode\":\"off\"}", 15, true},
      {"\x0a\xff\xff\xff\xff\x0f{}", 8, false},
      {"\x0a", 1, false},
      {"", 0, true},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const void *route = HOOK(http_filter_per_route_config_new)(
        (envoy_text){NULL, 0}, (envoy_text){cases[i].bytes, cases[i].size});
    CHECK_INT(route != NULL, cases[i].good);
    HOOK(http_filter_per_route_config_destroy)(route);
  }
}

static void validation_starts_no_thread(void) {
  static struct host_config host;
  size_t before = threads();
  atomic_store(&host_validates, true);
  const void *config = make(&host, "{\"store\":\"%s\"}", true);
  CHECK(config != NULL);
  CHECK_INT(threads(), before);
  HOOK(http_filter_config_destroy)(config);
  CHECK(make(&host, "{\"store\":\"/nonexistent\"}", true) == NULL);
  atomic_store(&host_validates, false);
}

static void ten_thousand_configurations_leave_nothing_behind(void) {
  static struct host_config host;
  static const char settings[] =
      "{\"store\":\"%s\",\"directory\":\"/d\",\"attributes\":{\"country\":{\"header\":\"X-C\"}}}";
  size_t threads_then = 0;
  size_t files_then = 0;
  size_t bytes_then = 0;
  /* One is always there, as Envoy makes the new one before it lets go of the old. */
  const void *last = make(&host, settings, true);
  for (int i = 0; i < CYCLES; i++) {
    bool filter = i % 2 == 0 || SURFACE < 140;
    const void *next = make(&host, settings, true);
    const void *other = filter ? NULL : make(&host, "{\"store\":\"%s\"}", false);
    const void *refused = make(&host, i % 3 ? "{\"store\":\"%s\",\"x\":1}" : "{\"store\":", true);
    CHECK(next != NULL && refused == NULL);
    HOOK(http_filter_config_destroy)(last);
    if (other)
      HOOK(cluster_specifier_config_destroy)(other);
    last = next;
    if (i == CYCLES / 10) {
      threads_then = threads();
      files_then = files();
      bytes_then = mallinfo2().uordblks;
    }
  }
  CHECK_INT(threads(), threads_then);
  CHECK_INT(files(), files_then);
  size_t bytes = mallinfo2().uordblks;
  if (bytes > bytes_then + 65536)
    CHECK_INT(bytes, bytes_then);
  HOOK(http_filter_config_destroy)(last);
}

/* An engine that nobody uses any more is closed when the next configuration is made. */
static void engines_come_and_go(void) {
  static struct host_config host;
  char stores[2][PATH_BYTES];
  char kept[PATH_BYTES];
  for (int i = 0; i < 2; i++) {
    char name[32];
    snprintf(name, sizeof name, "engine-%d", i);
    path_below_work(stores[i], name);
    publish_number(stores[i], 1);
  }
  memcpy(kept, store, sizeof kept);
  size_t before = 0;
  for (int i = 0; i < 12; i++) {
    memcpy(store, stores[i % 2], sizeof store);
    const void *config = make(&host, "{\"store\":\"%s\"}", true);
    CHECK(config != NULL);
    if (i == 4)
      before = threads();
    HOOK(http_filter_config_destroy)(config);
  }
  memcpy(store, kept, sizeof store);
  CHECK_INT(threads(), before);
}

static void a_bootstrap_extension_shows_its_store(void) {
  static struct host_config own;
  char settings[PATH_BYTES + 32];
  snprintf(settings, sizeof settings, "{\"store\":\"%s\"}", store);
  host_config_clear(&own);
  const void *extension = HOOK(bootstrap_extension_config_new)(
      &own, (envoy_text){"turnout", 7}, (envoy_text){settings, strlen(settings)});
  CHECK(extension != NULL);
  if (!extension)
    return;
  const void *running = HOOK(bootstrap_extension_new)(extension, &own);
  HOOK(bootstrap_extension_server_initialized)(&own, running);
  HOOK(bootstrap_extension_timer_fired)(&own, extension,
                                        CALLBACK(bootstrap_extension_timer_new)(&own));
  CHECK_INT(host_metric(&own, "revision{}"), 1);
  CHECK_INT(host_metric(&own, "head_revision{}"), 1);
  HOOK(bootstrap_extension_destroy)(running);
  HOOK(bootstrap_extension_config_destroy)(extension);
  host_log_clear();
  CHECK(!HOOK(bootstrap_extension_config_new)(&own, (envoy_text){"turnout", 7},
                                              (envoy_text){"{}", 2}));
  CHECK(host_log()[0] != 0);
}

int main(void) {
  path_below_work(store, "configuring");
  char document[PATH_BYTES];
  path_below_work(document, "routes.yaml");
  publish(store, document);
  RUN(bad_settings_are_refused_with_words);
  RUN(bad_settings_of_a_route_are_refused_with_words);
  RUN(settings_of_a_route_may_come_on_the_wire);
  RUN(validation_starts_no_thread);
  RUN(ten_thousand_configurations_leave_nothing_behind);
  RUN(engines_come_and_go);
  RUN(a_bootstrap_extension_shows_its_store);
  return claims_end();
}
