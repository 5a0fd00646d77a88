"""New names for things that draw, most of them keeping their salt."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from generate.placement import holders
from generate.sites import Site, of_use_case, placements, sites
from generate.values import chance
from trees import Node, Scalar, mapping, sequence, text


def _new_name(dice: Random) -> str:
    return f"renamed-{dice.randrange(10**6)}"


def _keep_salts(dice: Random, found: list[Site]) -> None:
    for site in found:
        if chance(dice, 60):
            site.holder["salt"] = Scalar(site.salt, plain=False)


def _renamed(section: dict[str, Node], old: str, new: str) -> None:
    """In its place: the order of keys says nothing, but shrinks better."""
    entries = [(new if name == old else name, said) for name, said in section.items()]
    section.clear()
    section.update(entries)


def _a_rule(dice: Random, tree: dict[str, Node]) -> None:
    named = [
        (f"{name}/{text(rule['name'])}", rule)
        for name, case in mapping(tree["use_cases"]).items()
        for rule in map(mapping, sequence(mapping(case)["rules"]))
        if "name" in rule
    ]
    if named:
        owner, rule = dice.choice(named)
        own = [site for site in sites(tree) if site.owner == owner]
        _keep_salts(dice, [site for site in own if site.kind in ("split", "placement")])
        rule["name"] = Scalar(_new_name(dice), plain=False)


def _a_use_case(dice: Random, tree: dict[str, Node]) -> None:
    cases = mapping(tree["use_cases"])
    old, new = dice.choice(list(cases)), _new_name(dice)
    own = of_use_case(tree, old, mapping(cases[old]))
    own += [site for site in placements(tree) if site.owner.startswith(f"{old}/")]
    _keep_salts(dice, own)
    _renamed(cases, old, new)
    for said in map(mapping, mapping(tree.get("experiments", {})).values()):
        for cell in map(mapping, mapping(said["cells"]).values()):
            if isinstance(model := cell.get("model"), dict):
                _renamed(model, old, new)


def _an_experiment(dice: Random, tree: dict[str, Node]) -> None:
    """In rules, overrides and the ranges of its layer, too."""
    if not (experiments := mapping(tree.get("experiments", {}))):
        return
    old, new = dice.choice(list(experiments)), _new_name(dice)
    said = mapping(experiments[old])
    _keep_salts(dice, [Site(tree, said, "cells", old)])
    _renamed(experiments, old, new)
    layer = mapping(mapping(tree["layers"])[text(said["layer"])])
    _renamed(mapping(layer.get("ranges", {})), old, new)
    for case in map(mapping, mapping(tree["use_cases"]).values()):
        for rule in map(mapping, sequence(case["rules"])):
            if "experiment" in rule and text(rule["experiment"]) == old:
                rule["experiment"] = Scalar(new, plain=False)
        for given in mapping(case.get("overrides", {})).values():
            if isinstance(given, dict):
                _renamed(given, old, new)


def _a_layer(dice: Random, tree: dict[str, Node]) -> None:
    if not (layers := mapping(tree.get("layers", {}))):
        return
    old, new = dice.choice(list(layers)), _new_name(dice)
    _keep_salts(dice, [Site(tree, mapping(layers[old]), "layer", old)])
    _renamed(layers, old, new)
    for said in map(mapping, mapping(tree["experiments"]).values()):
        if text(said["layer"]) == old:
            said["layer"] = Scalar(new, plain=False)
    for said in map(mapping, mapping(tree.get("holdouts", {})).values()):
        if isinstance(named := said["layers"], list):
            said["layers"] = [Scalar(new) if text(name) == old else name for name in named]


def _a_holdout(dice: Random, tree: dict[str, Node]) -> None:
    if holdouts := mapping(tree.get("holdouts", {})):
        old = dice.choice(list(holdouts))
        _keep_salts(dice, [Site(tree, mapping(holdouts[old]), "holdout", old)])
        _renamed(holdouts, old, _new_name(dice))


def _a_shadow(dice: Random, tree: dict[str, Node]) -> None:
    found = [site for site in sites(tree) if site.kind == "sample"]
    if found:
        site = dice.choice(found)
        _keep_salts(dice, [site])
        site.holder["name"] = Scalar(_new_name(dice), plain=False)


def _a_cluster(dice: Random, tree: dict[str, Node]) -> None:
    """Wherever models and rules place something."""
    clusters = mapping(tree["clusters"])
    old, new = dice.choice(list(clusters)), _new_name(dice)
    said = mapping(clusters[old])
    if "shards" in said:
        _keep_salts(dice, [Site(tree, said, "shards", old)])
    _renamed(clusters, old, new)
    for _, holder in holders(tree):
        holder["cluster"] = _with_cluster(holder["cluster"], old, new)


def _with_cluster(node: Node, old: str, new: str) -> Node:
    if isinstance(node, dict):
        _renamed(mapping(node["split"]), old, new)
        _renamed(mapping(node.get("ranges", {})), old, new)
        if "then" in node:
            node["then"] = _with_cluster(node["then"], old, new)
        return node
    if isinstance(node, list):
        return [_with_cluster(item, old, new) for item in node]
    return Scalar(new) if text(node) == old else node


RENAMES: dict[str, Callable[[Random, dict[str, Node]], None]] = {
    "rename a rule": _a_rule,
    "rename a use case": _a_use_case,
    "rename an experiment": _an_experiment,
    "rename a layer": _a_layer,
    "rename a holdout": _a_holdout,
    "rename a shadow": _a_shadow,
    "rename a cluster": _a_cluster,
}
