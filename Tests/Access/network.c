/*
 * Loaded with LD_PRELOAD: every path lies on NFS.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

int statfs(const char *path, struct statfs *found) {
  int result = (int)syscall(SYS_statfs, path, found);
  if (result == 0)
    found->f_type = 0x6969;
  return result;
}
