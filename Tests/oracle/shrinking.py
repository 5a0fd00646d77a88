"""Makes a failing chain small: takes away steps, parts of documents, entries of the overlay and
parts of the request, as long as the command still goes wrong in the same way."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import reading
from allocations import Table, compiled
from chain import Question, Step
from checking import Finding, check
from configs import json_text
from generate.writing import yaml_file
from overlay import NOTHING
from trees import Node, Scalar, mapping, read_json

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Draft:
    """One step that can be made smaller."""

    tree: dict[str, Node]
    lists: dict[str, str]
    against: int | None
    states: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Case:
    """A chain with at most one request, which is asked after its last step."""

    drafts: tuple[Draft, ...]
    asked: int
    request: dict[str, Node] | None

    def steps(self) -> list[Step]:
        steps: list[Step] = []
        overlay = NOTHING
        for index, draft in enumerate(self.drafts):
            files = {"routing.yaml": yaml_file(Still(), draft.tree), **draft.lists}
            against: Table | None = None
            if draft.against is not None:
                against = steps[draft.against].table
            for entry in draft.states:
                overlay = overlay.with_entry(*entry)
            questions = []
            if self.request is not None and index == len(self.drafts) - 1:
                line = json_text(self.request, list)
                questions = [Question(self.asked, [line])]
            table = compiled(reading.of_files(files), against)
            steps.append(Step(files, draft.against, False, table, draft.states, overlay, questions))
        return steps


class Still(Random):
    """Dice that always show the same: documents are written in one way and in their order."""

    def random(self) -> float:
        return 0.99

    def choice(self, seq: Sequence[object]) -> object:  # type: ignore[override]
        return seq[0]

    def sample(self, population: Sequence[object], k: int) -> list[object]:  # type: ignore[override]
        return list(population)[:k]


def shrunk(
    turnout: Path,
    steps: Sequence[Step],
    finding: Finding,
    seconds: float,
) -> tuple[Sequence[Step], Finding]:
    """The steps and what goes wrong in them; the given ones if nothing smaller goes wrong alike."""
    deadline = time.monotonic() + seconds
    exports = finding.kind == "export"
    found = (list(_relevant(steps, finding)), finding)

    def fails(case: Case) -> bool:
        nonlocal found
        try:
            smaller = case.steps()
            checked = check(turnout, smaller, exports)
        except (ArithmeticError, LookupError, StopIteration, TypeError, ValueError):
            # No right document any more: nothing that the oracle can say about it.
            return False
        alike = [one for one in checked.findings if one.kind == finding.kind]
        if alike:
            found = (smaller[: alike[0].step + 1], alike[0])
        return bool(alike)

    case = _case(steps, finding)
    if not fails(case):
        return found
    progress = True
    while progress and time.monotonic() < deadline:
        case, progress = _pass(case, fails, deadline)
    return found


def _relevant(steps: Sequence[Step], finding: Finding) -> Iterator[Step]:
    for index, step in enumerate(steps[: finding.step + 1]):
        asked = finding.line and index == finding.step
        questions = [Question(finding.asked, [finding.line])] if asked else []
        yield replace(step, questions=questions)


def _case(steps: Sequence[Step], finding: Finding) -> Case:
    drafts = []
    for step in steps[: finding.step + 1]:
        documents = [name for name in step.files if reading.is_document(name)]
        tree = reading.merged(reading.read(name, step.files[name]) for name in documents)
        lists = {name: step.files[name] for name in step.files if name not in documents}
        drafts.append(Draft(tree, lists, step.against, tuple(step.states)))
    request = mapping(read_json(finding.line)) if finding.line else None
    return Case(tuple(drafts), finding.asked, request)


def _pass(
    case: Case,
    fails: Callable[[Case], bool],
    deadline: float,
) -> tuple[Case, bool]:
    """Tries everything once, the largest first."""
    progress = False
    for smaller in (
        _without_steps,
        _without_states,
        _without_parts,
        _without_lists,
        _without_request_parts,
    ):
        index = 0
        while time.monotonic() < deadline:
            # A candidate that was taken leaves its place to the next one.
            candidate = next(iter(_skipped(smaller(case), index)), None)
            if candidate is None:
                break
            if fails(candidate):
                case, progress = candidate, True
            else:
                index += 1
    return case, progress


def _skipped(candidates: Iterator[Case], count: int) -> Iterator[Case]:
    for index, candidate in enumerate(candidates):
        if index >= count:
            yield candidate


def _without_steps(case: Case) -> Iterator[Case]:
    """Those compiled against a step that goes are compiled against what that was."""
    for gone in range(len(case.drafts)):
        if len(case.drafts) == 1 or (gone == case.asked and case.request is not None):
            continue
        drafts: list[Draft] = []
        for index, draft in enumerate(case.drafts):
            if index == gone:
                continue
            against = case.drafts[gone].against if draft.against == gone else draft.against
            if against is not None and against > gone:
                against -= 1
            if drafts and against is None:
                against = len(drafts) - 1
            drafts.append(replace(draft, against=against if drafts else None))
        states = case.drafts[gone].states
        after = min(gone, len(drafts) - 1)
        drafts[after] = replace(drafts[after], states=(*states, *drafts[after].states))
        asked = case.asked - 1 if case.asked > gone else case.asked
        yield Case(tuple(drafts), min(asked, len(drafts) - 1), case.request)


def _without_states(case: Case) -> Iterator[Case]:
    for index, draft in enumerate(case.drafts):
        for gone in range(len(draft.states)):
            states = draft.states[:gone] + draft.states[gone + 1 :]
            yield _with_draft(case, index, replace(draft, states=states))


def _without_lists(case: Case) -> Iterator[Case]:
    """Files of units that no condition names any more."""
    names = {name for draft in case.drafts for name in draft.lists}
    for name in sorted(names):
        drafts = [
            replace(
                draft, lists={other: draft.lists[other] for other in draft.lists if other != name}
            )
            for draft in case.drafts
        ]
        yield replace(case, drafts=tuple(drafts))


def _with_draft(case: Case, index: int, draft: Draft) -> Case:
    return replace(case, drafts=(*case.drafts[:index], draft, *case.drafts[index + 1 :]))


def _without_parts(case: Case) -> Iterator[Case]:
    """Of all documents that have the part, then of each."""
    paths = {path: size for draft in case.drafts for path, size in _paths(draft.tree)}
    for path in sorted(paths, key=lambda path: (-paths[path], len(path), str(path))):
        drafts = tuple(replace(draft, tree=_without(draft.tree, path)) for draft in case.drafts)
        yield replace(case, drafts=drafts)
    if len(case.drafts) > 1:
        for index, draft in enumerate(case.drafts):
            for path, _ in _paths(draft.tree):
                yield _with_draft(case, index, replace(draft, tree=_without(draft.tree, path)))


def _without_request_parts(case: Case) -> Iterator[Case]:
    for path, _ in _paths(case.request or {}):
        yield replace(case, request=_without(case.request or {}, path))


def _paths(node: Node, above: Path_ = ()) -> Iterator[tuple[Path_, int]]:
    """Of all entries, with their sizes."""
    if isinstance(node, Scalar):
        return
    pairs: list[tuple[str | int, Node]] = []
    pairs += node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in pairs:
        yield (*above, key), _size(value)
        yield from _paths(value, (*above, key))


def _size(node: Node) -> int:
    if isinstance(node, Scalar):
        return 1
    return 1 + sum(map(_size, node.values() if isinstance(node, dict) else node))


def _without(tree: dict[str, Node], path: Path_) -> dict[str, Node]:
    result = copy.deepcopy(tree)
    *above, last = path
    node = _below(result, above)
    if isinstance(node, dict) and isinstance(last, str):
        node.pop(last, None)
    elif isinstance(node, list) and isinstance(last, int) and last < len(node):
        del node[last]
    return result


def _below(node: Node | None, path: Sequence[str | int]) -> Node | None:
    for key in path:
        if isinstance(node, dict) and isinstance(key, str):
            node = node.get(key)
        elif isinstance(node, list) and isinstance(key, int) and key < len(node):
            node = node[key]
        else:
            return None
    return node
