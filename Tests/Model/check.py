"""Has spin look at every state of each model, and compares what fails with what should."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import mapping

HERE = Path(__file__).resolve().parent
WORK = HERE.parents[1] / "build/test/model"
SECONDS_MAX = {"ci": 300, "soak": 3600}
MEGABYTES_MAX = 6000
# The large ones take memory by the gigabyte.
AT_ONCE = {"ci": os.cpu_count() or 1, "soak": 2}

# What pan says of each property, in the order in which to look.
PROPERTIES = [
    (r"invalid end state", "waits_for_ever"),
    (r"held!=255", "reclaimed"),
    (r"mapped\[held\]", "unmapped"),
    (r"\.looks\[step\]", "ended_early"),
    (r"\.n-1\)", "two_writers"),
    (r"\.version|\.live", "not_yet_there"),
    (r"owned\[", "two_owners"),
    (r"made<=1", "two_keepers"),
    (r"made>0", "follows_nothing"),
    (r"address!=0", "refused"),
    (r"==committed\[0\]", "lost_update"),
    (r"repaired", "head_behind"),
    (r"force\.revision==head", "not_heard"),
    (r"found\.revision<=catalog", "never_committed"),
    (r"found\.revision>=force", "went_back"),
    (r"again!=serial", "another_view"),
    (r"\(a[!=]=|\(\(+a==", "outcome"),
]

# The small programs of litmus.pml: its tens and ones.
LITMUS = {
    "relaxed_buffering": 10,
    "released_buffering": 11,
    "ordered_buffering": 12,
    "half_buffering": 13,
    "relaxed_message": 20,
    "released_message": 21,
    "released_witnesses": 31,
    "ordered_witnesses": 32,
    "one_word": 40,
    "unread_sequence": 50,
    "release_sequence": 51,
    "load_buffering": 60,
    "two_increments": 70,
}


@dataclass(frozen=True)
class Case:
    """One line of cases.txt."""

    model: str
    memory: str
    options: tuple[str, ...]
    broken: str
    expected: str

    @property
    def folder(self) -> Path:
        return WORK / "-".join([self.model, self.memory, *(o[2:] for o in self.options)])

    @property
    def name(self) -> str:
        return " ".join([self.model, self.memory, *(o[2:] for o in self.options), self.broken])


@dataclass(frozen=True)
class Answer:
    """What spin found: `holds`, a property that fails, or words about why there is no answer."""

    found: str
    states: int
    seconds: float
    said: str = ""


def cases(part: str) -> list[Case]:
    read: list[Case] = []
    now = "ci"
    for line in (HERE / "cases.txt").read_text("utf-8").splitlines():
        words = line.split("#")[0].split()
        if len(words) == 1:
            now = words[0]
        elif words and now == part:
            options = () if words[2] == "-" else tuple(words[2].split(","))
            read.append(Case(words[0], words[1], options, words[3], words[-1]))
    return read


def numbers(model: str) -> dict[str, int]:
    """What can be broken in a model, by its name there."""
    text = "".join((HERE / name).read_text("utf-8") for name in ("protocol.pml", f"{model}.pml"))
    named = {m[1]: int(m[2]) for m in re.finditer(r"^#define ([a-z_]+) (\d+)$", text, re.M)}
    return {"nothing": 0, **named, **LITMUS}


def build(case: Case) -> str:
    """Makes the program that looks at every state of the model; "" or what went wrong."""
    case.folder.mkdir(parents=True, exist_ok=True)
    memory = ["-DC11"] if case.memory == "c11" else []
    spin = ["spin", *memory, *case.options, "-a", str(HERE / f"{case.model}.pml")]
    compile_pan = ["gcc", "-O1", "-w", "-DSAFETY", "-DCOLLAPSE", "-DVECTORSZ=4096"]
    compile_pan += [f"-DMEMLIM={MEGABYTES_MAX}", "-o", "pan", "pan.c"]
    for command in (spin, compile_pan):
        done = subprocess.run(command, cwd=case.folder, capture_output=True, text=True)
        if done.returncode != 0 or "rror:" in done.stdout:
            return done.stdout + done.stderr
    return ""


def ask(case: Case, seconds_max: int) -> Answer:
    broken = numbers(case.model).get(case.broken)
    if broken is None:
        return Answer("no such step", 0, 0)
    start = time.monotonic()
    try:
        done = subprocess.run(
            ["./pan", "-m200000", "-w22", "-n"],
            cwd=case.folder,
            env={**os.environ, "BROKEN": str(broken)},
            capture_output=True,
            text=True,
            timeout=seconds_max,
        )
    except subprocess.TimeoutExpired:
        return Answer(f"no answer in {seconds_max} s", 0, seconds_max)
    seconds = time.monotonic() - start
    states = re.search(r"(\d+) states, stored", done.stdout)
    count = int(states[1]) if states else 0
    violation = re.search(r"^pan:\d+: (.*)", done.stdout, re.M)
    if violation:
        for pattern, name in PROPERTIES:
            if re.search(pattern, violation[1]):
                return Answer(name, count, seconds, violation[1])
        return Answer(violation[1], count, seconds)
    complete = re.search(r"errors: 0$", done.stdout, re.M) and "not completed" not in done.stdout
    if complete and count > 0 and "max search depth too small" not in done.stdout:
        return Answer("holds", count, seconds)
    return Answer("no answer", count, seconds, done.stdout + done.stderr)


def main(part: str) -> int:
    passed, failed = mapping.check()
    for change in mapping.CHANGES:
        if mapping.notices(change):
            passed += 1
        else:
            failed += 1
            print(f"FAILED: nobody notices that {change[0]} says {change[2]}")
    asked = cases(part)
    folders = {case.folder: case for case in asked}
    with ThreadPoolExecutor(AT_ONCE[part]) as pool:
        wrong = dict(zip(folders, pool.map(build, folders.values()), strict=True))
        answers = pool.map(lambda case: ask(case, SECONDS_MAX[part]), asked)
        for case, answer in zip(asked, answers, strict=True):
            if wrong[case.folder]:
                failed += 1
                print(f"FAILED: {case.name}: {wrong[case.folder]}")
            elif answer.found != case.expected:
                failed += 1
                print(f"FAILED: {case.name}: {answer.found}, not {case.expected} {answer.said}")
            else:
                passed += 1
                print(
                    f"{case.name}: {answer.found}, {answer.states:,} states, {answer.seconds:.1f} s"
                )
            sys.stdout.flush()
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "ci"))
