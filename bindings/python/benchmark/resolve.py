"""What a call costs through this package, beside an empty call through ctypes in the same run.

    python bindings/python/benchmark/resolve.py STORE   # a store with routing.yaml of this folder

Every line is the least of many short rounds, in which the programs take turns: noise only ever adds.
"""

from __future__ import annotations

import ctypes
import platform
import sys
import time
from typing import Any, Callable, Dict, List, Tuple

import turnout
from turnout import _backend, _library
from turnout._caller import Caller, Handle

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


def open_with(kind: type, path: str) -> turnout.Engine:
    """An engine that takes one of the two ways."""
    engine = turnout.Engine(path)
    handle: Handle = engine._caller.hold()
    engine._caller = kind(handle)
    return engine


def programs_of(engine: turnout.Engine, way: str) -> List[Program]:
    resolve, units = engine.resolve, [f"u_{i}" for i in range(BATCH)]
    fresh = iter(range(1 << 60))
    mixed = {"country": "US", "device": "tv", "tenure_days": 400, "kids": False}
    return [
        (f"{way}: 2 attributes", 1, lambda: resolve("Watch", "u_17", country="US", device="tv")),
        (f"{way}: 4 attributes", 1, lambda: resolve("Watch", "u_17", **mixed)),
        (f"{way}: 2 attributes, another unit each time", 1)
        + (lambda: resolve("Watch", f"u_{next(fresh)}", country="US", device="tv"),),
        (f"{way}: 2 attributes and the config", 1)
        + (lambda: resolve("Watch", "u_17", country="US", device="tv", config=True),),
        (f"{way}: 2 attributes, read four fields", 1)
        + (lambda: _read(resolve("Watch", "u_17", country="US", device="tv")),),
        (f"{way}: batch of {BATCH}, each unit", BATCH)
        + (lambda: engine.resolve_batch("Watch", units, country="US", device="tv"),),
        (f"{way}: batch of {BATCH} with an experiment, each unit", BATCH)
        + (lambda: engine.resolve_batch("Tested", units, country="US", device="tv"),),
        (f"{way}: batch of {BATCH} to routing keys' codes, each unit", BATCH)
        + (lambda: engine.resolve_batch("Watch", units, country="US").routing_key.codes,),
    ]


def _read(decision: turnout.Decision) -> None:
    decision.model, decision.version, decision.address, decision.routing_key  # noqa: B018


def main() -> None:
    path = sys.argv[1]
    empty = ctypes.CDLL(_library.path).turnout_abi_version
    programs: List[Program] = [
        ("an empty loop", 1, lambda: None),
        ("an empty call through ctypes", 1, empty),
    ]
    engines = [open_with(Caller, path)]
    programs += programs_of(engines[0], "ctypes")
    if _backend.extension:
        engines.append(open_with(_backend.FastCaller, path))
        programs += programs_of(engines[1], "C extension")
    least = least_ns(programs)
    unit = least["an empty call through ctypes"]
    print(f"CPython {platform.python_version()}, {platform.machine()}, library {_library.version()}")
    print(f"{'':62} {'ns':>8} {'× empty call':>13}")
    for name, ns in least.items():
        print(f"{name:62} {ns:8.0f} {ns / unit:13.2f}")


main()
