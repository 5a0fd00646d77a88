"""The documents of Tests/vectors/documents and Examples, with their requests, as chains."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import reading
from allocations import Table, compiled
from chain import Question, Step
from overlay import NOTHING

ROOT = Path(__file__).parents[2]
FOLDERS = ROOT / "Tests" / "vectors" / "documents"
EXAMPLES = ROOT / "Examples"


def chains() -> Iterator[tuple[str, list[Step]]]:
    for folder in sorted(FOLDERS.iterdir()):
        paths = sorted(folder.glob("*.yaml"))
        yield folder.name, _steps(paths, folder / "requests.jsonl")
    for path in sorted(EXAMPLES.glob("*.yaml")):
        yield f"Examples/{path.name}", _steps([path], EXAMPLES / "requests.jsonl")


def _steps(paths: list[Path], requests: Path) -> list[Step]:
    """Every request is asked of every table."""
    lines = requests.read_text("utf-8").split("\n")[:-1]
    steps: list[Step] = []
    table: Table | None = None
    overlay = NOTHING
    for index, path in enumerate(paths):
        files = {path.name: path.read_text("utf-8")} | _lists(path)
        table = compiled(reading.of_files(files), table)
        states = list(_states(path))
        for entry in states:
            overlay = overlay.with_entry(*entry)
        against = index - 1 if index else None
        questions = [Question(index, lines)]
        same = index > 0 and list(files.values()) == list(steps[-1].files.values())
        steps.append(Step(files, against, same, table, states, overlay, questions))
    return steps


def _lists(path: Path) -> dict[str, str]:
    """The files of units beside a document."""
    return {file.name: file.read_text("utf-8") for file in path.parent.glob("*.txt")}


def _states(path: Path) -> Iterator[tuple[str, str, str]]:
    """Those that `1.overlay.json` sets after `1.yaml` is published."""
    beside = path.with_suffix(".overlay.json")
    for entry in json.loads(beside.read_text("utf-8")) if beside.exists() else []:
        yield entry["kind"], entry["name"], entry["state"]
