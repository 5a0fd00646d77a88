"""Requests as lines of JSON."""

from __future__ import annotations

import base64
from functools import cache
from random import Random

from allocations import Table
from configs import json_text
from generate.values import (
    NOT_TEXT,
    OF_NO_TYPE,
    ONLY_REQUESTED_UNITS,
    POOLS,
    TRAFFIC,
    UNITS,
    chance,
    given,
)
from ring import RING, position
from trees import Node, Scalar

CANDIDATES = 2000


def request(dice: Random, table: Table) -> str:
    document = table.document
    names = list(document.use_cases)
    said: dict[str, Node] = {"use_case": _quoted(dice.choice(names))}
    if chance(dice, 2):
        said["use_case"] = _quoted(dice.choice(["Unknown", names[0] + "x", "\u00e9"]))
    _give_units(dice, table, said)
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
    if chance(dice, 3):
        said["assignments"] = {"no-such-experiment": _quoted("a")}
    if chance(dice, 3):
        said["now"] = _quoted("2026-11-20T00:00:00Z")
    return json_text(said, order=lambda keys: dice.sample(list(keys), len(list(keys))))


def _quoted(text: str) -> Scalar:
    return Scalar(text, plain=False)


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


def _unit(dice: Random, table: Table) -> str:
    if chance(dice, 8):
        return ""
    if chance(dice, 8):
        return dice.choice(ONLY_REQUESTED_UNITS)
    if chance(dice, 25) and table.allocations:
        return _at_a_border(dice, table)
    return dice.choice(UNITS)


def _at_a_border(dice: Random, table: Table) -> str:
    """The one of many candidates that stands next to the border of some interval."""
    borders = [len(allocation.intervals) for allocation in table.allocations.values()]
    (allocation,) = dice.choices(list(table.allocations.values()), weights=borders)
    border = dice.choice(allocation.intervals).high % RING
    found = _positions(allocation.spec.salt)
    below = dice.random() < 0.5
    return min(found, key=lambda unit: (found[unit] - border) * (-1 if below else 1) % RING)


@cache
def _positions(salt: str) -> dict[str, int]:
    return {unit: position(unit.encode(), salt) for unit in map(str, range(CANDIDATES))}
