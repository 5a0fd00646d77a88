/*
 * load PID CONNECTIONS NAME PORT USE_CASE…: asks a proxy over HTTP/1.1 and reads its CPU clock.
 * SPDX-License-Identifier: Apache-2.0
 *
 * CONNECTIONS are opened to every PORT of 127.0.0.1 and kept. Each line `NAME REQUESTS` on standard
 * input is a slice: so many requests to that port, one at a time on each connection. Its answer is
 * a line: name, CPU ns of the process PID with all its threads, ns by the clock, and how many
 * answers each upstream gave, as `a:12,b:3`. Anything but a 200 with a letter in `x-upstream` ends
 * the run.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { VARIANTS_MAX = 32, CONNECTIONS_MAX = 64, BYTES_MAX = 8192, UNITS = 1000, LETTERS = 26 };

struct connection {
  int socket;
  size_t held; /* bytes in `bytes` */
  char bytes[BYTES_MAX];
};

struct variant {
  const char *name;
  const char *use_case;
  unsigned asked; /* over all slices: every variant sees the units in the same order */
  struct connection connections[CONNECTIONS_MAX];
};

static struct variant variants[VARIANTS_MAX];
static size_t variant_count, connection_count;
static unsigned answered_by[LETTERS];

static void die(const char *name, const char *what) {
  fprintf(stderr, "load: %s: %s\n", name, what);
  exit(1);
}

static int64_t ns_of(clockid_t clock) {
  struct timespec t;
  if (clock_gettime(clock, &t) != 0)
    die("clock", "the process is gone");
  return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* The CPU clock, once the process has gone to sleep: what it does after its last answer is its
 * work, too. */
static int64_t settled(clockid_t clock) {
  int64_t last = ns_of(clock);
  for (int again = 0; again < 200; again++) {
    nanosleep(&(struct timespec){0, 50000}, NULL);
    int64_t now = ns_of(clock);
    if (now == last)
      return now;
    last = now;
  }
  return last;
}

static void open_all(struct variant *variant, unsigned port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (size_t i = 0; i < connection_count; i++) {
    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s < 0 || connect(s, (struct sockaddr *)&address, sizeof address) != 0)
      die(variant->name, "no connection");
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    variant->connections[i].socket = s;
  }
}

static void ask(struct variant *variant, struct connection *connection) {
  char text[1024];
  unsigned unit = variant->asked++ % UNITS;
  int size = snprintf(text, sizeof text,
                      "GET /rank HTTP/1.1\r\nhost: ranking\r\nuser-agent: load\r\n"
                      "x-turnout-use-case: %s\r\nx-turnout-unit: member-%04u\r\n"
                      "x-country: US\r\nx-device: phone\r\nx-tenure-days: 400\r\n"
                      "x-app-version: 8.10.2\r\n\r\n",
                      variant->use_case, unit);
  if (write(connection->socket, text, (size_t)size) != size)
    die(variant->name, "a request was not taken");
}

/* Whether a whole answer is there; counts it by its upstream. */
static int answer(const struct variant *variant, struct connection *connection) {
  ssize_t more = read(connection->socket, connection->bytes + connection->held,
                      BYTES_MAX - 1 - connection->held);
  if (more <= 0)
    die(variant->name, "the connection was closed");
  connection->held += (size_t)more;
  connection->bytes[connection->held] = '\0';
  const char *end = strstr(connection->bytes, "\r\n\r\n");
  if (!end)
    return 0;
  const char *length = strstr(connection->bytes, "\r\ncontent-length: ");
  const char *upstream = strstr(connection->bytes, "\r\nx-upstream: ");
  if (strncmp(connection->bytes, "HTTP/1.1 200", 12) != 0 || !length || !upstream ||
      upstream[14] < 'a' || upstream[14] > 'z')
    die(variant->name, connection->bytes);
  size_t whole = (size_t)(end - connection->bytes) + 4 + strtoul(length + 18, NULL, 10);
  if (connection->held < whole)
    return 0;
  if (connection->held > whole)
    die(variant->name, "more than one answer");
  answered_by[upstream[14] - 'a']++;
  connection->held = 0;
  return 1;
}

static void slice(struct variant *variant, int poller, unsigned requests) {
  unsigned left = requests, waiting = 0;
  for (size_t i = 0; i < connection_count && left; i++, left--, waiting++)
    ask(variant, &variant->connections[i]);
  while (waiting) {
    struct epoll_event events[CONNECTIONS_MAX];
    int ready = epoll_wait(poller, events, CONNECTIONS_MAX, 10000);
    if (ready <= 0)
      die(variant->name, "no answer for 10 s");
    for (int i = 0; i < ready; i++) {
      struct connection *connection = events[i].data.ptr;
      if (!answer(variant, connection))
        continue;
      waiting--;
      if (left) {
        ask(variant, connection);
        left--, waiting++;
      }
    }
  }
}

int main(int argc, char **argv) {
  pid_t pid = argc > 5 && argc % 3 == 0 ? (pid_t)strtol(argv[1], NULL, 10) : 0;
  connection_count = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
  variant_count = (size_t)(argc - 3) / 3;
  if (pid <= 0 || connection_count < 1 || connection_count > CONNECTIONS_MAX ||
      variant_count > VARIANTS_MAX) {
    fprintf(stderr, "usage: load PID CONNECTIONS NAME PORT USE_CASE...\n");
    return 2;
  }
  clockid_t clock;
  if (clock_getcpuclockid(pid, &clock) != 0)
    die(argv[1], "no CPU clock of this process");
  int poller = epoll_create1(EPOLL_CLOEXEC);
  for (size_t v = 0; v < variant_count; v++) {
    struct variant *variant = &variants[v];
    variant->name = argv[3 + 3 * v];
    variant->use_case = argv[5 + 3 * v];
    open_all(variant, (unsigned)strtoul(argv[4 + 3 * v], NULL, 10));
    for (size_t i = 0; i < connection_count; i++) {
      struct epoll_event event = {.events = EPOLLIN, .data.ptr = &variant->connections[i]};
      epoll_ctl(poller, EPOLL_CTL_ADD, variant->connections[i].socket, &event);
    }
  }
  char line[256];
  while (fgets(line, sizeof line, stdin)) {
    struct variant *variant = NULL;
    char *blank = strchr(line, ' ');
    unsigned requests = blank ? (unsigned)strtoul(blank, NULL, 10) : 0;
    if (blank)
      *blank = '\0';
    for (size_t v = 0; v < variant_count; v++)
      if (strcmp(line, variants[v].name) == 0)
        variant = &variants[v];
    if (!variant || !requests)
      die(line, "no such slice");
    memset(answered_by, 0, sizeof answered_by);
    int64_t cpu = settled(clock), begin = ns_of(CLOCK_MONOTONIC);
    slice(variant, poller, requests);
    int64_t took = ns_of(CLOCK_MONOTONIC) - begin;
    printf("%s\t%lld\t%lld\t", variant->name, (long long)(settled(clock) - cpu), (long long)took);
    const char *comma = "";
    for (int i = 0; i < LETTERS; i++)
      if (answered_by[i]) {
        printf("%s%c:%u", comma, 'a' + i, answered_by[i]);
        comma = ",";
      }
    printf("\n");
    fflush(stdout);
  }
  return 0;
}
