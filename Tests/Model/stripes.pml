/*
 * Readings by threads for which there is no line: they count themselves in and out of a stripe of the
 * snapshot. One stripe stands for all: each is looked at by itself.
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
#define SNAPSHOTS 2
#define TABLES 2
#define HEAD 0
#define FIRST_LINE 0
#define LINES 0
#define STRIPES
#define STRIPE(s) (1 + (s))
#define WORDS 3
#include "protocol.pml"

proctype keeper(byte me) {
  KEEPER_LOCALS;
  keep(PUBLISHES);
  clear_head();
  sweep()
}

inline read_in_stripe() {
  got = NONE;
  do
  :: true ->
    load(HEAD, address, ACQ);                                         /* T1 */
    if
    :: address == NONE -> break
    :: else -> skip
    fi;
    change(STRIPE(NUMBER(address)), old, old + 1,
           UNLESS(stripe_relaxed, SC, RLX));                          /* T2 */
    if
    :: BROKEN(no_stripe_recheck) -> now_ = address
    :: else -> load(HEAD, now_, UNLESS(recheck_acquire, SC, ACQ))     /* T3 */
    fi;
    if
    :: now_ == address -> got = address; break
    :: else -> change(STRIPE(NUMBER(address)), old, old - 1, SC)      /* T5 */
    fi
  od;
  address = 0; now_ = 0;
  if
  :: got != NONE ->
    look_at(NUMBER(got));
    look_at(NUMBER(got));
    change(STRIPE(NUMBER(got)), old, old - 1,
           (BROKEN(stripe_leave_relaxed) -> RLX : UNLESS(stripe_leave_release, SC, REL))) /* T5 */
  :: else
  fi;
  got = 0; old = 0
}

proctype reader(byte me) {
  READER_LOCALS;
  byte old, count;
  do
  :: count < READINGS -> read_in_stripe(); count++
  :: else -> break
  od
}

init {
  atomic {
    begin();
    begin_word(STRIPE(0), 0);
    begin_word(STRIPE(1), 0);
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
