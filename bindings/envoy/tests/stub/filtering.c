/* The HTTP filter: what it decides, what it writes, what it refuses, and that no client can forge
 * what it writes.
 * SPDX-License-Identifier: Apache-2.0 */
#include "play.h"

static char store[PATH_BYTES];
static turnout_engine *engine;
static struct host_stream *stream;

#define SETTINGS                                                                                   \
  "{\"store\":\"%s\",\"units\":{\"session\":{\"header\":\"x-session\"}},\"attributes\":{"          \
  "\"country\":{\"header\":\"x-country\"},\"tenure_days\":{\"header\":\"x-tenure\",\"type\":"      \
  "\"number\"},\"kids\":{\"header\":\"X-Kids\",\"type\":\"boolean\"}}"

#define KEYS                                                                                       \
  "\"metadata\":[\"status\",\"use_case\",\"model\",\"version\",\"routing_key\",\"cluster\","       \
  "\"rule\",\"revision\",\"shadows\"]"

static const char *const internal[] = {
    "x-turnout-cluster",  "x-turnout-model",    "x-turnout-version",  "x-turnout-revision",
    "x-turnout-shadow",   "x-turnout-shadow-1", "x-turnout-shadow-2", "x-turnout-shadow-3",
    "x-turnout-shadow-4", "x-turnout-shadow-5", "x-turnout-shadow-6", "x-turnout-shadow-7",
    "x-turnout-shadow-8"};
enum { INTERNAL = sizeof internal / sizeof *internal };

/* A request as a client sends it; with `forged`, with every internal header, twice. */
static void ask(const char *use_case, const char *unit, bool forged) {
  host_stream_reset(stream);
  host_add(stream, REQUEST_HEADERS, ":method", "GET");
  host_add(stream, REQUEST_HEADERS, ":path", "/");
  if (use_case)
    host_add(stream, REQUEST_HEADERS, "x-turnout-use-case", use_case);
  if (unit)
    host_add(stream, REQUEST_HEADERS, "x-turnout-unit", unit);
  for (int i = 0; forged && i < 2 * INTERNAL; i++)
    host_add(stream, REQUEST_HEADERS, internal[i % INTERNAL], "forged");
}

static void expect_no_forgery(void) {
  for (int i = 0; i < INTERNAL; i++) {
    envoy_text value = host_header(stream, REQUEST_HEADERS, internal[i]);
    CHECK(!value.data || value.size != 6 || memcmp(value.data, "forged", 6) != 0);
    CHECK(host_header_count(stream, REQUEST_HEADERS, internal[i]) <= 1);
  }
}

