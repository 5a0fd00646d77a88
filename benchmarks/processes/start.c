/*
 * start USE_CASE STORE...: how long a process waits for its first decision. For each store 20 fresh
 * processes open it and resolve the use case once, with the files in the page cache; between them,
 * others do what nobody can do without: map and populate as many bytes as the image has and take
 * their XXH3-128, and read them with read(). Prints a row for each store, named by its folder: the
 * least and the median of each, the CPU of the opening thread, what the process has of its own in
 * memory afterwards, and how many page faults it had.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <turnout.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum { PROCESSES = 20, MIDDLE = PROCESSES / 2, POPULATE_READ = 22 };

/* What one fresh process found. */
typedef struct found {
  uint64_t open_ns;  /* turnout_engine_open */
  uint64_t first_ns; /* from before it to the first decision */
  uint64_t cpu_ns;   /* the same, of the thread that opens */
  uint64_t image_bytes;
  uint64_t own_bytes; /* private memory but for the store's files */
  uint64_t faults;
  char file[4096 + 64]; /* the table's */
} found;

static void fail(const char *what) {
  fprintf(stderr, "start: %s\n", what);
  exit(3);
}

static uint64_t clock_ns(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t now_ns(void) { return clock_ns(CLOCK_MONOTONIC); }

/* Pages that only this process has, but for those of files in `store`: another process that opens
 * the store shares them. */
static uint64_t own_bytes(const char *store) {
  FILE *maps = fopen("/proc/self/smaps", "r");
  if (!maps)
    fail("/proc/self/smaps");
  char line[8192];
  uint64_t kilobytes = 0;
  int counts = 1;
  while (fgets(line, sizeof line, maps)) {
    if (strchr(line, '-') && strchr(line, ' ') && line[0] >= '0' && line[0] <= 'f' &&
        strchr(line, '-') < strchr(line, ' '))
      counts = !strstr(line, store);
    else if (counts &&
             (strncmp(line, "Private_Clean:", 14) == 0 || strncmp(line, "Private_Dirty:", 14) == 0))
      kilobytes += strtoul(line + 14, NULL, 10);
  }
  fclose(maps);
  return kilobytes * 1024;
}

static uint64_t faults(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (uint64_t)usage.ru_minflt;
}

/* In a fresh process: opens, resolves, and says what it found. */
static found open_once(const char *use_case, const char *store) {
  turnout_request request = TURNOUT_REQUEST_INIT;
  request.use_case = (turnout_name){use_case, strlen(use_case), 0};
  request.unit = (turnout_text){"u_17", 4};
  turnout_decision decision = TURNOUT_DECISION_INIT;
  turnout_error error = TURNOUT_ERROR_INIT;
  turnout_engine *engine;
  found found = {0};
  static char buffer[TURNOUT_DECISION_BYTES];
  uint64_t faults_before = faults();
  uint64_t cpu = clock_ns(CLOCK_THREAD_CPUTIME_ID);
  uint64_t begin = now_ns();
  turnout_status status = turnout_engine_open(store, NULL, &error, &engine);
  found.open_ns = now_ns() - begin;
  if (status != TURNOUT_OK)
    fail(error.message);
  status = turnout_resolve(engine, &request, buffer, sizeof buffer, &decision);
  found.first_ns = now_ns() - begin;
  found.cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - cpu;
  found.faults = faults() - faults_before;
  if (status < TURNOUT_OK || status == TURNOUT_UNKNOWN_USE_CASE)
    fail(turnout_status_name(status));
  found.own_bytes = own_bytes(store);

  turnout_engine_info info = TURNOUT_ENGINE_INFO_INIT;
  if (turnout_engine_status(engine, &info, &error) != TURNOUT_OK)
    fail(error.message);
  found.image_bytes = info.image_bytes;
  snprintf(found.file, sizeof found.file, "%s/tables/%08lu.mdb", store, info.revision);
  return found;
}

/* In a fresh process: the floor of a start that reads every byte once. Gives nanoseconds. */
static uint64_t digest_once(const char *path, size_t bytes) {
  uint64_t begin = now_ns();
  int file = open(path, O_RDONLY | O_CLOEXEC);
  void *map = file < 0 ? MAP_FAILED : mmap(NULL, bytes, PROT_READ, MAP_SHARED, file, 0);
  if (map == MAP_FAILED ||
      (madvise(map, bytes, POPULATE_READ) && madvise(map, bytes, MADV_WILLNEED)))
    fail(path);
  XXH128_hash_t digest = XXH3_128bits(map, bytes);
  __asm__ volatile("" : : "r"(digest.low64));
  return now_ns() - begin;
}

/* In a fresh process: reads into memory of its own. Gives nanoseconds. */
static uint64_t read_once(const char *path, size_t bytes) {
  uint64_t begin = now_ns();
  int file = open(path, O_RDONLY | O_CLOEXEC);
  char *memory = malloc(bytes);
  if (file < 0 || !memory)
    fail(path);
  for (size_t have = 0; have < bytes;) {
    ssize_t got = read(file, memory + have, bytes - have);
    if (got <= 0)
      fail(path);
    have += (size_t)got;
  }
  return now_ns() - begin;
}

/* What a fresh process of this program writes. */
static void fresh(char *const arguments[], void *out, size_t size) {
  int ends[2];
  if (pipe(ends))
    fail("pipe");
  pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    execv("/proc/self/exe", arguments);
    _exit(127);
  }
  close(ends[1]);
  size_t have = 0;
  for (ssize_t got; have < size && (got = read(ends[0], (char *)out + have, size - have)) > 0;)
    have += (size_t)got;
  close(ends[0]);
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || status != 0 || have != size)
    fail("a process failed");
}

