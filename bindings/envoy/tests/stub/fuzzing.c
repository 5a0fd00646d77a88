/* Bytes of anybody: as settings, as a route's settings, as headers, as a question to the directory.
 * Built with -DLIBFUZZER it is a target of libFuzzer (bindings/envoy/tests/stub/fuzz); else it
 * plays mutations of what is below for some thousand rounds, of $SEED or of 1.
 * SPDX-License-Identifier: Apache-2.0 */
#include "play.h"

#include <jansson.h>

static char store[PATH_BYTES];
static struct host_stream *stream;
static struct played filter, specifier, keys;

/* Ends the process, which a fuzzer notices and a test reports. */
#define MUST(condition)                                                                            \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                              \
      abort();                                                                                     \
    }                                                                                              \
  } while (0)

static void fuzz_settings(const char *bytes, size_t size) {
  static struct host_config host;
  host_config_clear(&host);
  envoy_text text = {bytes, size};
  const void *config = HOOK(http_filter_config_new)(&host, (envoy_text){NULL, 0}, text);
  if (config)
    HOOK(http_filter_config_destroy)(config);
  else
    MUST(strncmp(host_log(), "turnout: ", 9) == 0);
  host_log_clear();
  host_config_clear(&host);
  config = HOOK(cluster_specifier_config_new)(&host, (envoy_text){NULL, 0}, text);
  if (config)
    HOOK(cluster_specifier_config_destroy)(config);
  host_log_clear();
}

static void fuzz_route(const char *bytes, size_t size) {
  const void *config =
      HOOK(http_filter_per_route_config_new)((envoy_text){NULL, 0}, (envoy_text){bytes, size});
  HOOK(http_filter_per_route_config_destroy)(config);
  host_log_clear();
}

/* Headers: for each a byte that names it, one that says how long its value is, and the value. */
static void add_headers(const char *bytes, size_t size) {
  static const char *const names[] = {"x-turnout-use-case", "x-turnout-unit",
                                      "x-session",          "x-country",
                                      "x-tenure",           "x-kids",
                                      "x-request-id",       "x-turnout-routing-key",
                                      "x-turnout-cluster",  "x-turnout-shadow-1",
                                      "x-turnout-shadow-8", "x-turnout-model",
                                      "content-type",       "x-traffic",
                                      "x-turnout-",         ":path"};
  host_stream_reset(stream);
  for (unsigned count = 0; size >= 2 && count < HOST_HEADERS_MAX - 30; count++) {
    size_t length = (unsigned char)bytes[1];
    const char *name = names[(unsigned char)bytes[0] % 16];
    length = length < size - 2 ? length : size - 2;
    host_add_bytes(stream, REQUEST_HEADERS, (envoy_text){name, strlen(name)},
                   (envoy_text){bytes + 2, length});
    bytes += 2 + length;
    size -= 2 + length;
  }
}

static void fuzz_headers(const char *bytes, size_t size) {
  struct played *filters[] = {&filter, &keys};
  for (int i = 0; i < 2; i++) {
    add_headers(bytes, size);
    int status = play_request(filters[i], stream);
    envoy_text cluster = host_header(stream, REQUEST_HEADERS, "x-turnout-cluster");
    if (stream->reply_code == 0) {
      MUST(status == HEADERS_CONTINUE && cluster.size > 0 && stream->clears >= 1);
      MUST(host_header_count(stream, REQUEST_HEADERS, "x-turnout-cluster") == 1);
      MUST(same_text(said(cluster), said(host_metadata(stream, "routing_key"))));
    } else {
      envoy_text grpc = host_reply_header(stream, "grpc-status");
      MUST(status == HEADERS_STOP && !cluster.data && stream->reply_code >= 400);
      MUST(!grpc.data || (grpc.size > 0 && grpc.data[0] != '0'));
      MUST(!host_header(stream, REQUEST_HEADERS, "x-turnout-shadow-8").data);
    }
  }
  add_headers(bytes, size);
  stream->config = &specifier.host;
  MUST(play_select(&specifier, stream));
  MUST(stream->cluster.size > 0);
  MUST((stream->not_found_code != 0) ==
       (memchr(stream->cluster.data, ' ', stream->cluster.size) != NULL));
}

/* A body, in pieces if its first byte says so. */
static void fuzz_directory(const char *bytes, size_t size) {
  size_t piece = size > 0 && bytes[0] & 1 ? size / 7 + 1 : size + 1;
  host_stream_reset(stream);
  host_add(stream, REQUEST_HEADERS, ":method", "POST");
  host_add(stream, REQUEST_HEADERS, ":path", "/d?x");
  const void *config = play_begin(&filter, stream);
  MUST(play_headers(stream, config, false) == HEADERS_STOP);
  for (size_t at = 0; at < size + 1 && stream->reply_code == 0; at += piece) {
    bool last = size - at <= piece;
    host_receive(stream, bytes + at, last ? size - at : piece);
    play_body(stream, config, last);
  }
  HOOK(http_filter_destroy)(config);
  uint32_t code = stream->reply_code;
  MUST(code == 200 || code == 400 || code == 413);
  json_t *answer = json_loadb(stream->reply_body.data, stream->reply_body.size, 0, NULL);
  MUST(answer != NULL);
  MUST(code == 200 ? json_is_array(answer) || json_object_get(answer, "status") != NULL
                   : json_string_length(json_object_get(answer, "error")) > 0);
  json_decref(answer);
}

