#!/usr/bin/env python3
"""Writes allocations.json: chains of allocations, by a slow and literal reference.

    python3 Tests/vectors/make_allocations.py

With --check it compares instead of writing and exits 1 if the file differs. Either way the
reference is first held against a second one that looks at every position of a small ring.
Needs nothing but Python; shares nothing with the compiler but the specification.
"""

from __future__ import annotations

import json
import pathlib
import random
import sys
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

FILE = pathlib.Path(__file__).with_name("allocations.json")
RING = 2**32

Lengths = dict[str, int]
Intervals = list[tuple[int, int, str]]  # lower, upper (exclusive), arm: by position
Pairs = list[tuple[str, str]]  # arm and weight or share, in no order
Ranges = list[tuple[str, list[list[int]]]]


def by_bytes(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: name.encode("utf-8"))


def length_of(intervals: Intervals, arm: str) -> int:
    return sum(upper - lower for lower, upper, owner in intervals if owner == arm)


# Lengths


def lengths_of_weights(weights: Pairs, held: Intervals, ring: int = RING) -> Lengths:
    weight = {arm: Fraction(text) for arm, text in weights}
    exact = {arm: w / sum(weight.values()) * ring for arm, w in weight.items()}
    down = {arm: x.numerator // x.denominator for arm, x in exact.items()}
    waiting = by_bytes(weight)
    while sum(down.values()) + len(weight) - len(waiting) < ring:
        largest = max(exact[arm] - down[arm] for arm in waiting)
        tied = [arm for arm in waiting if exact[arm] - down[arm] == largest]
        holding = [arm for arm in tied if length_of(held, arm) > down[arm]]
        waiting.remove((holding or tied)[0])
    return {arm: down[arm] + (arm not in waiting) for arm in by_bytes(weight)}


def lengths_of_shares(shares: Pairs, ring: int = RING) -> Lengths:
    exact = {arm: Fraction(text.removesuffix("%")) / 100 * ring for arm, text in shares}
    return {arm: exact[arm].numerator // exact[arm].denominator for arm in by_bytes(exact)}


# Allocations


def joined(intervals: Intervals) -> Intervals:
    result: Intervals = []
    for lower, upper, arm in sorted(intervals):
        if result and result[-1][1] == lower and result[-1][2] == arm:
            result[-1] = (result[-1][0], upper, arm)
        else:
            result.append((lower, upper, arm))
    return result


def fresh(lengths: Lengths) -> Intervals:
    result: Intervals = []
    end = 0
    for arm in by_bytes(lengths):
        if lengths[arm] > 0:
            result.append((end, end + lengths[arm], arm))
        end += lengths[arm]
    return result


def gaps(intervals: Intervals, ring: int) -> list[tuple[int, int]]:
    ends = [0] + [upper for _, upper, _ in intervals]
    starts = [lower for lower, _, _ in intervals] + [ring]
    return [(end, start) for end, start in zip(ends, starts, strict=True) if end < start]


def carried(previous: Intervals, lengths: Lengths, ring: int = RING) -> Intervals:
    held = sorted(previous)
    # 1. Arms that shrink or go give up from the top of their highest interval downwards.
    for arm in by_bytes({owner for _, _, owner in previous}):
        surplus = length_of(held, arm) - lengths.get(arm, 0)
        while surplus > 0:
            highest = max(interval for interval in held if interval[2] == arm)
            held.remove(highest)
            lower, upper, _ = highest
            given = min(surplus, upper - lower)
            if lower < upper - given:
                held.append((lower, upper - given, arm))
            surplus -= given
    # 2. Freed and unallocated positions, lowest first, go to the arms that grow, by bytes.
    for arm in by_bytes(lengths):
        missing = lengths[arm] - length_of(held, arm)
        while missing > 0:
            lower, upper = gaps(sorted(held), ring)[0]
            taken = min(missing, upper - lower)
            held.append((lower, lower + taken, arm))
            missing -= taken
    # 3. Adjacent intervals of one arm are joined.
    return joined(held)


def pinned(ranges: Ranges, lengths: Lengths, whole: bool, ring: int = RING) -> Intervals:
    """Raises ValueError where the specification says error."""
    if sorted(arm for arm, _ in ranges) != sorted(lengths):
        raise ValueError("not exactly the arms")
    held = sorted((low, high, arm) for arm, pairs in ranges for low, high in pairs)
    end = 0
    for low, high, _ in held:
        if low < end or low >= high or high > ring:
            raise ValueError("not disjoint ranges within the ring")
        end = high
    if any(abs(length_of(held, arm) - length) > 1 for arm, length in lengths.items()):
        raise ValueError("not the lengths of the weights")
    if whole and gaps(held, ring):
        raise ValueError("not the whole ring")
    return joined(held)


def owner_at(intervals: Intervals, position: int) -> str | None:
    return next((arm for low, high, arm in intervals if low <= position < high), None)


def movement(old: Intervals, new: Intervals, ring: int = RING) -> tuple[int, int, int]:
    """Positions that come to an arm that had them not; the fewest that must; and those released,
    which had an arm and now have none."""
    borders = sorted({0, ring} | {x for low, high, _ in old + new for x in (low, high)})
    moved = released = 0
    for low, high in pairwise(borders):
        before, after = owner_at(old, low), owner_at(new, low)
        if after is not None and after != before:
            moved += high - low
        if after is None and before is not None:
            released += high - low
    arms = {arm for _, _, arm in old + new}
    minimum = sum(max(0, length_of(new, arm) - length_of(old, arm)) for arm in arms)
    return moved, minimum, released


# The reference held against each position of a small ring


def carried_by_position(ring: list[str | None], lengths: Lengths) -> list[str | None]:
    ring = list(ring)
    for position in reversed(range(len(ring))):
        arm = ring[position]
        if arm is not None and ring.count(arm) > lengths.get(arm, 0):
            ring[position] = None
    for arm in by_bytes(lengths):
        for position in range(len(ring)):
            if ring[position] is None and ring.count(arm) < lengths[arm]:
                ring[position] = arm
    return ring


def check_small_rings() -> None:
    dice = random.Random(20261121)
    size = 61
    names = ["a", "B", "c", "D", "e", "cells:z"]
    for _ in range(400):
        held: Intervals = []
        ring: list[str | None] = [None] * size
        for step in range(8):
            arms = dice.sample(names, dice.randint(1, len(names)))
            if dice.random() < 0.5:
                weights = [(arm, str(dice.choice([0, 1, 1, 2, 3, 17]))) for arm in arms]
                if all(weight == "0" for _, weight in weights):
                    continue
                lengths = lengths_of_weights(weights, held, size)
                assert sum(lengths.values()) == size
            else:
                shares = [(arm, f"{dice.choice([0, 1, 5, 16])}%") for arm in arms]
                lengths = lengths_of_shares(shares, size)
            before = held
            held = fresh(lengths) if step == 0 else carried(held, lengths, size)
            ring = carried_by_position(ring, lengths)
            assert [owner_at(held, position) for position in range(size)] == ring
            assert {arm: length_of(held, arm) for arm in lengths} == lengths
            moved, minimum, _ = movement(before, held, size)
            assert moved == minimum
            assert carried(held, lengths, size) == held


# Chains

Step = dict[str, object]


def weigh(ranges: Ranges | None = None, /, **arms: str | int) -> Step:
    step: Step = {"weights": [(arm, str(weight)) for arm, weight in arms.items()]}
    return step if ranges is None else step | {"ranges": ranges}


def weigh_alike(names: str | list[str]) -> Step:
    return {"weights": [(name, "1") for name in names]}


def share(*arms: tuple[str, str], ranges: Ranges | None = None) -> Step:
    step: Step = {"shares": list(arms)}
    return step if ranges is None else step | {"ranges": ranges}


def chains() -> list[tuple[str, list[Step]]]:
    third = RING // 3
    scattered: Ranges = [
        ("c", [[0, 100], [200, third + 100]]),
        ("b", [[third + 100, 2 * third + 100]]),
        ("a", [[2 * third + 100, RING], [100, 200]]),
    ]
    other_odd_one: Ranges = [
        ("a", [[0, third]]),
        ("b", [[third, 2 * third]]),
        ("c", [[2 * third, 2 * third + 7], [2 * third + 7, RING]]),
    ]
    return [
        (
            "a canary ramps up and becomes the only one",
            [
                weigh(v1=99, v2=1),
                weigh(v1=95, v2=5),
                weigh(v2=50, v1=50),
                weigh(v1=0, v2=100),
                weigh(v2=1),
            ],
        ),
        ("one arm", [weigh(only="0.000000001"), weigh(only="999999999")]),
        (
            "a tie goes to the first by bytes, but before it to an arm that holds more",
            [
                weigh(c=1, b=1, a=1),
                weigh(a=1, b=2),
                weigh(a=1, b=1, c=1),
                weigh(a=1, b=1, c=1),
                weigh(c=1),
                weigh(a=1, b=1, c=1),
            ],
        ),
        (
            "ties over several positions",
            [
                weigh_alike("gfedcba"),
                weigh(a=1, b=1, c=3, d=1, e=3, f=1, g=3),
                weigh_alike("abcdefg"),
                weigh_alike("abcdef"),
                weigh_alike("bdfxyz"),
            ],
        ),
        (
            "remainders decide before ties",
            [weigh(a="1.1", b="2.3", c="3.7"), weigh(a="0.7", b="0.7", c="0.1")],
        ),
        (
            "arms come, go and come back",
            [
                weigh(a=1, b=1),
                weigh(a=1, b=1, c=1),
                weigh(a=1, c=1),
                weigh(A=1, a=1, c=1),
                weigh(x=1, y=3),
                weigh(a=1, c=1),
            ],
        ),
        (
            "extreme weights",
            [
                weigh(big="999999999.999999999", dust="0.000000001"),
                weigh(big="999999999.999999999", dust="0.2", none="0"),
                weigh(big="999999999.999999999", other="999999999.999999999"),
                weigh(one="0.000000001", rest="4.294967295"),
                weigh(one="4.294967295", rest="0.000000001"),
            ],
        ),
        (
            "the order of bytes is neither that of letters nor that of UTF-16",
            [
                share(
                    ("\U0001f600", "10%"), ("\uffee", "10%"), ("\u00e9", "10%"), ("e\u0301", "9%")
                ),
                share(
                    ("\u00e9", "20%"), ("e\u0301", "20%"), ("\U0001f600", "5%"), ("\uffee", "20%")
                ),
                weigh_alike(["a", "B", "a.b", "a-b", "a_b", "a0", "A", "10", "9"]),
            ],
        ),
        (
            "a layer fills up, empties and fills again",
            [
                share(("cells:depth", "20%")),
                share(("cells:depth", "20%"), ("cells:a", "33.333333333%")),
                share(("cells:depth", "5%"), ("cells:a", "33.333333333%"), ("old-salt", "50%")),
                share(("cells:a", "40%"), ("old-salt", "50%"), ("cells:zeta", "10%")),
                share(("cells:b", "10%")),
                share(("cells:b", "10%"), ("cells:a", "90%")),
            ],
        ),
        (
            "a holdout",
            [
                share(("in", text))
                for text in ["1%", "5%", "0.5%", "0%", "100%", "0.000000001%", "99.999999999%"]
            ],
        ),
        (
            "shards",
            [weigh(g0=2, g1=1), weigh(g0=2, g1=1, g2=1), weigh(g0=2, g2=1, g3="0.5")],
        ),
        (
            "pinned, then carried from the pins, then pinned again",
            [
                weigh(scattered, a=1, b=1, c=1),
                weigh(a=1, b=1, c=1),
                weigh(a=1, b=1, c=2),
                weigh(a=2, b=1, d=1),
                weigh(other_odd_one, a=1, b=1, c=1),
                weigh(a=1, b=1, c=1),
            ],
        ),
        (
            "a pinned holdout; both lengths within one position",
            [
                share(("in", "1%"), ranges=[("in", [[1000, 1000 + RING // 100 + 1]])]),
                share(("in", "1%")),
                share(("in", "2%")),
                share(("in", "100%"), ranges=[("in", [[1, RING]])]),
                share(("in", "0%"), ranges=[("in", [])]),
            ],
        ),
        *random_chains(),
    ]


def random_chains() -> list[tuple[str, list[Step]]]:
    dice = random.Random(1879)

    def number(whole: int, fraction: int) -> str:
        text = str(dice.randrange(10 ** dice.randint(1, whole)))
        digits = dice.randint(0, fraction)
        return text + ("." + "".join(dice.choices("0123456789", k=digits)) if digits else "")

    result: list[tuple[str, list[Step]]] = []
    for index in range(6):
        names = [f"arm-{dice.randrange(1000)}" for _ in range(9)]
        steps: list[Step] = []
        for _ in range(8):
            arms = dice.sample(sorted(set(names)), dice.randint(2, len(set(names))))
            if index % 2 == 0:
                steps.append({"weights": [(arm, number(9, 9)) for arm in arms]})
            else:
                steps.append({"shares": [(arm, "1" + number(1, 9) + "%") for arm in arms[:5]]})
        result.append((f"random {index + 1}", steps))
    return result


def refused() -> list[tuple[str, Step]]:
    half = RING // 2

    def halves(a: list[list[int]], b: list[list[int]]) -> Step:
        return weigh([("a", a), ("b", b)], a=1, b=1)

    return [
        ("two positions off", halves([[0, half + 2]], [[half + 2, RING]])),
        ("an overlap", halves([[0, half]], [[half - 1, RING - 1]])),
        ("the same twice", halves([[0, half], [5, 6]], [[half, RING]])),
        ("a hole", halves([[0, half]], [[half + 1, RING]])),
        ("beyond the ring", halves([[0, half]], [[half, RING + 1]])),
        ("an empty range", halves([[0, half], [half, half]], [[half, RING]])),
        ("a reversed range", halves([[half, 0]], [[half, RING]])),
        ("an arm left out", weigh([("a", [[0, half]])], a=1, b=1)),
        ("an arm without positions left out", weigh([("a", [[0, RING]])], a=1, b=0)),
        ("an unknown arm", weigh([("a", [[0, RING]]), ("c", [])], a=1)),
        ("a share two positions off", share(("in", "50%"), ranges=[("in", [[2, half]])])),
    ]


def lengths_of(step: Step, held: Intervals) -> Lengths:
    if "weights" in step:
        # Pins take no account of what was held.
        return lengths_of_weights(step["weights"], [] if "ranges" in step else held)  # type: ignore
    return lengths_of_shares(step["shares"])  # type: ignore[arg-type]


def allocate(step: Step, held: Intervals | None, lengths: Lengths) -> tuple[str, Intervals]:
    if "ranges" in step:
        return "pinned", pinned(step["ranges"], lengths, "weights" in step)  # type: ignore[arg-type]
    if held is None:
        return "fresh", fresh(lengths)
    return "carried", carried(held, lengths)


def run(steps: list[Step]) -> list[Step]:
    result = []
    held: Intervals | None = None
    for step in steps:
        lengths = lengths_of(step, held or [])
        how, intervals = allocate(step, held, lengths)
        allocated: Step = {
            "how": how,
            **step,
            "lengths": [(arm, length_of(intervals, arm)) for arm in lengths],
            "intervals": intervals,
        }
        if held is not None:
            moved, minimum, released = movement(held, intervals)
            assert how == "pinned" or moved == minimum
            allocated |= {"moved": moved, "minimum": minimum, "released": released}
        result.append(allocated)
        held = intervals
    return result


def text() -> str:
    def line(value: object) -> str:
        return json.dumps(value, ensure_ascii=True)

    parts = []
    for name, steps in chains():
        body = ",\n".join("      " + line(step) for step in run(steps))
        parts.append(f'    {{"name": {line(name)}, "steps": [\n{body}\n    ]}}')
    refusals = []
    for name, step in refused():
        try:
            allocate(step, None, lengths_of(step, []))
        except ValueError:
            refusals.append("    " + line({"name": name, **step}))
        else:
            raise AssertionError(f"accepted: {name}")
    return (
        f'{{\n  "positions": {RING},\n  "chains": [\n'
        + ",\n".join(parts)
        + '\n  ],\n  "refused": [\n'
        + ",\n".join(refusals)
        + "\n  ]\n}\n"
    )


def main() -> int:
    check_small_rings()
    if "--check" in sys.argv[1:]:
        return 0 if FILE.read_text("utf-8") == text() else 1
    FILE.write_text(text(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
