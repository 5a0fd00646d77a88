"""Percentages and ranges of allocations that may have holes, with borders where units stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from random import Random

from generate.values import UNITS
from generate.weights import pieces
from ring import RING, by_bytes, lengths_of_shares, position
from trees import Node

WHOLE = 100 * 10**9
"""In billionths of a percent: what can be written."""


def shares(dice: Random, arms: Sequence[str], salt: str) -> dict[str, str]:
    """By arm; never more than the whole ring in sum."""
    match dice.randrange(6):
        case 0 | 1:
            parts = _with_border_at_a_unit(dice, arms, salt)
        case 2:
            parts = {arm: WHOLE // len(arms) for arm in arms}
        case 3:
            parts = {arm: dice.choice([0, 1, WHOLE // 100, WHOLE // 20]) for arm in arms}
        case _:
            parts = {arm: dice.randrange(WHOLE // len(arms) + 1) for arm in arms}
    if sum(parts.values()) > WHOLE:
        parts = {arm: WHOLE // len(arms) for arm in arms}
    return {arm: written(part) for arm, part in parts.items()}


def written(billionths: int) -> str:
    whole, after = divmod(billionths, 10**9)
    return f"{whole}.{after:09}".rstrip("0").rstrip(".") + "%"


def _with_border_at_a_unit(dice: Random, arms: Sequence[str], salt: str) -> dict[str, int]:
    """The first arm has exactly the positions below a unit's, or that one too."""
    border = position(dice.choice(UNITS).encode(), salt) + dice.choice([0, 1])
    first, *others = by_bytes(arms)
    part = -(-border * WHOLE // RING)
    left = WHOLE - part
    return {first: part} | {arm: dice.randrange(left // len(arms) + 1) for arm in others}


def ranges_of_shares(dice: Random, texts: Mapping[str, str], salt: str) -> dict[str, Node]:
    """Pins of lengths that the percentages allow, with holes between them."""
    exact = {arm: Fraction(text.removesuffix("%")) for arm, text in texts.items()}
    lengths = lengths_of_shares(exact)
    free = RING - sum(lengths.values())
    for arm in lengths:
        change = dice.choice([-1, 0, 0, 1])
        if lengths[arm] + change >= 0 and free - change >= 0:
            lengths[arm] += change
            free -= change
    return pieces(dice, lengths, free, salt)
