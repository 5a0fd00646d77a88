/* What the hot path leaves alone: after a thread's first call a resolve allocates nothing, gives
 * nothing back, makes no system call and meets no page that is not there, whatever it is asked and
 * whatever it answers. */
#include "stores.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <linux/seccomp.h>
#include <sys/syscall.h>

static turnout_engine *engine;
static turnout_view *view;

/* 0 where the clock may be read. */
static int64_t now_ns;

enum { UNITS = 100, MILLION = 1000000, WITHOUT_CALLS = 100000 };

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

/* ---- Resolves of one kind, many times ------------------------------------------------------- */

/* A kind of resolve, of one document. Each gives how many decisions it made, all as expected. */
typedef struct kind {
  const char *name, *document;
  int (*resolve)(unsigned turn);
} kind;

static const char *unit_of(unsigned turn) {
  static const char *const units[] = {"u1", "u2", "u3", "ada", "bob", "a-longer-unit-0123456789"};
  return units[turn % 6];
}

static int decide(const char *use_case, unsigned turn, uint64_t flags, int with_view,
                  turnout_decision *decision) {
  static char buffer[4096];
  static turnout_attribute attributes[2];
  attributes[0] = string_attribute("country", turn & 1 ? "H" : "DK");
  attributes[1] = number_attribute("age", turn % 40);
  turnout_request request = request_for(use_case, unit_of(turn));
  request.attributes = attributes;
  request.attribute_count = 2;
  request.flags = flags;
  request.now_ns = now_ns;
  return with_view ? turnout_view_resolve(view, &request, buffer, sizeof buffer, decision)
                   : turnout_resolve(engine, &request, buffer, sizeof buffer, decision);
}

static int plain(unsigned turn) {
  turnout_decision decision = TURNOUT_DECISION_INIT;
  CHECK_STATUS(decide("Everything", turn, 0, 0, &decision), TURNOUT_OK);
  CHECK(!decision.config.data && decision.model.size > 0);
  return 1;
}

static int with_config(unsigned turn) {
  turnout_decision decision = TURNOUT_DECISION_INIT;
  CHECK_STATUS(decide("Everything", turn, TURNOUT_WANT_CONFIG, 0, &decision), TURNOUT_OK);
  CHECK(decision.config.size > 2);
  return 1;
}

static int with_experiments(unsigned turn) {
  turnout_decision decision = TURNOUT_DECISION_INIT;
  CHECK_STATUS(decide("Few", turn, turn & TURNOUT_WANT_CONFIG, 0, &decision), TURNOUT_OK);
  CHECK(decision.cell_count == 1 || decision.holdout_count > 0);
  return 1;
}

static int with_shadows(unsigned turn) {
  turnout_decision decision = TURNOUT_DECISION_INIT;
  CHECK_STATUS(decide("All", turn, turn & TURNOUT_WANT_CONFIG, 0, &decision), TURNOUT_OK);
  CHECK(decision.shadow_count >= 1);
  return 1;
}

static int by_view(unsigned turn) {
  turnout_decision decision = TURNOUT_DECISION_INIT;
  CHECK_STATUS(decide("All", turn, turn & TURNOUT_WANT_CONFIG, 1, &decision), TURNOUT_OK);
  CHECK(decision.revision == turnout_view_revision(view));
  return 1;
}

static int by_batch(unsigned turn) {
  static turnout_decision decisions[UNITS];
  static turnout_text units[UNITS];
  static char buffer[UNITS * 512];
  for (unsigned i = 0; i < UNITS; i++) {
    units[i] = text(unit_of(turn + i));
    decisions[i] = empty_decision();
  }
  size_t resolved = 0;
  turnout_request request = request_for("Everything", NULL);
  request.now_ns = now_ns;
  CHECK_STATUS(turnout_resolve_units(engine, &request, units, UNITS, buffer, sizeof buffer,
                                     decisions, sizeof *decisions, &resolved),
               TURNOUT_OK);
  CHECK_INT(resolved, UNITS);
  return UNITS;
}

static int by_batch_of_use_cases(unsigned turn) {
  turnout_name names[2] = {name("Everything"), name("Plain")};
  turnout_decision decisions[2] = {TURNOUT_DECISION_INIT, TURNOUT_DECISION_INIT};
  static char buffer[4096];
  turnout_request request = request_for(NULL, unit_of(turn));
  request.now_ns = now_ns;
  CHECK_STATUS(turnout_view_resolve_use_cases(view, &request, names, 2, buffer, sizeof buffer,
                                              decisions, sizeof *decisions, NULL),
               TURNOUT_OK);
  return 2;
}

