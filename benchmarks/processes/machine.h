/* What the processes of a run computed, and what else the machine did meanwhile. */
#ifndef MACHINE_H
#define MACHINE_H
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"

typedef struct machine {
  double busy_s; /* of all its cores, since it started */
  double ours_s; /* of this process and of the children that it has waited for */
  uint64_t at_ns;
} machine;

static inline double machine_seconds(const struct rusage *usage) {
  return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
         (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
}

static inline machine machine_now(void) {
  struct rusage self, children;
  getrusage(RUSAGE_SELF, &self);
  getrusage(RUSAGE_CHILDREN, &children);
  machine machine = {0, machine_seconds(&self) + machine_seconds(&children), now_ns()};
  FILE *file = fopen("/proc/stat", "r");
  char line[256] = "";
  /* user, nice, system, idle, waiting, two kinds of interrupts, stolen */
  double times[8] = {0};
  char *next = file && fgets(line, sizeof line, file) ? strchr(line, ' ') : NULL;
  for (int i = 0; next && i < 8; i++)
    times[i] = strtod(next, &next);
  machine.busy_s = (times[0] + times[1] + times[2] + times[5] + times[6] + times[7]) /
                   (double)sysconf(_SC_CLK_TCK);
  if (file)
    fclose(file);
  return machine;
}

/* The share of all cores that others took between two moments. */
static inline double machine_others(machine from, machine to) {
  double all = (double)(to.at_ns - from.at_ns) / 1e9 * (double)sysconf(_SC_NPROCESSORS_ONLN);
  double others = (to.busy_s - from.busy_s) - (to.ours_s - from.ours_s);
  return others < 0 ? 0 : others / all;
}

#endif
