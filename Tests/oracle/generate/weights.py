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


def ranges(dice: Random, texts: Mapping[str, str]) -> dict[str, Node]:
    """Pins of lengths that the weights allow, in pieces all over the ring."""
    exact = {arm: Fraction(weight) for arm, weight in texts.items()}
    lengths = lengths_of_weights(exact)
    total = sum(exact.values())
    below = [arm for arm in lengths if exact[arm] * RING / total > lengths[arm]]
    above = [arm for arm in lengths if exact[arm] * RING / total < lengths[arm]]
    if below and above and dice.random() < 0.5:
        lengths[dice.choice(below)] += 1
        lengths[dice.choice(above)] -= 1
    pieces = [(arm, part) for arm in lengths for part in _parts(dice, lengths[arm])]
    dice.shuffle(pieces)
    result: dict[str, list[Node]] = {arm: [] for arm in lengths}
    low = 0
    for arm, part in pieces:
        result[arm].append([Scalar(str(low)), Scalar(str(low + part))])
        low += part
    return {arm: list(pairs) for arm, pairs in result.items()}


def _parts(dice: Random, length: int) -> list[int]:
    if length < 2:
        return [length] if length else []
    cuts = sorted({dice.randrange(1, length) for _ in range(dice.randint(0, 2))})
    return [high - low for low, high in zip([0, *cuts], [*cuts, length], strict=True)]
