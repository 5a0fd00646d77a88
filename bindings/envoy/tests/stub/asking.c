/* Directory assistance: what the sidecar answers is what the command answers, byte for byte; what
 * cannot be answered is refused with words; a body may come in any pieces.
 * SPDX-License-Identifier: Apache-2.0 */
#include "play.h"

#include <jansson.h>

static char store[PATH_BYTES];
static struct played played;
static struct host_stream *stream;

static void begin(const char *method, const char *path) {
  host_stream_reset(stream);
  host_add(stream, REQUEST_HEADERS, ":method", method);
  host_add(stream, REQUEST_HEADERS, ":path", path);
}

/* Posts a body in pieces of `piece` bytes; it ends with the last piece, or with trailers. */
static void post(const char *body, size_t size, size_t piece, bool trailers) {
  begin("POST", "/turnout/v1/resolve");
  host_add(stream, REQUEST_HEADERS, "content-type", "application/json");
  const void *filter = play_begin(&played, stream);
  CHECK_INT(play_headers(stream, filter, size == 0 && !trailers), HEADERS_STOP);
  for (size_t at = 0; at < size && stream->reply_code == 0; at += piece) {
    size_t left = size - at;
    bool last = left <= piece;
    host_receive(stream, body + at, last ? left : piece);
    int status = play_body(stream, filter, last && !trailers);
    CHECK_INT(status, stream->reply_code == 0 ? BODY_STOP_AND_BUFFER : BODY_STOP);
  }
  if (trailers && stream->reply_code == 0) {
    CHECK_INT(HOOK(http_filter_request_trailers)(stream, filter), TRAILERS_STOP);
    host_move(stream);
  }
  CHECK(stream->reply_code != 0);
  CHECK_SAYS(host_reply_header(stream, "content-type"), "application/json");
  CHECK_INT(stream->clears, 0);
  HOOK(http_filter_stream_complete)(stream, filter);
  HOOK(http_filter_destroy)(filter);
}

static void post_text(const char *body) { post(body, strlen(body), 1 << 16, false); }

/* ---- The command says the same -------------------------------------------------------------- */

static const char *const requests[] = {
    "{\"use_case\":\"Home\",\"unit\":\"u_1\"}",
    "{\"use_case\":\"Home\",\"unit\":\"ada\",\"context\":{\"country\":\"US\",\"tenure_days\":400,"
    "\"kids\":true}}",
    "{\"use_case\":\"Home\",\"unit\":\"u_2\",\"context\":{\"tenure_days\":4.5e2,\"kids\":false}}",
    "{\"use_case\":\"Home\",\"unit\":\"u_3\",\"context\":{\"country\":\"DK\"},\"units\":{"
    "\"session\":\"s_1\"}}",
    "{\"use_case\":\"Home\",\"unit_base64\":\"/wD+\"}",
    "{\"use_case\":\"Home\",\"unit_base64\":\"dV8x\"}",
    "{\"use_case\":\"Home\",\"unit\":\"u_4\",\"assignments\":{\"colour\":\"red\"}}",
    "{\"use_case\":\"Home\",\"unit\":\"u_4\",\"assignments\":{\"colour\":null,\"none\":\"x\"}}",
    "{\"use_case\":\"Home\",\"request_id\":\"r_1\"}",
    "{\"use_case\":\"Home\",\"unit\":\"\\u00e9\\ud83d\\ude00\\u0000\"}",
    "{\"use_case\":\"Home\",\"unit\":null,\"units\":{\"session\":null},\"now\":null}",
    "{\"use_case\":\"Home\",\"unit\":\"u_5\",\"now\":\"2026-11-20T00:00:00.5+01:00\"}",
    "{\"use_case\":\"Home\",\"unit\":\"u_6\",\"context\":{\"traffic\":\"replay\",\"x\":[1,{}]}}",
    "{\"use_case\":\"Home\",\"unit\":\"u_7\",\"context\":{\"country\":12,\"kids\":\"true\","
    "\"tenure_days\":null}}",
    "{\"use_case\":\"Shadowed\",\"unit\":\"u_8\"}",
    "{\"use_case\":\"Strict\",\"unit\":\"u_9\"}",
    "{\"use_case\":\"Strict\",\"unit\":\"u_9\",\"context\":{\"country\":\"FI\"}}",
    "{\"use_case\":\"Refusing\",\"unit\":\"u_9\"}",
    "{\"use_case\":\"Off\"}",
    "{\"use_case\":\"Nobody\"}",
    "{ \"unit\" : \"u_10\" ,\t\"use_case\" : \"Home\" }",
    "{\"use_case\":\"Home\",\"unit\":\"u\",\"context\":{\"tenure_days\":"
    "123456789012345678901234567890}}",
};
enum { REQUESTS = sizeof requests / sizeof *requests };

