"""Publishes a chain through the real command, asks it, and holds its answers against the oracle's,
field by field."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import reading
import request
from allocations import Table
from chain import Step
from command import CommandError, Published, Store
from configs import json_text
from decision import tree
from evaluate import resolve
from overlay import Overlay
from ring import RING, by_bytes, minimum, moved
from trees import Node, boolean, mapping, read_json, text


@dataclass(frozen=True)
class Finding:
    """What went wrong, where in the chain."""

    kind: str
    """The same for failures that are probably one."""
    said: Sequence[str]
    step: int
    """The last one of the chain that matters."""
    asked: int = 0
    """The step whose table was asked, if one was."""
    line: str = ""


@dataclass(frozen=True)
class Checked:
    decisions: int
    findings: Sequence[Finding]


def check(turnout: Path, steps: Sequence[Step], exports: bool) -> Checked:
    """All of a chain; nothing after a step that could not be published."""
    decisions = 0
    findings: list[Finding] = []
    with tempfile.TemporaryDirectory(prefix="turnout-oracle-") as name:
        folder = Path(name)
        store = Store(turnout, folder / "store")
        published: list[Published] = []
        for index, step in enumerate(steps):
            try:
                published.append(_publish(store, folder, step, published))
                for entry in step.states:
                    store.set_state(*entry)
            except CommandError as error:
                findings.append(Finding(error.kind, [str(error)], index))
                break
            said = list(_wrong_about_publishing(step, published))
            if exports and index in (0, len(steps) - 1):
                said += _wrong_about_exporting(store, folder, published)
            if said:
                findings.append(Finding(said[0].split(":")[0].split(" (")[0], said, index))
            for question in step.questions:
                head = question.step == index
                at = published[question.step]
                found = _ask(store, steps[question.step], at, step.overlay, head, question.requests)
                for line, wrong in found:
                    kind = wrong[0].split(":")[0]
                    findings.append(Finding(kind, wrong, index, question.step, line))
                decisions += len(question.requests)
    return Checked(decisions, findings)


def _publish(store: Store, folder: Path, step: Step, published: Sequence[Published]) -> Published:
    if step.against is not None and step.against != len(published) - 1:
        store.activate(published[step.against].revision)
    place = folder / f"{len(published)}"
    place.mkdir()
    for name, content in step.files.items():
        (place / name).write_bytes(content.encode())
    # Several documents are a directory, one is given by its name.
    documents = [name for name in step.files if reading.is_document(name)]
    return store.publish(place if len(documents) > 1 else place / documents[0])


def _wrong_about_publishing(step: Step, published: Sequence[Published]) -> Iterator[str]:
    *earlier, now = published
    head = None if step.against is None else earlier[step.against]
    if step.same and not now.unchanged:
        yield "the document of head again made a revision"
    unused = max((one.revision for one in earlier), default=0) + 1
    expected = head.revision if head and now.unchanged else unused
    if now.revision != expected:
        yield f"revision: oracle {expected}, command {now.revision}"
    if head and now.unchanged != (now.digest == head.digest):
        yield f"unchanged: {now.unchanged}, digest {now.digest} after {head.digest}"
    yield from _wrong_about_moves(step.table, now)


def _wrong_about_moves(table: Table, published: Published) -> Iterator[str]:
    """Every allocation that moves is reported, with its share and the least possible one."""
    reported: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for said in map(mapping, published.moved):
        pair = float(text(said["share"])), float(text(said["minimum"]))
        if boolean(said["gone"]):
            # Nothing is carried from it, so nobody moved to another arm of it.
            if pair != (0, 0):
                yield f"gone {text(said['kind'])}: {text(said['owner'])}: {pair}"
            continue
        reported.setdefault((text(said["kind"]), text(said["owner"])), []).append(pair)
    expected: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for allocation in table.allocations.values():
        if allocation.source is not None:
            before, after = allocation.source.intervals, allocation.intervals
            pair = moved(before, after) / RING, minimum(before, after) / RING
            expected.setdefault(allocation.spec.key[:2], []).append(pair)
    for key in {**expected, **reported}:
        # One placement may have several splits; those that move nothing may be left out.
        told = sorted(reported.get(key, []), reverse=True)
        shares = sorted(expected.get(key, []), reverse=True)
        while len(shares) > len(told) and shares[-1][0] == 0:
            shares.pop()
        near = all(
            abs(said - share) < 1 / RING
            for pair, others in zip(told, shares, strict=False)
            for said, share in zip(pair, others, strict=True)
        )
        if len(told) != len(shares) or not near:
            yield f"moved {key[0]}: {key[1]}: oracle {shares}, command {told}"


def _wrong_about_exporting(
    store: Store,
    folder: Path,
    published: Sequence[Published],
) -> Iterator[str]:
    """Published into an empty store, what is exported is the same table."""
    now = published[-1]
    exported = folder / f"exported-{len(published)}.yaml"
    try:
        exported.write_bytes(store.exported(now.revision).encode())
        again = Store(store.turnout, folder / f"store-{len(published)}").publish(exported)
    except CommandError as error:
        yield f"export: {error}"
        return
    if again.digest != now.digest:
        yield f"export: digest {now.digest}, published again {again.digest}"


def _ask(
    store: Store,
    step: Step,
    at: Published,
    overlay: Overlay,
    head: bool,
    lines: Sequence[str],
) -> Iterator[tuple[str, list[str]]]:
    """The requests that were answered differently, with the differences."""
    try:
        # Head needs no `--at`.
        answers = store.resolve(lines, None if head else at.revision)
        if len(answers) != len(lines):
            raise CommandError("resolve", f"{len(answers)} answers to {len(lines)} requests")
    except CommandError as error:
        yield lines[0], [f"{error.kind}: {error}"]
        return
    for line, answer in zip(lines, answers, strict=True):
        decided = resolve(step.table, request.read(line, step.table.document.unit), overlay)
        said = list(differences(tree(decided, at.revision, at.digest), answer))
        if said:
            yield line, said


def differences(expected: dict[str, Node], answer: str) -> Iterator[str]:
    """In words, field by field."""
    try:
        found = mapping(read_json(answer))
    except (ValueError, TypeError) as error:
        yield f"not a decision: {error}: {answer}"
        return
    for name in [*expected, *(name for name in found if name not in expected)]:
        oracle = _written(name, expected[name], by_bytes) if name in expected else "absent"
        # Elsewhere the order of keys says nothing; a config's is promised.
        command = _written(name, found[name], list) if name in found else "absent"
        if oracle != command:
            yield f"{name}: oracle {oracle}, command {command}"


def _written(name: str, node: Node, order: Callable[[Iterable[str]], list[str]]) -> str:
    """As JSON, with the keys of configs in their `order`."""
    if name == "config":
        return json_text(node, order)
    if isinstance(node, list):
        return f"[{','.join(_written(name, item, order) for item in node)}]"
    if isinstance(node, dict):
        pairs = (f'"{key}":{_written(key, node[key], order)}' for key in by_bytes(node))
        return "{" + ",".join(pairs) + "}"
    return json_text(node)
