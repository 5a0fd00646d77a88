"""Costs of an evaluation, of loading and of a change, peer by peer: every peer in a process of its
own, one round of each in turn."""

import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import peers
import workload
from workload import Flag

HERE = Path(__file__).parent
CALL = "call"
LABELS = {
    CALL: "turnout, C",
    "turnout-package": "turnout, its package",
    "turnout-package-batch": "turnout, its package, 1,000 users in one call",
    "turnout-batch": "turnout, ctypes, 1,000 users in one call",
    "turnout-prepared": "turnout, ctypes, structs prepared",
    "turnout-naive": "turnout, ctypes, all built at each call",
    "statsig": "statsig-python-core",
    "yggdrasil": "yggdrasil-engine (Unleash)",
    "growthbook": "growthbook, one object",
    "growthbook-client": "growthbook, asynchronous client",
    "launchdarkly": "launchdarkly-server-sdk",
    "flagd": "openfeature-sdk + flagd provider",
    "ctypes": "an empty call through ctypes",
    "dict": "a dict lookup",
}
LABELS = {name: text for name, text in LABELS.items() if name == CALL or name in peers.MODULES}
# Whose loading and memory are measured: neither the floors nor all of ours.
LOADED = [
    name
    for name in LABELS
    if name not in (CALL, "turnout-naive", "ctypes", "dict") and "batch" not in name
]
CHANGED = [name for name in LOADED if name != "turnout-package"]
# Peers that take over changed data only when told to.
TOLD = ("yggdrasil", "growthbook", "growthbook-client")


@dataclass
class Plan:
    sizes: tuple[int, ...] = (1000, 10000)
    rounds: int = 11
    evaluations: dict[int, int] = field(default_factory=lambda: {1000: 4000, 10000: 10000})
    starts: int = 2
    changes: int = 3


QUICK = Plan(rounds=3, sizes=(1000,), evaluations={1000: 1000}, starts=1, changes=1)


BEGIN = time.monotonic()


def say(text: str) -> None:
    print(f"  {time.monotonic() - BEGIN:4.0f} s  {text}", file=sys.stderr, flush=True)


