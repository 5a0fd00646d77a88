/* The cluster specifier: the same decisions, as a cluster and route metadata.
 * SPDX-License-Identifier: Apache-2.0 */
#include "play.h"

static char store[PATH_BYTES];
static struct host_stream *stream;

static void ask(struct played *played, const char *use_case, const char *unit) {
  host_stream_reset(stream);
  stream->config = &played->host;
  if (use_case)
    host_add(stream, REQUEST_HEADERS, "x-turnout-use-case", use_case);
  if (unit)
    host_add(stream, REQUEST_HEADERS, "x-turnout-unit", unit);
}

#if SURFACE >= 140
static void it_decides_as_the_engine_does(void) {
  turnout_engine *engine = open_engine(store);
  struct played played;
  play_new(&played, store, "{\"store\":\"%s\"}", false);
  char buffer[TURNOUT_DECISION_BYTES];
  for (int i = 0; i < 500; i++) {
    char unit[16];
    snprintf(unit, sizeof unit, "u_%d", i);
    turnout_request request = request_for("Home", unit);
    turnout_decision decision = TURNOUT_DECISION_INIT;
    CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
    ask(&played, "Home", unit);
    CHECK(play_select(&played, stream));
    CHECK(same_text(said(stream->cluster), decision.routing_key));
    CHECK(same_text(said(host_metadata(stream, "version")), decision.version));
    CHECK_INT(stream->not_found_code, 0);
  }
  uint64_t counted = host_metric(&played.host, "decisions{Home,to-beta}") +
                     host_metric(&played.host, "decisions{Home,alpha}");
  CHECK_INT(counted, 500);
  play_free(&played, false);
  turnout_engine_close(engine);
}

static void it_writes_shadows_into_slots(void) {
  struct played played;
  play_new(&played, store, "{\"store\":\"%s\",\"shadow_slots\":2}", false);
  ask(&played, "Shadowed", "u");
  CHECK(play_select(&played, stream));
  CHECK_SAYS(stream->cluster, "alpha");
  CHECK_SAYS(host_metadata(stream, "shadow_1"), "to-beta");
  CHECK_SAYS(host_metadata(stream, "shadow_1_model"), "ranker");
  CHECK_SAYS(host_metadata(stream, "shadow_2"), "gamma");
  CHECK_SAYS(host_metadata(stream, "shadow_3"), NULL);
  play_free(&played, false);
}

static void it_names_the_mirrors_of_as_many_shadows_as_there_are(void) {
  static const char *const expected[] = {NULL, "shadows-1", "shadows-2", "shadows-3", "shadows-3"};
  for (int slots = 0; slots <= 4; slots++) {
    struct played played;
    char settings[512];
    snprintf(settings, sizeof settings,
             "{\"store\":\"%%s\",\"shadow_slots\":%d,\"shadow_overrides\":true}", slots);
    play_new(&played, store, settings, false);
    ask(&played, "Shadowed", "u");
    CHECK(play_select(&played, stream));
    CHECK_SAYS(stream->override_, expected[slots]);
    ask(&played, "Home", "ada");
    CHECK(play_select(&played, stream));
    CHECK_SAYS(stream->override_, NULL);
    play_free(&played, false);
  }
}

static void it_refuses_with_a_cluster_that_cannot_be(void) {
  struct played played;
  play_new(&played, store, "{\"store\":\"%s\"}", false);
  static const struct {
    const char *use_case;
    uint32_t code;
    const char *status;
  } cases[] = {{NULL, 400, "missing_header"},    {"Nobody", 404, "unknown_use_case"},
               {"Off", 503, "disabled"},         {"Strict", 400, "missing_required"},
               {"Refusing", 503, "unavailable"}, {"\xff", 400, "invalid_argument"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ask(&played, cases[i].use_case, "u");
    CHECK(play_select(&played, stream));
    CHECK_INT(stream->not_found_code, cases[i].code);
    /* No routing key has a blank. */
    CHECK(memchr(stream->cluster.data, ' ', stream->cluster.size) != NULL);
    CHECK_SAYS(host_metadata(stream, "status"), cases[i].status);
  }
  play_free(&played, false);
}

static void without_a_unit_and_an_id_it_draws_by_the_random_number(void) {
  struct played played;
  play_new(&played, store, "{\"store\":\"%s\"}", false);
  char first[64];
  for (int i = 0; i < 20; i++) {
    ask(&played, "Home", NULL);
    CHECK(play_select(&played, stream));
    if (i == 0)
      snprintf(first, sizeof first, "%.*s", (int)stream->cluster.size, stream->cluster.data);
    CHECK_SAYS(stream->cluster, first); /* the stub's number is always the same */
  }
  play_free(&played, false);
}

static void a_client_may_carry_a_routing_key_of_the_table(void) {
  struct played played;
  play_new(&played, store, "{\"store\":\"%s\",\"mode\":\"routing_key\",\"metadata\":[\"status\"]}",
           false);
  static const struct {
    const char *key, *status;
    uint32_t code;
  } cases[] = {{"to-beta", "ok", 0},        {"sharded/s0", "ok", 0},
               {"delta", "ok", 0},          {"beta", "unknown_routing_key", 404},
               {"", "missing_header", 400}, {"\xff", "invalid_argument", 400}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    ask(&played, "Home", "ada");
    host_add(stream, REQUEST_HEADERS, "x-turnout-routing-key", cases[i].key);
    CHECK(play_select(&played, stream));
    CHECK_SAYS(host_metadata(stream, "status"), cases[i].status);
    CHECK_INT(stream->not_found_code, cases[i].code);
    if (!cases[i].code)
      CHECK_SAYS(stream->cluster, cases[i].key);
  }
  play_free(&played, false);
}
#endif

/* What Envoys of this surface load: nothing of it refers to what they lack. */
static void the_module_names_the_abi_that_it_finds(void) {
  const char *version = HOOK(program_init)();
  CHECK_TEXT(text(version), SURFACE >= 140 ? "v0.2.0" : "v0.1.0");
}

static void a_filter_works_here(void) {
  struct played played;
  play_new(&played, store, "{\"store\":\"%s\",\"metadata\":[\"status\",\"routing_key\"]}", true);
  ask(&played, "Home", "ada");
  CHECK_INT(play_request(&played, stream), HEADERS_CONTINUE);
  CHECK_SAYS(host_metadata(stream, "routing_key"), "to-beta");
  CHECK_SAYS(host_metadata(stream, "status"), "ok");
  CHECK_SAYS(host_header(stream, REQUEST_HEADERS, "x-turnout-cluster"), "to-beta");
  play_free(&played, true);
}

int main(void) {
  path_below_work(store, "specifying");
  char document[PATH_BYTES];
  path_below_work(document, "routes.yaml");
  publish(store, document);
  const char *down[] = {"set", "cluster", "delta", "down", "--store", store, NULL};
  if (turnout_run(down) != 0)
    give_up("cannot set", "delta down");
  stream = host_stream_new(NULL);
  RUN(the_module_names_the_abi_that_it_finds);
  RUN(a_filter_works_here);
#if SURFACE >= 140
  RUN(it_decides_as_the_engine_does);
  RUN(it_writes_shadows_into_slots);
  RUN(it_names_the_mirrors_of_as_many_shadows_as_there_are);
  RUN(it_refuses_with_a_cluster_that_cannot_be);
  RUN(without_a_unit_and_an_id_it_draws_by_the_random_number);
  RUN(a_client_may_carry_a_routing_key_of_the_table);
#endif
  host_stream_free(stream);
  return claims_end();
}
