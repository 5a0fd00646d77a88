"""Power lost at every moment of a change: what the disk may then hold, opened.

A chain of commands is recorded. After each call of each of them the power goes; every choice of
what was not synced is written into a folder of its own and opened there: first by a reader, then by
who asks the catalog, then by the next writer.
"""

from __future__ import annotations

import itertools
import random
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from disk import GARBAGE, Change, Disk, Fate, name_of, put, torn
from opening import Openers, check_opened
from recording import record
from stores import WORK, Broken, Served, State, check_settled, document, need, progress, say
from stores import served as ask_reader
from stores import state as ask_catalog

# Up to so many unsynced changes, every subset of them is tried.
EVERY_SUBSET_MAX = 5
SHOWN_MAX = 6
CALLS_MAX = 1000
BATCH = 256
# Of the states, one in so many is read in full by the command.
WHOLLY_EVERY = 25
WORKERS = 2
PLACE = Path("/dev/shm")


@dataclass
class Step:
    """What held before and after one command, and which of the two was promised."""

    name: str
    before: State | None
    after: State | None
    readers: dict[int, Served]
    is_acknowledged: bool = False


@dataclass
class Tally:
    states: int = 0
    moments: int = 0
    changes: int = 0
    commands: int = 0
    kinds: dict[str, int] = field(default_factory=dict)


Files = dict[str, tuple[int, "bytes | None"]]


def fates(
    changes: list[tuple[int, int, Change]], dice: random.Random, drawn: int
) -> Iterator[tuple[str, Fate]]:
    """The choices to try: each with its kind."""
    keys = [(node, index) for node, index, _ in changes]

    def chosen(kept: set[tuple[int, int]]) -> Fate:
        return lambda node, index, _: (node, index) in kept

    yield "all there", lambda *_: True
    if not keys:
        return
    yield "none there", lambda *_: False
    if len(keys) <= EVERY_SUBSET_MAX:
        for size in range(1, len(keys)):
            for kept in itertools.combinations(keys, size):
                yield "subset", chosen(set(kept))
    else:
        for key in keys:
            yield "subset", chosen({key})
            yield "subset", chosen(set(keys) - {key})
    yield "names only", lambda _node, _index, change: change.kind == "names"
    yield "bytes only", lambda _node, _index, change: change.kind != "names"
    yield "sizes only", lambda _n, _i, change: GARBAGE if change.kind == "write" else True
    for _ in range(drawn):
        yield "drawn", drawn_fate(random.Random(dice.randrange(1 << 48)))


def drawn_fate(dice: random.Random) -> Fate:
    """Each change is there, lost, or torn, as the dice fall; the same when asked again."""
    share = dice.choice([0.2, 0.5, 0.8])
    seen: dict[tuple[int, int], bool | set[int] | str] = {}

    def fate(node: int, index: int, change: Change) -> bool | set[int] | str:
        key = (node, index)
        if key not in seen:
            seen[key] = dice.random() < share
            if change.kind == "write":
                kind = dice.random()
                if kind < 0.3:
                    seen[key] = torn(change, dice)
                elif kind < 0.4:
                    seen[key] = GARBAGE
        return seen[key]

    return fate


