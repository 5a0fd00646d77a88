"""Holds the command's decisions against the oracle's, field by field."""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import handmade
import request
from allocations import Table
from chain import Step
from command import CommandError, Published, Store
from configs import json_text
from decision import tree
from evaluate import resolve
from generate.chains import chain
from ring import RING, by_bytes, minimum, moved
from trees import Node, mapping, read_json, text

FIXED_SEED = "1879"
CASES = 4000
STEPS_OF_A_CHAIN = 6
REQUESTS_OF_A_STEP = 30
SHOWN_FAILURES_MAX = 10
SHOWN_TEXT_CHARACTERS_MAX = 300


@dataclass
class Tally:
    """Failures are kept in a folder, each with its documents and its request."""

    folder: Path
    passed: int = 0
    failed: int = 0

    def fail(self, seed: str, steps: Sequence[Step], said: Sequence[str], line: str = "") -> None:
        self.failed += 1
        kept = self.folder / f"{self.failed}"
        kept.mkdir(parents=True, exist_ok=True)
        for index, step in enumerate(steps):
            for name, content in step.files.items():
                (kept / f"step-{index}-{name}").write_text(content, "utf-8")
        (kept / "request.json").write_text(line + "\n", "utf-8")
        (kept / "differences.txt").write_text("\n".join([seed, *said]) + "\n", "utf-8")
        if self.failed <= SHOWN_FAILURES_MAX:
            print(f"failure {self.failed}: --chain {seed}, step {len(steps) - 1}, see {kept}")
            for difference in [*said, f"request: {line}"]:
                print(f"  {difference[:SHOWN_TEXT_CHARACTERS_MAX]}")


def differences(expected: dict[str, Node], answer: str) -> Iterator[str]:
    """In words, field by field."""
    try:
        found = mapping(read_json(answer))
    except (ValueError, TypeError) as error:
        yield f"not a decision: {error}: {answer}"
        return
    for name in [*expected, *(name for name in found if name not in expected)]:
        oracle = json_text(expected[name]) if name in expected else "absent"
        # Elsewhere the order of keys says nothing; a config's is promised.
        order = list if name == "config" else by_bytes
        command = json_text(found[name], order) if name in found else "absent"
        if oracle != command:
            yield f"{name}: oracle {oracle}, command {command}"


def run_handmade(turnout: Path, cases: int, tally: Tally) -> None:
    for name, steps in handmade.chains():
        run_steps(turnout, name, steps, cases, tally)


def run_chain(turnout: Path, seed: str, cases: int, tally: Tally) -> None:
    steps = list(islice(chain(seed, REQUESTS_OF_A_STEP), STEPS_OF_A_CHAIN))
    run_steps(turnout, seed, steps, cases, tally)


def run_steps(
    turnout: Path,
    seed: str,
    steps: Sequence[Step],
    cases: int,
    tally: Tally,
) -> None:
    with tempfile.TemporaryDirectory(prefix="turnout-oracle-") as folder:
        store = Store(turnout, Path(folder) / "store")
        published: list[Published] = []
        for index, step in enumerate(steps):
            try:
                published.append(_publish(store, Path(folder), step, published))
            except CommandError as error:
                tally.fail(seed, steps[: index + 1], [str(error)])
                break
            said = list(_wrong_about_publishing(step, published))
            if said:
                tally.fail(seed, steps[: index + 1], said)
        for index in range(len(published)):
            lines = steps[index].requests[:cases]
            cases -= len(lines)
            _compare(store, seed, steps[: index + 1], published, lines, tally)


def _publish(store: Store, folder: Path, step: Step, published: Sequence[Published]) -> Published:
    if step.against is not None and step.against != len(published) - 1:
        store.activate(published[step.against].revision)
    documents = folder / f"{len(published)}"
    documents.mkdir()
    for name, content in step.files.items():
        (documents / name).write_text(content, "utf-8")
    # Several files are a directory, one is given by its name.
    return store.publish(documents if len(step.files) > 1 else documents / next(iter(step.files)))


def _wrong_about_publishing(step: Step, published: Sequence[Published]) -> Iterator[str]:
    *earlier, now = published
    head = None if step.against is None else earlier[step.against]
    if step.same and not now.unchanged:
        yield "the document of head again made a revision"
    unused = max((one.revision for one in earlier), default=0) + 1
    expected = head.revision if head and now.unchanged else unused
    if now.revision != expected:
        yield f"revision {now.revision}, not {expected}"
    if head and now.unchanged != (now.digest == head.digest):
        yield f"unchanged {now.unchanged}, digest {now.digest} after {head.digest}"
    yield from _wrong_about_moves(step.table, now)


def _wrong_about_moves(table: Table, published: Published) -> Iterator[str]:
    """Every allocation that moves is reported, with its share and the least possible one."""
    reported: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for said in map(mapping, published.moved):
        pair = float(text(said["share"])), float(text(said["minimum"]))
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
            yield f"moved {key}: oracle {shares}, command {told}"


def _compare(
    store: Store,
    seed: str,
    steps: Sequence[Step],
    published: Sequence[Published],
    lines: Sequence[str],
    tally: Tally,
) -> None:
    """Of the newest of the steps. The newest of all is head and needs no `--at`."""
    step, at = steps[-1], published[len(steps) - 1]
    if not lines:
        return
    try:
        answers = store.resolve(lines, None if len(steps) == len(published) else at.revision)
        if len(answers) != len(lines):
            raise CommandError(f"{len(answers)} answers to {len(lines)} requests")
    except CommandError as error:
        tally.fail(seed, steps, [str(error)], "\n".join(lines))
        return
    for line, answer in zip(lines, answers, strict=True):
        decided = resolve(step.table, request.read(line, step.table.document.unit))
        said = list(differences(tree(decided, at.revision, at.digest), answer))
        if said:
            tally.fail(seed, steps, said, line)
        else:
            tally.passed += 1


def run(turnout: Path, seed: str, cases: int, tally: Tally) -> None:
    before = tally.passed + tally.failed
    index = 0
    while (left := before + cases - tally.passed - tally.failed) > 0:
        run_chain(turnout, f"{seed}/{index}", left, tally)
        index += 1


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=CASES, help="decisions to compare")
    options.add_argument("--seed", help="instead of the fixed and a fresh one")
    options.add_argument("--chain", help="only this one, as a failure names it: SEED/NUMBER")
    options.add_argument("--turnout", type=Path, required=True, help="the command")
    options.add_argument("--failures", type=Path, required=True, help="where failures are kept")
    said = options.parse_args()
    tally = Tally(said.failures)
    if said.chain is not None:
        run_chain(said.turnout, said.chain, said.cases, tally)
    elif said.seed is not None:
        run(said.turnout, said.seed, said.cases, tally)
    else:
        fresh = str(secrets.randbelow(10**9))
        print(f"seeds: {FIXED_SEED} and, fresh, {fresh}")
        run_handmade(said.turnout, said.cases, tally)
        run(said.turnout, FIXED_SEED, said.cases * 3 // 4, tally)
        run(said.turnout, fresh, said.cases - said.cases * 3 // 4, tally)
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
