/*
 * A memory that behaves as x86-64's does (x86-TSO): each thread has a buffer of stores, first in
 * first out, that becomes visible to the others whenever `drain` likes. A load looks into its own
 * buffer first. A sequentially consistent store is an `xchg`, and every read-modify-write is locked:
 * both wait until the buffer is empty. Every other store is a `mov` into it, every load a `mov`.
 *
 * Unmapping takes effect at once, however full the buffer is: nothing promises a fence there.
 */
#ifndef BUFFERED
#define BUFFERED 4
#endif

typedef Buffer {
  byte n;
  byte at[BUFFERED];
  byte value[BUFFERED]
};

/* The words, then the fields of each snapshot's memory. */
#define FIELDS WORDS
byte memory[WORDS + SNAPSHOTS];
Buffer buffer[THREADS];
bool mapped[TABLES];
hidden byte step, slot_, held;

inline begin_word(x, v) { memory[x] = v }
inline begin_table(s, t) { memory[FIELDS + s] = t; mapped[t] = true }

inline load(x, v, order) {
  d_step {
    v = memory[x];
    step = 0;
    do
    :: step < buffer[me].n ->
      if
      :: buffer[me].at[step] == (x) -> v = buffer[me].value[step]
      :: else
      fi;
      step++
    :: else -> break
    od
  }
}

inline store(x, v, order) {
  atomic {
    if
    :: (order) == SC && buffer[me].n == 0 -> memory[x] = v
    :: (order) != SC && buffer[me].n < BUFFERED ->
      buffer[me].at[buffer[me].n] = x;
      buffer[me].value[buffer[me].n] = v;
      buffer[me].n++
    fi
  }
}

/* word := value of `after`, in which `old` is what it was. */
inline change(x, old, after, order) {
  atomic {
    buffer[me].n == 0;
    old = memory[x];
    memory[x] = after
  }
}

inline exchange_if(x, expected, desired, old, order) {
  atomic {
    buffer[me].n == 0;
    old = memory[x];
    if
    :: old == (expected) -> memory[x] = desired
    :: else
    fi
  }
}

/* Takes the oldest store out of the buffer of thread `t`. */
inline pop(t) {
  atomic {
    buffer[t].n > 0;
    memory[buffer[t].at[0]] = buffer[t].value[0];
    buffer[t].n--;
    step = 0;
    do
    :: step < buffer[t].n ->
      buffer[t].at[step] = buffer[t].at[step + 1];
      buffer[t].value[step] = buffer[t].value[step + 1];
      step++
    :: else -> break
    od;
    /* What is behind the last store means nothing; one state instead of many. */
    buffer[t].at[buffer[t].n] = 0;
    buffer[t].value[buffer[t].n] = 0
  }
}

proctype drain() {
end:
  do
  :: pop(0)
  :: pop(1)
#if THREADS > 2
  :: pop(2)
#endif
#if THREADS > 3
  :: pop(3)
#endif
#if THREADS > 4
  :: pop(4)
#endif
  od
}
#define NEWEST(x) (memory[x])
#define MEMORY run drain()

/* ---- What is not atomic: the fields of a snapshot, the pages of a table ---------------------- */

inline map_table(t) { mapped[t] = true }
inline fill(s, t) { store(FIELDS + (s), t, RLX) }

/* One look of a reader at the fields of a snapshot and at the table that they name. */
inline look_at(s) {
  atomic {
    load(FIELDS + (s), held, RLX);
    assert(held != DEAD);   /* use of a reclaimed snapshot */
    assert(mapped[held])    /* use of an unmapped table */
  }
}

inline poison(s) { store(FIELDS + (s), DEAD, RLX) }
inline unmap_table(t) { mapped[t] = false }
