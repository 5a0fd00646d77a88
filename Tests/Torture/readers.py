"""Readers that are killed, stopped, or hold what they read: nobody waits for them, and the store
stays as small as it is without them."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stores import ROOT, WORK, Broken, check_settled, document, need, progress, served

# An hour's worth, at one a minute.
PUBLISHES = 60
KEPT = 16
SPARE = 2
# How many tables that head has left a process keeps mapped, to go back to.
EARLIER = 3
PATIENCE_SECONDS = 60


@dataclass
class Tally:
    publishes: int = 0
    files_max: int = 0
    tables_max: int = 0
    pinned_max: int = 0
    held_bytes: int = 0


class Reader:
    """A service in a process of its own."""

    def __init__(self, store: Path, name: str, how: str = "") -> None:
        self.list = store.parent / f"{name}.list"
        self.process = subprocess.Popen(
            [str(WORK / "reader"), str(store), str(self.list), how],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={"LD_LIBRARY_PATH": str(ROOT / "build/lib")},
        )
        assert self.process.stdout
        if self.process.stdout.readline().strip() != "open":
            raise Broken(f"{name} does not open {store}")

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.process.pid, number)

    def tables(self) -> set[int]:
        """The inodes of the table files that it has mapped, whatever became of their names."""
        maps = Path(f"/proc/{self.process.pid}/maps")
        found = re.findall(r"^\S+ \S+ \S+ \S+ (\d+) .*/tables/\d+\.mdb", maps.read_text(), re.M)
        return {int(inode) for inode in found}

    def end(self) -> str:
        output, errors = self.process.communicate(timeout=PATIENCE_SECONDS)
        if self.process.returncode != 0:
            raise Broken(f"a reader noticed: {self.process.returncode}: {errors}")
        return output

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def until(claim: str, holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > end:
            raise Broken(f"not within {PATIENCE_SECONDS} s: {claim}")
        time.sleep(0.01)


def hold_readers(seed: int, publishes: int = PUBLISHES) -> Tally:
    """One reader stopped, one that holds a view, one that is killed and started again and again."""
    folder = WORK / "readers"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    store = folder / "store"
    tally = Tally()

    def publish(name: str) -> None:
        need("publish", str(document(folder, name)), "--store", str(store))

    def follows() -> bool:
        kept = {path.stat().st_ino for path in (store / "tables").iterdir()}
        mapped = follower.tables()
        return 1 <= len(mapped) <= 1 + EARLIER and mapped <= kept

    publish("v0")
    stopped = Reader(store, "stopped")
    holder = Reader(store, "holder", how="hold")
    follower = Reader(store, "follower")
    mortal = Reader(store, "mortal")
    try:
        stopped.signal(signal.SIGSTOP)
        for number in range(1, publishes + 1):
            publish(f"v{number}")
            tally.publishes += 1
            if number % 5 == 0:
                mortal.kill()
                mortal = Reader(store, "mortal")
            until("the follower maps few tables, and none that is gone", follows)
            files = {path.stat().st_ino for path in (store / "tables").iterdir()}
            pinned = (stopped.tables() | holder.tables()) - files
            tally.files_max = max(tally.files_max, len(files))
            tally.pinned_max = max(tally.pinned_max, len(pinned))
            tally.tables_max = max(tally.tables_max, len(files | pinned))
            if len(files | pinned) > KEPT + len(pinned) + SPARE:
                raise Broken(f"SEED={seed}: {len(files)} files and {len(pinned)} that are held")
            progress(f"readers: {number} of {publishes} publishes")
        stopped.signal(signal.SIGCONT)
        head = served(store)
        until("the stopped reader serves head", lambda: len(stopped.tables()) == 1)
        held = holder.end()
        stopped.end()
        follower.end()
        last = stopped.list.read_text().splitlines()[-1].split()
        if head is None or last != [str(head.revision), head.version]:
            raise Broken(f"once continued, it served {last}, and head is {head}")
        _, _, age, size = (int(word) for word in re.findall(r"\d+", held))
        if age <= 0 or size <= 0:
            raise Broken(f"the status does not say what the view held: {held}")
        tally.held_bytes = size
        check_settled(store)
    finally:
        for reader in (stopped, holder, follower, mortal):
            if reader.process.poll() is None:
                reader.kill()
    shutil.rmtree(folder)
    return tally


if __name__ == "__main__":
    print(hold_readers(1))