def muddle(files: Files, mapped: set[str], dice: random.Random) -> None:
    """Files that are written through a mapping hold anything: the lock, the bell's counter."""
    for path in mapped & set(files):
        mode, content = files[path]
        if content is None or not content:
            continue
        if path.endswith("-lock"):
            size = dice.choice([0, len(content), len(content) // 2])
            files[path] = (mode, dice.choice([bytes(size), dice.randbytes(size)]))
        elif len(content) == 4096:
            files[path] = (mode, dice.randbytes(4) + content[4:])


class Examiner:
    """Opens what a loss of power left, and says what is wrong with it."""

    def __init__(self, mend: Path, seed: int) -> None:
        self.mend = mend
        self.seed = seed
        self.openers = Openers(WORKERS)

    def check(self, files: Files, step: Step, name: str, wholly: bool) -> None:
        folder = PLACE / f"turnout-power-{name}"
        put(files, folder)
        try:
            allowed = [step.after] if step.is_acknowledged else [step.before, step.after]
            if wholly:
                self._check_wholly(folder / "store", allowed)
            else:
                check_opened(self.openers.open(folder / "store"), allowed, step.readers)
        except Broken as broken:
            kept = WORK / f"failed-{name}"
            put(files, kept)
            raise Broken(
                f"SEED={self.seed} power lost during `{step.name}`"
                f"{', acknowledged' if step.is_acknowledged else ''}: {broken}\n"
                f"  before: {step.before}; after: {step.after}\n  the files: {kept}"
            ) from None
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _check_wholly(self, store: Path, allowed: list[State | None]) -> None:
        """By the command: the whole history, and after the next publish every byte."""
        catalog = ask_catalog(store)
        if not any((catalog or State()).is_same(one or State()) for one in allowed):
            raise Broken(f"the catalog says {catalog}: neither before nor after")
        need("publish", str(self.mend), "--message", "mend", "--store", str(store))
        settled = check_settled(store)
        entries = catalog.history if catalog else []
        if settled.history[1:] != entries or settled.history[0]["message"] != "mend":
            raise Broken(f"after the next publish it is {settled}, and was {catalog}")


class Chain:
    """Commands on one store, one after the other, with the power lost at each moment of each."""

    def __init__(self, name: str, seed: int, drawn: int, tally: Tally) -> None:
        self.name = name
        self.drawn = drawn
        self.tally = tally
        self.dice = random.Random(f"{seed} {name}")
        self.folder = WORK / f"power-{name}"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.root = self.folder / "root"
        self.root.mkdir(parents=True)
        self.store = self.root / "store"
        self.readers: dict[int, Served] = {}
        self.examiner = Examiner(document(self.folder, "mend"), seed)
        self.seen: set[str] = set()
        self.jobs: list[tuple[Files, Step, str, bool]] = []
        self.wrong: list[str] = []
        self.state: State | None = None
        self.disk = Disk(self.root)

    def begin(self) -> None:
        """What is there now is surely there."""
        self.disk = Disk(self.root)
        self._look()

    def _look(self) -> None:
        self.state = ask_catalog(self.store)
        reader = ask_reader(self.store)
        if reader:
            self.readers[reader.revision] = reader

    def step(
        self,
        *arguments: str,
        kill: str | None = None,
        every_moment: bool = True,
        may_refuse: bool = False,
    ) -> bool:
        """Runs a command, killed where `kill` says. Gives whether it came so far."""
        before = self.state
        answer, calls = record(self.root, *arguments, "--store", str(self.store), kill=kill)
        if kill is None and not answer.done and not (may_refuse and answer.status == 1):
            raise Broken(str(answer))
        self._look()
        name = " ".join(arguments[:2]).replace(str(self.folder) + "/", "")
        step = Step(
            name + (f", killed at {kill}" if kill else ""), before, self.state, self.readers
        )
        self.disk.start_program()
        self.tally.commands += 1
        for call in calls:
            self.disk.feed(call)
            if every_moment and call.name not in ("close", "pread", "mmap", "open-read", "writev"):
                self._lose(step)
        if answer.done:
            done = Step(step.name, before, self.state, self.readers, is_acknowledged=True)
            self._lose(done)
        return answer.was_killed

    def _lose(self, step: Step) -> None:
        changes = self.disk.unsettled()
        self.tally.moments += 1
        self.tally.changes = max(self.tally.changes, len(changes))
        for kind, fate in fates(changes, self.dice, self.drawn):
            files = self.disk.after(fate)
            muddle(files, self.disk.mapped, self.dice)
            name = f"{name_of(files)}-{int(step.is_acknowledged)}"
            if name in self.seen:
                continue
            self.seen.add(name)
            self.tally.kinds[kind] = self.tally.kinds.get(kind, 0) + 1
            self.jobs.append((files, step, name, len(self.seen) % WHOLLY_EVERY == 0))
        if len(self.jobs) >= BATCH:
            self._open_all()

    def _examine(self, job: tuple[Files, Step, str, bool]) -> str | None:
        try:
            self.examiner.check(*job)
        except Broken as broken:
            return str(broken)
        return None

    def is_followed(self) -> bool:
        """Whether the recording, played back with nothing lost, is what is really there."""
        played = self.disk.after(lambda *_: True)
        real = Disk(self.root).after(lambda *_: True)
        for path in self.disk.mapped:
            played.pop(path, None)
            real.pop(path, None)
        return played == real

    def _open_all(self) -> None:
        """Opens what the disk may have held."""
        with ThreadPoolExecutor(WORKERS) as pool:
            for fault in pool.map(self._examine, self.jobs):
                self.tally.states += 1
                if fault:
                    self.wrong.append(fault)
        progress(f"power, {self.name}: {self.tally.states} states opened")
        self.jobs = []

    def finish(self) -> None:
        self._open_all()
        self.examiner.openers.close()
        if not self.is_followed():
            raise Broken(f"{self.name}: the recording lacks something: it does not give the store")
        names = {Path(path).name for path in self.disk.mapped}
        if names - {"bell", "catalog.mdb-lock"}:
            raise Broken(f"{self.name}: written through mappings, unseen: {names}")
        if self.wrong:
            shown = "\n".join(self.wrong[:SHOWN_MAX])
            raise Broken(f"{len(self.wrong)} states are wrong, such as\n{shown}")
        shutil.rmtree(self.folder, ignore_errors=True)


def new_store(chain: Chain) -> None:
    """From nothing: the making of a store, and each kind of change of a young one."""
    paths = {name: str(document(chain.folder, name)) for name in ("v1", "v2", "v3", "v4")}
    table = chain.folder / "v4.table"
    need("compile", paths["v4"], "-o", str(table))
    chain.begin()
    chain.step("publish", paths["v1"])
    chain.step("publish", paths["v2"])
    chain.step("set", "cluster", "main", "draining")
    chain.step("publish", paths["v3"], "--stage")
    chain.step("activate", "3")
    chain.step("rollback")
    chain.step("apply", str(table))
    chain.step("set", "cluster", "main", "up")


def one_publish(chain: Chain) -> None:
    """The shortest: a store, and one publish into it."""
    publish(chain, "v1")
    chain.begin()
    chain.step("publish", str(document(chain.folder, "v2")))


def old_store(chain: Chain) -> None:
    """A store so old that every publish retires a revision."""
    for number in range(18):
        publish(chain, f"o{number}")
    chain.begin()
    for number in range(3):
        chain.step("publish", str(document(chain.folder, f"w{number}")))


def publish(chain: Chain, name: str) -> None:
    need("publish", str(document(chain.folder, name)), "--store", str(chain.store))


def killed_first(chain: Chain) -> None:
    """A writer killed after each of its calls, then another that is acknowledged, then the power
    lost: what the second one was told must hold, whatever the first one left unsynced."""
    publish(chain, "k0")
    again = str(document(chain.folder, "again"))
    saved = chain.folder / "saved"
    shutil.copytree(chain.root, saved)
    # The second of these changes nothing if the first writer came so far, and is told so.
    for second in (("publish", again), ("activate", "2"), ("set", "cluster", "main", "down")):
        for moment in range(1, CALLS_MAX):
            shutil.rmtree(chain.root)
            shutil.copytree(saved, chain.root)
            chain.begin()
            if not chain.step("publish", again, kill=f"{moment}:after", every_moment=False):
                break
            chain.step(*second, every_moment=False, may_refuse=True)


def killed_maker(chain: Chain) -> None:
    """The same for whoever makes the store."""
    first = str(document(chain.folder, "first"))
    for moment in range(1, CALLS_MAX):
        shutil.rmtree(chain.root)
        chain.root.mkdir()
        chain.state = None
        chain.disk = Disk(chain.root)
        if not chain.step("publish", first, kill=f"{moment}:after", every_moment=False):
            return
        chain.step("publish", first, every_moment=False)


def power(seed: int, drawn: int, is_short: bool) -> Tally:
    """All of it. Raises if any state is not as it must be."""
    tally = Tally()

    def chain(name: str, play: Callable[[Chain], None]) -> None:
        begin, states = time.monotonic(), tally.states
        one = Chain(name, seed, drawn, tally)
        play(one)
        one.finish()
        count, seconds = tally.states - states, time.monotonic() - begin
        say(f"  power, {name}: {count} states opened, {seconds:.0f} s")

    if is_short:
        chain("short", one_publish)
        return tally
    chain("new", new_store)
    chain("old", old_store)
    chain("killed", killed_first)
    chain("maker", killed_maker)
    return tally


if __name__ == "__main__":
    import sys

    print(power(int(sys.argv[1]), int(sys.argv[2]), len(sys.argv) > 3))
