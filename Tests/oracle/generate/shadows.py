"""Shadows of a use case, some of them nested cohorts."""

from __future__ import annotations

from random import Random

from generate.conditions import condition
from generate.experiments import traffic
from generate.parts import model_versions, unit_names, vocabulary
from generate.shares import shares
from generate.values import NAMES, chance, notes, some, word
from trees import Node, Scalar, mapping


def shadows(dice: Random, use_case: str, tree: dict[str, Node]) -> list[Node]:
    names = some(dice, NAMES, 1, dice.choice([2, 3, 8]))
    result = [shadow(dice, use_case, name, tree) for name in names]
    if len(result) > 1 and chance(dice, 35):
        salt = dice.choice([f"cohort of {use_case}", f"shadow:{use_case}/{names[0]}"])
        for said in map(mapping, dice.sample(result, 2) if ":" not in salt else result[:2]):
            said["salt"] = Scalar(salt, plain=False)
            said["shared_salt"] = Scalar("true")
    return result


def shadow(dice: Random, use_case: str, name: str, tree: dict[str, Node]) -> Node:
    result = notes(dice)
    result["name"] = word(dice, name)
    result["model"] = word(dice, dice.choice(model_versions(tree)))
    if chance(dice, 60):
        drawn = shares(dice, ["in"], f"shadow:{use_case}/{name}")
        result["sample"] = Scalar(drawn["in"])
    if chance(dice, 25):
        result["when"] = condition(dice, vocabulary(tree), depth=1)
    if chance(dice, 25):
        result["traffic"] = traffic(dice)
    if chance(dice, 30):
        result["by"] = Scalar("request")
    elif chance(dice, 30):
        result["unit"] = word(dice, dice.choice(unit_names(tree)))
    return result
