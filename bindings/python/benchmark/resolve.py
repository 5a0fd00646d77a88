"""What a call costs through this package, beside an empty call through ctypes in the same run.

    python bindings/python/benchmark/resolve.py STORE ROUNDS   # `run` of this folder calls it

Every line is the least of many short rounds, in which the programs take turns: noise only adds.
"""

from __future__ import annotations

import ctypes
import sys
import time
from typing import Any, Callable, Dict, List, Tuple

import turnout
from turnout import _library

CALLS = 500
BATCH = 1000

Program = Tuple[str, int, Callable[[], Any]]


def least_ns(programs: List[Program], rounds: int) -> Dict[str, float]:
    """The least time of one call, or of one element, of each."""
    least: Dict[str, float] = {}
    for _ in range(rounds):
        for name, elements, call in programs:
            count = max(1, CALLS // elements)
            turns = range(count)
            begin = time.perf_counter_ns()
            for _ in turns:
                call()
            each = (time.perf_counter_ns() - begin) / count / elements
            least[name] = min(each, least.get(name, each))
    return least


def programs_of(engine: turnout.Engine) -> List[Program]:
    resolve, batch = engine.resolve, engine.resolve_batch
    units = [f"u_{i}" for i in range(BATCH)]
    fresh = iter(range(1 << 60))
    said = {
        "resolve: 2 attributes": lambda: resolve("Watch", "u_17", country="US", device="tv"),
        "resolve: 4 attributes": lambda: resolve(
            "Watch", "u_17", country="US", device="tv", tenure_days=400, kids=False
        ),
        "resolve: 2 attributes, a new unit each time": lambda: resolve(
            "Watch", f"u_{next(fresh)}", country="US", device="tv"
        ),
        "resolve: 2 attributes, the config": lambda: resolve(
            "Watch", "u_17", country="US", device="tv", config=True
        ),
        "resolve: 2 attributes, in an experiment": lambda: resolve(
            "Tested", "u_17", country="US", device="tv"
        ),
        "resolve: 2 attributes, four fields read": lambda: read(
            resolve("Watch", "u_17", country="US", device="tv")
        ),
    }
    many = {
        "batch: each of 1,000 units": (BATCH, lambda: batch("Watch", units, country="US")),
        "batch: each of 1,000 units, in an experiment": (
            BATCH,
            lambda: batch("Tested", units, country="US"),
        ),
        "batch: each of 1,000 units, the routing keys' codes": (
            BATCH,
            lambda: batch("Watch", units, country="US").routing_key,
        ),
        "batch: each of 20 units": (20, lambda: batch("Watch", units[:20], country="US")),
    }
    programs: List[Program] = [(name, 1, call) for name, call in said.items()]
    return programs + [(name, count, call) for name, (count, call) in many.items()]


def read(made: turnout.Decision) -> None:
    """Looks at what a caller needs."""
    made.model, made.version, made.address, made.routing_key  # noqa: B018


def main() -> None:
    engine = turnout.Engine(sys.argv[1])
    empty = ctypes.CDLL(_library.path).turnout_abi_version
    programs: List[Program] = [("an empty call through ctypes", 1, empty)]
    least = least_ns(programs + programs_of(engine), int(sys.argv[2]))
    unit = least["an empty call through ctypes"]
    way = {"c": "C extension", "ctypes": "ctypes"}[turnout.backend]
    for name, ns in least.items():
        print(f"python\t{way}: {name}\tns={ns:.0f}\tempty_calls={ns / unit:.2f}")


main()
