"""What a call costs through this package, beside an empty call through ctypes in the same run.

    python bindings/python/benchmark/resolve.py STORE   # a store with routing.yaml of this folder

Every line is the least of many short rounds, in which the programs take turns: noise only adds.
"""

from __future__ import annotations

import ctypes
import platform
import sys
import time
from typing import Any, Callable, Dict, List, Tuple

import turnout
from turnout import _library

ROUNDS = 400
CALLS = 500
BATCH = 1000

Program = Tuple[str, int, Callable[[], Any]]


def least_ns(programs: List[Program]) -> Dict[str, float]:
    """The least time of one call, or of one element, of each."""
    least: Dict[str, float] = {}
    for _ in range(ROUNDS):
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
    resolve, units = engine.resolve, [f"u_{i}" for i in range(BATCH)]
    fresh = iter(range(1 << 60))
    two = {"country": "US", "device": "tv"}

    def four() -> turnout.Decision:
        return resolve("Watch", "u_17", country="US", device="tv", tenure_days=400, kids=False)

    def read() -> None:
        made = resolve("Watch", "u_17", country="US", device="tv")
        made.model, made.version, made.address, made.routing_key  # noqa: B018

    batch = engine.resolve_batch
    return [
        ("resolve: 2 attributes", 1, lambda: resolve("Watch", "u_17", country="US", device="tv")),
        ("  4 attributes", 1, four),
        (
            "  2 attributes, a new unit each time",
            1,
            lambda: resolve("Watch", f"u{next(fresh)}", **two),
        ),
        ("  2 attributes, the config", 1, lambda: resolve("Watch", "u_17", config=True, **two)),
        ("  2 attributes, an experiment", 1, lambda: resolve("Tested", "u_17", **two)),
        ("  2 attributes, four fields read", 1, read),
        ("batch: each of 1,000 units", BATCH, lambda: batch("Watch", units, **two)),
        ("  with an experiment", BATCH, lambda: batch("Tested", units, **two)),
        ("  and the routing keys' codes", BATCH, lambda: batch("Watch", units, **two).routing_key),
        ("  each of 20 units", 20, lambda: batch("Watch", units[:20], **two)),
    ]


def main() -> None:
    engine = turnout.Engine(sys.argv[1])
    empty = ctypes.CDLL(_library.path).turnout_abi_version
    programs: List[Program] = [("an empty call through ctypes", 1, empty)]
    least = least_ns(programs + programs_of(engine))
    unit = least["an empty call through ctypes"]
    print(f"by {turnout.backend}; CPython {platform.python_version()}, {platform.machine()}")
    print(f"{'':40} {'ns':>8} {'empty calls':>13}")
    for name, ns in least.items():
        print(f"{name:40} {ns:8.0f} {ns / unit:13.2f}")


main()
