"""Changes from one document to the next: what a team does to weights, arms, names and pins."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from random import Random

from generate.documents import list_of_units, use_case
from generate.experiments import CELLS, experiment, holdout, share_out
from generate.features import Features
from generate.parts import model_versions
from generate.placement import holders
from generate.renames import RENAMES
from generate.repairs import repair
from generate.shadows import shadow
from generate.sites import Site, sites
from generate.values import NAMES, chance, config
from trees import Node, Scalar, mapping, sequence, text


def changed(
    dice: Random,
    tree: dict[str, Node],
    changes: Sequence[str],
    features: Features,
) -> dict[str, Node]:
    result = copy.deepcopy(tree)
    for change in changes:
        if change == "add a use case":
            _add_a_use_case(dice, result, features)
        else:
            CHANGES[change](dice, result)
        repair(dice, result)
    return result


def _site(dice: Random, tree: dict[str, Node]) -> Site | None:
    """Half of the time the first of its kind, so that one allocation has a long past."""
    found = sites(tree)
    if not found:
        return None
    kind = dice.choice([site.kind for site in found])
    found = [site for site in found if site.kind == kind]
    return found[0] if chance(dice, 50) else dice.choice(found)


def _reweigh(dice: Random, tree: dict[str, Node]) -> None:
    if site := _site(dice, tree):
        site.reweigh(dice)


def _change_arms(dice: Random, tree: dict[str, Node]) -> None:
    if (site := _site(dice, tree)) is None:
        return
    names = {
        "split": model_versions(tree),
        "placement": list(mapping(tree["clusters"])),
        "shards": NAMES,
        "cells": CELLS,
    }
    if site.kind not in names:
        site.reweigh(dice)
        return
    arms = site.arms()
    new = dice.choice(names[site.kind])
    if new in arms and len(arms) > 1:
        arms.remove(new)
    elif new not in arms:
        arms.append(new)
    if chance(dice, 30) and len(arms) > 1:
        arms.remove(dice.choice(arms))
    site.change_arms(dice, arms)


def _pin(dice: Random, tree: dict[str, Node]) -> None:
    if site := _site(dice, tree):
        site.pin(dice)


def _change_salt(dice: Random, tree: dict[str, Node]) -> None:
    if site := _site(dice, tree):
        site.holder.pop("shared_salt", None)
        site.holder["salt"] = Scalar(f"salt {dice.randrange(10**6)}", plain=False)


def _share_a_salt(dice: Random, tree: dict[str, Node]) -> None:
    found = sites(tree)
    sharing = dice.sample(found, min(len(found), dice.randint(2, 3)))
    if len(sharing) > 1:
        salt = sharing[0].salt
        for site in [*sharing, *(site for site in found if site.salt == salt)]:
            site.holder["salt"] = Scalar(salt, plain=False)
            site.holder["shared_salt"] = Scalar("true")


def _drop_a_use_case(dice: Random, tree: dict[str, Node]) -> None:
    cases = mapping(tree["use_cases"])
    if len(cases) > 1:
        del cases[dice.choice(list(cases))]


def _add_a_use_case(dice: Random, tree: dict[str, Node], features: Features) -> None:
    """Some names return."""
    name = f"Added-{dice.randrange(3)}"
    mapping(tree["use_cases"]).setdefault(name, use_case(dice, name, tree, features))


def _reconfigure(dice: Random, tree: dict[str, Node]) -> None:
    case = dice.choice(list(mapping(tree["use_cases"]).values()))
    mapping(case)["config"] = config(dice)


def _drop_a_rule(dice: Random, tree: dict[str, Node]) -> None:
    rules = sequence(mapping(dice.choice(list(mapping(tree["use_cases"]).values())))["rules"])
    if len(rules) > 1:
        del rules[dice.randrange(len(rules) - 1)]


def _add_an_experiment(dice: Random, tree: dict[str, Node]) -> None:
    """Into the rules of some use case, too."""
    if not (layers := mapping(tree.get("layers", {}))):
        return
    name = f"added-{dice.randrange(3)}"
    if name in mapping(tree["experiments"]):
        return
    said = experiment(dice, name, tree)
    mapping(tree["experiments"])[name] = said
    share_out(dice, text(said["layer"]) if len(layers) > 1 else next(iter(layers)), tree)
    rules = sequence(mapping(dice.choice(list(mapping(tree["use_cases"]).values())))["rules"])
    if sum("experiment" in mapping(rule) for rule in rules) < 16:
        rules.insert(dice.randrange(len(rules)), {"experiment": Scalar(name)})


def _drop_an_experiment(dice: Random, tree: dict[str, Node]) -> None:
    """Others keep their shares."""
    if experiments := mapping(tree.get("experiments", {})):
        del experiments[dice.choice(list(experiments))]


def _move_an_experiment(dice: Random, tree: dict[str, Node]) -> None:
    """To another layer, or within a layer from closed to open."""
    if not (experiments := mapping(tree.get("experiments", {}))):
        return
    said = mapping(experiments[dice.choice(list(experiments))])
    if chance(dice, 50):
        said["enabled"] = Scalar("false" if chance(dice, 50) else "true")
        return
    layers = list(mapping(tree["layers"]))
    before, after = text(said["layer"]), dice.choice(layers)
    said["layer"] = Scalar(after, plain=False)
    repair(dice, tree)
    for layer in {before, after}:
        share_out(dice, layer, tree)


def _change_a_holdout(dice: Random, tree: dict[str, Node]) -> None:
    if "holdouts" not in tree:
        return
    name = f"held-{dice.randrange(2)}"
    if mapping(tree["holdouts"]).pop(name, None) is None:
        mapping(tree["holdouts"])[name] = holdout(dice, name, tree)


def _change_a_shadow(dice: Random, tree: dict[str, Node]) -> None:
    """Another one at the end, or one fewer."""
    shadowed = [
        (name, sequence(mapping(case)["shadows"]))
        for name, case in mapping(tree["use_cases"]).items()
        if "shadows" in mapping(case)
    ]
    if not shadowed:
        return
    use_case_, shadows = dice.choice(shadowed)
    names = [text(mapping(said)["name"]) for said in shadows]
    name = f"dark-{dice.randrange(3)}"
    if len(shadows) > 1 and (chance(dice, 50) or name in names or len(shadows) == 8):
        del shadows[dice.randrange(len(shadows))]
    elif name not in names and len(shadows) < 8:
        shadows.append(shadow(dice, use_case_, name, tree))


def _turn_clusters(dice: Random, tree: dict[str, Node]) -> None:
    """Another order of preference."""
    found = [said for _, holder in holders(tree) if isinstance(said := holder["cluster"], list)]
    if found:
        dice.choice(found).reverse()


def _change_a_list(dice: Random, tree: dict[str, Node]) -> None:
    if lists := mapping(tree.get("lists", {})):
        lists[dice.choice(list(lists))] = list_of_units(dice)


CHANGES: dict[str, Callable[[Random, dict[str, Node]], None]] = {
    "reweigh": _reweigh,
    "change arms": _change_arms,
    "pin": _pin,
    "change salt": _change_salt,
    "share a salt": _share_a_salt,
    "drop a use case": _drop_a_use_case,
    "reconfigure": _reconfigure,
    "drop a rule": _drop_a_rule,
    "add an experiment": _add_an_experiment,
    "drop an experiment": _drop_an_experiment,
    "move an experiment": _move_an_experiment,
    "change a holdout": _change_a_holdout,
    "change a shadow": _change_a_shadow,
    "turn clusters": _turn_clusters,
    "change a list": _change_a_list,
    **RENAMES,
}

NAMES_OF_CHANGES = ["reweigh", "reweigh", "change arms", "pin", *CHANGES, "add a use case"]