static bool equal(envoy_text a, turnout_text b) {
  return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static void it_decides_as_the_engine_does(void) {
  struct played played;
  play_new(&played, store, SETTINGS "," KEYS "}", true);
  char buffer[TURNOUT_DECISION_BYTES];
  unsigned betas = 0;
  for (int i = 0; i < 500; i++) {
    char unit[16];
    snprintf(unit, sizeof unit, "u_%d", i);
    turnout_request request = request_for("Home", unit);
    turnout_decision decision = TURNOUT_DECISION_INIT;
    CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
    ask("Home", unit, true);
    CHECK_INT(play_request(&played, stream), HEADERS_CONTINUE);
    CHECK(equal(host_header(stream, REQUEST_HEADERS, "x-turnout-cluster"), decision.routing_key));
    CHECK(equal(host_header(stream, REQUEST_HEADERS, "x-turnout-version"), decision.version));
    CHECK(equal(host_metadata(stream, "routing_key"), decision.routing_key));
    CHECK_INT(stream->clears, 2); /* for what was forged, and for what was decided */
    CHECK_INT(stream->reply_code, 0);
    expect_no_forgery();
    betas += decision.routing_key.size == 7;
  }
  CHECK(betas > 50 && betas < 150);
  CHECK_INT(host_metric(&played.host, "decisions{Home,to-beta}"), betas);
  CHECK_INT(host_metric(&played.host, "decisions{Home,alpha}"), 500 - betas);
  play_free(&played, true);
}

static void it_reads_attributes_of_their_types(void) {
  struct played played;
  play_new(&played, store, SETTINGS "," KEYS "}", true);
  static const struct {
    const char *header, *value, *cluster, *rule;
  } cases[] = {
      {"x-kids", "true", "to-beta", "kids"},     {"x-kids", "1", "to-beta", "kids"},
      {"x-tenure", "366", "gamma", "old"},       {"x-tenure", "3.66e2", "gamma", "old"},
      {"x-country", "DK", "sharded/s", "danes"}, {"x-kids", "TRUE", NULL, "canary"},
      {"x-tenure", "12x", NULL, "canary"},       {"x-tenure", "365", NULL, "canary"},
      {"x-tenure", "infinity", NULL, "canary"},  {"x-country", "dk", NULL, "canary"},
      {"x-tenure", "0x200", NULL, "canary"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ask("Home", "u_1", false);
    host_add(stream, REQUEST_HEADERS, cases[i].header, cases[i].value);
    CHECK_INT(play_request(&played, stream), HEADERS_CONTINUE);
    CHECK_SAYS(host_metadata(stream, "rule"), cases[i].rule);
    envoy_text cluster = host_header(stream, REQUEST_HEADERS, "x-turnout-cluster");
    if (cases[i].cluster)
      CHECK(cluster.size >= strlen(cases[i].cluster) &&
            memcmp(cluster.data, cases[i].cluster, strlen(cases[i].cluster)) == 0);
  }
  CHECK_INT(host_metric(&played.host, "attributes_unread{}"), 4);
  play_free(&played, true);
}

static void it_writes_the_decision_whole(void) {
  struct played played;
  play_new(&played, store,
           SETTINGS ",\"metadata\":[\"status\",\"use_case\",\"model\","
                    "\"version\",\"cluster\",\"shard\",\"routing_key\","
                    "\"revision\",\"digest\",\"reason\",\"rule\",\"cells\","
                    "\"holdouts\",\"traffic\",\"fallback\",\"degraded\","
                    "\"shadows\",\"config\"]}",
           true);
  ask("Home", "ada", true);
  CHECK_INT(play_request(&played, stream), HEADERS_CONTINUE);
  CHECK_SAYS(host_metadata(stream, "status"), "ok");
  CHECK_SAYS(host_metadata(stream, "use_case"), "Home");
  CHECK_SAYS(host_metadata(stream, "model"), "ranker");
  CHECK_SAYS(host_metadata(stream, "version"), "v2");
  CHECK_SAYS(host_metadata(stream, "cluster"), "beta");
  CHECK_SAYS(host_metadata(stream, "shard"), NULL);
  CHECK_SAYS(host_metadata(stream, "routing_key"), "to-beta");
  CHECK_SAYS(host_metadata(stream, "revision"), "1");
  CHECK_INT(host_metadata(stream, "digest").size, 32);
  CHECK_SAYS(host_metadata(stream, "reason"), "override");
  CHECK_SAYS(host_metadata(stream, "traffic"), "production");
  CHECK_SAYS(host_metadata(stream, "fallback"), "false");
  CHECK_SAYS(host_metadata(stream, "config"), "{\"k\":2,\"surface\":\"home\"}");
  CHECK_SAYS(host_header(stream, REQUEST_HEADERS, "x-turnout-model"), "ranker");
  CHECK_SAYS(host_header(stream, REQUEST_HEADERS, "x-turnout-revision"), "1");
  bool cells = false;
  for (int i = 0; i < 20 && !cells; i++) {
    char unit[16];
    snprintf(unit, sizeof unit, "c_%d", i);
    ask("Home", unit, false);
    play_request(&played, stream);
    envoy_text cell = host_metadata(stream, "cells");
    cells = cell.size > 7 && memcmp(cell.data, "colour=", 7) == 0;
    if (!cells)
      CHECK_SAYS(host_metadata(stream, "holdouts"), "half");
  }
  CHECK(cells);
  play_free(&played, true);
}

static void it_writes_as_many_shadows_as_have_slots(void) {
  for (int slots = 0; slots <= 3; slots++) {
    struct played played;
    char settings[512];
    snprintf(settings, sizeof settings, "{\"store\":\"%%s\",\"shadow_slots\":%d}", slots);
    play_new(&played, store, settings, true);
    ask("Shadowed", "u_1", true);
    CHECK_INT(play_request(&played, stream), HEADERS_CONTINUE);
    expect_no_forgery();
    CHECK_SAYS(host_header(stream, REQUEST_HEADERS, "x-turnout-shadow-1"),
               slots > 0 ? "to-beta" : NULL);
    CHECK_SAYS(host_header(stream, REQUEST_HEADERS, "x-turnout-shadow-2"),
               slots > 1 ? "gamma" : NULL);
    CHECK_SAYS(host_metadata(stream, "shadow_2_version"), slots > 1 ? "v4" : NULL);
    CHECK((host_header(stream, REQUEST_HEADERS, "x-turnout-shadow-3").data != NULL) == (slots > 2));
    CHECK_SAYS(host_header(stream, REQUEST_HEADERS, "x-turnout-shadow-4"), NULL);
    play_free(&played, true);
  }
}

static void it_writes_only_what_is_asked_for(void) {
  struct played played;
  play_new(&played, store, "{\"store\":\"%s\",\"metadata\":[],\"counters\":false}", true);
  ask("Shadowed", "u_1", true);
  CHECK_INT(play_request(&played, stream), HEADERS_CONTINUE);
  CHECK_SAYS(host_header(stream, REQUEST_HEADERS, "x-turnout-cluster"), "alpha");
  for (int i = 1; i < INTERNAL; i++)
    CHECK_SAYS(host_header(stream, REQUEST_HEADERS, internal[i]), NULL);
  CHECK_INT(stream->metadata_count, 0);
  CHECK_INT(played.host.metric_count, 0);
  play_free(&played, true);
}

/* More headers than fit in one look are asked for one by one. */
static void a_hundred_headers_change_nothing(void) {
  struct played played;
  play_new(&played, store, SETTINGS "," KEYS "}", true);
  for (int more = 80; more < 130; more += 5) {
    ask("Home", "ada", false);
    for (int i = 0; i < more; i++)
      host_add(stream, REQUEST_HEADERS, "x-more", "of them");
    host_add(stream, REQUEST_HEADERS, "x-turnout-shadow-5", "forged");
    CHECK_INT(play_request(&played, stream), HEADERS_CONTINUE);
    CHECK_SAYS(host_header(stream, REQUEST_HEADERS, "x-turnout-cluster"), "to-beta");
    expect_no_forgery();
  }
  play_free(&played, true);
}

/* ---- Refusals ------------------------------------------------------------------------------- */

static void refusals_are_answered_and_leave_no_internal_header(void) {
  struct played played;
  play_new(&played, store,
           "{\"store\":\"%s\",\"statuses\":{\"disabled\":409},\"response_headers\":true}", true);
  static const struct {
    const char *use_case, *unit;
    uint32_t code;
    const char *status, *grpc;
  } cases[] = {
      {NULL, "u", 400, "missing_header", "3"},         {"", "u", 400, "missing_header", "3"},
      {"Nobody", "u", 404, "unknown_use_case", "5"},   {"Off", "u", 409, "disabled", "2"},
      {"Strict", "u", 400, "missing_required", "3"},   {"Refusing", "u", 503, "unavailable", "14"},
      {"\xff\xfe", "u", 400, "invalid_argument", "3"},
  };
  for (size_t i = 0; i < 3 * sizeof cases / sizeof *cases; i++) {
    size_t k = i / 3;
    static const char *const types[] = {"application/json", "application/grpc",
                                        "application/grpc+proto"};
    bool grpc = i % 3 != 0;
    ask(cases[k].use_case, cases[k].unit, true);
    host_add(stream, REQUEST_HEADERS, "content-type", types[i % 3]);
    CHECK_INT(play_request(&played, stream), HEADERS_STOP);
    CHECK_INT(stream->reply_code, cases[k].code);
    CHECK_SAYS(host_reply_header(stream, "x-turnout-status"), cases[k].status);
    CHECK_SAYS(host_reply_header(stream, "grpc-status"), grpc ? cases[k].grpc : NULL);
    CHECK_SAYS(host_metadata(stream, "status"), cases[k].status);
    char details[64];
    snprintf(details, sizeof details, "turnout_%s", cases[k].status);
    CHECK_SAYS(stream->reply_details, details);
    CHECK(stream->reply_body.size > 20);
    CHECK(stream->reply_body.data[stream->reply_body.size - 1] == (grpc ? '.' : '\n'));
    CHECK_INT(stream->clears, 1); /* the route was chosen by the forged cluster */
    for (int header = 0; header < INTERNAL; header++)
      CHECK_SAYS(host_header(stream, REQUEST_HEADERS, internal[header]), NULL);
    CHECK_SAYS(host_header(stream, RESPONSE_HEADERS, "x-turnout-status"), cases[k].status);
  }
  CHECK_INT(host_metric(&played.host, "statuses{unknown_use_case}"), 3);
  play_free(&played, true);
}

static void a_store_without_a_table_refuses(void) {
  char empty[PATH_BYTES];
  char document[PATH_BYTES];
  path_below_work(empty, "empty");
  path_below_work(document, "routes.yaml");
  const char *words[] = {"publish", "--stage", document, "--store", empty, NULL};
  if (turnout_run(words) != 0)
    give_up("cannot stage", document);
  struct played played;
  play_new(&played, empty, "{\"store\":\"%s\"}", true);
  ask("Home", "u", true);
  CHECK_INT(play_request(&played, stream), HEADERS_STOP);
  CHECK_INT(stream->reply_code, 503);
  CHECK_SAYS(host_reply_header(stream, "x-turnout-status"), "no_table");
  CHECK(strstr(host_log(), "nothing is published yet") != NULL);
  play_free(&played, true);
}

/* ---- Responses ------------------------------------------------------------------------------ */

static void responses_say_what_was_decided_if_asked(void) {
  struct played played;
  play_new(&played, store, "{\"store\":\"%s\",\"response_headers\":true}", true);
  ask("Home", "ada", false);
  host_add(stream, RESPONSE_HEADERS, "x-turnout-model", "the upstream's own");
  CHECK_INT(play_request(&played, stream), HEADERS_CONTINUE);
  CHECK_SAYS(host_header(stream, RESPONSE_HEADERS, "x-turnout-status"), "ok");
  CHECK_SAYS(host_header(stream, RESPONSE_HEADERS, "x-turnout-model"), "ranker");
  CHECK_INT(host_header_count(stream, RESPONSE_HEADERS, "x-turnout-model"), 1);
  CHECK_SAYS(host_header(stream, RESPONSE_HEADERS, "x-turnout-version"), "v2");
  CHECK_SAYS(host_header(stream, RESPONSE_HEADERS, "x-turnout-revision"), "1");
  CHECK_SAYS(host_header(stream, RESPONSE_HEADERS, "x-turnout-routing-key"), "to-beta");
  CHECK_SAYS(host_header(stream, RESPONSE_HEADERS, "x-turnout-reason"), "override");
  /* A response that came before the request was looked at: from another filter. */
  host_stream_reset(stream);
  const void *filter = HOOK(http_filter_new)(played.config, stream);
  CHECK_INT(HOOK(http_filter_response_headers)(stream, filter, true), HEADERS_CONTINUE);
  CHECK_INT(stream->maps[RESPONSE_HEADERS].count, 0);
  HOOK(http_filter_destroy)(filter);
  play_free(&played, true);
}

/* ---- Routes --------------------------------------------------------------------------------- */

static const void *route(const char *words) {
  return HOOK(http_filter_per_route_config_new)((envoy_text){"turnout", 7},
                                                (envoy_text){words, strlen(words)});
}

static void a_route_may_have_its_own_use_case_and_mode(void) {
  struct played played;
  play_new(&played, store, "{\"store\":\"%s\"," KEYS "}", true);
  const void *home = route("{\"use_case\":\"Home\"}");
  const void *off = route("{\"mode\":\"off\"}");
  const void *second = route("{\"mode\":\"routing_key\"}");
  CHECK(home && off && second);
  ask("Nobody", "ada", true);
  stream->route_config = home;
  CHECK_INT(play_request(&played, stream), HEADERS_CONTINUE);
  CHECK_SAYS(host_metadata(stream, "use_case"), "Home");
  CHECK_SAYS(host_header(stream, REQUEST_HEADERS, "x-turnout-cluster"), "to-beta");

  for (int forged = 0; forged < 2; forged++) {
    ask("Home", "ada", forged);
    stream->route_config = off;
    CHECK_INT(play_request(&played, stream), HEADERS_CONTINUE);
    CHECK_INT(stream->metadata_count, 0);
    CHECK_INT(stream->clears, forged); /* a forged cluster may have chosen the route */
    for (int i = 0; i < INTERNAL; i++)
      CHECK_SAYS(host_header(stream, REQUEST_HEADERS, internal[i]), NULL);
  }
  ask("Home", "ada", true);
  stream->route_config = second;
  CHECK_INT(play_request(&played, stream), HEADERS_STOP);
  CHECK_SAYS(host_reply_header(stream, "x-turnout-status"), "missing_header");
  HOOK(http_filter_per_route_config_destroy)(home);
  HOOK(http_filter_per_route_config_destroy)(off);
  HOOK(http_filter_per_route_config_destroy)(second);
  play_free(&played, true);
}

static void a_client_may_carry_a_routing_key_of_the_table(void) {
  struct played played;
  play_new(&played, store, "{\"store\":\"%s\",\"mode\":\"routing_key\"," KEYS "}", true);
  static const struct {
    const char *key, *status, *cluster;
    uint32_t code;
  } cases[] = {
      {"to-beta", "ok", "beta", 0},
      {"alpha", "ok", "alpha", 0},
      {"sharded/s1", "ok", "sharded", 0},
      {"delta", "ok", "delta", 0}, /* down by the overlay: the client has decided */
      {"beta", "unknown_routing_key", NULL, 404},
      {"sharded", "unknown_routing_key", NULL, 404},
      {"!turnout", "unknown_routing_key", NULL, 404},
      {"", "missing_header", NULL, 400},
      {NULL, "missing_header", NULL, 400},
      {"\xff", "invalid_argument", NULL, 400},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ask("Home", "ada", true);
    if (cases[i].key)
      host_add(stream, REQUEST_HEADERS, "x-turnout-routing-key", cases[i].key);
    CHECK_INT(play_request(&played, stream), cases[i].code ? HEADERS_STOP : HEADERS_CONTINUE);
    CHECK_INT(stream->reply_code, cases[i].code);
    CHECK_SAYS(host_metadata(stream, "status"), cases[i].status);
    CHECK_SAYS(host_metadata(stream, "cluster"), cases[i].cluster);
    CHECK_SAYS(host_header(stream, REQUEST_HEADERS, "x-turnout-cluster"),
               cases[i].code ? NULL : cases[i].key);
    CHECK_INT(stream->clears, cases[i].code ? 1 : 2);
    expect_no_forgery();
  }
  play_free(&played, true);
}

int main(void) {
  path_below_work(store, "filtering");
  char document[PATH_BYTES];
  path_below_work(document, "routes.yaml");
  publish(store, document);
  const char *down[] = {"set", "cluster", "delta", "down", "--store", store, NULL};
  if (turnout_run(down) != 0)
    give_up("cannot set", "delta down");
  engine = open_engine(store);
  stream = host_stream_new(NULL);
  RUN(it_decides_as_the_engine_does);
  RUN(it_reads_attributes_of_their_types);
  RUN(it_writes_the_decision_whole);
  RUN(it_writes_as_many_shadows_as_have_slots);
  RUN(it_writes_only_what_is_asked_for);
  RUN(a_hundred_headers_change_nothing);
  RUN(refusals_are_answered_and_leave_no_internal_header);
  RUN(a_store_without_a_table_refuses);
  RUN(responses_say_what_was_decided_if_asked);
  RUN(a_route_may_have_its_own_use_case_and_mode);
  RUN(a_client_may_carry_a_routing_key_of_the_table);
  host_stream_free(stream);
  turnout_engine_close(engine);
  return claims_end();
}