/* What `turnout resolve --batch` says to the requests, line by line. */
static char *lines_of_command(void) {
  char in[PATH_BYTES];
  char out[PATH_BYTES];
  char command[4 * PATH_BYTES];
  path_below_work(in, "requests.jsonl");
  path_below_work(out, "answers.jsonl");
  FILE *file = fopen(in, "w");
  if (!file)
    give_up("cannot write", in);
  for (int i = 0; i < REQUESTS; i++)
    fprintf(file, "%s\n", requests[i]);
  fclose(file);
  snprintf(command, sizeof command, "'%s' resolve --batch '%s' --store '%s' > '%s'",
           setting("TURNOUT"), in, store, out);
  if (system(command) != 0)
    give_up("cannot run", command);
  static char lines[1 << 18];
  file = fopen(out, "r");
  if (!file)
    give_up("cannot read", out);
  lines[fread(lines, 1, sizeof lines - 1, file)] = 0;
  fclose(file);
  return lines;
}

static void each_answer_is_that_of_the_command(void) {
  char *line = lines_of_command();
  for (int i = 0; i < REQUESTS; i++) {
    char *end = strchr(line, '\n');
    CHECK(end != NULL);
    if (!end)
      return;
    *end = 0;
    post_text(requests[i]);
    CHECK_INT(stream->reply_code, 200);
    CHECK_SAYS(stream->reply_body, line);
    CHECK_SAYS(stream->reply_details, "turnout_directory");
    line = end + 1;
  }
  CHECK(*line == 0);
}

static char list[1 << 16];

static const char *list_of_all(void) {
  size_t size = 0;
  for (int i = 0; i < REQUESTS; i++)
    size +=
        (size_t)snprintf(list + size, sizeof list - size, "%s%s", i ? " ,\n" : "[ ", requests[i]);
  snprintf(list + size, sizeof list - size, " ]\n");
  return list;
}

static void a_list_is_answered_in_its_order_from_one_revision(void) {
  char *lines = lines_of_command();
  char expected[1 << 18];
  size_t size = 0;
  for (char *line = lines; *line; line++)
    expected[size++] = *line == '\n' ? ',' : *line;
  expected[size - 1] = 0;
  char whole[sizeof expected + 2];
  snprintf(whole, sizeof whole, "[%s]", expected);
  post_text(list_of_all());
  CHECK_INT(stream->reply_code, 200);
  CHECK_SAYS(stream->reply_body, whole);
  post_text(" [ ] ");
  CHECK_SAYS(stream->reply_body, "[]");
}

static void a_body_may_come_in_any_pieces(void) {
  char expected[1 << 18];
  post_text(list_of_all());
  snprintf(expected, sizeof expected, "%.*s", (int)stream->reply_body.size,
           stream->reply_body.data);
  size_t size = strlen(list_of_all());
  for (size_t piece = size / 40 + 1; piece < 3 * size; piece = piece * 3 / 2)
    for (int trailers = 0; trailers < 2; trailers++) {
      post(list, size, piece, trailers);
      CHECK_SAYS(stream->reply_body, expected);
    }
}

static void a_body_that_another_filter_kept_is_read_once(void) {
  begin("POST", "/turnout/v1/resolve?from=there");
  const void *filter = play_begin(&played, stream);
  CHECK_INT(play_headers(stream, filter, false), HEADERS_STOP);
  host_receive(stream, requests[0], strlen(requests[0]));
  host_buffer(stream);
  host_receive(stream, requests[0], strlen(requests[0]));
  stream->received_is_buffered = true;
  CHECK_INT(play_body(stream, filter, true), BODY_STOP);
  CHECK_INT(stream->reply_code, 200);
  HOOK(http_filter_destroy)(filter);
}

