/*
 * Threads that end and begin while the keeper scans: the first has line 0, reads, and gives it back;
 * the second takes the line that was given back, or makes the next one, and reads. Claim: as in
 * reading.pml, and no line has two owners.
 */
#define THREADS 3
#define SNAPSHOTS 2
#define TABLES 2
#define HEAD 0
#define FIRST_LINE 1
#define LINES 0
#define MADE 3
#define LINES_MADE MADE
#define RELEASED 4 /* the stack of released lines: its uppermost one's number from 1, or 0 */
#define WORDS 5
#ifndef PUBLISHES
#define PUBLISHES 1
#endif
#include "protocol.pml"

bool owned[2];

proctype keeper(byte me) {
  KEEPER_LOCALS;
  if
  :: BROKEN(made_before_head) -> load(MADE, lines, SC)
  :: else
  fi;
  keep(PUBLISHES);
  sweep()
}

inline take(n) { assert(!owned[n]); owned[n] = true }

/* The thread's last reading has left the line idle. */
inline give_back(n) {
  if
  :: BROKEN(given_back_first) ->
    owned[n] = false;
    exchange_if(RELEASED, 0, n + 1, old, ACQ_REL);
    store(FIRST_LINE + n, UNCLAIMED, REL)
  :: else ->
    change(FIRST_LINE + n, old, UNCLAIMED, UNLESS(exit_relaxed, ACQ_REL, RLX)); /* L1 */
    owned[n] = false;
    exchange_if(RELEASED, 0, n + 1, old, UNLESS(push_relaxed, ACQ_REL, RLX)); /* L2 */
    assert(old == 0)
  fi;
  old = 0
}

/* n := a line for the calling thread. */
inline claim(n) {
  load(RELEASED, n, ACQ);                                             /* L3 */
  if
  :: n != 0 ->
    exchange_if(RELEASED, n, 0, old, UNLESS(pop_relaxed, ACQ_REL, RLX)); /* L4 */
    assert(old == n);
    n--
  :: else ->
    load(MADE, n, SC);                                                /* L5 */
    exchange_if(MADE, n, n + 1, old, SC);                             /* L6 */
    assert(old == n)
  fi;
  take(n);
  store(FIRST_LINE + n, IDLE, REL);                                   /* L7 */
  old = 0
}

proctype ending(byte me) {
  READER_LOCALS;
  byte old;
  read_once(FIRST_LINE);
  give_back(0)
}

proctype beginning(byte me) {
  READER_LOCALS;
  byte old, mine;
  claim(mine);
  read_once(FIRST_LINE + mine)
}

init {
  atomic {
    begin();
    begin_word(FIRST_LINE, IDLE);
    begin_word(FIRST_LINE + 1, UNCLAIMED);
    begin_word(MADE, 1);
    begin_word(RELEASED, 0);
    owned[0] = true;
    MEMORY;
    run keeper(0);
    run ending(1);
    run beginning(2)
  }
}
