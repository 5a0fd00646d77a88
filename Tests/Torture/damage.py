"""Files truncated and overwritten under services that run, and found so by those that start."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from readers import Reader
from stores import WORK, Broken, check_settled, document, need, run


@dataclass
class Tally:
    damages: int = 0


def overwrite(path: Path, dice: random.Random) -> None:
    """A page of it, or all of it if it is smaller, by others."""
    path.chmod(0o644)
    size = path.stat().st_size
    start = dice.randrange(max(1, size - 4095))
    with path.open("r+b") as file:
        file.seek(start)
        file.write(dice.randbytes(min(4096, size)))


def cut(path: Path, dice: random.Random) -> None:
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.truncate(dice.choice([0, 1, path.stat().st_size // 2]))


def replace(path: Path, dice: random.Random) -> None:
    """As most programs write a file: another one under its name."""
    other = path.with_name("other")
    other.write_bytes(dice.randbytes(path.stat().st_size))
    other.replace(path)


def remove(path: Path, _dice: random.Random) -> None:
    path.unlink()


# What services that run survive. Of a table that they have mapped: that its name gets another file
# or none; with tables of their own, everything. Docs/reliability.md says what it is without.
HEAD_TABLE = "tables/00000003.mdb"
WAYS: dict[str, tuple[Callable[[Path, random.Random], None], ...]] = {
    "head": (overwrite, cut, replace, remove),
    "bell": (overwrite, cut, replace, remove),
    "catalog.mdb": (overwrite, cut, replace, remove),
    "catalog.mdb-lock": (overwrite, cut, replace, remove),
    HEAD_TABLE: (overwrite, cut, replace, remove),
    "tables/00000002.mdb": (overwrite, cut, replace, remove),
}


def damage_running(seed: int) -> Tally:
    folder = WORK / "damage"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    tally = Tally()
    dice = random.Random(f"{seed} damage")
    first = folder / "first/store"
    first.parent.mkdir()
    for number in range(1, 4):
        need("publish", str(document(folder, f"v{number}")), "--store", str(first))
    for name, ways in WAYS.items():
        for way in ways:
            root = folder / "now"
            shutil.copytree(first.parent, root)
            try:
                damaged(root / "store", name, way, dice, folder)
            except Broken as broken:
                raise Broken(f"{way.__name__} {name}: {broken}") from None
            shutil.rmtree(root)
            tally.damages += 1
    shutil.rmtree(folder)
    return tally


def damaged(
    store: Path,
    name: str,
    way: Callable[[Path, random.Random], None],
    dice: random.Random,
    folder: Path,
) -> None:
    # A mapped file that is cut ends the process that reads it there.
    is_deadly = name == HEAD_TABLE and way in (overwrite, cut)
    running = Reader(store, "running", how="private" if is_deadly else "")
    try:
        way(store / name, dice)
        # Who starts now is served something that was published, and is not told a lie of it.
        starting = Reader(store, "starting")
        verified = run("verify", "--store", str(store))
        said = name in verified.output or name.endswith("-lock")
        if verified.status not in (0, 1) or (verified.status == 1 and not said):
            raise Broken(str(verified))
        if verified.status == 0 and not may_be_whole(name, way):
            raise Broken(f"not found: {verified}")
        if name == "catalog.mdb" and (verified.status == 1 or way is remove):
            refused = run("publish", str(document(folder, "later")), "--store", str(store))
            if refused.status != 3 or "error" not in refused.errors:
                raise Broken(str(refused))
        else:
            need("publish", str(document(folder, "later")), "--store", str(store))
            if not name.startswith("tables"):
                check_settled(store)
        starting.end()
    finally:
        if running.process.poll() is None:
            running.end()


def may_be_whole(name: str, way: Callable[[Path, random.Random], None]) -> bool:
    """Bells and catalogs have bytes that nobody reads, a lock is made anew by who opens it, and a
    store without a catalog is one that is only read."""
    is_unread = name in ("bell", "catalog.mdb") and way is overwrite
    return name.endswith("-lock") or is_unread or (name == "catalog.mdb" and way is remove)


if __name__ == "__main__":
    print(damage_running(1))
