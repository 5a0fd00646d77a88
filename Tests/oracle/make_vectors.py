#!/usr/bin/env python3
"""Writes Tests/vectors/decisions.json: documents, requests and whole decisions, by the oracle.

    .venv/bin/python Tests/oracle/make_vectors.py

With --check it compares instead of writing and exits 1 if the file differs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import handmade
import request
from chain import Step
from configs import json_text
from decision import tree
from evaluate import resolve
from ring import by_bytes
from trees import Node, sequence

FILE = handmade.ROOT / "Tests" / "vectors" / "decisions.json"
DIGEST = "digest"


def text() -> str:
    chains = ",\n".join(_chain(name, steps) for name, steps in handmade.chains())
    return f'{{"chains": [\n{chains}\n]}}\n'


def _chain(name: str, steps: list[Step]) -> str:
    joined = ",\n".join(_steps(steps))
    return f'  {{"name": {_quoted(name)}, "steps": [\n{joined}\n  ]}}'


def _steps(steps: list[Step]) -> Iterator[str]:
    revision = 0
    for step in steps:
        revision += not step.same
        ((document, *lists),) = [list(step.files.items())]
        keys = [f'"document": {_quoted(document[1])}']
        if lists:
            keys.append(f'"units_files": {json.dumps(dict(lists), ensure_ascii=False)}')
        if step.states:
            entries = [
                {"kind": kind, "name": name, "state": state} for kind, name, state in step.states
            ]
            keys.append(f'"overlay": {json.dumps(entries, ensure_ascii=False)}')
        decisions = ",\n".join(
            _decision(step, revision, line)
            for question in step.questions
            for line in question.requests
        )
        yield f'    {{{", ".join(keys)}, "decisions": [\n{decisions}\n    ]}}'


def _decision(step: Step, revision: int, line: str) -> str:
    asked = request.read(line, step.table.document.unit)
    decision = tree(resolve(step.table, asked, step.overlay), revision, DIGEST)
    # Only who makes the table's bytes can know its digest.
    del decision[DIGEST]
    for config in (decision, *sequence(decision["shadows"])):
        _order_config(config)
    return f'      {{"request": {line}, "decision": {json_text(decision, order=list)}}}'


def _order_config(said: Node) -> None:
    """Puts a config's keys in byte order, as the product does; others stay as they are."""
    if isinstance(said, dict) and isinstance(said["config"], dict):
        said["config"] = _ordered(said["config"])


def _ordered(node: Node) -> Node:
    if isinstance(node, dict):
        return {key: _ordered(node[key]) for key in by_bytes(node)}
    return [_ordered(one) for one in node] if isinstance(node, list) else node


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def main() -> int:
    if "--check" in sys.argv[1:]:
        return 0 if FILE.read_text("utf-8") == text() else 1
    FILE.write_text(text(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
