/* SPDX-License-Identifier: Apache-2.0
 * Preloaded into an Envoy: writes a line to the file $THREADS_FILE for each thread that one of
 * Turnout's libraries starts. */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                   void *argument);

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                   void *argument) {
  create *next = (create *)dlsym(RTLD_NEXT, "pthread_create");
  const char *path = getenv("THREADS_FILE");
  Dl_info info;
  if (path && dladdr((void *)run, &info) && strstr(info.dli_fname, "libturnout")) {
    FILE *file = fopen(path, "a");
    if (file) {
      fprintf(file, "%s\n", info.dli_fname);
      fclose(file);
    }
  }
  return next ? next(thread, attributes, run, argument) : EAGAIN;
}
