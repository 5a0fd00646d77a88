/*
 * A memory that is as weak as C11 and C++20 let it be (so: ARM64 and every other machine, and the
 * compiler, too), but for one thing: nothing is read before it is written (no load is carried out
 * after a store that follows it).
 *
 * Each word keeps its whole history. Each thread has a view: of each word the newest store that
 * happens before its next step. A load may give that store or any later one, unless a sequentially
 * consistent access has shown a later one to the order of all such accesses. A release
 * store carries its thread's view; an acquire load that reads it takes that view over. A relaxed
 * one does neither. A read-modify-write reads the newest store and hands on what that carried.
 *
 * The order in which a word is modified is the order in which that is carried out here. That leaves
 * nothing out where each word has one writer at a time, who knows of the store before, or is changed
 * by read-modify-write: an assertion holds every store to it.
 *
 * What is not atomic must be ordered by happens-before: a look at fields or at a table comes after
 * the store that filled them, and reclaiming them comes after every look. Anything else is a data
 * race, and an assertion says so.
 */
#ifndef HISTORY
#define HISTORY 12
#endif

/* A view: words, then versions of what is not atomic, then each thread's number of looks. */
#define THINGS (SNAPSHOTS + TABLES)
#define VERSION_OF(d) (WORDS + (d))
#define LOOKS_OF(t) (WORDS + THINGS + (t))
#define WIDE (WORDS + THINGS + THREADS)

typedef View { byte at[WIDE] };
typedef Store { byte value; View carries };
typedef Word { byte n; Store was[HISTORY] };
typedef Thing { byte version; bool live; byte table; byte looks[THREADS] };

Word word[WORDS];
View seen[THREADS];
byte shown[WORDS]; /* the newest store that a sequentially consistent access stored or loaded */
Thing thing[THINGS];
byte from; /* which store of a word: chosen, so a part of the state; 0 between steps */
hidden byte step, held;

inline begin_word(x, v) { word[x].was[0].value = v; word[x].n = 1 }
inline begin_table(s, t) {
  thing[s].live = true;
  thing[s].table = t;
  thing[SNAPSHOTS + t].live = true
}

/* The calling thread takes over what a store carries. */
inline take_over(x, k) {
  step = 0;
  do
  :: step < WIDE ->
    if
    :: word[x].was[k].carries.at[step] > seen[me].at[step] ->
      seen[me].at[step] = word[x].was[k].carries.at[step]
    :: else
    fi;
    step++
  :: else -> break
  od
}

/* The store k of a word carries what the calling thread has seen, beside what it carries already. */
inline hand_on(x, k) {
  step = 0;
  do
  :: step < WIDE ->
    if
    :: seen[me].at[step] > word[x].was[k].carries.at[step] ->
      word[x].was[k].carries.at[step] = seen[me].at[step]
    :: else
    fi;
    step++
  :: else -> break
  od
}

/* Stores that no thread can load any more are blanked: one state instead of many. */
inline forget(x) {
  step = 1;
  from = seen[0].at[x];
  do
  :: step < THREADS ->
    if
    :: seen[step].at[x] < from -> from = seen[step].at[x]
    :: else
    fi;
    step++
  :: else -> break
  od;
  do
  :: from > 0 ->
    from--;
    word[x].was[from].value = 0;
    step = 0;
    do
    :: step < WIDE -> word[x].was[from].carries.at[step] = 0; step++
    :: else -> break
    od
  :: else -> break
  od;
  from = 0
}

inline read_store(x, k, v, order) {
  v = word[x].was[k].value;
  seen[me].at[x] = k;
  if
  :: (order) == ACQ || (order) == ACQ_REL || (order) == SC -> take_over(x, k)
  :: else
  fi;
  if
  :: (order) == SC && k > shown[x] -> shown[x] = k
  :: else
  fi
}