static int ascending(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

static void print_times(const char *name, uint64_t *times) {
  qsort(times, PROCESSES, sizeof *times, ascending);
  printf("\t%s_min_ms=%.3f\t%s_median_ms=%.3f", name, (double)times[0] / 1e6, name,
         (double)times[MIDDLE] / 1e6);
}

static void measure(char *use_case, char *store) {
  static char open_word[] = "--open", digest_word[] = "--digest", read_word[] = "--read";
  char *opening[] = {open_word, use_case, store, NULL};
  uint64_t first[PROCESSES], opened[PROCESSES], cpu[PROCESSES], digested[PROCESSES],
      filled[PROCESSES];
  found found;
  char bytes[24];
  fresh(opening, &found, sizeof found);
  snprintf(bytes, sizeof bytes, "%lu", found.image_bytes);
  char *digesting[] = {digest_word, found.file, bytes, NULL};
  char *reading[] = {read_word, found.file, bytes, NULL};
  for (int i = 0; i < PROCESSES; i++) {
    fresh(opening, &found, sizeof found);
    first[i] = found.first_ns;
    opened[i] = found.open_ns;
    cpu[i] = found.cpu_ns;
    fresh(digesting, &digested[i], sizeof digested[i]);
    fresh(reading, &filled[i], sizeof filled[i]);
  }
  const char *name = strrchr(store, '/');
  printf("processes.start\t%s\timage_bytes=%lu", name ? name + 1 : store, found.image_bytes);
  print_times("first", first);
  print_times("open", opened);
  print_times("cpu", cpu);
  print_times("populate_digest", digested);
  print_times("read", filled);
  printf("\town_bytes=%lu\tfaults=%lu\n", found.own_bytes, found.faults);
  fflush(stdout);
}

int main(int argc, char **argv) {
  if (argc == 3 && strcmp(argv[0], "--open") == 0) {
    found found = open_once(argv[1], argv[2]);
    return write(STDOUT_FILENO, &found, sizeof found) == sizeof found ? 0 : 3;
  }
  if (argc == 3 && (strcmp(argv[0], "--digest") == 0 || strcmp(argv[0], "--read") == 0)) {
    size_t bytes = strtoul(argv[2], NULL, 10);
    if (bytes < 1024 || bytes > UINT32_MAX)
      fail("no size of an image");
    uint64_t took = argv[0][2] == 'd' ? digest_once(argv[1], bytes) : read_once(argv[1], bytes);
    return write(STDOUT_FILENO, &took, sizeof took) == sizeof took ? 0 : 3;
  }
  if (argc < 3) {
    fprintf(stderr, "usage: start USE_CASE STORE...\n");
    return 2;
  }
  for (int i = 2; i < argc; i++)
    measure(argv[1], argv[i]);
  return 0;
}
