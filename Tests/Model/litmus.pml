/*
 * Whether the two memories are as weak as they say, no weaker and no stronger: the usual small
 * programs. BROKEN chooses one; its assertion fails where the memory allows the outcome.
 */
#define THREADS 4
#define SNAPSHOTS 2
#define TABLES 2
#define LINES 0
#define FIRST_LINE 0
#define HEAD 0
#define X 0
#define Y 1
#define WORDS 2
#include "protocol.pml"

byte a, b, c, d, done;
byte program, one, two; /* the program; the orders of its stores and of its loads */
#define END atomic { done++ }

proctype first(byte me) {
  byte old;
  if
  :: program == 1 -> store(X, 1, one); load(Y, a, two)                /* store buffering */
  :: program == 2 -> store(X, 1, RLX); store(Y, 1, one)               /* message passing */
  :: program == 3 -> store(X, 1, one)                                 /* independent writers */
  :: program == 4 -> store(X, 1, RLX); store(X, 2, RLX)               /* one word, two loads */
  :: program == 5 -> store(X, 1, RLX); store(Y, 1, REL); change(Y, old, 2, RLX) /* a sequence */
  :: program == 6 -> load(Y, a, RLX); store(X, 1, RLX)                /* load buffering */
  :: program == 7 -> change(X, a, a + 1, RLX)                         /* two increments */
  fi;
  old = 0;
  END
}

proctype second(byte me) {
  if
  :: program == 1 -> store(Y, 1, one); load(X, b, two)
  :: program == 2 || program == 5 -> load(Y, a, two); load(X, b, RLX)
  :: program == 3 -> store(Y, 1, one)
  :: program == 4 -> load(X, a, RLX); load(X, b, RLX)
  :: program == 6 -> load(X, b, RLX); store(Y, 1, RLX)
  :: program == 7 -> change(X, b, b + 1, RLX)
  fi;
  END
}

proctype third(byte me) {
  if
  :: program == 3 -> load(X, a, two); load(Y, b, two)
  :: else
  fi;
  END
}

proctype fourth(byte me) {
  if
  :: program == 3 -> load(Y, c, two); load(X, d, two)
  :: else
  fi;
  END
}

proctype judge() {
  done == 4;
  if
  :: program == 1 -> assert(a == 1 || b == 1)
  :: program == 2 -> assert(!(a == 1 && b == 0))
  :: program == 3 -> assert(!(a == 1 && b == 0 && c == 1 && d == 0))
  :: program == 4 -> assert(!(a == 2 && b == 1))
  :: program == 5 -> assert(!(a == 2 && b == 0))
  :: program == 6 -> assert(!(a == 1 && b == 1))
  :: program == 7 -> assert(a != b)
  fi
}

/* Tens: the program. Ones: 0 relaxed, 1 release and acquire, 2 sequentially consistent, 3 only the
 * stores are. */
init {
  atomic {
    choose_broken();
    program = broken / 10;
    if
    :: broken % 10 == 0 -> one = RLX; two = RLX
    :: broken % 10 == 1 -> one = REL; two = ACQ
    :: broken % 10 == 2 -> one = SC; two = SC
    :: broken % 10 == 3 -> one = SC; two = ACQ
    fi;
    begin_word(X, 0);
    begin_word(Y, 0);
    MEMORY;
    run first(0);
    run second(1);
    run third(2);
    run fourth(3);
    run judge()
  }
}
