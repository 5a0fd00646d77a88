"""Holds the bindings against each other, byte for byte: the chains of Tests/vectors, and documents
and requests of the oracle's generator, each answered by the command (Swift), and through C, C++ and
Python."""

from __future__ import annotations

import argparse
import json
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/oracle"))

import handmade  # noqa: E402
import xxhash  # noqa: E402
from chain import Step  # noqa: E402
from command import Store  # noqa: E402
from generate.chains import chain  # noqa: E402
from generate.features import Feature  # noqa: E402
from generate.plans import Plan, plans  # noqa: E402
from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: E402
from request import is_valid, read  # noqa: E402

FIXED_SEED = "1879"
SHOWN_MAX = 5
FIRST_MOMENT = 1
"""0 is the clock in C, so that 1970's first nanosecond is told as the second."""


def rewritten(line: str, primary: str) -> str | None:
    """The request as the other programs take it; None for one that only the command can refuse."""
    request = read(line, primary)
    if not is_valid(request):
        return None
    said = json.loads(line)
    if "now" in said:
        if request.now is None:
            return None
        said["now_ns"] = request.now or FIRST_MOMENT
        del said["now"]
    context = said.get("context", {})
    for name, value in context.items():
        if isinstance(value, (list, dict)):
            context[name] = None  # what no attribute can be counts as missing
        elif isinstance(value, int) and not isinstance(value, bool):
            context[name] = float(value)  # some readers' integers end at 64 bits
    return json.dumps(said, ensure_ascii=False)


Programs = dict[str, list[str]]
"""The command line of each, by the language."""


class Tally:
    def __init__(self) -> None:
        self.lines = 0
        self.differences: list[str] = []


def asked(steps: Sequence[Step], index: int) -> Iterator[str]:
    """What is asked of a step right after it, of whatever table it was meant for."""
    for step in steps[index:]:
        for question in step.questions:
            if question.step == index:
                yield from question.requests


def compare(
    turnout: Path, programs: dict[str, list[str]], steps: Sequence[Step], to: Tally
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(turnout, Path(folder) / "store")
        for index, step in enumerate(steps):
            documents = Path(folder) / f"documents-{index}"
            documents.mkdir()
            for name, content in step.files.items():
                (documents / name).write_bytes(content.encode())
            store.publish(documents)
            for kind, name, state in step.states:
                store.set_state(kind, name, state)
            primary = step.table.document.unit
            pairs = [(line, rewritten(line, primary)) for line in asked(steps, index)]
            lines = [(line, other) for line, other in pairs if other is not None]
            if lines:
                answer(programs, store, lines, to)


def answer(programs: Programs, store: Store, lines: Sequence[tuple[str, str]], to: Tally) -> None:
    expected = [line.encode() for line in store.resolve([line for line, _ in lines], None)]
    given_ = "".join(other + "\n" for _, other in lines).encode()
    to.lines += len(lines) * len(programs)
    for name, program in programs.items():
        done = subprocess.run(
            [*program, str(store.directory)],
            input=given_,
            capture_output=True,
            timeout=60,
            check=False,
        )
        told = done.stdout.split(b"\n")[:-1]
        if done.returncode != 0 or len(told) != len(expected):
            to.differences.append(f"{name}: exit {done.returncode}: {done.stderr.decode()}")
            continue
        for (line, _), ours, theirs in zip(lines, expected, told, strict=True):
            if ours != theirs:
                to.differences.append(f"{name}: {line}\n  command {ours!r}\n  {name:7} {theirs!r}")


def run(text: str, lines: int, judge: Callable[[Plan], None], to: Tally) -> None:
    """Chains until so many lines were compared."""
    index = 0
    while to.lines < lines and not to.differences:
        test: Callable[[], None] = given(plan=plans(list(Feature)))(judge)
        test = settings(
            max_examples=4,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )(test)
        seed(xxhash.xxh3_64_intdigest(f"{text}/{index}".encode()))(test)()
        index += 1


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lines", type=int, default=6_000, help="answers to compare, at least")
    options.add_argument("--seed", default=None, help="instead of the fixed and a fresh one")
    options.add_argument("--turnout", type=Path, required=True, help="the command")
    options.add_argument(
        "--programs", type=Path, required=True, help="folder of lines-c, lines-cpp"
    )
    said = options.parse_args()
    programs = {
        "C": [str(said.programs / "lines-c")],
        "C++": [str(said.programs / "lines-cpp")],
        "Python": [sys.executable, str(ROOT / "Tests/Bindings/lines.py")],
    }
    tally = Tally()

    def judge(plan: Plan) -> None:
        compare(said.turnout, programs, chain(plan), tally)

    for _, steps in handmade.chains():
        compare(said.turnout, programs, steps, tally)
    print(f"{tally.lines} answers to the vectors' requests")
    seeds = [said.seed] if said.seed else [FIXED_SEED, str(secrets.randbelow(10**9))]
    print(f"seeds: {', '.join(seeds)}", flush=True)
    before = tally.lines
    for number, text in enumerate(seeds, 1):
        run(text, before + said.lines * number // len(seeds), judge, tally)
    for difference in tally.differences[:SHOWN_MAX]:
        print(difference)
    failed = len(tally.differences)
    print(f"{tally.lines - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
