/*
 * The stack of released lines, while threads end and begin: each takes a line from it, and gives
 * it back or not (with -DANY) or as its number says. Claim: no line has two owners. A count beside the top's number tells a top that went and
 * came back.
 */
#ifndef WORKERS
#define WORKERS 4
#endif
#define THREADS WORKERS
#define SNAPSHOTS 2
#define TABLES 2
#define LINES 0
#define FIRST_LINE 0
#define HEAD 0
#define RELEASED 1
#define BELOW(n) (1 + (n))
#define WORDS 4
#define HISTORY 10
#include "protocol.pml"

#ifdef ANY
#define GIVES_BACK true
#define KEEPS true
#else
#define GIVES_BACK me == 0
#define KEEPS me != 0
#endif
#define TOP(tag, number) ((tag) * 4 + (number))
#define NUMBER_OF(top) ((top) % 4)
#define NEXT_TAG(top) (BROKEN(no_tag) -> 0 : (top) / 4 + 1)
bool owned[3];

inline pop_line() {
  load(RELEASED, top, ACQ);                                           /* L3 */
  do
  :: NUMBER_OF(top) == 0 -> mine = 0; break
  :: else ->
    load(BELOW(NUMBER_OF(top)), below, RLX);                          /* L8 */
    exchange_if(RELEASED, top, TOP(NEXT_TAG(top), below), old,
                UNLESS(pop_relaxed, ACQ_REL, RLX));                   /* L4 */
    if
    :: old == top -> mine = NUMBER_OF(top); break
    :: else -> top = old
    fi
  od;
  top = 0; below = 0; old = 0
}

inline push_line() {
  load(RELEASED, top, ACQ);                                           /* L9 */
  do
  :: true ->
    store(BELOW(mine), NUMBER_OF(top), RLX);                          /* L10 */
    exchange_if(RELEASED, top, TOP(NEXT_TAG(top), mine), old,
                UNLESS(push_relaxed, ACQ_REL, RLX));                  /* L2 */
    if
    :: old == top -> break
    :: else -> top = old
    fi
  od;
  top = 0; old = 0
}

proctype worker(byte me) {
  byte top, below, old, mine;
  pop_line();
  if
  :: mine == 0
  :: else ->
    assert(!owned[mine]);                                             /* a line with two owners */
    owned[mine] = true;
    if
    :: GIVES_BACK -> owned[mine] = false; push_line()
    :: KEEPS
    fi
  fi
}

init {
  atomic {
    choose_broken();
    begin_word(RELEASED, TOP(0, 1));
    begin_word(BELOW(1), 2);
    begin_word(BELOW(2), 0);
    MEMORY;
    run worker(0);
    run worker(1);
    run worker(2);
#if WORKERS > 3
    run worker(3);
#endif
  }
}
