/*
 * The steps of the lock-free core, as Sources/Turnout/Snapshots has them. A label such as R2 stands
 * for one access in Swift: Docs/model.md lists them, and `mapping.py` holds both against the source.
 * What a model must define first: WORDS, THREADS, SNAPSHOTS, TABLES, the words' numbers, LINES.
 */
#define RLX 1
#define ACQ 2
#define REL 3
#define ACQ_REL 4
#define SC 5

/* What a line says; the address of snapshot s is SNAPSHOT(s). 0 in head is: none in force. */
#define UNCLAIMED 0
#define IDLE 1
#define SNAPSHOT(s) ((s) + 3)
#define NUMBER(address) ((address) - 3)
#define NONE 0
#define DEAD 255

/* One step that is broken on purpose in this run, or 0. Never changes after the start. */
byte broken;
#define BROKEN(what) (broken == what)
#define UNLESS(what, right, wrong) (broken == what -> wrong : right)
#define announce_release 1
#define head_release 2
#define no_recheck 3
#define scan_before_head 4
#define pins_before_scan 5
#define no_pins 6
#define cleared_early 7
#define view_announce_release 8
#define no_stripe_scan 9
#define no_stripe_recheck 10
#define stripe_relaxed 11
#define no_second_scan 12
#define no_serial_check 13
#define unpinned_first 14
#define clear_relaxed 15
#define recheck_acquire 16
#define scan_acquire 17
#define no_reentrancy_check 18
#define table_with_snapshot 19
#define made_before_head 20
#define given_back_first 21
#define exit_relaxed 22
#define no_tag 23
#define pop_relaxed 24
#define pinned_late 25
#define stripe_leave_relaxed 26
#define head_relaxed 27
#define no_announcement 28
#define first_load_trusted 29
#define push_relaxed 30
#define hint_relaxed 32
#define number_relaxed 33
#define no_restart_check 34
#define running_first 35
#define running_relaxed 36
#define lock_inherited 37
#define head_inherited 38
#define report_relaxed 39
#define report_read_relaxed 40
#define pins_acquire 41
#define stripe_leave_release 42
#define unpin_release 43
#define pin_relaxed 44
#define serial_release 45
#define unslot_release 46
#define sleeps_unseen 47
#define wanted_forgotten 48
#define unlock_relaxed 49
#define nobody_woken 50

#ifdef C11
#include "c11.pml"
#else
#include "tso.pml"
#endif

