"""Every call that a change makes fails in turn, in every way that it can.

Each kind of change is recorded once; then it is done again on a copy of the store for each of its
calls and each way in which that call may fail, once or from then on. Whatever comes of it, the
command ends by itself and says what failed, the store is as before or as after, readers are served,
and the next writer finishes or forgets it.
"""

from __future__ import annotations

import errno
import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from opening import Openers, check_opened
from recording import record, shimmed
from stores import WORK, Answer, Broken, Served, State, document, need, progress, run
from stores import served as ask_reader
from stores import state as ask_catalog

PLACE = Path("/dev/shm")
SHOWN_MAX = 6
DISK = ("EIO", "ENOSPC", "EDQUOT")
WAYS: dict[str, tuple[str, ...]] = {
    "pwrite": (*DISK, "EINTR", "short", "EIO:done", "ENOSPC:on"),
    "write": (*DISK, "EINTR", "short"),
    "writev": (*DISK, "EINTR", "short", "EIO:done"),
    "fsync": (*DISK, "EINTR", "EIO:done", "EIO:on"),
    "fdatasync": (*DISK, "EINTR", "EIO:done", "EIO:on"),
    "open": (*DISK, "EINTR", "EMFILE", "EACCES", "ENOSPC:on"),
    "open-read": ("EIO", "EINTR", "EMFILE", "EACCES"),
    "fallocate": (*DISK, "EINTR", "EIO:done"),
    "ftruncate": (*DISK, "EINTR"),
    "fchmod": ("EIO", "EPERM"),
    "mkdir": DISK,
    "link": (*DISK, "EIO:done"),
    "rename": (*DISK, "EIO:done", "EIO:on"),
    "unlink": ("EIO", "EPERM", "EIO:on"),
    "pread": ("EIO", "EINTR", "short", "EIO:on"),
    "mmap": ("ENOMEM", "ENOMEM:on"),
    "close": ("EIO", "EINTR"),
}
# The log's names of calls, where they are not the system's.
NAMES = {"truncate": "ftruncate", "allocate": "fallocate", "chmod": "fchmod"}


@dataclass
class Tally:
    faults: int = 0
    refused: int = 0
    # The command said that it failed, and the change had happened.
    happened: int = 0
    kinds: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Change:
    """One change and what its store is like before and after."""

    name: str
    arguments: tuple[str, ...]
    root: Path
    before: State | None
    after: State
    readers: dict[int, Served] = field(default_factory=dict)


def calls_of(change: Change) -> Counter[str]:
    """How often the change does each call. Found out by letting one of them fail too late."""
    root = PLACE / f"turnout-faults-{change.name}-counted"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(change.root, root)
    answer, calls = record(root, *placed(change, root))
    if not answer.done:
        raise Broken(str(answer))
    counts: Counter[str] = Counter()
    for call in calls:
        counts[NAMES.get(call.name, call.name)] += 1
    # A sync is logged by one name for both calls.
    syncs = counts.pop("sync", 0)
    counts["fsync"] = counts["fdatasync"] = syncs
    shutil.rmtree(root)
    return counts


def placed(change: Change, root: Path) -> list[str]:
    words = [word.replace("ROOT", str(root)) for word in change.arguments]
    return [*words, "--store", str(root / "store")]


def cases(change: Change) -> Iterator[tuple[str, int, str]]:
    for call, count in sorted(calls_of(change).items()):
        for number in range(1, count + 1):
            for way in WAYS.get(call, ()):
                yield call, number, way


def check(change: Change, openers: Openers, call: str, number: int, way: str) -> str:
    """Does the change with one fault. Gives how it ended."""
    case = f"{change.name}-{call}-{number}-{way.replace(':', '-')}"
    root = PLACE / f"turnout-faults-{case}"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(change.root, root)
    head, _, tail = way.partition(":")
    code = "short" if head == "short" else str(getattr(errno, head))
    fault = f"{call}:{number}:{code}" + (f":{tail}" if tail else "")
    try:
        answer = run(*placed(change, root), environment=shimmed(root, fault=fault))
        return judge(change, openers, root, answer)
    except Broken as broken:
        raise Broken(f"{change.name} with {fault}: {broken}") from None
    finally:
        shutil.rmtree(root, ignore_errors=True)