class Worker:
    """A process that is asked in lines and answers in lines."""

    def __init__(self, command: Sequence[str | Path], log: Path) -> None:
        self.log = log
        with log.open("a") as errors:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                cwd=HERE,
            )

    def order(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def result(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"field: {self.log} says why:\n{self.log.read_text()[-2000:]}")
        return json.loads(line)

    def ask(self, line: str) -> dict[str, Any]:
        self.order(line)
        return self.result()


@contextmanager
def worker(name: str, data: Path, flags: int, log: Path) -> Iterator[Worker]:
    """Ends with its process: by the end of its input, else by force."""
    if name == CALL:
        command = [Path(os.environ["TURNOUT_CALL"]), data, str(flags)]
    else:
        command = [Path(sys.executable), HERE / "worker.py", name, data, str(flags)]
    one = Worker([str(part) for part in command], log)
    try:
        yield one
    finally:
        assert one.process.stdin is not None
        one.process.stdin.close()
        try:
            one.process.wait(15)
        except subprocess.TimeoutExpired:
            one.process.kill()
            one.process.wait()


@dataclass
class Found:
    """What was measured of one subject, by number of flags."""

    us: dict[int, list[float]] = field(default_factory=dict)
    loads: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    changes: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    version: str = ""
    mechanism: str = ""


def data_of(folder: Path, name: str) -> Path:
    """Subjects of one family read the same data."""
    return folder / ("turnout" if name == CALL else name.partition("-")[0])


def write_all(folder: Path, flags: Sequence[Flag]) -> None:
    for name in LABELS:
        data = data_of(folder, name)
        if name != CALL and not data.exists():
            peers.load(name).write(data, flags)


def replace_data(name: str, data: Path, flags: Sequence[Flag]) -> None:
    """Whole at once, as those who watch a file want it."""
    beside = data.with_name(data.name + ".new")
    peers.load(name).write(beside, flags)
    os.replace(beside, data)


def arrivals(
    one: Worker,
    model: str,
    flag: Flag,
    told: bool,
    prepare: Callable[[], Callable[[], object]],
) -> float:
    """Milliseconds from handing over a change until an evaluation shows it. What `prepare` does is
    not counted, what it returns is."""
    act = prepare()
    if told:
        act()
        begin = time.monotonic()
        return (one.ask(f"refresh {flag.key} {model}")["now"] - begin) * 1e3
    one.order(f"watch {flag.key} {model}")
    # At any moment between two looks of those who look from time to time.
    time.sleep(0.1 + random.random())
    begin = time.monotonic()
    act()
    return (one.result()["now"] - begin) * 1e3


def change_turnout(one: Worker, data: Path, flags: list[Flag], plan: Plan, found: Found) -> None:
    from peers import turnout_ctypes

    table = data.with_suffix(".table")
    source = data.with_suffix(".next.yaml")

    def publish(to: list[Flag]) -> Callable[[], object]:
        source.write_text(turnout_ctypes.document(to))
        return lambda: turnout_ctypes.command("publish", source, "--store", data)

    def apply(to: list[Flag]) -> Callable[[], object]:
        source.write_text(turnout_ctypes.document(to))
        turnout_ctypes.command("compile", source, "-o", table, "--against", data)
        return lambda: turnout_ctypes.command("apply", table, "--store", data)

    for verb, prepare in (("publish", publish), ("apply", apply)):
        for i in range(plan.changes + plan.changes % 2):
            to = flags if i % 2 else workload.changed(flags)
            took = arrivals(one, to[0].model, flags[0], False, lambda p=prepare, t=to: p(t))
            found.changes.setdefault((verb, len(flags)), []).append(took)


def change(name: str, one: Worker, data: Path, flags: list[Flag], plan: Plan, found: Found) -> None:
    """Changes the data and changes it back."""
    if name == "turnout-prepared":
        change_turnout(one, data, flags, plan, found)
        return

    def prepare(to: list[Flag]) -> Callable[[], object]:
        # Written only now: a time of modification before the last load would not be seen as new.
        beside = data.with_name(data.name + ".new")
        peers.load(name).write(beside, to)
        return lambda: os.replace(beside, data)

    told = name in TOLD
    for i in range(plan.changes):
        to = flags if i % 2 else workload.changed(flags)
        took = arrivals(one, to[0].model, flags[0], told, lambda t=to: prepare(t))
        found.changes.setdefault(("", len(flags)), []).append(took)
    if plan.changes % 2:
        replace_data(name, data, flags)


def measure_size(size: int, plan: Plan, work: Path, found: dict[str, Found]) -> None:
    folder = work / str(size)
    folder.mkdir(parents=True)
    flags = workload.flags_of(size)
    say(f"{size} flags: writing each peer's data")
    write_all(folder, flags)
    log = work / "workers.log"
    say(f"{size} flags: loading, each peer in {plan.starts} fresh processes")
    for _ in range(plan.starts - 1):
        for name in LOADED:
            with worker(name, data_of(folder, name), size, log) as one:
                found[name].loads.setdefault(size, []).append(one.ask("serve"))
    with ExitStack() as stack:
        open_workers: dict[str, Worker] = {}
        for name in LABELS:
            one = stack.enter_context(worker(name, data_of(folder, name), size, log))
            open_workers[name] = one
            if name != CALL:
                loaded = one.ask("serve")
                found[name].loads.setdefault(size, []).append(loaded)
                found[name].version = loaded["version"]
                found[name].mechanism = loaded["mechanism"]
        say(f"{size} flags: {plan.rounds} rounds")
        for name, one in open_workers.items():
            one.ask(f"round {plan.evaluations[size]}")
            found[name].us[size] = []
        for _ in range(plan.rounds):
            for name, one in open_workers.items():
                us = one.ask(f"round {plan.evaluations[size]}")["us"]
                found[name].us[size].append(us)
    say(f"{size} flags: how soon a change is seen")
    for name in CHANGED:
        with worker(name, data_of(folder, name), size, log) as one:
            one.ask("serve")
            change(name, one, data_of(folder, name), flags, plan, found[name])


def row(table: str, key: str, **columns: float | str) -> str:
    cells = [f"{k}={v:.6g}" if isinstance(v, float) else f"{k}={v}" for k, v in columns.items()]
    return "\t".join([f"field.{table}", key, *cells])


def title(table: str, text: str) -> str:
    return f"title\tfield.{table}\ttext={text}"


def rows(plan: Plan, found: dict[str, Found]) -> Iterator[str]:
    yield title(
        "evaluation",
        "One evaluation: three rules of two conditions are tested, then a split decides; least and "
        "median of alternating rounds, in the asking thread's time on the processor.",
    )
    for name, of_name in found.items():
        columns: dict[str, float | str] = {"version": of_name.version}
        for size in plan.sizes:
            columns[f"{size}_us"] = min(of_name.us[size])
            columns[f"{size}_median_us"] = statistics.median(of_name.us[size])
        yield row("evaluation", LABELS[name], **columns)
    last = plan.sizes[-1]
    yield title(
        "load",
        "From local data to the first answer in a fresh process, least, on the wall and on the "
        f"processor; what {last} flags take of memory: resident, and of that what no file backs.",
    )
    for name in LOADED:
        of_name = found[name]
        columns = {}
        for size in plan.sizes:
            columns[f"{size}_ms"] = min(load["start_ms"] for load in of_name.loads[size])
            columns[f"{size}_cpu_ms"] = min(load["start_cpu_ms"] for load in of_name.loads[size])
        for key in ("import_ms", "rss_mb", "anonymous_mb", "import_rss_mb"):
            columns[key] = statistics.median(load[key] for load in of_name.loads[last])
        columns["threads"] = of_name.loads[last][-1]["threads"]
        yield row("load", LABELS[name], **columns)
    yield title(
        "change",
        "From handing over changed data until an evaluation shows it, least and median; ours "
        "includes the whole command, the others' data is written before.",
    )
    for name in CHANGED:
        of_name = found[name]
        for verb in dict.fromkeys(verb for verb, _ in of_name.changes):
            columns = {}
            for size in plan.sizes:
                took = of_name.changes[(verb, size)]
                columns[f"{size}_ms"] = min(took)
                columns[f"{size}_median_ms"] = statistics.median(took)
            how = of_name.mechanism
            key = LABELS[name]
            if verb:
                key, how = f"turnout {verb}", f"the whole command; {how}"
            yield row("change", key, **columns, text=how)


def measure(plan: Plan, work: Path) -> Iterator[str]:
    found = {name: Found() for name in LABELS}
    for size in plan.sizes:
        measure_size(size, plan, work, found)
    yield from rows(plan, found)
