/*
 * Looking at the list of open views while a slot changes hands: the view of serial 2 has been closed,
 * that of serial 3 is being opened in its slot. Claim: what is reported of a view is that view's.
 */
#define THREADS 2
#define SNAPSHOTS 2
#define TABLES 2
#define LINES 0
#define FIRST_LINE 0
#define HEAD 0
#define SLOT 1
#define AGE 2
#define REVISION 3
#define WORDS 4
#include "protocol.pml"

#define FREE 0
#define FILLING 1

proctype opening(byte me) {
  byte old;
  exchange_if(SLOT, 2, FREE, old, SC);                                /* V6 */
  exchange_if(SLOT, FREE, FILLING, old, SC);                          /* V1 */
  store(AGE, 3, UNLESS(report_relaxed, REL, RLX));                    /* V8 */
  store(REVISION, 3, UNLESS(report_relaxed, REL, RLX));               /* V9 */
  store(SLOT, 3, SC)                                                  /* V3 */
}

proctype reporting(byte me) {
  byte serial, age, revision, again;
  load(SLOT, serial, ACQ);                                            /* V10 */
  if
  :: serial <= FILLING -> skip
  :: else ->
    load(REVISION, revision, UNLESS(report_read_relaxed, ACQ, RLX));  /* V11 */
    load(AGE, age, UNLESS(report_read_relaxed, ACQ, RLX));            /* V12 */
    load(SLOT, again, RLX);                                           /* V13 */
    assert(again != serial || age == serial && revision == serial)
  fi
}

init {
  atomic {
    choose_broken();
    begin_word(HEAD, 0);
    begin_word(SLOT, 2);
    begin_word(AGE, 2);
    begin_word(REVISION, 2);
    MEMORY;
    run opening(0);
    run reporting(1)
  }
}