inline load(x, v, order) {
  atomic {
    from = seen[me].at[x];
    if
    :: (order) == SC && shown[x] > from -> from = shown[x]
    :: else
    fi;
    do
    :: from + 1 < word[x].n -> from++
    :: break
    od;
    d_step {
      read_store(x, from, v, order);
      forget(x)
    }
  }
}

inline add_store(x, v, order) {
  from = word[x].n;
  assert(from < HISTORY);
  word[x].was[from].value = v;
  word[x].n++;
  seen[me].at[x] = from;
  word[x].was[from].carries.at[x] = from;
  if
  :: (order) == REL || (order) == ACQ_REL || (order) == SC -> hand_on(x, from)
  :: else
  fi;
  if
  :: (order) == SC -> shown[x] = from
  :: else
  fi
}

inline store(x, v, order) {
  d_step {
    assert(seen[me].at[x] == word[x].n - 1); /* two writers at once */
    add_store(x, v, order);
    forget(x)
  }
}

/* After a read-modify-write has read the store before: what that carried goes on with the new one. */
inline go_on_from(x, v, order) {
  from = word[x].n;
  step = 0;
  do
  :: step < WIDE ->
    word[x].was[from].carries.at[step] = word[x].was[from - 1].carries.at[step];
    step++
  :: else -> break
  od;
  add_store(x, v, order)
}

inline change(x, old, after, order) {
  d_step {
    assert(word[x].n < HISTORY);
    from = word[x].n - 1;
    read_store(x, from, old, order);
    go_on_from(x, after, order);
    forget(x)
  }
}

/* A compare and exchange that succeeds reads the newest store; one that fails may read an older. */
inline exchange_if(x, expected, desired, old, order) {
  atomic {
    from = seen[me].at[x];
    if
    :: (order) == SC && shown[x] > from -> from = shown[x]
    :: else
    fi;
    do
    :: from + 1 < word[x].n -> from++
    :: break
    od;
    d_step {
      if
      :: word[x].was[from].value == (expected) -> from = word[x].n - 1
      :: else
      fi;
      read_store(x, from, old, order);
      if
      :: old == (expected) -> go_on_from(x, desired, order)
      :: else
      fi;
      forget(x)
    }
  }
}

/* What the word is in the end, for waiting on it. */
#define NEWEST(x) (word[x].was[word[x].n - 1].value)

#define MEMORY skip

/* ---- What is not atomic ---------------------------------------------------------------------- */

/* Writing, or giving to the kernel, comes after the last write and after every look. */
inline write_thing(d, is_live) {
  assert(seen[me].at[VERSION_OF(d)] == thing[d].version);
  step = 0;
  do
  :: step < THREADS ->
    assert(seen[me].at[LOOKS_OF(step)] >= thing[d].looks[step]); /* reclaimed under a reader */
    step++
  :: else -> break
  od;
  thing[d].version++;
  thing[d].live = is_live;
  seen[me].at[VERSION_OF(d)] = thing[d].version
}

/* A look comes after the last write, and that was one that filled it. */
inline look_at_thing(d) {
  assert(seen[me].at[VERSION_OF(d)] == thing[d].version); /* use while or after it is rewritten */
  assert(thing[d].live);                                  /* use after it was reclaimed */
  thing[d].looks[me] = seen[me].at[LOOKS_OF(me)]
}

inline map_table(t) { d_step { write_thing(SNAPSHOTS + (t), true) } }
inline fill(s, t) { d_step { write_thing(s, true); thing[s].table = t } }
inline look_at(s) {
  d_step {
    seen[me].at[LOOKS_OF(me)] = seen[me].at[LOOKS_OF(me)] + 1;
    look_at_thing(s);
    held = thing[s].table;
    look_at_thing(SNAPSHOTS + held)
  }
}
inline poison(s) { d_step { write_thing(s, false) } }
inline unmap_table(t) { d_step { write_thing(SNAPSHOTS + (t), false) } }
