"""Requests as lines of JSON."""

from __future__ import annotations

import base64
from bisect import bisect
from functools import cache
from random import Random

from allocations import Table
from configs import json_text
from documents import Document
from generate.times import NO_TIMES, time_of_request
from generate.values import (
    NOT_TEXT,
    OF_NO_TYPE,
    ONLY_REQUESTED_UNITS,
    POOLS,
    TRAFFIC,
    UNITS,
    chance,
    given,
    some,
)
from ring import RING, position
from trees import Node, Scalar, mapping, text

CANDIDATES = 2000


def request(dice: Random, table: Table) -> str:
    document = table.document
    names = list(document.use_cases)
    said: dict[str, Node] = {"use_case": _quoted(dice.choice(names))}
    if chance(dice, 2):
        said["use_case"] = _quoted(dice.choice(["Unknown", names[0] + "x", "\u00e9"]))
    _give_units(dice, table, said)
    overridden = _overridden(document, said)
    if overridden and chance(dice, 25):
        said["unit"] = _quoted(dice.choice(overridden))
        said.pop("unit_base64", None)
    context = {
        name: given(dice, kind) for name, kind in document.attributes.items() if chance(dice, 75)
    }
    if chance(dice, 5):
        context["undeclared"] = given(dice, dice.choice(list(POOLS)))
    if chance(dice, 25):
        context["traffic"] = _traffic(dice)
    if context or chance(dice, 20):
        said["context"] = context
    if chance(dice, 30):
        said["request_id"] = _quoted(_unit(dice, table))
    if chance(dice, 25 if document.experiments else 3):
        said["assignments"] = _assignments(dice, document)
    if chance(dice, 60 if document.experiments else 3):
        said["now"] = time_of_request(dice) if chance(dice, 98) else _quoted(dice.choice(NO_TIMES))
    return json_text(said, order=lambda keys: dice.sample(list(keys), len(list(keys))))


def _overridden(document: Document, said: dict[str, Node]) -> list[str]:
    """The units that the use case has overrides for."""
    use_case = document.use_cases.get(text(said["use_case"]))
    return list(use_case.overrides) if use_case else []


def _assignments(dice: Random, document: Document) -> dict[str, Node]:
    """Of some experiments, to known cells, unknown ones and null."""
    result: dict[str, Node] = {}
    for name in some(dice, [*document.experiments, "no-such-experiment"], 0, 3):
        cells = list(document.experiments[name].cells) if name in document.experiments else []
        result[name] = _quoted(dice.choice([*cells, *cells, *cells, "no-such-cell"]))
        if chance(dice, 15):
            result[name] = Scalar("null")
    return result


def _quoted(word: str) -> Scalar:
    return Scalar(word, plain=False)


def _traffic(dice: Random) -> Node:
    if chance(dice, 4):
        return dice.choice([Scalar("null"), Scalar("1"), Scalar("true"), *OF_NO_TYPE])
    return _quoted(dice.choice(TRAFFIC))


def _give_units(dice: Random, table: Table, said: dict[str, Node]) -> None:
    document = table.document
    if chance(dice, 4):
        said["unit_base64"] = _quoted(base64.b64encode(dice.choice(NOT_TEXT)).decode())
    elif chance(dice, 80):
        said["unit"] = _quoted(_unit(dice, table))
    others = [name for name in document.missing if name != document.unit and chance(dice, 60)]
    if others or chance(dice, 10):
        said["units"] = {name: _quoted(_unit(dice, table)) for name in others}
        if chance(dice, 10) and said.get("unit") != _quoted(""):
            # By name, too; its own place holds.
            mapping(said["units"])[document.unit] = _quoted(_unit(dice, table))


def _unit(dice: Random, table: Table) -> str:
    if chance(dice, 8):
        return ""
    if chance(dice, 8):
        return dice.choice(ONLY_REQUESTED_UNITS)
    if chance(dice, 30) and any(a.intervals for a in table.allocations.values()):
        return _at_a_border(dice, table)
    return dice.choice(UNITS)


def _at_a_border(dice: Random, table: Table) -> str:
    """The one of many candidates that stands next to the border of some interval."""
    borders = [len(allocation.intervals) for allocation in table.allocations.values()]
    (allocation,) = dice.choices(list(table.allocations.values()), weights=borders)
    interval = dice.choice(allocation.intervals)
    border = dice.choice([interval.low, interval.high]) % RING
    positions, units = _candidates(allocation.spec.salt)
    after = bisect(positions, border - 1)
    return units[(after - (dice.random() < 0.5)) % CANDIDATES]


@cache
def _candidates(salt: str) -> tuple[list[int], list[str]]:
    """In the order of their positions."""
    placed = sorted((position(unit.encode(), salt), unit) for unit in map(str, range(CANDIDATES)))
    return [at for at, _ in placed], [unit for _, unit in placed]
