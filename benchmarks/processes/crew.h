/* Processes that follow a store, each a `follower`, and the board on which they write what they
 * serve. */
#ifndef CREW_H
#define CREW_H
#include <fcntl.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

enum { CREW_MAX = 64 };

typedef struct place {
  _Alignas(128) atomic_ullong revision;
  atomic_ullong adopted_at; /* ns since 1970; written last */
  atomic_int wrong;         /* a decision was of another revision than is served */
} place;

/* In a file that all map. */
typedef struct board {
  place places[CREW_MAX];
  atomic_int stop;
} board;

static inline board *crew_board(const char *path, int make) {
  int file = open(path, O_RDWR | (make ? O_CREAT | O_TRUNC : 0), 0600);
  if (file < 0 || (make && ftruncate(file, sizeof(board)) != 0))
    return NULL;
  void *memory = mmap(NULL, sizeof(board), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  return memory == MAP_FAILED ? NULL : memory;
}

/* Starts `count` followers; each resolves the first `use_cases` of every revision once. */
static inline void crew_start(pid_t *crew, int count, const char *follower, const char *store,
                              const char *use_cases, const char *board) {
  for (int i = 0; i < count; i++) {
    char number[16];
    snprintf(number, sizeof number, "%d", i);
    char *words[] = {(char *)follower, (char *)store, (char *)use_cases,
                     number,           (char *)board, NULL};
    if (posix_spawn(&crew[i], follower, NULL, NULL, words, environ) != 0) {
      fprintf(stderr, "%s cannot be started\n", follower);
      exit(3);
    }
  }
}

/* Waits until all serve, in agreement, what they adopted after `moved`, ns since 1970; but no
 * longer than ten seconds: 0. */
static inline int crew_serves(board *board, int count, uint64_t moved) {
  uint64_t end = now_ns() + UINT64_C(10000000000);
  for (int i = 0; i < count; i++)
    while (atomic_load(&board->places[i].adopted_at) <= moved ||
           atomic_load(&board->places[i].revision) != atomic_load(&board->places[0].revision)) {
      if (now_ns() > end) {
        fprintf(stderr, "process %d of %d does not serve the new head\n", i, count);
        return 0;
      }
      sleep_ns(2000000);
    }
  return 1;
}

/* 0 if all went well. */
static inline int crew_end(board *board, const pid_t *crew, int count) {
  int result = 0;
  atomic_store(&board->stop, 1);
  for (int i = 0; i < count; i++) {
    int status = 0;
    waitpid(crew[i], &status, 0);
    if (status != 0 || atomic_load(&board->places[i].wrong))
      result = 1;
  }
  return result;
}

#endif
