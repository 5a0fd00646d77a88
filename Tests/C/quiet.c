/* What the hot path leaves alone: after a thread's first call a resolve allocates nothing and makes
 * no system call, whatever it is asked and whatever it answers. */
#include "stores.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>

#include <linux/seccomp.h>
#include <sys/syscall.h>

static turnout_engine *engine;
static turnout_view *view;

/* 0 where the clock may be read. */
static int64_t now_ns;

enum { UNITS = 100 };

/* Every way to resolve, and answers of every kind. */
static void resolve_everything(void) {
  static const char *const names[] = {"Everything", "Plain",  "BySession", "Demanding", "Off",
                                      "ByAccount",  "Nobody", "\xff",      "All",       "Few"};
  static const turnout_assignment assignments[] = {{{"size", 4, 0}, {"large", 5}},
                                                   {{"age", 3, 0}, {"nowhere", 7}}};
  static turnout_text units[UNITS];
  static turnout_decision decisions[UNITS];
  static char buffer[UNITS * 128];
  turnout_attribute attributes[] = {string_attribute("country", "H"), number_attribute("age", 30),
                                    string_attribute("unknown", "x"),
                                    string_attribute("app", "9.1"), boolean_attribute("kids", 0)};
  turnout_unit session = {name("session"), text("s")};
  for (int i = 0; i < 10; i++) {
    for (uint64_t flags = 0; flags < 2; flags++) {
      turnout_request request = request_for(names[i], "u");
      request.attributes = attributes;
      request.attribute_count = 5;
      request.units = &session;
      request.unit_count = 1;
      request.flags = flags;
      request.now_ns = now_ns;
      for (size_t size = 0; size < sizeof buffer; size += size < 512 ? 32 : 1024) {
        request.request_id = text(size % 64 ? "r" : NULL);
        request.assignments = assignments;
        request.assignment_count = size / 64 % 3;
        turnout_decision decision = TURNOUT_DECISION_INIT;
        turnout_resolve(engine, &request, buffer, size, &decision);
        turnout_view_resolve(view, &request, buffer, size, &decision);
      }
      for (int k = 0; k < UNITS; k++) {
        units[k] = text("unit");
        decisions[k] = empty_decision();
      }
      turnout_resolve_units(engine, &request, units, UNITS, buffer, sizeof buffer, decisions,
                            sizeof *decisions, NULL);
      turnout_name use_case = turnout_name_of(text(names[i]));
      turnout_view_resolve_use_cases(view, &request, &use_case, 1, buffer, sizeof buffer, decisions,
                                     sizeof *decisions, NULL);
    }
  }
}

/* The sanitizers bring a malloc of their own. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define COUNTS_ALLOCATIONS
static _Thread_local unsigned allocations;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

/* The library's calls come here too: the program's symbols are found first. */
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

void *aligned_alloc(size_t alignment, size_t size) {
  allocations++;
  return __libc_memalign(alignment, size);
}

static void a_resolve_allocates_nothing(void) {
  unsigned before = allocations;
  turnout_engine *other = NULL;
  char store[PATH_BYTES];
  path_below_work(store, "quiet");
  CHECK_STATUS(turnout_engine_open(store, NULL, NULL, &other), TURNOUT_OK);
  CHECK(allocations > before); /* or this counts nothing */
  CHECK_STATUS(turnout_engine_close(other), TURNOUT_OK);
  resolve_everything();
  before = allocations;
  for (int i = 0; i < 20; i++)
    resolve_everything();
  CHECK_INT(allocations - before, 0);
}
#endif

static void a_resolve_makes_no_system_call(void) {
  int result[2];
  CHECK_INT(pipe(result), 0);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    /* The parent's view did not come along. */
    turnout_view *own = NULL;
    char answer = turnout_view_open(engine, NULL, &own) == TURNOUT_OK ? 'y' : 'n';
    view = own;
    /* The clock is read without a system call, but with the processor's counter, which the strict
     * mode forbids, too. */
    now_ns = INT64_C(1800000000000000000);
    resolve_everything();
    /* From here on this thread may read, write and end; anything else ends it. */
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0)
      answer = 's';
    for (int i = 0; i < 20; i++)
      resolve_everything();
    if (write(result[1], &answer, 1) != 1)
      answer = 'n';
    syscall(SYS_exit, 0);
  }
  close(result[1]);
  struct pollfd wait = {result[0], POLLIN, 0};
  char answer = 'n';
  if (poll(&wait, 1, 20000) != 1 || read(result[0], &answer, 1) != 1)
    answer = 'n';
  CHECK_INT(answer, 'y');
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  close(result[0]);
}

/* Claims about one document, in the store that is opened by name above. */
static void resolve_quietly(const char *name) {
  char store[PATH_BYTES], document[PATH_BYTES];
  path_below_work(store, "quiet");
  path_below_work(document, name);
  publish(store, document);
  engine = open_engine(store);
  CHECK_STATUS(turnout_view_open(engine, NULL, &view), TURNOUT_OK);
#ifdef COUNTS_ALLOCATIONS
  RUN(a_resolve_allocates_nothing);
#endif
  RUN(a_resolve_makes_no_system_call);
  CHECK_STATUS(turnout_view_close(view), TURNOUT_OK);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

int main(void) {
  resolve_quietly("routing.yaml");
  resolve_quietly("experiments.yaml");
  return claims_end();
}
