"""Chains of documents, each changed from the one before, and requests of each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from random import Random

import reading
from allocations import compiled
from chain import Question, Step
from configs import json_text
from generate.changes import changed
from generate.documents import document
from generate.features import Feature
from generate.placement import states
from generate.plans import Plan, Turn
from generate.requests import request
from generate.values import chance
from generate.writing import json_file, list_file, quoted, yaml_file
from overlay import NOTHING, Overlay
from trees import Node, mapping, texts

REQUESTS = 60
"""Of a step's own table; half as many are asked of an earlier one."""


def chain(plan: Plan) -> list[Step]:
    """Every part has dice of its own, so that a smaller plan throws the same."""
    trees: list[dict[str, Node]] = []
    steps: list[Step] = []
    overlay = NOTHING
    for index, turn in enumerate(plan.turns):
        against = max(0, index - 1 - turn.back) if index else None
        if against is None:
            tree = document(_dice(plan, "document"), plan.has(), plan.use_cases)
        else:
            dice = _dice(plan, f"changes {index}")
            tree = changed(dice, trees[against], turn.changes, plan.has())
        trees.append(tree)
        step = _step(plan, index, against, tree, steps)
        overlay, entries = _set(plan, index, turn, tree, overlay)
        questions = _questions(_dice(plan, f"questions {index}"), [*steps, step])
        steps.append(
            Step(
                files=step.files,
                against=against,
                same=step.same,
                table=step.table,
                states=entries,
                overlay=overlay,
                questions=questions,
            )
        )
    return steps


def _dice(plan: Plan, part: str) -> Random:
    return Random(f"{plan.seed} {part}")


def _step(
    plan: Plan,
    index: int,
    against: int | None,
    tree: dict[str, Node],
    steps: Sequence[Step],
) -> Step:
    files = _files(_dice(plan, f"files {index}"), tree)
    before = None if against is None else steps[against]
    table = compiled(reading.of_files(files), before.table if before else None)
    same = before is not None and _meaning(files) == _meaning(before.files)
    return Step(files, against, same, table)


def _set(
    plan: Plan,
    index: int,
    turn: Turn,
    tree: dict[str, Node],
    overlay: Overlay,
) -> tuple[Overlay, list[tuple[str, str, str]]]:
    entries: list[tuple[str, str, str]] = []
    if Feature.OVERLAY in plan.has():
        entries = states(_dice(plan, f"states {index}"), tree, turn.states)
    for entry in entries:
        overlay = overlay.with_entry(*entry)
    return overlay, entries


def _questions(dice: Random, steps: Sequence[Step]) -> list[Question]:
    own = len(steps) - 1
    asked = [(own, REQUESTS)]
    if own and chance(dice, 60):
        asked.append((dice.randrange(own), REQUESTS // 2))
    return [
        Question(step, [request(dice, steps[step].table) for _ in range(count)])
        for step, count in asked
    ]


def _meaning(files: Mapping[str, str]) -> object:
    """Equal for documents that say the same, whatever their order of keys and their quotes."""
    trees = [reading.read(name, text) for name, text in files.items() if reading.is_document(name)]
    lists = {
        name: sorted(set(reading.units_of_file(text)))
        for name, text in files.items()
        if not reading.is_document(name)
    }
    return _meaning_of(reading.merged(trees)), json.dumps(lists)


def _meaning_of(node: Node) -> object:
    if isinstance(node, dict):
        return {key: _meaning_of(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_meaning_of(item) for item in node]
    meant = json_text(node)
    # Quotes are never put around a number of JSON, nor taken away.
    return node.text if meant in (node.text, quoted(node.text)) else ("plain", meant)


def _files(dice: Random, tree: dict[str, Node]) -> dict[str, str]:
    """One file, or a second one for some of the use cases; and the lists of units."""
    tree = dict(tree)
    lists = mapping(tree.pop("lists", {}))
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
    return result | {name: list_file(dice, texts(units)) for name, units in lists.items()}