static void fuzz(const char *bytes, size_t size) {
  static void (*const targets[])(const char *, size_t) = {fuzz_settings, fuzz_route, fuzz_headers,
                                                          fuzz_directory};
  if (size == 0 || size > 100000)
    return;
  /* In memory of its own size, so that a sanitizer sees one byte too far. */
  char *exact = malloc(size);
  MUST(exact != NULL);
  memcpy(exact, bytes + 1, size - 1);
  targets[(unsigned char)bytes[0] % 4](exact, size - 1);
  free(exact);
}

static void begin(void) {
  char document[PATH_BYTES];
  path_below_work(store, "fuzzing");
  path_below_work(document, "routes.yaml");
  publish(store, document);
  stream = host_stream_new(NULL);
#define ATTRIBUTES                                                                                 \
  "\"units\":{\"session\":{\"header\":\"x-session\"}},\"attributes\":{\"country\":{\"header\":"    \
  "\"x-country\"},\"tenure_days\":{\"header\":\"x-tenure\",\"type\":\"number\"},\"kids\":{"        \
  "\"header\":\"x-kids\",\"type\":\"boolean\"},\"traffic\":{\"header\":\"x-traffic\"}},"           \
  "\"metadata\":[\"status\",\"use_case\",\"routing_key\",\"shadows\",\"cells\",\"config\"]"
  play_new(&filter, store, "{\"store\":\"%s\",\"directory\":\"/d\"," ATTRIBUTES "}", true);
  play_new(&keys, store,
           "{\"store\":\"%s\",\"mode\":\"routing_key\",\"response_headers\":true," ATTRIBUTES "}",
           true);
  play_new(&specifier, store, "{\"store\":\"%s\"," ATTRIBUTES "}", false);
  atomic_store(&host_validates, true);
}

#ifdef LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  if (!stream)
    begin();
  fuzz((const char *)bytes, size);
  return 0;
}
#else
static const char *const seeds[] = {
    "\0{\"store\":\"/nonexistent\",\"units\":{\"s\":{\"header\":\"x-s\"}},\"mode\":\"resolve\"}",
    "\0{\"store\":\"/nonexistent\",\"statuses\":{\"disabled\":500},\"metadata\":[\"model\"]}",
    "\0{\"store\":\"/nonexistent\",\"attributes\":{\"a\":{\"value\":1.5}},\"shadow_slots\":2}",
    "\1{\"mode\":\"off\"}",
    "\1\x0a\x0d\x0a\x04mode\x12\x05\x1a\x03off",
    "\1{\"use_case\":\"Home\"}",
    "\2\20\4Home\1\3ada\3\2DK\4\003"
    "366\5\4true",
    "\2\20\10Shadowed\1\3u_1\10\6forged\12\6forged",
    "\2\7\7to-beta\14\20application/grpc\20\6Nobody",
    "\2\17\2/d\10\6forged",
    "\2\20\4Home\3\2US\15\6replay\6\3r_1",
    "\3{\"use_case\":\"Home\",\"unit\":\"ada\",\"context\":{\"country\":\"DK\",\"kids\":true}}",
    "\3[{\"use_case\":\"Home\",\"unit_base64\":\"dV8x\"},{\"use_case\":\"Off\",\"now\":null}]",
    "\3{\"use_case\":\"Home\",\"assignments\":{\"colour\":\"red\"},\"units\":{\"session\":\"s\"},"
    "\"request_id\":\"r\",\"now\":\"2026-11-20T00:00:00+01:00\"}",
};
enum { SEEDS = sizeof seeds / sizeof *seeds, ROUNDS = 20000 };

static uint64_t state;

static uint64_t below(uint64_t bound) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state * UINT64_C(0x2545F4914F6CDD1D) % bound;
}

/* Some bytes changed, taken out, or put in twice. */
static size_t mutate(char *bytes, size_t size, size_t room) {
  static const char likely[] = "{}[]\",:0-\\\n\xff\x80";
  for (uint64_t changes = below(6); changes > 0 && size > 1; changes--) {
    size_t at = 1 + below(size - 1);
    size_t span = 1 + below(8);
    switch (below(4)) {
    case 0:
      bytes[at] = (char)below(256);
      break;
    case 1:
      bytes[at] = likely[below(sizeof likely)];
      break;
    case 2:
      span = span < size - at ? span : size - at;
      memmove(bytes + at, bytes + at + span, size - at - span);
      size -= span;
      break;
    default:
      if (size + span > room || span > size - at)
        break;
      memmove(bytes + at + span, bytes + at, size - at);
      size += span;
    }
  }
  return size;
}

static void bytes_of_anybody_do_no_harm(void) {
  for (int round = 0; round < ROUNDS; round++) {
    char bytes[512];
    const char *seed = seeds[below(SEEDS)];
    size_t size = 1 + strlen(seed + 1);
    memcpy(bytes, seed, size);
    fuzz(bytes, mutate(bytes, size, sizeof bytes));
  }
}

int main(void) {
  begin();
  const char *seed = getenv("SEED");
  state = seed ? strtoull(seed, NULL, 10) : 1;
  printf("SEED=%" PRIu64 "\n", state);
  RUN(bytes_of_anybody_do_no_harm);
  return claims_end();
}
#endif
