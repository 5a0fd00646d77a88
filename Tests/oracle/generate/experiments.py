"""Layers, holdouts and experiments, and the overrides of use cases."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from generate.conditions import condition
from generate.parts import Names, model_versions, unit_names, vocabulary
from generate.shares import shares
from generate.times import window
from generate.values import NAMES, TRAFFIC, UNITS, chance, config, notes, some, word
from generate.weights import weights
from trees import Node, Scalar, mapping, text

CELLS = [name for name in NAMES if len(name) < 9]


def layers(dice: Random, tree: dict[str, Node], names: Names) -> dict[str, Node]:
    result: dict[str, Node] = {}
    for name in names.several("layer", 1, 3):
        layer = notes(dice)
        if chance(dice, 40):
            layer["unit"] = word(dice, dice.choice(unit_names(tree)))
        if chance(dice, 20):
            layer["salt"] = Scalar(f"salt of layer {name}", plain=False)
        result[name] = layer
    return result


def holdouts(dice: Random, tree: dict[str, Node], names: Names) -> dict[str, Node]:
    return {name: holdout(dice, name, tree) for name in names.several("holdout", 0, 3)}


def holdout(dice: Random, name: str, tree: dict[str, Node]) -> Node:
    result = notes(dice)
    layers_ = list(mapping(tree["layers"]))
    some_ = [word(dice, layer) for layer in some(dice, layers_, 1, 2)]
    result["layers"] = Scalar("all") if chance(dice, 40) else [*some_]
    if chance(dice, 30):
        result["unit"] = word(dice, dice.choice(unit_names(tree)))
    if chance(dice, 20):
        result["traffic"] = traffic(dice)
    result["share"] = Scalar(shares(dice, ["in"], f"holdout:{name}")["in"])
    return result


def traffic(dice: Random) -> Node:
    """One class or several."""
    if chance(dice, 30):
        return Scalar(dice.choice(TRAFFIC), plain=False)
    return [Scalar(name, plain=False) for name in some(dice, TRAFFIC, 1, 4)]


def experiments(dice: Random, tree: dict[str, Node], names: Names) -> dict[str, Node]:
    result: dict[str, Node] = {}
    for name in names.several("experiment", 1, 6):
        result[name] = experiment(dice, name, tree)
    for layer in mapping(tree["layers"]):
        share_out(dice, layer, tree | {"experiments": result})
    return result


def experiment(dice: Random, name: str, tree: dict[str, Node]) -> dict[str, Node]:
    """Its share is still to be given."""
    result = notes(dice)
    result["layer"] = word(dice, dice.choice(list(mapping(tree["layers"]))))
    salt = f"cells:{name}"
    if chance(dice, 20):
        salt = f"salt of cells {name}"
        result["salt"] = Scalar(salt, plain=False)
    drawn = weights(dice, some(dice, CELLS, 1, 4), salt)
    result["cells"] = {cell: cell_(dice, weight, tree) for cell, weight in drawn.items()}
    if chance(dice, 20):
        result["when"] = condition(dice, vocabulary(tree), depth=1)
    if chance(dice, 25):
        result.update(window(dice))
    if chance(dice, 8):
        result["enabled"] = Scalar(dice.choice(["true", "false", "false"]))
    if chance(dice, 20):
        result["traffic"] = traffic(dice)
    if chance(dice, 15):
        result["assigned"] = Scalar(dice.choice(["hash", "outside", "outside"]))
    return result


def cell_(dice: Random, weight: str, tree: dict[str, Node]) -> Node:
    result: dict[str, Node] = {"weight": Scalar(weight)}
    if weight == "1" and chance(dice, 50):
        del result["weight"]
    if chance(dice, 60):
        result["config"] = config(dice)
    versions = model_versions(tree)
    if chance(dice, 25):
        result["model"] = word(dice, dice.choice(versions))
    elif chance(dice, 25):
        result["model"] = {
            name: word(dice, dice.choice(versions))
            for name in some(dice, list(mapping(tree["use_cases"])), 1, 3)
        }
    return result


def of_layer(tree: Mapping[str, Node], layer: str) -> dict[str, dict[str, Node]]:
    """The experiments of the layer, by the salts of their cells."""
    return {
        salt_of_cells(name, mapping(said)): mapping(said)
        for name, said in mapping(tree["experiments"]).items()
        if text(mapping(said)["layer"]) == layer
    }


def salt_of_cells(name: str, said: Mapping[str, Node]) -> str:
    return text(said["salt"]) if "salt" in said else f"cells:{name}"


def share_out(dice: Random, layer: str, tree: dict[str, Node]) -> None:
    """Gives every experiment of the layer its share, or leaves it out where that says it all."""
    own = of_layer(tree, layer)
    said = mapping(mapping(tree["layers"])[layer])
    said.pop("ranges", None)
    outside = [salt for salt in own if "assigned" in own[salt] and chance(dice, 80)]
    for salt in outside:
        own.pop(salt).pop("share", None)
    drawn = shares(dice, list(own), text(said.get("salt", Scalar(f"layer:{layer}")))) if own else {}
    for salt, experiment_ in own.items():
        experiment_["share"] = Scalar(drawn[salt])
        if len(own) == 1 and "assigned" not in experiment_ and chance(dice, 50):
            del experiment_["share"]
    for salt in outside:
        # Left out it is nothing, but for an experiment that says it is not assigned outside.
        other = next(e for s, e in of_layer(tree, layer).items() if s == salt)
        if text(other["assigned"]) == "hash":
            other["share"] = Scalar("0%")


def experiment_rules(dice: Random, tree: dict[str, Node]) -> list[Node]:
    result: list[Node] = []
    names = list(mapping(tree["experiments"]))
    for index, name in enumerate(some(dice, names, 1, 5)):
        rule: dict[str, Node] = {"experiment": word(dice, name)}
        if chance(dice, 30):
            rule["name"] = word(dice, f"experiment-{index}")
        if chance(dice, 20):
            rule["when"] = condition(dice, vocabulary(tree), depth=1)
        result.append(rule)
    return result


def overrides(dice: Random, rules: list[Node], tree: dict[str, Node]) -> dict[str, Node]:
    """By units, to versions or to cells of the experiments that the rules name."""
    named = [text(mapping(rule)["experiment"]) for rule in rules if "experiment" in mapping(rule)]
    result: dict[str, Node] = {}
    for unit in some(dice, UNITS, 1, 5):
        if named and chance(dice, 65):
            given = some(dice, named, 1, 2)
            result[unit] = {name: word(dice, dice.choice(_cells(tree, name))) for name in given}
        else:
            result[unit] = word(dice, dice.choice(model_versions(tree)))
    return result


def _cells(tree: dict[str, Node], name: str) -> list[str]:
    return list(mapping(mapping(mapping(tree["experiments"])[name])["cells"]))
