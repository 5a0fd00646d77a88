/*
 * The registry of engines.
 * SPDX-License-Identifier: Apache-2.0
 *
 * Envoy destroys a configuration on whichever thread ends the last request that uses it, and that
 * is often a worker. Closing an engine ends its keeper thread and waits for it, which a worker must
 * not. So a release only counts down, and the main thread closes what nobody uses: when the next
 * configuration is made (Envoy makes the new one before it lets go of the old), and at each look of
 * the bootstrap extension. What lingers meanwhile is an idle engine; if neither ever comes, the
 * process keeps it until it ends.
 *
 * The mutex guards the list. It is taken on the main thread only, and so never waited for; it is
 * there so that a second main thread, of a host that runs several Envoys in one process, is no
 * danger.
 */
#include "engines.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static pthread_mutex_t list_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct engine *list;

#define NANOSECONDS INT64_C(1000000000)

static void free_engine(struct engine *engine) {
  free(engine->series);
  free(engine);
}

/* Closes the engines that nobody uses. Under the mutex. */
static void close_unused(void) {
  struct engine **place = &list;
  while (*place != NULL) {
    struct engine *engine = *place;
    if (atomic_load_explicit(&engine->uses, memory_order_acquire) != 0) {
      place = &engine->next;
      continue;
    }
    *place = engine->next;
    (void)turnout_engine_close(engine->opened);
    free_engine(engine);
  }
}

/* Asks the engine; false if it does not answer. */
static bool look(struct engine *engine, turnout_engine_info *info, turnout_error *error) {
  if (turnout_engine_status(engine->handle, info, error) != TURNOUT_OK)
    return false;
  atomic_store_explicit(&engine->adopted_at_seconds, info->adopted_at_ns / NANOSECONDS,
                        memory_order_relaxed);
  atomic_store_explicit(&engine->revision, info->revision, memory_order_relaxed);
  return true;
}

/* Logs why head is not served, when that is news. */
static void log_refusal(struct engine *engine, const turnout_engine_info *info,
                        const turnout_error *error) {
  if (info->head_status == engine->refusal)
    return;
  engine->refusal = info->head_status;
  if (info->head_status == TURNOUT_OK)
    return;
  struct complaint words;
  complain(&words, "store %s: revision %llu is not adopted, %llu stays in force: %s", engine->path,
           (unsigned long long)info->head_revision, (unsigned long long)info->revision,
           error->message);
  complaint_log(&words, LOG_ERROR);
}

/* A new engine, not yet in the list. */
static struct engine *open_engine(const char *path, struct complaint *complaint) {
  size_t size = strlen(path);
  struct engine *engine = calloc(1, sizeof *engine + size + 1);
  if (engine != NULL)
    engine->series = calloc(1, sizeof *engine->series);
  if (engine == NULL || engine->series == NULL) {
    complain(complaint, "there is no memory for an engine");
    free(engine);
    return NULL;
  }
  memcpy(engine->path, path, size + 1);
  turnout_open_options options = TURNOUT_OPEN_OPTIONS_INIT;
  if (CALLBACK(is_validation_mode)())
    options.flags = TURNOUT_NO_THREAD;
  turnout_error error = TURNOUT_ERROR_INIT;
  if (turnout_engine_open(path, &options, &error, &engine->opened) != TURNOUT_OK) {
    complain(complaint, "%s", error.message);
    free_engine(engine);
    return NULL;
  }
  engine->handle = engine->opened;
  turnout_engine_info info = TURNOUT_ENGINE_INFO_INIT;
  if (!look(engine, &info, &error))
    return engine;
  log_refusal(engine, &info, &error);
  if (info.revision == 0 && info.head_status == TURNOUT_OK) {
    struct complaint words;
    complain(&words,
             "store %s: nothing is published yet; requests are answered with no_table until "
             "something is",
             path);
    complaint_log(&words, LOG_WARNING);
  }
  return engine;
}

struct engine *engines_take(const char *path, struct complaint *complaint) {
  /* Where there is no such directory, opening it says so. */
  struct stat directory;
  bool there = stat(path, &directory) == 0;
  (void)pthread_mutex_lock(&list_mutex);
  struct engine *engine = there ? list : NULL;
  while (engine != NULL &&
         (engine->device != directory.st_dev || engine->inode != directory.st_ino))
    engine = engine->next;
  if (engine == NULL) {
    engine = open_engine(path, complaint);
    if (engine != NULL) {
      engine->device = there ? directory.st_dev : 0;
      engine->inode = there ? directory.st_ino : 0;
      engine->next = list;
      list = engine;
    }
  }
  if (engine != NULL)
    atomic_fetch_add_explicit(&engine->uses, 1, memory_order_relaxed);
  close_unused();
  (void)pthread_mutex_unlock(&list_mutex);
  return engine;
}

void engines_release(struct engine *engine) {
  atomic_fetch_sub_explicit(&engine->uses, 1, memory_order_release);
}

bool engines_look(struct engine *engine, turnout_engine_info *info) {
  (void)pthread_mutex_lock(&list_mutex);
  close_unused();
  (void)pthread_mutex_unlock(&list_mutex);
  *info = (turnout_engine_info)TURNOUT_ENGINE_INFO_INIT;
  turnout_error error = TURNOUT_ERROR_INIT;
  if (!look(engine, info, &error))
    return false;
  log_refusal(engine, info, &error);
  return true;
}

void engines_saw(struct engine *engine, uint64_t revision, int64_t now_seconds) {
  if (atomic_load_explicit(&engine->revision, memory_order_relaxed) == revision || revision == 0)
    return;
  atomic_store_explicit(&engine->adopted_at_seconds, now_seconds, memory_order_relaxed);
  atomic_store_explicit(&engine->revision, revision, memory_order_relaxed);
}