/* ---- Refusals ------------------------------------------------------------------------------- */

static void what_cannot_be_read_is_refused_with_words(void) {
  static const struct {
    const char *body, *error;
  } cases[] = {
#include "directory_errors.txt"
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    post_text(cases[i].body);
    CHECK_INT(stream->reply_code, 400);
    json_t *answer = json_loadb(stream->reply_body.data, stream->reply_body.size, 0, NULL);
    CHECK_TEXT(text(json_string_value(json_object_get(answer, "error"))), cases[i].error);
    CHECK_INT(json_object_size(answer), 1);
    json_decref(answer);
    CHECK_SAYS(stream->reply_details, "turnout_directory_bad_request");
  }
}

static void what_is_too_large_is_refused_before_it_is_kept(void) {
  static char body[300000];
  memset(body, ' ', sizeof body);
  memcpy(body, requests[0], strlen(requests[0]));
  post(body, 262144, 262144, false);
  CHECK_INT(stream->reply_code, 200);
  post(body, 262145, 100000, false);
  CHECK_INT(stream->reply_code, 413);
  CHECK_SAYS(stream->reply_body,
             "{\"error\":\"a body has at most 256 KiB; ask for fewer at once\"}");
  begin("POST", "/turnout/v1/resolve");
  host_add(stream, REQUEST_HEADERS, "content-length", "99999999999999999999999");
  const void *filter = play_begin(&played, stream);
  CHECK_INT(play_headers(stream, filter, false), HEADERS_STOP);
  CHECK_INT(stream->reply_code, 413);
  HOOK(http_filter_destroy)(filter);
  for (size_t count = 256; count <= 257; count++) {
    size_t size = 1;
    body[0] = '[';
    for (size_t i = 0; i < count; i++)
      size += (size_t)snprintf(body + size, sizeof body - size, "{\"use_case\":\"Home\"},");
    body[size - 1] = ']';
    post(body, size, size, false);
    CHECK_INT(stream->reply_code, count == 256 ? 200 : 413);
  }
}

/* Reading many short values would hold the worker, so they are counted first; what stands in texts
 * is not among them. */
static void a_body_of_many_values_is_refused_unread(void) {
  static char body[65536];
  for (size_t count = 8187; count <= 8189; count++) {
    size_t size = (size_t)sprintf(
        body, "{\"use_case\":\"Home\",\"unit\":\"\\\",[[[{{{\",\"context\":{\"x\":[1");
    for (size_t i = 1; i < count; i++)
      size += (size_t)sprintf(body + size, ",1");
    size += (size_t)sprintf(body + size, "]}}");
    post(body, size, size, false);
    CHECK_INT(stream->reply_code, count <= 8187 ? 200 : 413);
  }
}

static void only_post_is_a_question(void) {
  static const char *const methods[] = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"};
  for (int i = 0; i < 5; i++) {
    begin(methods[i], "/turnout/v1/resolve");
    const void *filter = play_begin(&played, stream);
    CHECK_INT(play_headers(stream, filter, true), HEADERS_STOP);
    CHECK_INT(stream->reply_code, 405);
    CHECK_SAYS(host_reply_header(stream, "allow"), "POST");
    HOOK(http_filter_destroy)(filter);
  }
  begin("POST", "/turnout/v1/resolve");
  host_add(stream, REQUEST_HEADERS, "content-encoding", "gzip");
  const void *filter = play_begin(&played, stream);
  CHECK_INT(play_headers(stream, filter, false), HEADERS_STOP);
  CHECK_INT(stream->reply_code, 415);
  HOOK(http_filter_destroy)(filter);
}

static void a_question_keeps_no_internal_header(void) {
  begin("POST", "/turnout/v1/resolve");
  host_add(stream, REQUEST_HEADERS, "x-turnout-cluster", "forged");
  host_add(stream, REQUEST_HEADERS, "x-turnout-shadow-3", "forged");
  const void *filter = play_begin(&played, stream);
  CHECK_INT(play_headers(stream, filter, false), HEADERS_STOP);
  CHECK_SAYS(host_header(stream, REQUEST_HEADERS, "x-turnout-cluster"), NULL);
  CHECK_SAYS(host_header(stream, REQUEST_HEADERS, "x-turnout-shadow-3"), NULL);
  host_receive(stream, requests[0], strlen(requests[0]));
  CHECK_INT(play_body(stream, filter, true), BODY_STOP);
  CHECK_INT(stream->reply_code, 200);
  HOOK(http_filter_destroy)(filter);
}

