"""The documents of Tests/vectors/documents and Examples, with their requests, as chains."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import reading
from allocations import Table, compiled
from chain import Step

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
    for index, path in enumerate(paths):
        text = path.read_text("utf-8")
        table = compiled(reading.of_files({path.name: text}), table)
        against = index - 1 if index else None
        steps.append(Step({path.name: text}, against, False, table, lines))
    return steps
