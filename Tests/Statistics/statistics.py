"""Chi-squared tests on what counts.c wrote down of a million units of each shape.

Units and salts are fixed, so a test that passes once passes always: what could fail it is another
hash, another way to draw, or lengths that are not the weights'. A test fails if chance alone would
give so large a deviation with a probability below SIGNIFICANCE; with some seventy tests a right
engine would have failed here with a probability below one in ten thousand."""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

SIGNIFICANCE = 1e-6
RECORD_BYTES = 8
EVEN, OTHER, UNEVEN, FIRST, SECOND, BELOW, HELD, SHADOWS = range(RECORD_BYTES)

WEIGHTS = [Fraction(weight) for weight in ["0.1", "1", "3.9", "5", "10", "15", "30", "35"]]
# By cell number plus 1: the share of the layer's users, who are all but those held out.
IN_FIRST = {
    1: Fraction(20, 200),
    2: Fraction(20, 200),
    3: Fraction(90, 400),
    4: Fraction(30, 400),
    5: Fraction(7, 2000),
    6: Fraction(7, 2000),
}
IN_SECOND = {
    1: Fraction(50, 300),
    2: Fraction(50, 300),
    3: Fraction(50, 300),
    4: Fraction(25, 1000),
    5: Fraction(225, 1000),
}
HELD_SHARE = Fraction(2, 100)


def probability_above(chi_squared: float, freedom: int) -> float:
    """The upper tail of the chi-squared distribution: the regularised incomplete gamma function
    Q(freedom / 2, chi_squared / 2), by series or continued fraction (Numerical Recipes, 6.2)."""
    a, x = freedom / 2, chi_squared / 2
    if x <= 0:
        return 1.0
    front = math.exp(-x + a * math.log(x) - math.lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        n = a
        while abs(term) > abs(total) * 1e-16:
            n += 1
            term *= x / n
            total += term
        return 1 - total * front
    tiny = 1e-300
    b = x + 1 - a
    c, d = 1 / tiny, 1 / b
    h = d
    for i in range(1, 10_000):
        an = -i * (i - a)
        b += 2
        d = 1 / (an * d + b or tiny)
        c = b + an / c or tiny
        h *= d * c
        if abs(d * c - 1) < 1e-16:
            break
    return front * h


def fit(counts: Counter[int], shares: dict[int, Fraction]) -> float:
    """How likely such a deviation from the shares is; what no share names must not be there."""
    total = counts.total()
    if sum(shares.values()) != 1 or set(counts) - set(shares):
        return 0.0
    deviation = sum(
        (counts[arm] - float(total * share)) ** 2 / float(total * share)
        for arm, share in shares.items()
    )
    return probability_above(deviation, len(shares) - 1)


def independence(pairs: Iterable[tuple[int, int]]) -> float:
    """How likely such a table of pairs is, if the two have nothing to do with each other."""
    counts = Counter(pairs)
    rows, columns = Counter[int](), Counter[int]()
    for (row, column), count in counts.items():
        rows[row] += count
        columns[column] += count
    total = counts.total()
    deviation = 0.0
    for row in rows:
        for column in columns:
            expected = rows[row] * columns[column] / total
            deviation += (counts[row, column] - expected) ** 2 / expected
    return probability_above(deviation, (len(rows) - 1) * (len(columns) - 1))


def with_rest(shares: dict[int, Fraction]) -> dict[int, Fraction]:
    return shares | {0: 1 - sum(shares.values())}


def tests(records: bytes) -> Iterable[tuple[str, float]]:
    def column(number: int) -> bytes:
        return records[number::RECORD_BYTES]

    eighths = {arm: Fraction(1, 8) for arm in range(8)}
    yield "positions are uniform: eight equal arms", fit(Counter(column(EVEN)), eighths)
    yield "… under another salt", fit(Counter(column(OTHER)), eighths)
    uneven = {arm: weight / 100 for arm, weight in enumerate(WEIGHTS)}
    yield "arms from 0.1 % to 35 % get their shares", fit(Counter(column(UNEVEN)), uneven)
    for first, second in [(EVEN, OTHER), (EVEN, UNEVEN), (OTHER, UNEVEN)]:
        pairs = zip(column(first), column(second), strict=True)
        yield f"salts are independent: {first} and {second}", independence(pairs)
    for arm in (EVEN, UNEVEN):
        neighbours = zip(column(arm), column(arm)[1:], strict=False)
        yield f"one unit says nothing of the next: {arm}", independence(neighbours)

    first_cells = with_rest(IN_FIRST)
    yield (
        "experiments and cells of a layer get their shares",
        fit(Counter(column(FIRST)), first_cells),
    )
    held = {1: HELD_SHARE, 0: 1 - HELD_SHARE}
    yield "a holdout gets its share", fit(Counter(column(HELD)), held)
    second_cells = with_rest({cell: share * (1 - HELD_SHARE) for cell, share in IN_SECOND.items()})
    yield (
        "… and takes it evenly from the experiments of its layer",
        fit(Counter(column(SECOND)), second_cells),
    )
    layers = zip(column(FIRST), column(SECOND), strict=True)
    yield "layers are independent", independence(layers)
    for other in (EVEN, BELOW, SHADOWS, HELD):
        pairs = zip(column(FIRST), column(other), strict=True)
        yield f"a layer is independent of other draws: {other}", independence(pairs)
    yield (
        "a split below experiments gets its shares",
        fit(Counter(column(BELOW)), {0: Fraction(1, 2), 1: Fraction(1, 2)}),
    )
    # Nested: with one salt the smaller cohort lies in the larger one.
    nested = {3: Fraction(1, 100), 2: Fraction(4, 100), 0: Fraction(95, 100)}
    yield "samples get their shares, and one salt nests them", fit(Counter(column(SHADOWS)), nested)


def self_test() -> Iterable[tuple[str, float]]:
    """The tests can fail: each is given something that is wrong by little."""
    million = 1_000_000
    off = Counter({0: million // 2 + 5_000, 1: million // 2 - 5_000})
    halves = {0: Fraction(1, 2), 1: Fraction(1, 2)}
    yield "a half too large by 1 %", fit(off, halves)
    yield "an arm that should not be", fit(Counter({0: 5, 1: 5, 2: 1}), halves)
    follows = ((i % 8, (i + (i % 100 == 0)) % 8) for i in range(million))
    yield "a draw that follows another", independence(follows)


def main(files: Sequence[str]) -> int:
    passed = failed = 0

    def count(good: bool, claim: str, probability: float) -> None:
        nonlocal passed, failed
        passed, failed = passed + good, failed + (not good)
        if not good:
            print(f"FAILED: {claim}: p = {probability:.3g}")

    for claim, probability in self_test():
        count(probability < SIGNIFICANCE, f"this is to be seen: {claim}", probability)
    # Tables of the distribution: 3.841 for one degree of freedom at 5 %, 310.457 for 255 at 1 %.
    for quantile, freedom, expected in [(3.841459, 1, 0.05), (310.457388, 255, 0.01)]:
        found = probability_above(quantile, freedom)
        count(abs(found - expected) < 1e-6, f"the distribution with {freedom}", found)
    least = 1.0
    for file in files:
        shape = Path(file).name
        records = Path(file).read_bytes()
        for claim, probability in tests(records):
            count(probability >= SIGNIFICANCE, f"{shape}: {claim}", probability)
            least = min(least, probability)
        print(f"{shape}: {len(records) // RECORD_BYTES} units")
    print(f"the least likely of all has p = {least:.3g}; the bound is {SIGNIFICANCE}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
