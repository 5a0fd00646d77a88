"""The command as a writer and as a reader of a store, and what must hold of a store at any time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("TORTURE_COMMAND", ROOT / "build/bin/turnout"))
WORK = ROOT / "build/test/torture"
USE_CASE = "Search"
SAID_MAX = 600


class Broken(Exception):
    """A store, or an answer, is not what it must be."""


@dataclass
class Answer:
    """What one run of the command came to."""

    arguments: tuple[str, ...]
    status: int
    output: str
    errors: str

    @property
    def was_killed(self) -> bool:
        return self.status == -signal.SIGKILL

    @property
    def done(self) -> bool:
        return self.status == 0

    @property
    def value(self) -> Any:  # noqa: ANN401
        return json.loads(self.output)

    def __str__(self) -> str:
        said = (self.output + self.errors).strip()[:SAID_MAX]
        return f"turnout {' '.join(self.arguments)}: exit status {self.status}: {said}"


def run(*arguments: str, environment: dict[str, str] | None = None) -> Answer:
    """Runs the command to its end. One that a signal ends is always wrong, unless we sent it."""
    ended = subprocess.run(
        [str(COMMAND), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env=None if environment is None else {**os.environ, **environment},
    )
    return Answer(arguments, ended.returncode, ended.stdout, ended.stderr)


def need(*arguments: str, environment: dict[str, str] | None = None) -> Answer:
    answer = run(*arguments, environment=environment)
    if not answer.done:
        raise Broken(str(answer))
    return answer


def document(folder: Path, name: str) -> Path:
    """A document whose only model version says which document it was."""
    path = folder / f"{name}.yaml"
    path.write_text(
        "turnout: 1\nunit: user\n"
        'clusters: { main: { address: "10.0.1.1:80" }, spare: { address: "10.0.1.2:80" } }\n'
        f"models: {{ ranker: {{ {name}: {{ cluster: [main, spare] }} }} }}\n"
        f"use_cases: {{ {USE_CASE}: {{ rules: [ {{ route: ranker@{name} }} ] }} }}\n"
    )
    return path


@dataclass(frozen=True)
class Served:
    """What a reader that starts now is served."""

    revision: int
    digest: str
    version: str


@dataclass
class State:
    """What a store says of itself to who may open its catalog."""

    history: list[dict[str, Any]] = field(default_factory=list)

    @property
    def head(self) -> int:
        return self.history[0]["head"] or 0 if self.history else 0

    @property
    def generation(self) -> int:
        """The overlay's: it grows with each change of it."""
        return sum(entry["action"] == "set" for entry in self.history)

    def is_same(self, other: State) -> bool:
        return len(self.history) == len(other.history) and all(
            is_same_entry(one, two) for one, two in zip(self.history, other.history, strict=True)
        )

    def __str__(self) -> str:
        return f"head {self.head}, {len(self.history)} entries"


def is_same_entry(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """A change happens also where head cannot be read, and then does not say what it moved."""
    unknown = {"moved"} if None in (one["moved"], other["moved"]) else set()
    return all(one[name] == other[name] for name in one.keys() - unknown)


def served(store: Path) -> Served | None:
    """Opens the store as a service does; None where nothing can be served, in good order."""
    answer = run("resolve", USE_CASE, "--unit", "u_1", "--json", "--store", str(store))
    if answer.status == 0:
        value = answer.value
        return Served(value["revision"], value["digest"], value["version"])
    if answer.status in (1, 3) and answer.errors.strip() + answer.output.strip():
        return None
    raise Broken(f"a reader was not answered: {answer}")


def state(store: Path) -> State | None:
    """Asks the catalog; None where there is none."""
    history = run("history", "--json", "--store", str(store))
    if history.status == 3 and not (store / "catalog.mdb").exists():
        return None
    if not history.done:
        raise Broken(str(history))
    # When something was done differs from one run to the next, and what is kept changes later.
    other = ("time", "kept")
    entries = [
        {name: entry[name] for name in entry if name not in other} for entry in history.value
    ]
    return State(entries)


def check_history(found: State) -> None:
    """The history is one chain in which each head follows from the one before."""
    entries = list(reversed(found.history))
    head = entries[0]["previous_head"] or 0 if entries else 0
    revisions: set[int] = set()
    for last, entry in zip([None, *entries], entries, strict=False):
        if last is not None and entry["number"] != last["number"] + 1:
            raise Broken(f"entry {entry['number']} follows entry {last['number']}")
        if (entry["previous_head"] or 0) != head:
            raise Broken(f"entry {entry['number']}: head before is not {head}: {entry}")
        head = entry["head"] or 0
        if entry["action"] in ("publish", "stage", "apply"):
            if entry["revision"] in revisions:
                raise Broken(f"revision {entry['revision']} was made twice")
            revisions.add(entry["revision"])


def check_settled(store: Path) -> State:
    """What holds once a writer has finished: head and history say the same, all that is kept is
    whole, and nothing else is there."""
    found = state(store)
    if found is None:
        raise Broken(f"{store} has no catalog")
    check_history(found)
    reader = served(store)
    if (reader.revision if reader else 0) != found.head:
        raise Broken(f"readers are served {reader}, the catalog says {found}")
    answer = need("verify", "--json", "--store", str(store))
    if not answer.value["whole"] or answer.value["notes"]:
        raise Broken(str(answer))
    left = sorted(path.name for path in store.iterdir())
    if set(left) - {"bell", "catalog.mdb", "catalog.mdb-lock", "head", "head.before", "tables"}:
        raise Broken(f"the store's folder has {left}")
    return found


def say(text: str) -> None:
    print(text, flush=True)


def progress(text: str) -> None:
    """A line that the next one replaces, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r\033[K  {text}", end="", file=sys.stderr, flush=True)
