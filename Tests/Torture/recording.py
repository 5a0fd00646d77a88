"""What a program did to the files of a store: the shim's log, read back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stores import WORK, Answer, run

SHIM = WORK / "shim.so"


@dataclass(frozen=True)
class Call:
    """One call: its name, its numbers, and the bytes or the path it came with."""

    name: str
    numbers: tuple[int, ...]
    data: bytes

    @property
    def path(self) -> str:
        return self.data.decode()

    @property
    def paths(self) -> tuple[str, str]:
        first = self.numbers[0]
        return self.data[:first].decode(), self.data[first:].decode()


def parse(log: bytes) -> Iterator[Call]:
    at = 0
    while at < len(log):
        end = log.index(b"\n", at)
        name, *words = log[at:end].decode().split(" ")
        numbers = tuple(int(word) for word in words)
        at = end + 1 + numbers[-1]
        yield Call(name, numbers[:-1], log[end + 1 : at])


def shimmed(root: Path, **settings: str) -> dict[str, str]:
    """The environment in which the shim minds what happens below `root`."""
    named = {f"TORTURE_{name.upper()}": value for name, value in settings.items()}
    return {"LD_PRELOAD": str(SHIM), "TORTURE_ROOT": str(root), **named}


def record(root: Path, *arguments: str, kill: str | None = None) -> tuple[Answer, list[Call]]:
    """Runs the command and gives its calls. `kill` as in the shim."""
    log = root.parent / f"{root.name}.log"
    log.unlink(missing_ok=True)
    settings = {"log": str(log)} | ({"kill": kill} if kill else {})
    answer = run(*arguments, environment=shimmed(root, **settings))
    calls = list(parse(log.read_bytes())) if log.exists() else []
    log.unlink(missing_ok=True)
    return answer, calls


def opens_synced(flags: int) -> bool:
    return flags & os.O_DSYNC != 0
