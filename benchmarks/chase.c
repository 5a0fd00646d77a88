/*
 * chase: the machine's latencies. Follows pointers through memory of several sizes, one pointer a
 * cache line, in an order without a pattern, and prints for each a row: its size and the
 * nanoseconds of a load that waits for the one before it. Pages are those that tables have, of 4
 * KiB.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bench.h"

enum { LINE = 64, LOADS = 1 << 17, ROUNDS = 40 };

static double chased_ns(size_t bytes) {
  char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    abort();
  madvise(memory, bytes, MADV_NOHUGEPAGE);
  const size_t lines = bytes / LINE;
  uint32_t *order = calloc(lines, sizeof *order);
  if (!order)
    abort();
  for (size_t i = 0; i < lines; i++)
    order[i] = (uint32_t)i;
  uint64_t state = 88172645463325252u;
  for (size_t i = lines - 1; i > 0; i--) {
    size_t j = bench_random(&state) % (i + 1);
    uint32_t other = order[j];
    order[j] = order[i];
    order[i] = other;
  }
  for (size_t i = 0; i < lines; i++)
    *(char **)(memory + (size_t)order[i] * LINE) = memory + (size_t)order[(i + 1) % lines] * LINE;
  free(order);
  double least = 1e18;
  char *at = memory;
  for (int r = 0; r < ROUNDS; r++) {
    uint64_t begin = bench_now_ns();
    for (int i = 0; i < LOADS; i++)
      at = *(char *volatile *)at;
    double took = (double)(bench_now_ns() - begin) / LOADS;
    least = took < least ? took : least;
  }
  munmap(memory, bytes);
  return least;
}

static void print_row(const char *name, long bytes) {
  if (bytes >= 2L * LINE)
    printf("chase\t%s\tbytes=%ld\tload_ns=%.2f\n", name, bytes, chased_ns((size_t)bytes));
  fflush(stdout);
}

/* Half of a cache: what stands there leaves room for what else is in it. The last level is shared
 * with other machines on the same host, so a quarter of it, and memory far beyond. */
int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: chase L1_BYTES L2_BYTES L3_BYTES\n");
    return 2;
  }
  long sizes[3];
  for (int i = 0; i < 3; i++)
    sizes[i] = strtol(argv[i + 1], NULL, 10);
  print_row("L1", sizes[0] / 2);
  print_row("L2", sizes[1] / 2);
  print_row("L3", sizes[2] / 4);
  print_row("DRAM", sizes[2] * 8);
  return 0;
}
