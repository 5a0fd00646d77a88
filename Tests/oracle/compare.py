"""Holds the command's decisions against the oracle's, over documents that Hypothesis plans."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import xxhash
from hypothesis import HealthCheck, Phase, given, seed, settings

import handmade
from chain import Step
from checking import Finding, check
from generate.chains import REQUESTS, chain
from generate.features import Feature
from generate.plans import Plan, parsed, plans
from shrinking import shrunk

FIXED_SEED = "1879"
CASES = 12_000
CHAINS_OF_A_ROUND_MAX = 12
DECISIONS_OF_A_CHAIN = 5 * REQUESTS
"""About; the rounds go on until there are enough."""
ROUNDS_AT_ONCE_MAX = 32
SHRINKING_SECONDS = 60
SHOWN_FAILURES_MAX = 10
SHOWN_LINES_MAX = 80


@dataclass(frozen=True)
class Failure:
    name: str
    """What a person types to see it again."""
    steps: Sequence[Step]
    finding: Finding


@dataclass(frozen=True)
class Round:
    decisions: int
    failures: Sequence[Failure]


class Differs(AssertionError):
    """What Hypothesis shrinks."""


def round_of(turnout: Path, text: str, chains: int, seconds: float) -> Round:
    """Some chains; ends with the first that fails, made small."""
    known: dict[Plan, Finding | None] = {}
    decisions = 0
    failing: list[Plan] = []
    deadline = 0.0

    def judge(plan: Plan) -> None:
        nonlocal decisions, deadline
        if plan not in known:
            if failing and time.monotonic() > deadline:
                return
            checked = check(turnout, chain(plan), Feature.EXPORT in plan.has())
            decisions += 0 if failing else checked.decisions
            known[plan] = next(iter(checked.findings), None)
        if known[plan] is not None:
            deadline = deadline or time.monotonic() + seconds / 2
            failing.append(plan)
            raise Differs

    run: Callable[[], None] = given(plan=plans(list(Feature)))(judge)
    run = settings(
        max_examples=chains,
        database=None,
        deadline=None,
        print_blob=False,
        report_multiple_bugs=False,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )(run)
    try:
        seed(xxhash.xxh3_64_intdigest(text.encode()))(run)()
    except Differs:
        plan = failing[-1]
        return Round(decisions, [failure_of(turnout, plan, seconds / 2)])
    return Round(decisions, [])


def failure_of(turnout: Path, plan: Plan, seconds: float) -> Failure:
    steps = chain(plan)
    checked = check(turnout, steps, Feature.EXPORT in plan.has())
    smaller, finding = shrunk(turnout, steps, checked.findings[0], seconds)
    return Failure(f"--plan '{plan.text()}'", smaller, finding)


def run_handmade(turnout: Path, seconds: float) -> Round:
    decisions = 0
    failures: list[Failure] = []
    for name, steps in handmade.chains():
        checked = check(turnout, steps, exports=True)
        decisions += checked.decisions
        for finding in checked.findings[:1]:
            failures.append(Failure(name, *shrunk(turnout, steps, finding, seconds)))
    return Round(decisions, failures)


def run_plan(turnout: Path, plan: Plan, seconds: float) -> Round:
    checked = check(turnout, chain(plan), Feature.EXPORT in plan.has())
    if not checked.findings:
        return Round(checked.decisions, [])
    return Round(checked.decisions, [failure_of(turnout, plan, seconds)])


@dataclass
class Tally:
    """Failures are kept in a folder, each with its documents and its request."""

    folder: Path
    decisions: int = 0
    failed: int = 0

    def add(self, done: Round) -> None:
        self.decisions += done.decisions
        for failure in done.failures:
            self.failed += 1
            self._keep(failure, self.folder / f"{self.failed}")

    def _keep(self, failure: Failure, kept: Path) -> None:
        for index, step in enumerate(failure.steps):
            (kept / f"{index}").mkdir(parents=True, exist_ok=True)
            for name, content in step.files.items():
                (kept / f"{index}" / name).write_bytes(content.encode())
        lines = list(_told(failure))
        (kept / "failure.txt").write_text("\n".join(lines) + "\n", "utf-8")
        if self.failed <= SHOWN_FAILURES_MAX:
            print(f"failure {self.failed}, kept in {kept}")
            for line in lines[:SHOWN_LINES_MAX]:
                print(f"  {line}")
            sys.stdout.flush()


def _told(failure: Failure) -> list[str]:
    """What is published, set and asked, and what differs."""
    finding = failure.finding
    lines = [failure.name]
    for index, step in enumerate(failure.steps):
        against = "" if step.against in (None, index - 1) else f" against that of {step.against}"
        lines.append(f"publish {index}{against}:")
        for name, content in step.files.items():
            lines += [f"  {name}", *(f"    {line}" for line in content.split("\n"))]
        lines += [f"set {' '.join(entry)}" for entry in step.states]
    if finding.line:
        lines.append(f"resolve at the table of {finding.asked}: {finding.line}")
    return lines + [f"! {said}" for said in finding.said]


def run(turnout: Path, text: str, cases: int, seconds: float, jobs: int, tally: Tally) -> None:
    before, index = tally.decisions, 0
    with ProcessPoolExecutor(jobs) as pool:
        while tally.decisions - before < cases and tally.failed < SHOWN_FAILURES_MAX:
            chains = -(-(cases - tally.decisions + before) // DECISIONS_OF_A_CHAIN)
            rounds = max(jobs, min(-(-chains // CHAINS_OF_A_ROUND_MAX), ROUNDS_AT_ONCE_MAX))
            each = min(-(-chains // rounds), CHAINS_OF_A_ROUND_MAX)
            texts = [f"{text}/{index + more}" for more in range(rounds)]
            index += rounds
            given_ = [turnout] * rounds, texts, [each] * rounds, [seconds] * rounds
            for done in pool.map(round_of, *given_):
                tally.add(done)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=CASES, help="decisions to compare, at least")
    options.add_argument("--seed", help="instead of the fixed and a fresh one")
    options.add_argument("--plan", type=parsed, help="only this one, as a failure names it")
    options.add_argument("--turnout", type=Path, required=True, help="the command")
    options.add_argument("--failures", type=Path, required=True, help="where failures are kept")
    options.add_argument("--shrink", type=float, default=SHRINKING_SECONDS, help="seconds for each")
    options.add_argument("--jobs", type=int, default=min(4, os.cpu_count() or 1))
    said = options.parse_args()
    tally = Tally(said.failures)
    began = time.monotonic()
    if said.plan is not None:
        tally.add(run_plan(said.turnout, said.plan, said.shrink))
    elif said.seed is not None:
        run(said.turnout, said.seed, said.cases, said.shrink, said.jobs, tally)
    else:
        fresh = str(secrets.randbelow(10**9))
        print(f"seeds: {FIXED_SEED} and, fresh, {fresh}", flush=True)
        tally.add(run_handmade(said.turnout, said.shrink))
        for text, share in ((FIXED_SEED, 2), (fresh, 1)):
            run(said.turnout, text, said.cases * share // 3, said.shrink, said.jobs, tally)
    print(f"{tally.decisions} decisions in {time.monotonic() - began:.0f} s")
    print(f"{tally.decisions - tally.failed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
