/*
 * Readings of head by threads with a line, while the keeper publishes (tables, and overlays over the
 * same table) and ends what went out of force, its memory and table numbers used again; at last the
 * store is closed. Claim: no look at a snapshot or table that is being, or was, reclaimed.
 */
#ifndef READERS
#define READERS 2
#endif
#ifndef READINGS
#define READINGS 1
#endif
#ifndef PUBLISHES
#define PUBLISHES 2
#endif
#define THREADS (READERS + 1)
#ifndef SNAPSHOTS
#define SNAPSHOTS 2
#endif
#define TABLES 2
#define HEAD 0
#define FIRST_LINE 1
#define LINES READERS
#define WORDS (1 + READERS)
#include "protocol.pml"

proctype keeper(byte me) {
  KEEPER_LOCALS;
  keep(PUBLISHES);
  clear_head();
  sweep()
}

/* Every reading may be interrupted by a signal handler that reads, too, wherever it is. */
#ifdef HANDLER
#define MAY_BE_INTERRUPTED                                                                         \
  if                                                                                               \
  :: !interrupted -> interrupted = true; handler_reads(FIRST_LINE + me - 1)                        \
  :: true                                                                                          \
  fi
inline handler_reads(line) {
  outer = got;
  announce(line);
  if
  :: got != NONE -> copy_and_leave(line)
  :: else
  fi;
  got = outer;
  outer = 0
}
#endif

proctype reader(byte me) {
  READER_LOCALS;
  byte count;
#ifdef HANDLER
  byte outer;
  bool interrupted;
#endif
  do
  :: count < READINGS ->
#ifdef HANDLER
    announce(FIRST_LINE + me - 1);
    if
    :: got == NONE -> announce_slowly(FIRST_LINE + me - 1)
    :: else
    fi;
    if
    :: got != NONE ->
      MAY_BE_INTERRUPTED;
      copy_and_leave(FIRST_LINE + me - 1)
    :: else
    fi;
#else
    read_once(FIRST_LINE + me - 1);
#endif
    count++
  :: else -> break
  od
}

init {
  atomic {
    begin();
    begin_word(FIRST_LINE, IDLE);
#if READERS > 1
    begin_word(FIRST_LINE + 1, IDLE);
#endif
#if READERS > 2
    begin_word(FIRST_LINE + 2, IDLE);
#endif
    MEMORY;
    run keeper(0);
    run reader(1);
#if READERS > 1
    run reader(2);
#endif
#if READERS > 2
    run reader(3);
#endif
  }
}
