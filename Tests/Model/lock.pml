/*
 * The lock that follows a futex: three threads take it in turn, each to write what it guards. Claim:
 * one at a time, each sees what the one before wrote, and nobody sleeps for ever.
 */
#define THREADS 3
#define SNAPSHOTS 2
#define TABLES 2
#define LINES 0
#define FIRST_LINE 0
#define HEAD 0
#define LOCK 1
#define WORDS 2
#define HISTORY 20
#include "protocol.pml"

#define FREE 0
#define HELD 1
#define WANTED 2
bool asleep[THREADS];
byte inside;

inline lock() {
  exchange_if(LOCK, FREE, HELD, old, SC);                             /* P3 */
  if
  :: old == FREE -> skip
  :: else ->
    if
    :: old != WANTED -> change(LOCK, old, WANTED, SC)                 /* P4 */
    :: else
    fi;
    do
    :: old == FREE -> break
    :: else ->
      atomic {                                                        /* P5 */
        if
        :: NEWEST(LOCK) == WANTED || BROKEN(sleeps_unseen) -> asleep[me] = true
        :: else
        fi
      }
      !asleep[me];
      change(LOCK, old, (broken == wanted_forgotten -> HELD : WANTED), SC) /* P6 */
    od
  fi
}

inline unlock() {
  change(LOCK, old, FREE, UNLESS(unlock_relaxed, SC, RLX));           /* P7 */
  if
  :: old == WANTED && !BROKEN(nobody_woken) ->
    atomic {                                                          /* P8 */
      if
      :: asleep[0] -> asleep[0] = false
      :: asleep[1] -> asleep[1] = false
      :: asleep[2] -> asleep[2] = false
      :: else
      fi
    }
  :: else
  fi;
  old = 0
}

proctype taker(byte me) {
  byte old;
  lock();
  inside++;
  assert(inside == 1);                                                /* two at once */
  fill(0, 0);
  inside--;
  unlock()
}

init {
  atomic {
    choose_broken();
    begin_table(0, 0);
    begin_word(LOCK, FREE);
    MEMORY;
    run taker(0);
    run taker(1);
    run taker(2)
  }
}
