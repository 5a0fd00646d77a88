/*
 * Between processes: writers change the catalog, `head` and the bell, a process that may be killed
 * anywhere among them, and two threads of a reader follow (the keeper, and a host's refresh). What the
 * kernel does for several processes has one order for all, so this model needs no memory of its own.
 *
 * Claims: no change is lost; `head` never shows what is not committed and never goes back; nor does
 * what a reader has in force; and when all is quiet, readers have what was committed last, unless who
 * committed it was killed and nobody came after. No wait times out for that, but after a killing.
 */
#ifndef CHANGES
#define CHANGES 2 /* of each writer */
#endif

byte broken;
#define BROKEN(what) (broken == what)
#define no_transaction 51
#define own_head 52
#define bell_after_head 53
#define rung_first 54
#define head_before_commit 55
#define read_outside_lock 56
#define not_rung 57
c_decl { \#include <stdlib.h> };

typedef Pair { byte revision; byte generation };
Pair catalog, head, force;
byte bell;
bool catalog_held, follower_held;
byte committed[2]; /* how many tables, how many overlays were committed */
byte writers;      /* that have not ended yet */
bool killed;       /* some writer was; at most one is */
bool repaired;     /* what was committed last, by whoever committed it or a later one */

/* May end the writer here; the kernel gives its lock back. */
#define MAY_BE_KILLED                                                                              \
  if                                                                                               \
  :: atomic { may_be_killed && !killed -> killed = true; dead = true }                             \
  :: true                                                                                          \
  fi
#define LIVE(step)                                                                                 \
  if                                                                                               \
  :: dead -> goto ended                                                                            \
  :: else -> step                                                                                  \
  fi

inline hold() { atomic { !catalog_held -> catalog_held = true; holding = true } }   /* W1 */
inline give_up() { atomic { catalog_held = false; holding = false } }

inline install(wanted) {
  if
  :: BROKEN(rung_first) -> bell++
  :: else
  fi;
  MAY_BE_KILLED; LIVE(skip);
  atomic {                                                            /* W4 */
    assert(BROKEN(no_transaction) || wanted.revision >= head.revision &&
           wanted.generation >= head.generation);                     /* head went back */
    head.revision = wanted.revision;
    head.generation = wanted.generation
  }
  MAY_BE_KILLED; LIVE(skip);
  if
  :: BROKEN(rung_first) || BROKEN(not_rung)
  :: else -> bell++                                                   /* W5 */
  fi
}

/* Makes head what the catalog says, under the catalog's lock. */
inline repair() {
  hold();
  if
  :: BROKEN(own_head) -> install(mine)
  :: head.revision != catalog.revision || head.generation != catalog.generation ->
    atomic { was.revision = catalog.revision; was.generation = catalog.generation } /* W3 */
    install(was)
  :: else
  fi;
  atomic { repaired = true; give_up() }
}

/* `kind` 0 publishes tables, 1 changes the overlay. */
proctype writer(byte kind; bool may_be_killed) {
  Pair mine, was;
  byte n;
  bool dead, holding;
  do
  :: n < CHANGES ->
    n++;
    if
    :: BROKEN(no_transaction) -> skip
    :: else -> hold()
    fi;
    atomic { mine.revision = catalog.revision; mine.generation = catalog.generation } /* W0 */
    if
    :: kind == 0 -> mine.revision++
    :: else -> mine.generation++
    fi;
    if
    :: BROKEN(head_before_commit) ->
      atomic { head.revision = mine.revision; head.generation = mine.generation }
    :: else
    fi;
    MAY_BE_KILLED; LIVE(skip);
    atomic {                                                          /* W2 */
      catalog.revision = mine.revision;
      catalog.generation = mine.generation;
      committed[kind]++;
      repaired = false
    }
    give_up();
    MAY_BE_KILLED; LIVE(skip);
    repair()
  :: else -> break
  od;
ended:
  atomic {
    if
    :: holding -> catalog_held = false
    :: else
    fi;
    writers--
  }
}

/* Puts in force what head says, if it is news. */
inline look() {
  if
  :: BROKEN(read_outside_lock) ->
    atomic { found.revision = head.revision; found.generation = head.generation }
  :: else
  fi;
  atomic { !follower_held -> follower_held = true }                   /* K1 */
  if
  :: BROKEN(read_outside_lock)
  :: else -> atomic { found.revision = head.revision; found.generation = head.generation } /* K2 */
  fi;
  atomic {                                                            /* K3 */
    assert(BROKEN(no_transaction) || found.revision <= catalog.revision &&
           found.generation <= catalog.generation);   /* in force, and never committed */
    assert(BROKEN(no_transaction) || found.revision >= force.revision &&
           found.generation >= force.generation);     /* what is in force went back */
    force.revision = found.revision;
    force.generation = found.generation
  }
  follower_held = false
}

/* The longest wait has passed: only a writer that was killed makes it necessary. */
#define WAITED_OUT                                                                                 \
  (killed && (head.revision != force.revision || head.generation != force.generation))

proctype keeper() {
  Pair found;
  byte rung;
  do
  :: true ->
    if
    :: BROKEN(bell_after_head) -> skip
    :: else -> rung = bell                                            /* K4 */
    fi;
    look();
    if
    :: BROKEN(bell_after_head) -> rung = bell
    :: else
    fi;
end:
    bell != rung || WAITED_OUT                                        /* K5 */
  od
}

proctype refresher() {
  Pair found;
  look()
}

proctype judge() {
end:
  timeout;
  assert(writers == 0);
  assert(catalog.revision == committed[0] && catalog.generation == committed[1]); /* lost update */
  assert(BROKEN(no_transaction) || !repaired || head.revision == catalog.revision && head.generation == catalog.generation);
  assert(force.revision == head.revision && force.generation == head.generation) /* not heard */
}

init {
  atomic {
    c_code { now.broken = getenv("BROKEN") ? (unsigned char)atoi(getenv("BROKEN")) : 0; };
    writers = 2;
    run writer(0, true);
    run writer(1, false);
    run keeper();
    run refresher();
    run judge()
  }
}
