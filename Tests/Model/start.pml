/*
 * A forked child: its pages are blank, and several of its threads come at once, two to resolve with
 * the engine that the parent opened and one to open it again. Claim: the child makes one keeper and
 * starts one thread, whoever is let in finds a snapshot in force, and nobody waits for ever.
 */
#define THREADS 3
#define SNAPSHOTS 2
#define TABLES 2
#define LINES 0
#define FIRST_LINE 0
#define HEAD 0
#define STATE 1
#define KEEPER 2
#define LOCK 3
#define WORDS 4
#include "protocol.pml"

#define UNKNOWN 0
#define RUNNING 1
byte made, started;

inline lock_page() {
  do
  :: NEWEST(LOCK) == 0 ->
    exchange_if(LOCK, 0, 1, old, SC);                                 /* P1 */
    if
    :: old == 0 -> break
    :: else
    fi
  od;
  old = 0
}

inline unlock_page() { change(LOCK, old, 0, SC); old = 0 }            /* P2 */

/* The keeper, made once, looks at the store and puts its head in force. */
inline look() {
  load(KEEPER, keeper, RLX);                                          /* F3 */
  if
  :: keeper == 0 -> made++; store(KEEPER, 1, REL)                     /* F4 */
  :: else
  fi;
  map_table(1);
  fill(1, 1);
  store(HEAD, SNAPSHOT(1), SC);                                       /* A1 */
  keeper = 0
}

inline start_unlocked() {
  if
  :: BROKEN(running_first) -> store(STATE, RUNNING, REL); look()
  :: else -> look(); store(STATE, RUNNING, UNLESS(running_relaxed, REL, RLX)) /* F5 */
  fi
}

inline restart() {
  lock_page();
  load(STATE, state, ACQ);                                            /* F2 */
  if
  :: state != UNKNOWN && !BROKEN(no_restart_check) -> skip
  :: else -> start_unlocked(); started++
  fi;
  unlock_page()
}

proctype resolving(byte me) {
  byte state, keeper, old, address;
  load(HEAD, address, ACQ);                                           /* R1 */
  if
  :: address != NONE -> skip
  :: else ->
    load(STATE, state, ACQ);                                          /* F1 */
    if
    :: state == UNKNOWN -> restart()
    :: else
    fi;
    load(HEAD, address, ACQ)                                          /* S1 */
  fi;
  assert(address != NONE);        /* refused, though there is a table */
  assert(made > 0);               /* served, and nobody follows the store */
  look_at(NUMBER(address))
}

proctype opening(byte me) {
  byte state, keeper, old;
  lock_page();
  load(STATE, state, ACQ);                                            /* F6 */
  if
  :: state != RUNNING -> start_unlocked(); started++
  :: else
  fi;
  unlock_page()
}

/* Whenever: one keeper and one thread. */
active proctype witness() { assert(made <= 1 && started <= 1) }

init {
  atomic {
    choose_broken();
    begin_table(0, 0);
    begin_word(HEAD, NONE);
    begin_word(STATE, UNKNOWN);
    begin_word(KEEPER, 0);
    begin_word(LOCK, 0);
    if
    :: BROKEN(head_inherited) -> begin_word(HEAD, SNAPSHOT(0))
    :: BROKEN(lock_inherited) -> begin_word(LOCK, 1)
    :: else
    fi;
    MEMORY;
    run resolving(0);
    run resolving(1);
    run opening(2)
  }
}
