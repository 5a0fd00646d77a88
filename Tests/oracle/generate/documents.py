"""Whole documents."""

from __future__ import annotations

from random import Random

import versions
from generate.conditions import KINDS, condition
from generate.experiments import experiment_rules, experiments, holdouts, layers, overrides
from generate.features import Feature, Features
from generate.parts import Names, model_versions, unit_names, vocabulary
from generate.placement import chain_otherwise, clusters, places
from generate.shadows import shadows
from generate.values import (
    ATTRIBUTES,
    NAMES,
    POOLS,
    TRAFFIC,
    UNITS,
    address,
    chance,
    config,
    notes,
    some,
    word,
)
from generate.weights import weights
from trees import Node, Scalar, mapping


def document(dice: Random, features: Features, use_cases: int) -> dict[str, Node]:
    """With the lists of units that are files of their own, under `lists`."""
    names = Names(dice)
    units = names.several("unit", 1, 4)
    attributes = [name for name in some(dice, ATTRIBUTES, 0, 6) if name not in units]
    result: dict[str, Node] = {
        "turnout": Scalar("1"),
        "unit": word(dice, units[0]),
        "units": _units(dice, units),
        "attributes": {name: Scalar(dice.choice(KINDS)) for name in attributes},
    }
    if Feature.UNITS in features:
        result["lists"] = {f"units-{index}.txt": list_of_units(dice) for index in range(2)}
    result["segments"] = _segments(dice, result, names)
    result["clusters"] = {name: _cluster(dice, name, units) for name in names.several("c", 1, 5)}
    result["models"] = _models(dice, result, names, features)
    result["use_cases"] = {name: {} for name in names.several("UseCase", use_cases, use_cases)}
    if Feature.EXPERIMENTS in features:
        result["layers"] = layers(dice, result, names)
        result["experiments"] = experiments(dice, result, names)
        if Feature.HOLDOUTS in features:
            result["holdouts"] = holdouts(dice, result, names)
    for name in mapping(result["use_cases"]):
        mapping(result["use_cases"])[name] = use_case(dice, name, result, features)
    return result


def list_of_units(dice: Random) -> Node:
    return [Scalar(unit) for unit in some(dice, UNITS, 1, 40)]


def _units(dice: Random, names: list[str]) -> dict[str, Node]:
    """All but the primary one; each may be missed only for an earlier one."""
    return {
        name: {"missing": word(dice, dice.choice(names[:index]))} if chance(dice, 70) else {}
        for index, name in enumerate(names)
        if index > 0
    }


def _segments(dice: Random, tree: dict[str, Node], names: Names) -> dict[str, Node]:
    result: dict[str, Node] = {}
    for name in names.several("segment", 0, 4):
        if chance(dice, 35):
            units: Node = [word(dice, unit) for unit in some(dice, UNITS, 1, 30)]
            result[name] = notes(dice) | {"units": units}
        else:
            result[name] = condition(dice, vocabulary(tree | {"segments": result}), depth=1) or {
                "traffic": Scalar("replay"),
            }
            mapping(result[name]).update(notes(dice))
    return result


def _cluster(dice: Random, name: str, units: list[str]) -> Node:
    if chance(dice, 50):
        return {"address": address(dice)} | notes(dice)
    shards = some(dice, NAMES, 1, 5)
    result = notes(dice)
    if chance(dice, 20):
        result["routing_key"] = Scalar(f"key.of-{name}"[:128])
    salt = f"shards:{name}"
    if chance(dice, 25):
        salt = f"salt of {name}"
        result["salt"] = Scalar(salt, plain=False)
    if chance(dice, 50):
        result["unit"] = word(dice, dice.choice(units))
    if chance(dice, 30):
        result["when_down"] = Scalar(dice.choice(["siblings", "next"]))
    drawn = weights(dice, shards, salt)
    result["shards"] = {
        shard: {"address": address(dice), "weight": Scalar(drawn[shard])} | notes(dice)
        for shard in shards
    }
    return result


def _models(
    dice: Random,
    tree: dict[str, Node],
    names: Names,
    features: Features,
) -> dict[str, Node]:
    result: dict[str, Node] = {
        model: {
            version: _version(dice, f"{model}@{version}", tree, features)
            for version in some(dice, NAMES, 1, 3)
        }
        | notes(dice)
        for model in names.several("model", 1, 3)
    }
    if Feature.PLACES in features:
        chain_otherwise(dice, {"models": result})
    return result


