"""Writers killed at random instants while another one writes and services read.

Two writers change one store: each publishes, stages, activates, rolls back, applies and sets, by
the command, and is killed with SIGKILL at an instant drawn over the time that such a change takes.
After each kill a reader opens the store. At the end, and now and then, everything is compared: what
was acknowledged is in the history, once; nothing else is but what may have happened.
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from stores import (
    COMMAND,
    ROOT,
    WORK,
    Broken,
    check_history,
    check_settled,
    document,
    need,
    progress,
    run,
    say,
    served,
    state,
)

READERS = 3
WRITERS = 2
# Of the changes, so many run to their end.
SPARED = 0.15
SETTLE_EVERY = 100
NAMES = ("main", "spare")
TABLES = 8
VERBS = (
    *("publish", "publish", "publish", "stage", "activate", "rollback", "apply", "set", "set"),
    *("pin", "unpin", "retention"),
)
# What may find that there is no such revision, or none to go back to.
MAY_REFUSE = ("activate", "rollback", "pin", "unpin")


@dataclass
class Tally:
    changes: int = 0
    kills: int = 0
    acknowledged: int = 0
    committed_unacknowledged: int = 0
    killed: Counter[str] = field(default_factory=Counter)
    resolves: int = 0
    moves: int = 0


class Writers:
    """One store, its writers and its readers."""

    def __init__(self, seed: int, kills: int) -> None:
        self.seed = seed
        self.kills = kills
        self.folder = WORK / "kills"
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "documents").mkdir(parents=True)
        self.store = self.folder / "store"
        self.tally = Tally()
        self.lock = threading.Lock()
        self.acknowledged: set[str] = set()
        self.tried: dict[str, str] = {}
        self.failure: Broken | None = None
        # How long a change takes, in the mean of the last ones.
        self.lengths = dict.fromkeys(VERBS, 0.03)
        self.turn = threading.Barrier(WRITERS, action=self._settle)

    def prepare(self) -> None:
        for number in range(TABLES):
            path = document(self.folder / "documents", f"table{number}")
            need("compile", str(path), "-o", str(self.folder / f"{number}.table"))
        need(
            "publish",
            str(document(self.folder / "documents", "begin")),
            "--message",
            "begin",
            "--store",
            str(self.store),
        )
        self.acknowledged.add("begin")

    def words(self, verb: str, token: str, dice: random.Random) -> list[str]:
        """The arguments of one change, which the history will know by its token."""
        head = state_head(self.store)
        match verb:
            case "publish" | "stage":
                path = document(self.folder / "documents", token)
                words = ["publish", str(path), *(["--stage"] if verb == "stage" else [])]
            case "activate":
                words = ["activate", str(max(1, head - dice.randrange(12)))]
            case "rollback":
                words = ["rollback"]
            case "pin" | "unpin":
                words = [verb, str(max(1, head - dice.randrange(6)))]
            case "retention":
                words = ["retention", "--keep", str(dice.randrange(8, 17))]
            case "apply":
                words = ["apply", str(self.folder / f"{dice.randrange(TABLES)}.table")]
            case _:
                words = [
                    "set",
                    "cluster",
                    dice.choice(NAMES),
                    dice.choice(["up", "draining", "down"]),
                ]
        return [*words, "--json", "--message", token, "--store", str(self.store)]

    def write(self, writer: int) -> None:
        """One writer, until enough have been killed or something is wrong."""
        dice = random.Random(f"{self.seed} {writer}")
        number = 0
        try:
            while self.tally.kills < self.kills and self.failure is None:
                number += 1
                self.change(f"w{writer}n{number}", dice)
                if number % SETTLE_EVERY == 0:
                    self.turn.wait(timeout=120)
        except threading.BrokenBarrierError:
            pass
        except Broken as broken:
            self.failure = self.failure or broken
        finally:
            self.turn.abort()

    def change(self, token: str, dice: random.Random) -> None:
        verb = dice.choice(VERBS)
        words = self.words(verb, token, dice)
        instant = None if dice.random() < SPARED else dice.random() * 1.3
        begin = time.monotonic()
        process = subprocess.Popen(
            [str(COMMAND), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        if instant is not None:
            try:
                process.wait(instant * self.lengths[verb])
            except subprocess.TimeoutExpired:
                process.kill()
        output, errors = process.communicate(timeout=120)
        took = time.monotonic() - begin
        self.note(verb, token, process.returncode, output, errors, took)
        if process.returncode == -9 and served(self.store) is None:
            raise Broken(f"no reader can open the store after {words} was killed")

    def note(
        self, verb: str, token: str, status: int, output: str, errors: str, took: float
    ) -> None:
        with self.lock:
            self.tally.changes += 1
            self.tried[token] = verb
            if status == -9:
                self.tally.kills += 1
                self.tally.killed[verb] += 1
            elif status == 0:
                self.lengths[verb] += (took - self.lengths[verb]) / 8
            elif status != 1 or verb not in MAY_REFUSE:
                raise Broken(f"{verb} {token}: exit status {status}: {output}{errors}")
            # Whoever read the whole answer was told, whether the process was killed then or not.
            if output.endswith("\n") and '"unchanged":true' not in output:
                self.acknowledged.add(token)
            progress(f"kills: {self.tally.kills} of {self.kills}, {self.tally.changes} changes")

    def _settle(self) -> None:
        """Both writers wait: everything is compared."""
        try:
            self.compare()
        except Broken as broken:
            self.failure = broken

    def compare(self) -> None:
        found = state(self.store)
        reader = served(self.store)
        if found is None or reader is None:
            raise Broken("the store is gone")
        # A writer that was killed between the commit and head's renaming leaves the old head.
        behind = {found.head} | {entry["previous_head"] for entry in found.history[:1]}
        if reader.revision not in behind:
            raise Broken(f"readers are served {reader.revision}, the catalog says {found}")
        need(
            "publish",
            str(document(self.folder / "documents", f"s{len(found.history)}")),
            "--message",
            f"s{len(found.history)}",
            "--store",
            str(self.store),
        )
        settled = check_settled(self.store)
        self.check_tokens(settled.history)

    def check_tokens(self, history: list[dict]) -> None:  # type: ignore[type-arg]
        counts = Counter(entry["message"] for entry in history)
        lost = self.acknowledged - set(counts)
        if lost:
            raise Broken(f"acknowledged and not in the history: {sorted(lost)}")
        double = [token for token, count in counts.items() if count > 1]
        if double:
            raise Broken(f"in the history twice: {double}")
        ours = re.compile(r"w\d+n\d+$")
        strange = [token for token in counts if ours.match(token) and token not in self.tried]
        if strange:
            raise Broken(f"in the history, and nobody did it: {strange}")
        made = [token for token in counts if ours.match(token) and token not in self.acknowledged]
        self.tally.committed_unacknowledged = len(made)
        self.tally.acknowledged = len(self.acknowledged)

    def check_overlay(self, history: list[dict]) -> None:  # type: ignore[type-arg]
        """The overlay is what the history's changes come to."""
        states: dict[str, str] = {}
        for entry in reversed(history):
            for change in entry["changes"]:
                states[change["name"]] = change["state"]
        wanted = {name: how for name, how in states.items() if how != "up"}
        value = need("overlay", "--json", "--store", str(self.store)).value
        entries = value["entries"] if isinstance(value, dict) else value
        found = {entry["name"]: entry["state"] for entry in entries}
        if found != wanted:
            raise Broken(f"the overlay is {found}, its history {wanted}")

    def check_kept(self, history: list[dict]) -> None:  # type: ignore[type-arg]
        """What is pinned, and what is kept, is what the history's changes come to; each change of
        tables says what moved."""
        pinned: set[int] = set()
        retention: dict[str, int | None] = {"keep": 16, "for_seconds": None}
        for entry in reversed(history):
            match entry["action"]:
                case "pin":
                    pinned.add(entry["revision"])
                case "unpin":
                    pinned.discard(entry["revision"])
                case "retention":
                    retention = entry["retention"]
                case "set":
                    pass
                case action:
                    if entry["moved"] is None:
                        raise Broken(f"{action} does not say what moved: {entry}")
        value = need("stat", "--json", "--store", str(self.store)).value
        found = {pin["revision"] for pin in value["pins"]}
        if found != pinned or value["retention"] != retention:
            raise Broken(f"pinned are {found}, kept {value['retention']}, its history {retention}")
        missing = pinned - {revision["revision"] for revision in value["revisions"]}
        if missing:
            raise Broken(f"pinned and not kept: {missing}")

    def check_read(self, lists: list[Path], history: list[dict]) -> None:  # type: ignore[type-arg]
        """What the readers were served is what the history says was published under the number."""
        made = {
            entry["revision"]: entry["message"]
            for entry in history
            if entry["action"] in ("publish", "stage")
        }
        for path in lists:
            for line in path.read_text().splitlines():
                number, version = line.split()
                if made.get(int(number), version) != version:
                    raise Broken(f"revision {number} said {version}, not {made[int(number)]}")


