"""Chains of documents, each changed from the one before, and requests of each."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import reading
from allocations import Table, compiled
from chain import Step
from configs import json_text
from generate.changes import changed
from generate.documents import document
from generate.requests import request
from generate.values import chance
from generate.writing import json_file, quoted, yaml_file
from trees import Node, mapping


def chain(seed: str, requests: int) -> Iterator[Step]:
    """Endless. A step is compiled against the one before, seldom against an earlier one."""
    dice = Random(seed)
    trees: list[dict[str, Node]] = []
    meanings: list[object] = []
    tables: list[Table] = []
    while True:
        against = len(trees) - 1 if trees else None
        if against is not None and chance(dice, 15):
            against = dice.randrange(len(trees))
        tree = document(dice) if against is None else changed(dice, trees[against])
        files = _files(dice, tree)
        merged = reading.merged(reading.read(name, text) for name, text in files.items())
        table = compiled(reading.of_files(files), None if against is None else tables[against])
        same = against is not None and _meaning(merged) == meanings[against]
        trees.append(tree)
        meanings.append(_meaning(merged))
        tables.append(table)
        yield Step(files, against, same, table, [request(dice, table) for _ in range(requests)])


def _meaning(node: Node) -> object:
    """Equal for documents that say the same, whatever their order of keys and their quotes."""
    if isinstance(node, dict):
        return {key: _meaning(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_meaning(item) for item in node]
    meant = json_text(node)
    # Quotes are never put around a number of JSON, nor taken away.
    return node.text if meant in (node.text, quoted(node.text)) else ("plain", meant)


def _files(dice: Random, tree: dict[str, Node]) -> dict[str, str]:
    """One file, or a second one for some of the use cases."""
    cases = mapping(tree["use_cases"])
    trees = [tree]
    if len(cases) > 1 and chance(dice, 30):
        second = {name: cases[name] for name in list(cases)[1:]}
        first = {name: cases[name] for name in list(cases)[:1]}
        trees = [tree | {"use_cases": first}, {"turnout": tree["turnout"], "use_cases": second}]
    result: dict[str, str] = {}
    for index, part in enumerate(trees):
        if chance(dice, 40):
            result[f"part-{index}.json"] = json_file(dice, part)
        else:
            result[f"part-{index}.yaml"] = yaml_file(dice, part)
    return result
