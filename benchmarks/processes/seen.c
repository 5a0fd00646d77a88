/*
 * seen FOLLOWER STORE PROCESSES MOVES HEAD HEAD OUT: how soon other processes serve a new head. Both
 * heads were copied from the store; this program moves between them as a publisher does: it writes
 * a file, renames it to `head` and rings the bell. The time begins with the rename and ends, in each
 * process, when a resolve that begins would be answered by the new head: `adopted_at_ns`. Writes the
 * times to OUT as 32-bit numbers of ns and prints nothing.
 *
 * seen follow STORE USE_CASE PROCESS MEMORY: one of the processes, started by the above. It looks at
 * what it serves every 5 ms, which costs what follows nothing, and resolves once to see that the
 * decision agrees.
 */
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <turnout.h>

#include "clock.h"

enum { PROCESSES_MAX = 64, HEAD_MAX = 65536, WAIT_NS = 2000000000 };

/* Shared with the followers through a file. */
typedef struct board {
  struct {
    _Alignas(128) atomic_ullong adopted_at; /* of what it serves now */
    atomic_ullong revision, generation;
    atomic_int wrong;
  } process[PROCESSES_MAX];
  atomic_int stop;
} board;

static board *open_board(const char *path, int make) {
  int file = open(path, O_RDWR | (make ? O_CREAT | O_TRUNC : 0), 0600);
  if (file < 0 || (make && ftruncate(file, sizeof(board)) != 0))
    return NULL;
  void *memory = mmap(NULL, sizeof(board), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  return memory == MAP_FAILED ? NULL : memory;
}

/* ---- A follower ------------------------------------------------------------------------------ */

static int follow(const char *store, const char *use_case, int process, board *board) {
  turnout_engine *engine;
  turnout_error error = TURNOUT_ERROR_INIT;
  if (turnout_engine_open(store, NULL, &error, &engine) != TURNOUT_OK) {
    fprintf(stderr, "%s: %s\n", store, error.message);
    return 3;
  }
  static char buffer[TURNOUT_DECISION_BYTES];
  turnout_request request = TURNOUT_REQUEST_INIT;
  request.use_case = (turnout_name){use_case, strlen(use_case), 0};
  request.unit = (turnout_text){"user", 4};
  while (!atomic_load(&board->stop) && getppid() != 1) {
    turnout_engine_info info = TURNOUT_ENGINE_INFO_INIT, again = TURNOUT_ENGINE_INFO_INIT;
    turnout_decision decision = TURNOUT_DECISION_INIT;
    turnout_engine_status(engine, &info, NULL);
    turnout_resolve(engine, &request, buffer, sizeof buffer, &decision);
    turnout_engine_status(engine, &again, NULL);
    if (info.adopted_at_ns == again.adopted_at_ns &&
        (decision.status != TURNOUT_OK || decision.revision != info.revision))
      atomic_store(&board->process[process].wrong, 1);
    atomic_store(&board->process[process].revision, info.revision);
    atomic_store(&board->process[process].generation, info.overlay_generation);
    atomic_store(&board->process[process].adopted_at, (uint64_t)info.adopted_at_ns);
    sleep_ns(5000000);
  }
  turnout_engine_close(engine);
  return 0;
}

/* ---- The publisher --------------------------------------------------------------------------- */

typedef struct head {
  unsigned char bytes[HEAD_MAX];
  size_t size;
  uint64_t revision, generation; /* as Docs/store-format.md has them */
} head;

static int read_head(const char *path, head *head) {
  FILE *file = fopen(path, "rb");
  if (!file)
    return 0;
  head->size = fread(head->bytes, 1, sizeof head->bytes, file);
  fclose(file);
  if (head->size < 104)
    return 0;
  memcpy(&head->revision, head->bytes + 32, 8);
  memcpy(&head->generation, head->bytes + 88, 8);
  return 1;
}

static atomic_uint *open_bell(const char *store) {
  char path[4096];
  snprintf(path, sizeof path, "%s/bell", store);
  int file = open(path, O_RDWR);
  void *memory =
      file < 0 ? MAP_FAILED : mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  return memory == MAP_FAILED ? NULL : memory;
}

/* Gives when the head moved, in ns since 1970. */
static uint64_t move_head(const char *store, const head *head, atomic_uint *bell) {
  char temporary[4096], path[4096];
  snprintf(temporary, sizeof temporary, "%s/head.seen", store);
  snprintf(path, sizeof path, "%s/head", store);
  int file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0 || write(file, head->bytes, head->size) != (ssize_t)head->size)
    exit(3);
  close(file);
  uint64_t moved = clock_of(CLOCK_REALTIME);
  if (rename(temporary, path) != 0)
    exit(3);
  atomic_fetch_add(bell, 1);
  syscall(SYS_futex, bell, FUTEX_WAKE, 0x7FFFFFFF, NULL, NULL, 0);
  return moved;
}