static void other_paths_are_routed(void) {
  static const char *const paths[] = {
      "/", "/turnout/v1/resolver", "/turnout/v1", "/turnout/v1/resolve/", "/TURNOUT/v1/resolve",
      ""};
  for (int i = 0; i < 6; i++) {
    begin("POST", paths[i]);
    host_add(stream, REQUEST_HEADERS, "x-turnout-use-case", "Home");
    const void *filter = play_begin(&played, stream);
    CHECK_INT(play_headers(stream, filter, false), HEADERS_CONTINUE);
    host_receive(stream, "body", 4);
    CHECK_INT(play_body(stream, filter, true), BODY_CONTINUE);
    CHECK_INT(HOOK(http_filter_request_trailers)(stream, filter), TRAILERS_CONTINUE);
    CHECK_INT(stream->reply_code, 0);
    HOOK(http_filter_destroy)(filter);
  }
}

static void constants_of_the_settings_hold_unless_the_request_says_otherwise(void) {
  struct played other;
  play_new(&other, store,
           "{\"store\":\"%s\",\"directory\":\"/turnout/v1/resolve\",\"attributes\":{\"region\":{"
           "\"value\":\"us-east-1\"},\"country\":{\"header\":\"x-country\"}}}",
           true);
  struct played before = played;
  played = other;
  post_text("{\"use_case\":\"Home\",\"unit\":\"u_1\"}");
  CHECK(memmem(stream->reply_body.data, stream->reply_body.size, "\"rule\":\"east\"", 13) != NULL);
  post_text("{\"use_case\":\"Home\",\"unit\":\"u_1\",\"context\":{\"region\":\"eu\"}}");
  CHECK(memmem(stream->reply_body.data, stream->reply_body.size, "\"rule\":\"canary\"", 15) !=
        NULL);
  play_free(&played, true);
  played = before;
}

static void without_a_table_every_answer_says_so(void) {
  char empty[PATH_BYTES];
  char document[PATH_BYTES];
  path_below_work(empty, "empty");
  path_below_work(document, "routes.yaml");
  const char *words[] = {"publish", "--stage", document, "--store", empty, NULL};
  if (turnout_run(words) != 0)
    give_up("cannot stage", document);
  struct played before = played;
  play_new(&played, empty, "{\"store\":\"%s\",\"directory\":\"/turnout/v1/resolve\"}", true);
  post_text("{\"use_case\":\"Home\",\"unit\":\"u_1\"}");
  CHECK_INT(stream->reply_code, 200);
  CHECK(memcmp(stream->reply_body.data, "{\"status\":\"no_table\",", 21) == 0);
  play_free(&played, true);
  played = before;
}

int main(void) {
  path_below_work(store, "asking");
  char document[PATH_BYTES];
  path_below_work(document, "routes.yaml");
  publish(store, document);
  const char *down[] = {"set", "cluster", "delta", "down", "--store", store, NULL};
  if (turnout_run(down) != 0)
    give_up("cannot set", "delta down");
  stream = host_stream_new(NULL);
  play_new(&played, store, "{\"store\":\"%s\",\"directory\":\"/turnout/v1/resolve\"}", true);
  RUN(each_answer_is_that_of_the_command);
  RUN(a_list_is_answered_in_its_order_from_one_revision);
  RUN(a_body_may_come_in_any_pieces);
  RUN(a_body_that_another_filter_kept_is_read_once);
  RUN(what_cannot_be_read_is_refused_with_words);
  RUN(what_is_too_large_is_refused_before_it_is_kept);
  RUN(a_body_of_many_values_is_refused_unread);
  RUN(only_post_is_a_question);
  RUN(a_question_keeps_no_internal_header);
  RUN(other_paths_are_routed);
  RUN(constants_of_the_settings_hold_unless_the_request_says_otherwise);
  RUN(without_a_table_every_answer_says_so);
  play_free(&played, true);
  host_stream_free(stream);
  return claims_end();
}
