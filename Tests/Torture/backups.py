"""Backups while writers write, and backups that are killed: what is there in the end is a whole
store, or none."""

from __future__ import annotations

import random
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from recording import record
from stores import COMMAND, WORK, Broken, check_settled, document, need, progress, run, state


@dataclass
class Tally:
    backups: int = 0
    killed: int = 0


def publish(folder: Path, store: Path, name: str) -> None:
    need("publish", str(document(folder, name)), "--store", str(store))


def back_up(seed: int, times: int, every: int) -> Tally:
    """`times` backups beside a writer; then one killed at each call, or at one in `every`."""
    folder = WORK / "backups"
    shutil.rmtree(folder, ignore_errors=True)
    root = folder / "root"
    root.mkdir(parents=True)
    store = root / "store"
    tally = Tally()
    dice = random.Random(f"{seed} backups")
    for number in range(6):
        publish(folder, store, f"v{number}")
    for number in range(times):
        copy, again = folder / f"copy{number}", folder / f"again{number}"
        writer = subprocess.Popen(
            [str(COMMAND), "publish", str(document(folder, f"w{number}")), "--store", str(store)],
            stdout=subprocess.DEVNULL,
        )
        need("backup", str(copy), "--store", str(store))
        if writer.wait(timeout=60) != 0:
            raise Broken("a publish beside a backup failed")
        check_settled(copy)
        need("restore", str(copy), "--store", str(again))
        check_settled(again)
        one, other, whole = state(copy), state(again), state(store)
        if not one or not other or not whole or not one.is_same(other):
            raise Broken(f"restored: {other}, from {one}")
        if one.history != whole.history[-len(one.history) :]:
            raise Broken(f"the backup has another history than the store: {one}")
        publish(folder, again, "later")
        shutil.rmtree(copy)
        shutil.rmtree(again)
        tally.backups += 1
        progress(f"backups: {number + 1} of {times}")
    _, calls = record(root, "backup", str(root / "copy"), "--store", str(store))
    shutil.rmtree(root / "copy")
    for moment in range(1 + dice.randrange(every), len(calls) + 1, every):
        copy = root / "copy"
        words = ("backup", str(copy), "--store", str(store))
        answer, _ = record(root, *words, kill=f"{moment}:after")
        if not answer.was_killed:
            break
        judge(copy, f"SEED={seed} killed after call {moment}", store)
        shutil.rmtree(copy, ignore_errors=True)
        tally.killed += 1
        progress(f"backups: killed at {moment} of {len(calls)}")
    check_settled(store)
    shutil.rmtree(folder)
    return tally


def judge(copy: Path, when: str, store: Path) -> None:
    """What a killed backup left is refused, or it is whole."""
    verified = run("verify", "--store", str(copy))
    if verified.status == 3:
        answer = run("restore", str(copy), "--store", str(copy.parent / "never"))
        if answer.status != 3 or (copy.parent / "never").exists():
            raise Broken(f"{when}: {answer}")
        return
    if verified.status == 1 and not (copy / "head").exists():
        # Its catalog is there and its head not yet: a restore makes that.
        again = copy.parent / "again"
        need("restore", str(copy), "--store", str(again))
        one, whole = check_settled(again), state(store)
        shutil.rmtree(again)
        if whole is None or not one.is_same(whole):
            raise Broken(f"{when}: restored {one}, of {whole}")
        return
    if not verified.done:
        raise Broken(f"{when}: {verified}")


if __name__ == "__main__":
    print(back_up(1, 3, 1))
