"""Conditions over the attributes, segments and units of a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from generate.values import POOLS, TRAFFIC, UNITS, chance, value, word
from trees import Node, Scalar

Draw = Callable[[], Scalar]


@dataclass(frozen=True)
class Vocabulary:
    attributes: Mapping[str, str]
    segments: Sequence[str]
    lists: Sequence[str] = ()
    """Files of units; if there are any, units may be listed everywhere too."""


def condition(dice: Random, words: Vocabulary, depth: int = 2) -> dict[str, Node]:
    result: dict[str, Node] = {}
    for _ in range(dice.choice([0, 1, 1, 1, 2, 3])):
        key, wanted = _entry(dice, words, depth)
        result[key] = wanted
    return result


def _entry(dice: Random, words: Vocabulary, depth: int) -> tuple[str, Node]:
    if depth > 0 and chance(dice, 30):
        return _combined(dice, words, depth - 1)
    if words.segments and chance(dice, 20):
        return "segment", word(dice, dice.choice(words.segments))
    if words.lists and chance(dice, 12):
        return "units_file", word(dice, dice.choice(words.lists))
    if words.lists and chance(dice, 12):
        return "units", _several(dice, "string", lambda: word(dice, dice.choice(UNITS)))
    if chance(dice, 10):
        return "unit", _test(dice, "string", lambda: word(dice, dice.choice(UNITS)))
    if chance(dice, 10) or not words.attributes:
        return "traffic", _test(dice, "string", lambda: word(dice, dice.choice(TRAFFIC)))
    name = dice.choice(list(words.attributes))
    kind = words.attributes[name]
    return name, _test(dice, kind, lambda: value(dice, kind))


def _combined(dice: Random, words: Vocabulary, depth: int) -> tuple[str, Node]:
    if chance(dice, 34):
        return "not", condition(dice, words, depth)
    parts: list[Node] = [condition(dice, words, depth) for _ in range(dice.randint(1, 3))]
    return dice.choice(["all", "any"]), parts


def _test(dice: Random, kind: str, draw: Draw) -> Node:
    if chance(dice, 25):
        return draw()
    if chance(dice, 30):
        return _several(dice, kind, draw)
    operators = ["==", "!=", "in", "not_in", "exists"]
    if kind != "boolean":
        operators += ["<", "<=", ">", ">="]
    if kind == "string":
        operators += ["prefix", "suffix", "contains"]
    chosen = dice.sample(operators, dice.choice([1, 1, 1, 2]))
    return {operator: _operand(dice, operator, kind, draw) for operator in chosen}


def _several(dice: Random, kind: str, draw: Draw) -> Node:
    """Without one twice."""
    count = dice.choice([1, 2, 3, 12]) if kind == "string" else dice.randint(1, 3)
    drawn = {scalar.text: scalar for scalar in (draw() for _ in range(count))}
    return list(drawn.values())


def _operand(dice: Random, operator: str, kind: str, draw: Draw) -> Node:
    if operator == "exists":
        return Scalar(dice.choice(["true", "false"]))
    if operator in ("in", "not_in"):
        return _several(dice, kind, draw)
    text = draw().text
    if operator == "prefix":
        return Scalar(text[: dice.randint(0, 3)], plain=False)
    if operator == "suffix":
        return Scalar(text[max(0, len(text) - dice.randint(0, 3)) :], plain=False)
    if operator == "contains":
        return Scalar(text[1 : dice.randint(1, 4)], plain=False)
    return word(dice, text)


KINDS = list(POOLS)