def judge(change: Change, openers: Openers, root: Path, answer: Answer) -> str:
    status, errors, said = answer.status, answer.errors, str(answer)
    if status not in (0, 1, 2, 3):
        raise Broken(f"it crashed: {said}")
    if status != 0 and not (errors + answer.output).strip():
        raise Broken(f"it failed and did not say why: {said}")
    store = root / "store"
    found = ask_catalog(store) or State()
    before = change.before or State()
    ends = "done" if status == 0 else "refused"
    if not found.is_same(change.after):
        if status == 0:
            raise Broken(f"it said that it was done, and it was not: {found}: {said}")
        if not found.is_same(before):
            raise Broken(f"neither before nor after: {found}: {said}")
    elif status != 0 and not change.after.is_same(before):
        ends = "happened"
    try:
        check_opened(openers.open(store), [change.before, change.after], change.readers)
    except Broken as broken:
        raise Broken(f"{broken}: {said}") from None
    return ends


def prepared(folder: Path) -> Path:
    """A store that has been used for a while."""
    root = folder / "used"
    root.mkdir(parents=True)
    store = str(root / "store")
    for number in range(17):
        need("publish", str(document(folder, f"u{number}")), "--store", store)
    need("set", "cluster", "main", "draining", "--store", store)
    return root


def changes(folder: Path) -> Iterator[Change]:
    """Each kind of change, its outcome found by doing it on a copy without a fault."""
    used = prepared(folder)
    empty = folder / "empty"
    empty.mkdir()
    new = str(document(folder, "new"))
    table = str(folder / "new.table")
    need("compile", new, "-o", table)
    kinds = {
        "create": (empty, ("publish", new)),
        "publish": (used, ("publish", new)),
        "stage": (used, ("publish", new, "--stage")),
        "activate": (used, ("activate", "5")),
        "rollback": (used, ("rollback",)),
        "apply": (used, ("apply", table)),
        "pin": (used, ("pin", "3")),
        "retention": (used, ("retention", "--keep", "4")),
        "set": (used, ("set", "cluster", "spare", "down")),
        "backup": (used, ("backup", "ROOT/copy")),
        "verify": (used, ("verify",)),
        "resolve": (used, ("resolve", "Search", "--unit", "u_1")),
    }
    for name, (root, arguments) in kinds.items():
        before = ask_catalog(root / "store") if root == used else None
        readers = [ask_reader(root / "store")]
        copy = folder / "once"
        shutil.copytree(root, copy)
        change = Change(name, arguments, root, before, State())
        need(*placed(change, copy))
        after = ask_catalog(copy / "store") or State()
        readers.append(ask_reader(copy / "store"))
        shutil.rmtree(copy)
        known = {one.revision: one for one in readers if one}
        yield Change(name, arguments, root, before, after, known)


def fail_everything(every: int = 1, workers: int = 2) -> Tally:
    """All faults, or one in `every`. Raises if any of them does harm."""
    folder = WORK / "faults"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    tally = Tally()
    wrong: list[str] = []
    openers = Openers(workers)
    for change in changes(folder):
        jobs = list(cases(change))[::every]

        def attempt(job: tuple[str, int, str], change: Change = change) -> str:
            try:
                return check(change, openers, *job)
            except Broken as broken:
                return f"! {broken}"

        with ThreadPoolExecutor(workers) as pool:
            for number, (job, ends) in enumerate(zip(jobs, pool.map(attempt, jobs), strict=True)):
                tally.faults += 1
                tally.kinds[job[0]] += 1
                tally.refused += ends != "done"
                tally.happened += ends == "happened"
                if ends.startswith("! "):
                    wrong.append(ends[2:])
                if number % 20 == 0:
                    progress(f"faults: {change.name}, {number} of {len(jobs)}")
    openers.close()
    if wrong:
        shown = "\n".join(wrong[:SHOWN_MAX])
        raise Broken(f"{len(wrong)} of {tally.faults} faults do harm, such as\n{shown}")
    shutil.rmtree(folder)
    return tally


if __name__ == "__main__":
    import sys
    import time

    begin = time.time()
    print(fail_everything(int(sys.argv[1])), f"{time.time() - begin:.0f} s")
