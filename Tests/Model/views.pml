/*
 * One thread opens a view in a reading, hands it to another, and closes it while that one may read
 * through it; then it opens another in the same slot. The keeper publishes and ends snapshots.
 * Claim: as in reading.pml, and a reading through a view that was let in is of the view's snapshot.
 */
#define THREADS 3
#define SNAPSHOTS 2
#define TABLES 2
#define HEAD 0
#define FIRST_LINE 1
#define LINES 2
#define PINS(s) (3 + (s))
#define SLOT 5
#define HANDED 6 /* how the host hands the view over: a pointer, with release and acquire */
#define WORDS 7
#ifndef VIEWS
#define VIEWS 1
#endif
#ifndef PUBLISHES
#define PUBLISHES 2
#endif
#include "protocol.pml"

#define FREE 0
#define FILLING 1
#define SERIAL(n) ((n) + 2)
/* What a view's owner knows of it: a value that is copied with it. */
byte pinned[VIEWS];

proctype keeper(byte me) {
  KEEPER_LOCALS;
  keep(PUBLISHES);
  sweep()
}

inline pin(s) { change(PINS(s), old, old + 1, UNLESS(pin_relaxed, SC, RLX)) } /* V2 */

inline open_view(n) {
  announce(FIRST_LINE);
  if
  :: got == NONE -> announce_slowly(FIRST_LINE)
  :: else
  fi;
  exchange_if(SLOT, FREE, FILLING, old, SC);                          /* V1 */
  assert(old == FREE);
  if
  :: BROKEN(pinned_late) -> store(FIRST_LINE, IDLE, REL)
  :: else
  fi;
  pin(NUMBER(got));
  store(SLOT, SERIAL(n), UNLESS(serial_release, SC, REL));            /* V3 */
  pinned[n] = got;
  if
  :: BROKEN(pinned_late)
  :: else -> store(FIRST_LINE, IDLE, REL)
  fi;
  store(HANDED, n + 1, REL);
  got = 0; old = 0
}

/* No look but through the pin: what the opener itself reads through its view. */
inline close_view(n) {
  if
  :: BROKEN(unpinned_first) -> change(PINS(NUMBER(pinned[n])), old, old - 1, SC)
  :: else
  fi;
  exchange_if(SLOT, SERIAL(n), FREE, old, UNLESS(unslot_release, SC, ACQ_REL)); /* V6 */
  assert(old == SERIAL(n));
  if
  :: BROKEN(unpinned_first)
  :: else ->
    change(PINS(NUMBER(pinned[n])), old, old - 1, UNLESS(unpin_release, SC, ACQ_REL)) /* V7 */
  fi;
  old = 0
}

inline read_through(n, line) {
  store(line, pinned[n], UNLESS(view_announce_release, SC, REL));     /* V4 */
  load(SLOT, serial, UNLESS(recheck_acquire, SC, ACQ));               /* V5 */
  if
  :: serial == SERIAL(n) || BROKEN(no_serial_check) ->
    got = pinned[n];
    copy_and_leave(line)
  :: else -> store(line, IDLE, REL)
  fi;
  serial = 0
}

proctype opener(byte me) {
  READER_LOCALS;
  byte old, serial, n;
  do
  :: n < VIEWS ->
    open_view(n);
    if
    :: true -> read_through(n, FIRST_LINE)
    :: true
    fi;
    close_view(n);
    n++
  :: else -> break
  od
}

/* The other thread: whatever view was handed to it last, open or closed. */
proctype reader(byte me) {
  READER_LOCALS;
  byte serial, n;
  load(HANDED, n, ACQ);
  if
  :: n == 0 -> skip
  :: else -> read_through(n - 1, FIRST_LINE + 1)
  fi
}

init {
  atomic {
    begin();
    begin_word(FIRST_LINE, IDLE);
    begin_word(FIRST_LINE + 1, IDLE);
    begin_word(PINS(0), 0);
    begin_word(PINS(1), 0);
    begin_word(SLOT, FREE);
    begin_word(HANDED, 0);
    MEMORY;
    run keeper(0);
    run opener(1);
    run reader(2)
  }
}
