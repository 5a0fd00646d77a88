"""Where things run: clusters in order, split, by context; and states of them."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from documents import NOTES
from generate.conditions import condition
from generate.features import Feature, Features
from generate.parts import model_versions, vocabulary
from generate.values import chance, some, word
from generate.weights import weights
from trees import Node, Scalar, mapping, sequence, text

DOWN = ["draining", "down", "down"]


def places(dice: Random, owner: str, tree: dict[str, Node], features: Features) -> dict[str, Node]:
    """`cluster` or `placement` of a model version."""
    if Feature.PLACES not in features or chance(dice, 60):
        return {"cluster": clusters(dice, owner, tree, features)}
    several: list[Node] = []
    for index in range(dice.randint(1, 3)):
        salt = f"salt {index} of place {owner}"
        when = condition(dice, vocabulary(tree), depth=1) or {"traffic": Scalar("replay")}
        several.append({"when": when, "cluster": clusters(dice, owner, tree, features, salt)})
    mapping(several[-1]).pop("when")
    return {"placement": several}


def clusters(
    dice: Random,
    owner: str,
    tree: dict[str, Node],
    features: Features,
    salt: str | None = None,
) -> Node:
    """A salt is needed if the placement may have several splits."""
    names = list(mapping(tree["clusters"]))
    if Feature.PLACES not in features or chance(dice, 60):
        return listed(dice, names)
    if salt is None and chance(dice, 30):
        salt = f"salt of place {owner}"
    drawn = weights(dice, some(dice, names, 1, 4), salt or f"placement:{owner}")
    result: dict[str, Node] = {"split": {name: Scalar(drawn[name]) for name in drawn}}
    if chance(dice, 60):
        result["then"] = listed(dice, names)
    if salt is not None:
        result["salt"] = Scalar(salt, plain=False)
    return result


def listed(dice: Random, names: list[str]) -> Node:
    if chance(dice, 50):
        return word(dice, dice.choice(names))
    return [word(dice, name) for name in some(dice, names, 1, 3)]


def chain_otherwise(dice: Random, tree: dict[str, Node]) -> None:
    """Some versions name an earlier one, so that there is no circle."""
    versions = model_versions(tree)
    for index, name in enumerate(versions):
        model, version = name.split("@")
        if index > 0 and chance(dice, 35):
            said = mapping(mapping(mapping(tree["models"])[model])[version])
            said["otherwise"] = word(dice, dice.choice(versions[:index]))


def holders(tree: dict[str, Node]) -> Iterator[tuple[str, dict[str, Node]]]:
    """All that have a `cluster`, with the owner of its split."""
    for model, versions in mapping(tree["models"]).items():
        for version, said in mapping(versions).items():
            if version in NOTES:
                continue
            if "cluster" in mapping(said):
                yield f"{model}@{version}", mapping(said)
            for place in sequence(mapping(said).get("placement", [])):
                yield f"{model}@{version}", mapping(place)
    for name, case in mapping(tree["use_cases"]).items():
        for rule in map(mapping, sequence(mapping(case)["rules"])):
            if "cluster" in rule:
                yield f"{name}/{text(rule.get('name', Scalar('')))}", rule


def states(dice: Random, tree: dict[str, Node], count: int) -> list[tuple[str, str, str]]:
    """Entries of the overlay, for things that the document names."""
    return [_state(dice, tree) for _ in range(count)]


def _state(dice: Random, tree: dict[str, Node]) -> tuple[str, str, str]:
    if chance(dice, 35):
        kind, name = dice.choice(_switched(dice, tree))
        return kind, name, dice.choice(["on", "off"])
    name = dice.choice(list(mapping(tree["clusters"])))
    shards = list(mapping(mapping(mapping(tree["clusters"])[name]).get("shards", {})))
    if shards and chance(dice, 80):
        return "cluster", f"{name}/{dice.choice(shards)}", dice.choice(["up", "up", *DOWN])
    return "cluster", name, dice.choice(["up", "up", "up", *DOWN])


def _switched(dice: Random, tree: dict[str, Node]) -> list[tuple[str, str]]:
    """What is on or off; a use case seldom, since it hides the rest."""
    cases = mapping(tree["use_cases"])
    result = [("experiment", name) for name in mapping(tree.get("experiments", {}))]
    for name, case in cases.items():
        for shadow in map(mapping, sequence(mapping(case).get("shadows", []))):
            result.append(("shadow", f"{name}/{text(shadow['name'])}"))
    if not result or chance(dice, 10):
        return [("use-case", name) for name in cases]
    return result