def _version(dice: Random, name: str, tree: dict[str, Node], features: Features) -> Node:
    result = places(dice, name, tree, features) | notes(dice)
    if chance(dice, 60):
        result["config"] = config(dice)
    return result


def use_case(
    dice: Random,
    name: str,
    tree: dict[str, Node],
    features: Features,
) -> dict[str, Node]:
    result = notes(dice)
    attributes = list(mapping(tree["attributes"]))
    if chance(dice, 40):
        result["unit"] = word(dice, dice.choice(unit_names(tree)))
    if chance(dice, 12):
        required = some(dice, attributes + unit_names(tree), 1, 2)
        result["requires"] = [word(dice, item) for item in required]
    if chance(dice, 40):
        result["config"] = config(dice)
    if chance(dice, 8):
        result["enabled"] = Scalar(dice.choice(["true", "false"]))
    rules: list[Node] = [
        _rule(dice, name, f"rule-{index}", tree, features) for index in range(dice.randint(0, 5))
    ]
    if Feature.EXPERIMENTS in features:
        for entered in experiment_rules(dice, tree):
            rules.insert(dice.randint(0, len(rules) // 2), entered)
    last = _rule(dice, name, "last", tree, features, kinds=("route", "split"))
    last.pop("when", None)
    result["rules"] = [*rules, last]
    if Feature.OVERRIDES in features and chance(dice, 50):
        result["overrides"] = overrides(dice, rules, tree)
    if Feature.SHADOWS in features and chance(dice, 60):
        result["shadows"] = shadows(dice, name, tree)
    if Feature.PLACES in features and chance(dice, 40):
        result["when_all_down"] = Scalar(dice.choice(["first", "refuse", "refuse"]))
    return result


def _rule(
    dice: Random,
    use_case: str,
    name: str,
    tree: dict[str, Node],
    features: Features,
    kinds: tuple[str, ...] = ("route", "split", "lookup"),
) -> dict[str, Node]:
    kind = dice.choice(kinds)
    result: dict[str, Node] = {}
    if kind == "split" or chance(dice, 50):
        result["name"] = word(dice, name)
    if chance(dice, 75):
        result["when"] = condition(dice, vocabulary(tree))
    if chance(dice, 25):
        result["cluster"] = clusters(dice, f"{use_case}/{name}", tree, features)
        if isinstance(result["cluster"], dict):
            result["name"] = word(dice, name)
    if chance(dice, 30):
        result["config"] = config(dice)
    targets = model_versions(tree)
    match kind:
        case "route":
            result["route"] = word(dice, dice.choice(targets))
        case "split":
            _split(dice, result, f"{use_case}/{name}", tree)
        case _:
            _lookup(dice, result, tree)
    return result


def _split(dice: Random, rule: dict[str, Node], owner: str, tree: dict[str, Node]) -> None:
    salt = f"split:{owner}"
    if chance(dice, 15):
        salt = f"salt of {owner}"
        rule["salt"] = Scalar(salt, plain=False)
    if chance(dice, 30):
        rule["unit"] = word(dice, dice.choice(unit_names(tree)))
    arms = some(dice, model_versions(tree), 1, 5)
    drawn = weights(dice, arms, salt)
    rule["split"] = {arm: Scalar(weight) for arm, weight in drawn.items()}


def _lookup(dice: Random, rule: dict[str, Node], tree: dict[str, Node]) -> None:
    attributes = vocabulary(tree).attributes
    name = dice.choice(["traffic", *attributes])
    kind = attributes.get(name, "string")
    values = some(dice, TRAFFIC if name == "traffic" else POOLS[kind], 1, 8)
    different = {_spelled_alike(key, kind): key for key in values}
    rule["lookup"] = word(dice, name)
    rule["routes"] = {
        key: word(dice, dice.choice(model_versions(tree))) for key in different.values()
    }


def _spelled_alike(text: str, kind: str) -> object:
    """The same for two spellings of one value: they may not both be routes."""
    if kind == "number":
        return float(text)
    return versions.parsed(text) if kind == "version" else text
