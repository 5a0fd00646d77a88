"""Weights and ranges of allocations, with borders where units stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from random import Random

from generate.values import UNITS
from ring import RING, by_bytes, lengths_of_weights, position
from trees import Node, Scalar


def weights(dice: Random, arms: Sequence[str], salt: str) -> dict[str, str]:
    match dice.randrange(6):
        case 0 | 1:
            return _with_border_at_a_unit(dice, arms, salt)
        case 2:
            rest = [str(100 - len(arms) + 1), *["1"] * (len(arms) - 1)]
        case 3:
            rest = [dice.choice(["0", "0.0", "1", "1", "2", "17"]) for _ in arms]
        case 4:
            rest = [_digits(dice) for _ in arms]
        case _:
            rest = ["1"] * len(arms)
    if not any(Fraction(weight) for weight in rest):
        rest[0] = "1"
    return dict(zip(arms, rest, strict=True))


def _digits(dice: Random) -> str:
    whole = str(dice.randrange(10 ** dice.randint(1, 9)))
    after = "".join(dice.choices("0123456789", k=dice.randint(0, 9)))
    return f"{whole}.{after}" if after else whole


def _with_border_at_a_unit(dice: Random, arms: Sequence[str], salt: str) -> dict[str, str]:
    """The first arm has exactly the positions below a unit's, or that one too."""
    border = position(dice.choice(UNITS).encode(), salt) + dice.choice([0, 1])
    first, *others = by_bytes(arms)
    if not others:
        return {first: "1"}
    result = dict.fromkeys(arms, "0")
    result[first] = _tenths(border)
    result[dice.choice(others)] = _tenths(RING - border)
    return result


def _tenths(positions: int) -> str:
    """A weight has at most 9 digits before the point; a number of positions has 10."""
    return f"{positions // 10}.{positions % 10}"


def ranges(dice: Random, texts: Mapping[str, str], salt: str) -> dict[str, Node]:
    """Pins of lengths that the weights allow."""
    exact = {arm: Fraction(weight) for arm, weight in texts.items()}
    lengths = lengths_of_weights(exact)
    total = sum(exact.values())
    below = [arm for arm in lengths if exact[arm] * RING / total > lengths[arm]]
    above = [arm for arm in lengths if exact[arm] * RING / total < lengths[arm]]
    if below and above and dice.random() < 0.5:
        lengths[dice.choice(below)] += 1
        lengths[dice.choice(above)] -= 1
    return pieces(dice, lengths, 0, salt)


def pieces(dice: Random, lengths: Mapping[str, int], free: int, salt: str) -> dict[str, Node]:
    """All over the ring, some ending where a unit stands or one after it; `free` positions in holes
    between them."""
    borders = {position(unit.encode(), salt) + after for unit in UNITS for after in (0, 1)}
    left = {arm: length for arm, length in lengths.items() if length}
    holes = 3
    result: dict[str, list[Node]] = {arm: [] for arm in lengths}
    low = 0
    while left:
        if free and holes and dice.random() < 0.5:
            skipped = _part(dice, low, free, borders)
            low, free, holes = low + skipped, free - skipped, holes - 1
        arm = dice.choice(list(left))
        part = left[arm]
        if len(result[arm]) < 2 and dice.random() < 0.7:
            part = _part(dice, low, part, borders)
        result[arm].append([Scalar(str(low)), Scalar(str(low + part))])
        low += part
        left[arm] -= part
        if not left[arm]:
            del left[arm]
    return {arm: list(pairs) for arm, pairs in result.items()}


def _part(dice: Random, low: int, length: int, borders: set[int]) -> int:
    """From 1 to all of it, up to a border if there is one."""
    near = sorted(border - low for border in borders if 0 < border - low <= length)
    return dice.choice(near) if near and dice.random() < 0.8 else dice.randint(1, length)