c_decl { \#include <stdlib.h> };
inline choose_broken() {
  c_code { now.broken = getenv("BROKEN") ? (unsigned char)atoi(getenv("BROKEN")) : 0; }
}

/* ---- A reading ------------------------------------------------------------------------------- */

/* `got` := the address of the snapshot that the reading protects, or NONE. */
inline announce(line) {
  got = NONE;
  load(line, mark, RLX);                                              /* R0 */
  if
  :: mark != IDLE && !BROKEN(no_reentrancy_check) -> skip
  :: else ->
    load(HEAD, address, UNLESS(hint_relaxed, ACQ, RLX));              /* R1 */
    if
    :: address == NONE -> skip
    :: else ->
      if
      :: !BROKEN(no_announcement) ->
        store(line, address, UNLESS(announce_release, SC, REL))       /* R2 */
      :: else
      fi;
      if
      :: BROKEN(no_recheck) -> now_ = address
      :: else -> load(HEAD, now_, UNLESS(recheck_acquire, SC, ACQ))   /* R3 */
      fi;
      if
      :: now_ == address -> got = address
      :: else -> store(line, IDLE, UNLESS(clear_relaxed, REL, RLX))   /* R5 */
      fi
    fi
  fi;
  mark = 0; address = 0; now_ = 0
}

/* What a reading does where the usual case did not succeed, its thread having a line. */
inline announce_slowly(line) {
  got = NONE;
  load(HEAD, address, UNLESS(hint_relaxed, ACQ, RLX));                /* S1 */
  do
  :: address == NONE ->
    store(line, IDLE, REL);                                           /* S5 */
    break
  :: else ->
    if
    :: !BROKEN(no_announcement) ->
      store(line, address, UNLESS(announce_release, SC, REL))         /* S2 */
    :: else
    fi;
    if
    :: BROKEN(no_recheck) -> now_ = address
    :: else -> load(HEAD, now_, UNLESS(recheck_acquire, SC, ACQ))     /* S3 */
    fi;
    if
    :: now_ == address -> got = address; break
    :: else -> address = now_
    fi
  od;
  address = 0; now_ = 0
}

/* Two looks stand for a copying that takes a while. */
inline copy_and_leave(line) {
  look_at(NUMBER(got));                                               /* R4 */
  if
  :: BROKEN(cleared_early) -> store(line, IDLE, REL)
  :: else
  fi;
  look_at(NUMBER(got));
  if
  :: BROKEN(cleared_early)
  :: else -> store(line, IDLE, UNLESS(clear_relaxed, REL, RLX))       /* R5 */
  fi;
  got = 0
}

inline read_once(line) {
  announce(line);
  if
  :: got == NONE -> announce_slowly(line)
  :: else
  fi;
  if
  :: got != NONE -> copy_and_leave(line)
  :: else
  fi
}

/* ---- The keeper ------------------------------------------------------------------------------ */

/* What the keeper knows of each memory and table, its own business alone. */
#define SPARE 0
#define CURRENT 1
#define RETIRED 2
byte shelf[SNAPSHOTS], over[SNAPSHOTS];

/* found := whether a line or a stripe shows the snapshot. */
inline is_read(s) {
  found = false;
#ifdef LINES_MADE
  if
  :: BROKEN(made_before_head)
  :: else -> load(LINES_MADE, lines, SC)                              /* B0 */
  fi;
#endif
  index = 0;
  do
  :: index < lines ->
    load(FIRST_LINE + index, value, UNLESS(scan_acquire, SC, ACQ));   /* B1 */
    if
    :: value == SNAPSHOT(s) -> found = true
    :: else
    fi;
    index++
  :: else -> break
  od;
#ifdef STRIPES
  if
  :: !found && !BROKEN(no_stripe_scan) ->
    load(STRIPE(s), value, SC);                                       /* B2 */
    found = (value != 0)
  :: else
  fi;
#endif
  index = 0; value = 0
}

inline read_pins(s) {
#ifdef PINS
  load(PINS(s), pins, UNLESS(pins_acquire, SC, ACQ))                  /* C1 */
#else
  skip
#endif
}

/* Ends snapshot s if nobody reads or holds it. */
inline sweep_one(s) {
  if
  :: BROKEN(pins_before_scan) -> read_pins(s)
  :: else
  fi;
  if
  :: BROKEN(scan_before_head) -> found = scanned
  :: else -> is_read(s)
  fi;
  if
  :: found -> skip
  :: else ->
    if
    :: !BROKEN(pins_before_scan) && !BROKEN(no_pins) -> read_pins(s)
    :: else
    fi;
    if
    :: pins != 0 -> skip
    :: else ->
#ifdef PINS
      if
      :: !BROKEN(no_second_scan) -> is_read(s)                        /* D1 */
      :: else
      fi;
#endif
      if
      :: found -> skip
      :: else -> reclaim(s)
      fi
    fi
  fi;
  found = false; pins = 0
}

/* The table goes with the last snapshot over it. */
inline reclaim(s) {
  poison(s);                                                          /* E1 */
  shelf[s] = SPARE;
  d_step {
    others = false;
    index = 0;
    do
    :: index < SNAPSHOTS ->
      if
      :: shelf[index] != SPARE && over[index] == over[s] -> others = true
      :: else
      fi;
      index++
    :: else -> break
    od;
    index = 0
  }
  if
  :: !others || BROKEN(table_with_snapshot) -> unmap_table(over[s])   /* E2 */
  :: else
  fi;
  others = false
}

/* Snapshot s, spare until now, over table t goes into force in place of `current`. */
inline put_in_force(s, t) {
  if
  :: BROKEN(scan_before_head) && current < SNAPSHOTS -> is_read(current); scanned = found
  :: else
  fi;
  fill(s, t);                                                         /* A0 */
  over[s] = t;
  store(HEAD, SNAPSHOT(s),
        (BROKEN(head_release) -> REL : (BROKEN(head_relaxed) -> RLX : SC))); /* A1 */
  if
  :: current < SNAPSHOTS -> shelf[current] = RETIRED
  :: else
  fi;
  shelf[s] = CURRENT;
  current = s
}

/* Nothing is in force any more: the last close. */
inline clear_head() {
  store(HEAD, NONE, SC);                                              /* A2 */
  shelf[current] = RETIRED;
  current = SNAPSHOTS
}

inline sweep() {
  turn = 0;
  do
  :: turn < SNAPSHOTS ->
    if
    :: shelf[turn] == RETIRED -> sweep_one(turn)
    :: else
    fi;
    turn++
  :: else -> break
  od;
  turn = 0
}

/* A spare memory, found at the start of each publish; the model's keeper waits for one. */
inline find_spare() {
  spare = 0;
  do
  :: spare < SNAPSHOTS && shelf[spare] != SPARE -> spare++
  :: else -> break
  od
}

#define one_in_use(s, t) (s < SNAPSHOTS && shelf[s] != SPARE && over[s] == (t))
#if SNAPSHOTS == 2
#define in_use(t) (one_in_use(0, t) || one_in_use(1, t))
#else
#define in_use(t) (one_in_use(0, t) || one_in_use(1, t) || one_in_use(2, t))
#endif


/* Publishes `times` times: a new table, or a new overlay over the same one; sweeps after each. */
inline keep(times) {
  publishes = 0;
  do
  :: publishes < times ->
    find_spare();
    if
    :: spare == SNAPSHOTS -> skip
    :: else ->
      if
      :: true -> put_in_force(spare, over[current])
      :: true ->
        table = 0;
        do
        :: table < TABLES && in_use(table) -> table++
        :: else -> break
        od;
        if
        :: table < TABLES -> map_table(table); put_in_force(spare, table)
        :: else -> put_in_force(spare, over[current])
        fi;
        table = 0
      fi
    fi;
    spare = 0;
    sweep();
    publishes++
  :: else -> break
  od;
  publishes = 0
}
#define KEEPER_LOCALS                                                                              \
  byte index, value, pins, lines = LINES, turn, spare, publishes, table;                           \
  byte current = 0;                                                                                \
  bool found, scanned, others
#define READER_LOCALS byte got, mark, address, now_

/* Snapshot 0 over table 0 is in force, and found so by every thread. */
inline begin() {
  choose_broken();
  begin_word(HEAD, SNAPSHOT(0));
  begin_table(0, 0);
  shelf[0] = CURRENT;
  over[0] = 0
}
