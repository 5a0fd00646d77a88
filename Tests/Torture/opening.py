"""Stores opened by the thousand: as a service that starts, as a writer, as a service again."""

from __future__ import annotations

import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from stores import ROOT, WORK, Broken, Served, State

OPENER = WORK / "opener"
# Statuses of turnout.h.
OK, NO_TABLE, NO_STORE, NOT_A_STORE, CORRUPT = 0, -2, -5, -6, -7
# What may be said of a store that is not made yet.
NOT_YET = (NO_TABLE, NO_STORE, NOT_A_STORE)


@dataclass(frozen=True)
class Opened:
    """What one store said: to a reader, to the next writer, to a reader after that one."""

    status: int
    served: Served | None
    writer: int
    after: int
    revision: int
    generation: int


class Openers:
    """Some processes that open stores; any thread may ask."""

    def __init__(self, count: int) -> None:
        self.free: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
        self.all: list[subprocess.Popen[str]] = []
        self.lock = threading.Lock()
        for _ in range(count):
            self._start()

    def _start(self) -> None:
        process = subprocess.Popen(
            [str(OPENER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={"LD_LIBRARY_PATH": str(ROOT / "build/lib")},
        )
        with self.lock:
            self.all.append(process)
        self.free.put(process)

    def open(self, store: Path) -> Opened:
        process = self.free.get()
        assert process.stdin and process.stdout
        try:
            process.stdin.write(f"{store}\n")
            process.stdin.flush()
            words = process.stdout.readline().split()
        except BrokenPipeError:
            words = []
        if len(words) != 8:
            process.kill()
            process.wait()
            self._start()
            raise Broken(f"a process that opened it ended with {process.returncode}")
        self.free.put(process)
        status, revision, digest, version, writer, after, last, generation = words
        served = Served(int(revision), digest, version) if status == "0" else None
        numbers = (int(status), served, int(writer), int(after), int(last), int(generation))
        return Opened(*numbers)

    def close(self) -> None:
        for process in self.all:
            if process.stdin:
                process.stdin.close()
            process.kill()
            process.wait()


def check_opened(
    found: Opened, allowed: list[State | None], readers: dict[int, Served]
) -> State | None:
    """Whether a store is as one of the states allowed. None stands for no store. Gives which."""
    states = [one for one in allowed if one and one.head]
    if found.served:
        if found.served != readers.get(found.served.revision):
            raise Broken(f"a reader is served {found.served}, not as it was published")
        if found.served.revision not in [one.head for one in states]:
            raise Broken(f"a reader is served {found.served}, which is neither before nor after")
    elif len(states) == len(allowed) or found.status not in NOT_YET:
        raise Broken(f"a reader is told {found.status}")
    if found.writer != OK:
        if len(states) == len(allowed) or found.writer not in NOT_YET:
            raise Broken(f"the next writer is told {found.writer}")
        return None
    for one in states:
        if (one.head, one.generation + 1) == (found.revision, found.generation):
            # A reader may be at the head before; it may not be ahead of the catalog.
            if found.served and found.served.revision != one.head and one is not states[-1]:
                raise Broken(f"a reader is served {found.served}, the catalog is at {one}")
            return one
    raise Broken(f"after the next writer it is at {found.revision}, {found.generation}")