def state_head(store: Path) -> int:
    found = served(store)
    return found.revision if found else 1


def kill_writers(seed: int, kills: int) -> Tally:
    """All of it. Raises at the first thing that is wrong."""
    writers = Writers(seed, kills)
    writers.prepare()
    library = {"LD_LIBRARY_PATH": str(ROOT / "build/lib")}
    readers = []
    lists = [writers.folder / f"read{number}" for number in range(READERS)]
    for path in lists:
        reader = subprocess.Popen(
            [str(WORK / "reader"), str(writers.store), str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=library,
        )
        readers.append(reader)
    try:
        threads = [threading.Thread(target=writers.write, args=(n,)) for n in range(WRITERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        noticed = [reader.communicate(timeout=60) for reader in readers]
    finally:
        for reader in readers:
            if reader.poll() is None:
                reader.kill()
                reader.wait()
    try:
        if writers.failure:
            raise writers.failure
        for reader, (_, errors) in zip(readers, noticed, strict=True):
            if reader.returncode != 0:
                raise Broken(f"a reader noticed: exit status {reader.returncode}: {errors}")
        writers.compare()
        settled = check_settled(writers.store)
        check_history(settled)
        writers.check_overlay(settled.history)
        writers.check_kept(settled.history)
        writers.check_read(lists, settled.history)
    except Broken as broken:
        raise Broken(f"SEED={seed} {broken}\n  the store: {writers.store}") from None
    for output, _ in noticed:
        resolves, moves = re.findall(r"\d+", output)[:2]
        writers.tally.resolves += int(resolves)
        writers.tally.moves += int(moves)
    shutil.rmtree(writers.folder, ignore_errors=True)
    return writers.tally


if __name__ == "__main__":
    import sys

    begin = time.time()
    tally = kill_writers(int(sys.argv[1]), int(sys.argv[2]))
    say(f"{tally} {time.time() - begin:.0f} s")
    run("--version")