static int refused(unsigned turn) {
  static const struct {
    const char *use_case;
    turnout_status status;
  } answers[] = {{"Nobody", TURNOUT_UNKNOWN_USE_CASE},
                 {"Off", TURNOUT_DISABLED},
                 {"Demanding", TURNOUT_MISSING_REQUIRED},
                 {"\xff", TURNOUT_INVALID_ARGUMENT}};
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_request request = request_for(answers[turn % 4].use_case, "u");
  char buffer[256];
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision),
               answers[turn % 4].status);
  request = request_for("Everything", "u");
  request.now_ns = now_ns;
  CHECK_STATUS(turnout_resolve(engine, &request, buffer, 0, &decision), TURNOUT_BUFFER_TOO_SMALL);
  return 2;
}

static int destinations(unsigned turn) {
  static const char *const keys[] = {"main", "to-spare", "sharded/s1", "nobody", "\xff"};
  static const turnout_status answers[] = {TURNOUT_OK, TURNOUT_OK, TURNOUT_OK,
                                           TURNOUT_UNKNOWN_ROUTING_KEY, TURNOUT_INVALID_ARGUMENT};
  turnout_destination destination = TURNOUT_DESTINATION_INIT;
  char buffer[256];
  turnout_text key = text(keys[turn % 5]);
  CHECK_STATUS(turnout_engine_destination(engine, key, buffer, sizeof buffer, &destination),
               answers[turn % 5]);
  CHECK_STATUS(turnout_view_destination(view, key, buffer, sizeof buffer, &destination),
               answers[turn % 5]);
  return 2;
}

static const kind kinds[] = {
    {"plain", "routing.yaml", plain},
    {"with config", "routing.yaml", with_config},
    {"by experiments", "experiments.yaml", with_experiments},
    {"with shadows", "experiments.yaml", with_shadows},
    {"through a view", "experiments.yaml", by_view},
    {"in batches of units", "routing.yaml", by_batch},
    {"in batches of use cases", "routing.yaml", by_batch_of_use_cases},
    {"refused", "routing.yaml", refused},
    {"of routing keys", "routing.yaml", destinations},
};
static const kind *resolved_kind;

static void resolve_times(int decisions) {
  for (unsigned turn = 0; decisions > 0; turn++)
    decisions -= resolved_kind->resolve(turn);
}

/* ---- Memory --------------------------------------------------------------------------------- */

/* The sanitizers bring a malloc of their own. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define COUNTS_ALLOCATIONS
static _Thread_local unsigned allocations;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *memory);

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

void free(void *memory) {
  allocations++;
  __libc_free(memory);
}

void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset) {
  allocations++;
  return (void *)syscall(SYS_mmap, address, size, protection, flags, file, offset);
}

int munmap(void *address, size_t size) {
  allocations++;
  return (int)syscall(SYS_munmap, address, size);
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

static void a_million_of_one_kind_allocate_nothing(void) {
  unsigned before = allocations;
  resolve_times(MILLION);
  CHECK_INT(allocations - before, 0);
}
#endif

/* ---- System calls --------------------------------------------------------------------------- */

static void resolve_all(void) {
  for (int i = 0; i < 20; i++)
    resolve_everything();
}

static void resolve_many_of_one_kind(void) { resolve_times(WITHOUT_CALLS); }

