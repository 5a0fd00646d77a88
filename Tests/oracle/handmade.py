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
        yield folder.name, _steps(list(_paths(folder)), folder / "requests.jsonl")
    for path in sorted(EXAMPLES.glob("*.yaml")):
        yield f"Examples/{path.name}", _steps([(path, None)], EXAMPLES / "requests.jsonl")


def _paths(folder: Path) -> Iterator[tuple[Path, Path | None]]:
    """Of each step its document and the states that it sets. Where `2.yaml` is missing, the second
    step has the document of the first."""
    numbers = {int(path.name.split(".")[0]) for path in folder.glob("[1-9].*")}
    document = folder / "1.yaml"
    for number in sorted(numbers):
        own = folder / f"{number}.yaml"
        document = own if own.exists() else document
        states = folder / f"{number}.overlay.json"
        yield document, states if states.exists() else None


def _steps(paths: list[tuple[Path, Path | None]], requests: Path) -> list[Step]:
    """Every request is asked of every table."""
    lines = requests.read_text("utf-8").split("\n")[:-1]
    steps: list[Step] = []
    table: Table | None = None
    overlay = NOTHING
    for index, (document, beside) in enumerate(paths):
        files = {document.name: _text(document)} | _lists(document.parent)
        table = compiled(reading.of_files(files), table)
        states = [] if beside is None else list(_states(beside))
        for entry in states:
            overlay = overlay.with_entry(*entry)
        against = index - 1 if index else None
        same = index > 0 and document == paths[index - 1][0]
        questions = [Question(index, lines)]
        steps.append(Step(files, against, same, table, states, overlay, questions))
    return steps


def _text(path: Path) -> str:
    return path.read_bytes().decode()


def _lists(folder: Path) -> dict[str, str]:
    """The files of units beside a document."""
    return {path.name: _text(path) for path in sorted(folder.glob("*.txt"))}


def _states(path: Path) -> Iterator[tuple[str, str, str]]:
    for entry in json.loads(_text(path)):
        yield entry["kind"], entry["name"], entry["state"]
