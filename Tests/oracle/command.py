"""The `turnout` command over one store."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trees import Node, boolean, mapping, read_json, sequence, text

PROCESS_SECONDS_MAX = 60


class CommandError(Exception):
    """What the command said, and its exit status. `kind` is the same for the same complaint about
    something else."""

    def __init__(self, verb: str, said: str) -> None:
        super().__init__(f"{verb}: {said}")
        first = next((line for line in said.split("\n") if "error" in line), said)
        self.kind = verb + re.sub(r"^.*?error: |`[^`]*`|[0-9]+", "", first)


@dataclass(frozen=True)
class Published:
    revision: int
    digest: str
    unchanged: bool
    moved: Sequence[Node]


class Store:
    def __init__(self, turnout: Path, directory: Path) -> None:
        self.turnout = turnout
        self.directory = directory

    def publish(self, documents: Path) -> Published:
        answer = mapping(read_json(self._run("publish", str(documents), "--json")))
        return Published(
            revision=int(text(answer["revision"])),
            digest=text(answer["digest"]),
            unchanged=boolean(answer["unchanged"]),
            moved=sequence(answer["moved"]),
        )

    def exported(self, revision: int) -> str:
        """A document with the intervals of the revision as ranges."""
        return self._run("export", "--ranges", "--at", str(revision))

    def set_state(self, kind: str, name: str, state: str) -> None:
        self._run("set", kind, name, state)

    def activate(self, revision: int) -> None:
        self._run("activate", str(revision))

    def resolve(self, lines: Sequence[str], revision: int | None) -> list[str]:
        at = () if revision is None else ("--at", str(revision))
        answers = self._run("resolve", "--batch", "-", "--json", *at, given="\n".join(lines) + "\n")
        return answers.splitlines()

    def _run(self, verb: str, *arguments: str, given: str = "") -> str:
        called = [str(self.turnout), verb, *arguments, "--store", str(self.directory)]
        done = subprocess.run(
            called,
            input=given.encode(),
            capture_output=True,
            timeout=PROCESS_SECONDS_MAX,
            check=False,
        )
        # A batch in which some answer is no may well say so.
        if done.returncode not in ((0, 1) if verb == "resolve" else (0,)):
            raise CommandError(verb, f"exit {done.returncode}\n{done.stderr.decode()}")
        return done.stdout.decode()
