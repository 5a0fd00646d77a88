"""Names of a document, and what of it others refer to."""

from __future__ import annotations

from random import Random

from documents import NOTES
from generate.conditions import Vocabulary
from generate.values import NAMES, chance
from trees import Node, Scalar, mapping, texts


class Names:
    """Names that no other thing of the document has had."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.given: set[str] = set()

    def new(self, stem: str) -> str:
        unused = [name for name in NAMES if name not in self.given]
        name = self.dice.choice(unused) if unused and chance(self.dice, 30) else ""
        if not name:
            name = f"{stem}-{len(self.given)}"
        self.given.add(name)
        return name

    def several(self, stem: str, least: int, most: int) -> list[str]:
        return [self.new(stem) for _ in range(self.dice.randint(least, most))]


def vocabulary(tree: dict[str, Node]) -> Vocabulary:
    attributes = {
        name: kind.text
        for name, kind in mapping(tree["attributes"]).items()
        if isinstance(kind, Scalar)
    }
    return Vocabulary(
        attributes, list(mapping(tree.get("segments", {}))), list(mapping(tree.get("lists", {})))
    )


def unit_names(tree: dict[str, Node]) -> list[str]:
    return texts([tree["unit"]]) + list(mapping(tree["units"]))


def model_versions(tree: dict[str, Node]) -> list[str]:
    models = mapping(tree["models"])
    return [
        f"{model}@{version}"
        for model in models
        for version in mapping(models[model])
        if version not in NOTES
    ]
