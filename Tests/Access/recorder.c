/*
 * Loaded with LD_PRELOAD: writes the name of each variable that a program asks for into the file
 * RECORDER, a line each with the file of the caller. The answers are the C library's. What the C
 * library and the dynamic linker ask for themselves does not come by here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int written = -1;

static char *find(const char *name) {
  size_t size = strlen(name);
  for (char **entry = environ; entry && *entry; entry++)
    if (strncmp(*entry, name, size) == 0 && (*entry)[size] == '=')
      return *entry + size + 1;
  return NULL;
}

static void record(const char *name, void *caller) {
  if (written == -1) {
    const char *path = find("RECORDER");
    written = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -2;
  }
  if (written < 0)
    return;
  Dl_info from;
  const char *file = dladdr(caller, &from) && from.dli_fname ? from.dli_fname : "?";
  const char *slash = strrchr(file, '/');
  char line[512];
  int size = snprintf(line, sizeof line, "%s %s\n", name, slash ? slash + 1 : file);
  if (size > 0 && size < (int)sizeof line && write(written, line, (size_t)size) < 0)
    written = -2;
}

char *getenv(const char *name) {
  record(name, __builtin_return_address(0));
  return find(name);
}

char *secure_getenv(const char *name) {
  record(name, __builtin_return_address(0));
  return find(name);
}
