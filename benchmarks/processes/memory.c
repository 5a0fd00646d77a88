/*
 * memory FOLLOWER STORE PROCESSES USE_CASES HEAD HEAD MOVES: the memory of processes that have one
 * store open and have touched all of its table, and again after head moved some times. Prints a row
 * for each of both: moves, then the median over the processes of KiB private to one (Private_Clean
 * and Private_Dirty), the most, its share of all (Pss), what it has resident, and its page tables.
 */
#include "crew.h"
#include "head.h"

#include <string.h>

enum { FIELDS = 4 };

/* KiB of the lines of a file of /proc that begin with `name`. */
static long kib_in(pid_t process, const char *file, const char *name) {
  char path[64], line[256];
  snprintf(path, sizeof path, "/proc/%d/%s", (int)process, file);
  FILE *lines = fopen(path, "r");
  if (!lines)
    exit(3);
  long sum = 0;
  while (fgets(line, sizeof line, lines))
    if (strncmp(line, name, strlen(name)) == 0)
      sum += strtol(strchr(line, ':') + 1, NULL, 10);
  fclose(lines);
  return sum;
}

static int by_value(const void *a, const void *b) {
  long x = *(const long *)a, y = *(const long *)b;
  return x < y ? -1 : x > y;
}

static void print_row(int moves, const pid_t *crew, int count) {
  static const char *const fields[FIELDS][2] = {{"smaps_rollup", "Private_"},
                                                {"smaps_rollup", "Pss:"},
                                                {"smaps_rollup", "Rss:"},
                                                {"status", "VmPTE:"}};
  long kib[FIELDS][CREW_MAX];
  for (int f = 0; f < FIELDS; f++) {
    for (int i = 0; i < count; i++)
      kib[f][i] = kib_in(crew[i], fields[f][0], fields[f][1]);
    qsort(kib[f], (size_t)count, sizeof(long), by_value);
  }
  printf("%d\t%ld\t%ld\t%ld\t%ld\t%ld\n", moves, kib[0][count / 2], kib[0][count - 1],
         kib[1][count / 2], kib[2][count / 2], kib[3][count / 2]);
  fflush(stdout);
}

int main(int argc, char **argv) {
  int count = argc == 8 ? (int)strtol(argv[3], NULL, 10) : 0,
      moves = argc == 8 ? (int)strtol(argv[7], NULL, 10) : 0;
  if (count < 1 || count > CREW_MAX) {
    fprintf(stderr, "usage: memory FOLLOWER STORE PROCESSES USE_CASES HEAD HEAD MOVES\n");
    return 2;
  }
  static head heads[2];
  head_read(&heads[0], argv[5]);
  head_read(&heads[1], argv[6]);
  atomic_uint *bell = head_bell(argv[2]);
  char path[4096];
  snprintf(path, sizeof path, "%s.board", argv[2]);
  board *board = crew_board(path, 1);
  if (!board)
    return 3;
  head_move(&heads[0], argv[2], bell);
  pid_t crew[CREW_MAX];
  crew_start(crew, count, argv[1], argv[2], argv[4], path);
  int result = !crew_serves(board, count, 0);
  if (result == 0)
    print_row(0, crew, count);
  for (int i = 1; i <= moves && result == 0; i++) {
    uint64_t moved = head_move(&heads[i % 2], argv[2], bell);
    result = !crew_serves(board, count, moved);
  }
  if (result == 0 && moves) {
    sleep_ns(500000000); /* the keepers unmap the old tables */
    print_row(moves, crew, count);
  }
  result = crew_end(board, crew, count) || result;
  unlink(path);
  return result;
}
