"""worker PEER PATH FLAGS: one peer in a process of its own, so that no peer's heap, threads or
imports weigh on another's. Reads orders from standard input, answers each in one line of JSON:

  serve              loads; how long import and loading took, and what memory they took
  round COUNT        microseconds an evaluation, in this thread's time on the processor
  watch KEY VALUE    answers when the flag has the value for a user; `now` is CLOCK_MONOTONIC
  refresh KEY VALUE  the same, after the peer was told to take over the data
  arms PATH KEY N    the last character of each unit's answer, from other data
"""

import gc
import json
import os
import sys
import threading
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import workload

ARRIVAL_S = 60
PAUSE_S = 0.0005


def memory() -> dict[str, float]:
    """MB of this process: resident, and the part that no file backs and no process shares."""
    gc.collect()
    wanted = {"Rss": "rss_mb", "Anonymous": "anonymous_mb"}
    out = {}
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
        name, _, rest = line.partition(":")
        if name in wanted:
            out[wanted[name]] = int(rest.split()[0]) / 1024
    return out


def threads() -> int:
    return len(os.listdir("/proc/self/task"))


class Worker:
    def __init__(self, name: str, path: Path, count: int) -> None:
        # What measuring itself needs comes first, so that it is not counted.
        self.path = path
        self.flags = workload.flags_of(count)
        self.users = workload.users()
        self.before = memory()
        begin = time.perf_counter()
        from peers import load

        self.kind = load(name)
        self.import_ms = (time.perf_counter() - begin) * 1e3
        self.imported = memory()
        self.peer: Any = None
        self.contexts: list[Any] = []

    def serve(self) -> dict[str, Any]:
        key = self.flags[0].key
        begin, cpu = time.perf_counter(), time.process_time()
        self.peer = self.kind(self.path)
        first = self.peer.answer(key, self.peer.context(self.users[0]))
        start_ms = (time.perf_counter() - begin) * 1e3
        start_cpu_ms = (time.process_time() - cpu) * 1e3
        if not first.startswith(self.flags[0].model + "@"):
            raise SystemExit(f"{self.path}: the first answer is {first!r}")
        # Each flag once, by one user of each country.
        few = [self.peer.context(user) for user in self.users[: len(workload.COUNTRIES)]]
        self.peer.evaluate([(flag.key, few[i % len(few)]) for i, flag in enumerate(self.flags)])
        loaded = memory()
        self.contexts = [self.peer.context(user) for user in self.users]
        distribution = self.kind.distribution
        return {
            "version": version(distribution) if distribution not in ("turnout", "python") else "",
            "mechanism": self.kind.mechanism,
            "import_ms": self.import_ms,
            "import_rss_mb": self.imported["rss_mb"] - self.before["rss_mb"],
            "start_ms": start_ms,
            "start_cpu_ms": start_cpu_ms,
            "rss_mb": loaded["rss_mb"] - self.imported["rss_mb"],
            "anonymous_mb": loaded["anonymous_mb"] - self.imported["anonymous_mb"],
            "threads": threads() - 1,
        }

    def round(self, count: int) -> dict[str, float]:
        contexts, flags = self.contexts, self.flags
        questions = [
            (flags[flag].key, contexts[user])
            for flag, user in workload.questions(len(flags), count)
        ]
        self.peer.evaluate(questions[: workload.WARM])
        begin = time.thread_time()
        self.peer.evaluate(questions)
        return {"us": (time.thread_time() - begin) * 1e6 / count}

    def watch(self, key: str, model: str) -> dict[str, float]:
        # The pause leaves the interpreter to the peer's own thread.
        context = self.peer.context(self.users[0])
        until = time.monotonic() + ARRIVAL_S
        while not self.peer.answer(key, context).startswith(model + "@"):
            if time.monotonic() > until:
                raise SystemExit(f"{self.path}: no change seen in {ARRIVAL_S} s")
            time.sleep(PAUSE_S)
        return {"now": time.monotonic()}

    def refresh(self, key: str, model: str) -> dict[str, float]:
        self.peer.refresh()
        return self.watch(key, model)

    def arms(self, path: str, key: str, units: int) -> dict[str, str]:
        peer, out = self.kind(Path(path)), []
        for i in range(units):
            user = workload.User(f"user-{i:06}", "US", "web")
            out.append(peer.answer(key, peer.context(user))[-1])
        peer.close()
        return {"arms": "".join(out)}


def main() -> None:
    worker = Worker(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
    answers = os.fdopen(os.dup(1), "w")
    # What a library prints must not be taken for an answer.
    os.dup2(2, 1)
    for line in sys.stdin:
        order, *rest = line.split()
        arguments = [int(word) if word.isdigit() else word for word in rest]
        print(json.dumps(getattr(worker, order)(*arguments)), file=answers, flush=True)
    if worker.peer is not None:
        worker.peer.close()
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and not thread.daemon:
            print(f"worker: {sys.argv[1]}: thread {thread.name} is left", file=sys.stderr)


if __name__ == "__main__":
    main()
