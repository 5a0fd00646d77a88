"""What dice make: right documents that meet everything, and small ones when something fails."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest

import request
import shrinking
from chain import Step
from checking import Checked, Finding
from decision import Decision
from evaluate import resolve
from generate.chains import chain
from generate.changes import NAMES_OF_CHANGES
from generate.features import Feature
from generate.plans import Plan, Turn, parsed

MET = [
    *("status ok", "status unavailable", "status disabled", "status missing_required"),
    *("status invalid_argument", "status unknown_use_case", "by hash", "by override"),
    *("by assignment", "several cells", "holdouts", "shadows", "several shadows"),
    *("reason experiment", "reason override", "fallback", "degraded", "cells and degraded"),
]


def plan(seed: int) -> Plan:
    dice = Random(seed)
    turns = [
        Turn(tuple(dice.choices(NAMES_OF_CHANGES, k=dice.randint(0, 5))), index % 2, 3)
        for index in range(4)
    ]
    features = tuple(feature.value for feature in Feature)
    return Plan(seed, 3, features, tuple(turns))


def test_requests_meet_everything_that_a_decision_can_say() -> None:
    met: Counter[str] = Counter()
    for seed in range(16):
        for step, decision in decisions(chain(plan(seed))):
            met.update(words(decision))
            assert decision.status != "ok" or decision.destination in destinations(step, decision)
    assert [word for word in MET if met[word] < 3] == []


def decisions(steps: list[Step]) -> list[tuple[Step, Decision]]:
    return [
        (
            steps[question.step],
            resolve(
                steps[question.step].table,
                request.read(line, steps[question.step].table.document.unit),
                step.overlay,
            ),
        )
        for step in steps
        for question in step.questions
        for line in question.requests
    ]


def destinations(step: Step, decision: Decision) -> list[object]:
    """The decision's own, if the table knows its version, cluster and shard."""
    at = decision.destination
    document = step.table.document
    if at is None or at.version not in document.models:
        return []
    return [at] if at.shard in {None, *document.clusters[at.cluster].shard_addresses} else []


def words(decision: Decision) -> list[str]:
    result = [f"status {decision.status}", *(f"by {cell.by}" for cell in decision.cells)]
    if decision.reason:
        result.append(f"reason {decision.reason.kind}")
    if len(decision.cells) > 1:
        result.append("several cells")
    if decision.cells and decision.degraded:
        result.append("cells and degraded")
    if len(decision.shadows) > 1:
        result.append("several shadows")
    if decision.shadows:
        result.append("shadows")
    flags = {
        "holdouts": bool(decision.holdouts),
        "fallback": decision.fallback,
        "degraded": decision.degraded,
    }
    return result + [name for name, is_met in flags.items() if is_met]


def test_a_plan_is_its_text() -> None:
    for seed in range(5):
        assert parsed(plan(seed).text()) == plan(seed)
        assert chain(plan(seed))[-1].files == chain(plan(seed))[-1].files


def test_what_fails_becomes_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here that is any experiment with classes of traffic after any state has been set."""

    def check(_: Path, steps: list[Step], exports: bool) -> Checked:
        assert not exports
        last = len(steps) - 1
        wrong = any(
            e.traffic != ["production"] for e in steps[-1].table.document.experiments.values()
        )
        found = [
            Finding("bad", ["bad"], last, question.step, question.requests[0])
            for question in steps[-1].questions
            if wrong and steps[-1].overlay.entries
        ]
        return Checked(1, found)

    monkeypatch.setattr(shrinking, "check", check)
    steps = next(steps for steps in map(chain, map(plan, range(20))) if check_all(steps, check))
    finding = check_all(steps, check)[0]
    smaller, found = shrinking.shrunk(Path(), steps, finding, 300)
    assert found.kind == "bad"
    assert len(smaller) == 1
    assert len(smaller[0].states) == 1
    assert list(smaller[0].table.document.experiments.values())[1:] == []
    assert not smaller[0].table.document.use_cases
    assert found.line == "{}"


def check_all(steps: list[Step], check: object) -> list[Finding]:
    assert callable(check)
    found = check(Path(), steps, False).findings
    assert isinstance(found, list)
    return found