/* Whether `body` runs to its end, without a failed check, in a process that may no longer call. */
static void expect_no_call(void (*body)(void)) {
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
    body();
    if (atomic_load(&checks_failed) != 0)
      answer = 'c';
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

static void a_resolve_makes_no_system_call(void) { expect_no_call(resolve_all); }

static void many_of_one_kind_make_no_system_call(void) { expect_no_call(resolve_many_of_one_kind); }

/* ---- Pages ---------------------------------------------------------------------------------- */

enum { USE_CASES = 4000, SWAPS = 4 };
static atomic_bool stop;
static atomic_uint swaps_seen, swaps_without_fault;

/* A table of a megabyte or so that states its number. */
static void publish_large(const char *store, unsigned number) {
  char document[PATH_BYTES + 16];
  snprintf(document, sizeof document, "%s-%u.yaml", store, number);
  FILE *file = fopen(document, "w");
  if (!file)
    give_up("cannot write", document);
  fprintf(file,
          "turnout: 1\nunit: user\nclusters: { c: { address: 'c:80' } }\n"
          "models: { m: { v%u: { cluster: c } } }\nuse_cases:\n",
          number);
  for (int i = 0; i < USE_CASES; i++)
    fprintf(file, "  UseCase%04d: { rules: [ { route: m@v%u } ] }\n", i, number);
  fclose(file);
  publish(store, document);
}

static long faults_of_this_thread(void) {
  struct rusage usage;
  getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_minflt + usage.ru_majflt;
}

/* Resolves every use case again and again; between one whole round of a revision and the next, all
 * of the new table was read. */
static void *touch_every_use_case(void *unused) {
  (void)unused;
  char buffer[1024], use_case[32];
  uint64_t touched = 0;
  long faults = 0;
  while (!atomic_load(&stop)) {
    uint64_t first = 0, last = 0;
    for (int i = 0; i < USE_CASES; i++) {
      snprintf(use_case, sizeof use_case, "UseCase%04d", i);
      turnout_request request = request_for(use_case, "u");
      turnout_decision decision = TURNOUT_DECISION_INIT;
      CHECK_STATUS(turnout_resolve(engine, &request, buffer, sizeof buffer, &decision), TURNOUT_OK);
      CHECK_INT(number_in(decision.version, "v%u"), decision.revision);
      last = decision.revision;
      first = i == 0 ? last : first;
    }
    long now = faults_of_this_thread();
    if (first == last && last != touched) {
      if (touched) {
        if (now == faults)
          atomic_fetch_add(&swaps_without_fault, 1);
        atomic_fetch_add(&swaps_seen, 1);
      }
      touched = last;
    }
    if (first == last)
      faults = now;
  }
  return NULL;
}

/* The system may take a page away for reasons of its own, but hardly in every swap; without the
 * keeper's work there would be hundreds of faults in each. */
static void a_new_table_costs_who_resolves_no_page_fault(void) {
  char store[PATH_BYTES];
  path_below_work(store, "pages");
  publish_large(store, 1);
  engine = open_engine(store);
  pthread_t thread;
  CHECK_INT(pthread_create(&thread, NULL, touch_every_use_case, NULL), 0);
  for (unsigned number = 2; number <= 1 + SWAPS; number++) {
    publish_large(store, number);
    wait_for_revision(engine, number);
    double end = seconds_now() + 20;
    while (atomic_load(&swaps_seen) < number - 1 && seconds_now() < end)
      usleep(500);
  }
  atomic_store(&stop, true);
  CHECK_INT(pthread_join(thread, NULL), 0);
  CHECK_INT(atomic_load(&swaps_seen), SWAPS);
  CHECK(atomic_load(&swaps_without_fault) > 0);
  printf("%u of %u new tables without a page fault\n", atomic_load(&swaps_without_fault),
         atomic_load(&swaps_seen));
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

/* ---- All of it ------------------------------------------------------------------------------ */

/* Claims about one document, in the store that is opened by name above. */
static void resolve_quietly(const char *document_name) {
  char store[PATH_BYTES], document[PATH_BYTES], claim[128];
  path_below_work(store, "quiet");
  path_below_work(document, document_name);
  publish(store, document);
  engine = open_engine(store);
  CHECK_STATUS(turnout_view_open(engine, NULL, &view), TURNOUT_OK);
#ifdef COUNTS_ALLOCATIONS
  RUN(a_resolve_allocates_nothing);
#endif
  RUN(a_resolve_makes_no_system_call);
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    if (strcmp(kinds[i].document, document_name) != 0)
      continue;
    resolved_kind = &kinds[i];
#ifdef COUNTS_ALLOCATIONS
    snprintf(claim, sizeof claim, "a million resolves %s allocate nothing", kinds[i].name);
    run_claim(claim, a_million_of_one_kind_allocate_nothing);
#endif
    snprintf(claim, sizeof claim, "100,000 resolves %s make no system call", kinds[i].name);
    run_claim(claim, many_of_one_kind_make_no_system_call);
  }
  CHECK_STATUS(turnout_view_close(view), TURNOUT_OK);
  CHECK_STATUS(turnout_engine_close(engine), TURNOUT_OK);
}

int main(void) {
  resolve_quietly("routing.yaml");
  resolve_quietly("experiments.yaml");
  RUN(a_new_table_costs_who_resolves_no_page_fault);
  return claims_end();
}