/* Waits until every process serves the head. 0: one did not within two seconds. */
static int all_serve(board *board, int count, const head *head) {
  uint64_t end = now_ns() + WAIT_NS;
  for (int i = 0; i < count; i++)
    while (atomic_load(&board->process[i].adopted_at) == 0 ||
           atomic_load(&board->process[i].revision) != head->revision ||
           atomic_load(&board->process[i].generation) != head->generation) {
      if (now_ns() > end)
        return 0;
      sleep_ns(2000000);
    }
  sleep_ns(6000000); /* so that adopted_at is of this head as well */
  return 1;
}

static int publish(board *board, char **argv, int count, int moves, const char *out) {
  static head heads[2];
  atomic_uint *bell = open_bell(argv[2]);
  if (!bell || !read_head(argv[5], &heads[0]) || !read_head(argv[6], &heads[1])) {
    fprintf(stderr, "seen: no bell in %s, or no heads\n", argv[2]);
    return 3;
  }
  FILE *file = fopen(out, "wb");
  if (!file)
    return 3;
  for (int i = 0; i <= moves; i++) {
    const head *head = &heads[i % 2];
    uint64_t moved = move_head(argv[2], head, bell);
    if (!all_serve(board, count, head)) {
      fprintf(stderr, "seen: a process did not serve head %d within two seconds\n", i);
      return 1;
    }
    for (int k = 0; k < count && i > 0; k++) {
      uint64_t adopted = atomic_load(&board->process[k].adopted_at);
      uint32_t ns = adopted > moved ? (uint32_t)(adopted - moved) : 0;
      fwrite(&ns, sizeof ns, 1, file);
      if (atomic_load(&board->process[k].wrong) || ns == 0)
        return 1;
    }
    /* Not in step with any timer of the processes. */
    sleep_ns((uint64_t)(i * 7919 % 50) * 1000000);
  }
  return fclose(file) ? 3 : 0;
}

int main(int argc, char **argv) {
  if (argc == 6 && strcmp(argv[1], "follow") == 0) {
    board *board = open_board(argv[5], 0);
    return board ? follow(argv[2], argv[3], atoi(argv[4]) % PROCESSES_MAX, board) : 3;
  }
  if (argc != 9) {
    fprintf(stderr, "usage: seen USE_CASE STORE PROCESSES MOVES HEAD HEAD OUT BOARD\n");
    return 2;
  }
  int count = atoi(argv[3]), moves = atoi(argv[4]);
  board *board = open_board(argv[8], 1);
  if (!board || count < 1 || count > PROCESSES_MAX)
    return 3;
  pid_t children[PROCESSES_MAX];
  for (int i = 0; i < count; i++) {
    char process[16];
    snprintf(process, sizeof process, "%d", i);
    children[i] = fork();
    if (children[i] == 0) {
      execl("/proc/self/exe", argv[0], "follow", argv[2], argv[1], process, argv[8], (char *)NULL);
      _exit(3);
    }
  }
  int result = publish(board, argv, count, moves, argv[7]);
  atomic_store(&board->stop, 1);
  for (int i = 0; i < count; i++) {
    int status = 0;
    waitpid(children[i], &status, 0);
    if (status != 0)
      result = result ? result : 1;
  }
  unlink(argv[8]);
  return result;
}
