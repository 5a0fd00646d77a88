/* What a decision leaves alone once a thread has made its first: no allocation, no lock, no system
 * call, in the specifier and in the filter. What the stub host itself does is not counted.
 * SPDX-License-Identifier: Apache-2.0 */
#include "play.h"

#include <dlfcn.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <linux/seccomp.h>

static char store[PATH_BYTES];
static struct host_stream *stream;
static struct played filter, words_filter, specifier, keys;

enum { ROUNDS = 2000 };

/* ---- Counting ------------------------------------------------------------------------------- */

static _Thread_local unsigned allocations, locks;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *memory);

/* The library's calls come here, too: the program's symbols are found first. */
void *malloc(size_t size) {
  allocations++;
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  allocations++;
  return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
  allocations++;
  return __libc_realloc(memory, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  allocations++;
  *memory = __libc_memalign(alignment, size);
  return *memory ? 0 : 12;
}

void free(void *memory) {
  allocations++;
  __libc_free(memory);
}

#define COUNT_LOCK(name, type)                                                                     \
  int name(type *lock) {                                                                           \
    static int (*real)(type *);                                                                    \
    if (!real)                                                                                     \
      *(void **)&real = dlsym(RTLD_NEXT, #name);                                                   \
    locks++;                                                                                       \
    return real(lock);                                                                             \
  }
COUNT_LOCK(pthread_mutex_lock, pthread_mutex_t)
COUNT_LOCK(pthread_mutex_trylock, pthread_mutex_t)
COUNT_LOCK(pthread_rwlock_rdlock, pthread_rwlock_t)
COUNT_LOCK(pthread_rwlock_wrlock, pthread_rwlock_t)
COUNT_LOCK(pthread_spin_lock, pthread_spinlock_t)

/* ---- Requests ------------------------------------------------------------------------------- */

static void ask(const char *use_case, unsigned turn) {
  static const char *const units[] = {"u1", "u2", "ada", "a-longer-unit-0123456789"};
  host_stream_reset(stream);
  host_add(stream, REQUEST_HEADERS, ":path", "/");
  if (use_case)
    host_add(stream, REQUEST_HEADERS, "x-turnout-use-case", use_case);
  if (turn % 5)
    host_add(stream, REQUEST_HEADERS, "x-turnout-unit", units[turn % 4]);
  host_add(stream, REQUEST_HEADERS, "x-country", turn & 1 ? "DK" : "US");
  host_add(stream, REQUEST_HEADERS, "x-tenure", turn & 2 ? "12.5" : "400");
  host_add(stream, REQUEST_HEADERS, "x-kids", "false");
  host_add(stream, REQUEST_HEADERS, "x-turnout-routing-key", turn & 4 ? "alpha" : "nowhere");
}

/* Plays one request and says whether the filter may allocate its own stream. */
static void play(unsigned turn) {
  static const char *const use_cases[] = {"Home",     "Shadowed", "Strict", "Off",
                                          "Refusing", "Nobody",   "\xff",   NULL};
  const char *use_case = use_cases[turn % 8];
  ask(use_case, turn);
  play_request(&filter, stream);
  ask(use_case, turn);
  play_request(&keys, stream);
  ask(use_case, turn);
  stream->config = &specifier.host;
  play_select(&specifier, stream);
}

static void nothing_is_allocated_and_no_lock_is_taken(void) {
  for (unsigned turn = 0; turn < 40; turn++)
    play(turn);
  allocations = 0;
  locks = 0;
  struct host_stream *other = host_stream_new(NULL);
  CHECK(allocations > 0); /* or this counts nothing */
  host_stream_free(other);
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  CHECK_INT(locks, 1);
  allocations = 0;
  locks = 0;
  for (unsigned turn = 0; turn < ROUNDS; turn++)
    play(turn);
  CHECK_INT(allocations, 0);
  CHECK_INT(locks, 0);
}

/* With response headers or a directory a request has memory of its own: one piece, given back. */
static void a_filter_that_remembers_allocates_once_for_a_request(void) {
  ask("Home", 1);
  play_request(&words_filter, stream);
  allocations = 0;
  locks = 0;
  for (unsigned turn = 0; turn < ROUNDS; turn++) {
    ask("Home", turn);
    play_request(&words_filter, stream);
  }
  CHECK_INT(allocations, 2 * ROUNDS);
  CHECK_INT(locks, 0);
}

/* A question to the directory allocates what its JSON needs, but waits for nobody. */
static void directory_assistance_takes_no_lock(void) {
  static const char question[] = "[{\"use_case\":\"Home\",\"unit\":\"u\"},{\"use_case\":\"Off\"}]";
  for (unsigned turn = 0; turn < ROUNDS; turn++) {
    host_stream_reset(stream);
    host_add(stream, REQUEST_HEADERS, ":method", "POST");
    host_add(stream, REQUEST_HEADERS, ":path", "/d");
    const void *config = play_begin(&words_filter, stream);
    play_headers(stream, config, false);
    host_receive(stream, question, sizeof question - 1);
    if (turn == 1)
      locks = 0;
    play_body(stream, config, true);
    CHECK_INT(stream->reply_code, 200);
    HOOK(http_filter_destroy)(config);
  }
  CHECK_INT(locks, 0);
}

static void no_system_call_is_made(void) {
  int result[2];
  CHECK_INT(pipe(result), 0);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    for (unsigned turn = 0; turn < 40; turn++)
      play(turn);
    /* From here on this thread may read, write and end; anything else ends it. */
    char answer = prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) == 0 ? 'y' : 's';
    for (unsigned turn = 0; turn < ROUNDS; turn++)
      play(turn);
    if (write(result[1], &answer, 1) != 1)
      answer = 'n';
    syscall(SYS_exit, 0);
  }
  close(result[1]);
  struct pollfd wait = {result[0], POLLIN, 0};
  char answer = 'n';
  if (poll(&wait, 1, 60000) != 1 || read(result[0], &answer, 1) != 1)
    answer = 'n';
  CHECK_INT(answer, 'y');
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  close(result[0]);
}

#define ATTRIBUTES                                                                                 \
  "\"attributes\":{\"country\":{\"header\":\"x-country\"},\"tenure_days\":{\"header\":\"x-tenure"  \
  "\",\"type\":\"number\"},\"kids\":{\"header\":\"x-kids\",\"type\":\"boolean\"}}"

int main(void) {
  path_below_work(store, "quiet");
  char document[PATH_BYTES];
  path_below_work(document, "routes.yaml");
  publish(store, document);
  const char *down[] = {"set", "cluster", "delta", "down", "--store", store, NULL};
  if (turnout_run(down) != 0)
    give_up("cannot set", "delta down");
  stream = host_stream_new(NULL);
  play_new(&filter, store, "{\"store\":\"%s\"," ATTRIBUTES "}", true);
  play_new(&words_filter, store,
           "{\"store\":\"%s\",\"response_headers\":true,\"directory\":\"/d\"," ATTRIBUTES "}",
           true);
  play_new(&keys, store, "{\"store\":\"%s\",\"mode\":\"routing_key\"}", true);
  play_new(&specifier, store, "{\"store\":\"%s\"," ATTRIBUTES "}", false);
  RUN(nothing_is_allocated_and_no_lock_is_taken);
  RUN(a_filter_that_remembers_allocates_once_for_a_request);
  RUN(directory_assistance_takes_no_lock);
  RUN(no_system_call_is_made);
  return claims_end();
}
