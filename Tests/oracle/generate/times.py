"""Times at which windows open and close, and those of requests around them."""

from __future__ import annotations

from random import Random

import times
from generate.values import chance
from trees import Scalar

INSTANTS = [
    *("2001-01-01T00:00:00Z", "2031-01-01T00:00:00Z", "2031-01-31T23:59:59.999999999Z"),
    *("2031-02-01T00:00:00.5Z", "2032-02-29T12:00:00Z", "2099-12-31T00:00:00.000000001Z"),
]
"""None near the clock's, which not every request overrides."""

NO_TIMES = ["", "now", "2031-01-01", "2031-01-01T00:00:00", "2031-02-29T00:00:00Z", "1798761600"]


def window(dice: Random) -> dict[str, Scalar]:
    """With one end or both."""
    first, last = sorted(dice.sample(range(len(INSTANTS)), 2))
    result = {"starts": _spelled(dice, INSTANTS[first]), "ends": _spelled(dice, INSTANTS[last])}
    if chance(dice, 40):
        del result[dice.choice(["starts", "ends"])]
    return result


def time_of_request(dice: Random) -> Scalar:
    at = (times.parsed(dice.choice(INSTANTS)) or 0) + dice.choice([-1, 0, 0, 1, 10**9])
    return _spelled(dice, times.written(at))


def _spelled(dice: Random, text: str) -> Scalar:
    """The same instant, perhaps with an offset or more digits."""
    at = times.parsed(text) or 0
    if chance(dice, 30):
        minutes = dice.choice([60, -60, 330, -210, 0, 14 * 60])
        hours, rest = divmod(abs(minutes), 60)
        local = times.written(at + minutes * 60 * times.NANOSECONDS)
        text = f"{local[:-1]}{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"
    elif chance(dice, 20) and "." not in text:
        text = text[:-1] + dice.choice([".0Z", ".000Z", ".000000000Z"])
    return Scalar(text, plain=False)
