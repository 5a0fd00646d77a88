"""Allocations where they stand in a document's tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from generate.experiments import of_layer, share_out
from generate.placement import holders
from generate.shares import ranges_of_shares, shares
from generate.values import address
from generate.weights import ranges, weights
from trees import Node, Scalar, mapping, sequence, text

PART = {"holdout": "share", "sample": "sample"}


@dataclass(frozen=True)
class Site:
    tree: dict[str, Node]
    holder: dict[str, Node]
    kind: str
    owner: str

    @property
    def salt(self) -> str:
        prefix = "shadow" if self.kind == "sample" else self.kind
        return text(self.holder.get("salt", Scalar(f"{prefix}:{self.owner}")))

    def arms(self) -> list[str]:
        return list(self.parts())

    def reweigh(self, dice: Random) -> None:
        """Pins are of other weights and go."""
        self.holder.pop("ranges", None)
        if self.kind == "layer":
            share_out(dice, self.owner, self.tree)
        elif self.kind in PART:
            self.holder[PART[self.kind]] = Scalar(shares(dice, ["in"], self.salt)["in"])
        else:
            self._put(dice, weights(dice, self.arms(), self.salt))

    def change_arms(self, dice: Random, arms: list[str]) -> None:
        """Of those that divide the ring by weight."""
        self.holder.pop("ranges", None)
        self._put(dice, weights(dice, arms, self.salt))

    def pin(self, dice: Random) -> None:
        parts = self.parts()
        if self.holder.pop("ranges", None) is None and parts:
            by_share = self.kind == "layer" or self.kind in PART
            drawn = (ranges_of_shares if by_share else ranges)(dice, parts, self.salt)
            self.holder["ranges"] = drawn

    def parts(self) -> dict[str, str]:
        """As they are written, by arm; in a layer by experiment, as in its ranges."""
        match self.kind:
            case "split" | "placement":
                return {arm: text(said) for arm, said in mapping(self.holder["split"]).items()}
            case "shards" | "cells":
                arms = mapping(self.holder[self.kind])
                return {arm: text(mapping(arms[arm]).get("weight", Scalar("1"))) for arm in arms}
            case "layer":
                own = list(of_layer(self.tree, self.owner).values())
                names = {id(said): name for name, said in mapping(self.tree["experiments"]).items()}
                return {names[id(said)]: _share(said) for said in own}
        return {"in": text(self.holder.get(PART[self.kind], Scalar("100%")))}

    def _put(self, dice: Random, drawn: Mapping[str, str]) -> None:
        if self.kind in ("split", "placement"):
            self.holder["split"] = {arm: Scalar(weight) for arm, weight in drawn.items()}
            return
        before = mapping(self.holder[self.kind])
        new: dict[str, Node] = {"address": address(dice)} if self.kind == "shards" else {}
        self.holder[self.kind] = {
            arm: mapping(before.get(arm, new)) | {"weight": Scalar(weight)}
            for arm, weight in drawn.items()
        }


def _share(said: Mapping[str, Node]) -> str:
    outside = text(said.get("assigned", Scalar("hash"))) == "outside"
    return text(said.get("share", Scalar("0%" if outside else "100%")))


def sites(tree: dict[str, Node]) -> list[Site]:
    def named(section: str, kind: str) -> list[Site]:
        return [
            Site(tree, mapping(said), kind, name)
            for name, said in mapping(tree.get(section, {})).items()
        ]

    shards = [site for site in named("clusters", "shards") if "shards" in site.holder]
    result = shards + named("layers", "layer") + named("holdouts", "holdout")
    result += named("experiments", "cells") + placements(tree)
    for name, case in mapping(tree["use_cases"]).items():
        result += of_use_case(tree, name, mapping(case))
    return result


def placements(tree: dict[str, Node]) -> list[Site]:
    return [
        Site(tree, mapping(holder["cluster"]), "placement", owner)
        for owner, holder in holders(tree)
        if isinstance(holder["cluster"], dict)
    ]


def of_use_case(tree: dict[str, Node], name: str, case: dict[str, Node]) -> list[Site]:
    """Its splits and samples."""
    rules = [mapping(rule) for rule in sequence(case["rules"])]
    shadows = [mapping(shadow) for shadow in sequence(case.get("shadows", []))]
    return [
        Site(tree, rule, "split", f"{name}/{text(rule['name'])}")
        for rule in rules
        if "split" in rule
    ] + [Site(tree, shadow, "sample", f"{name}/{text(shadow['name'])}") for shadow in shadows]


def layer_of(site: Site) -> str | None:
    """Of a layer and of cells."""
    if site.kind == "layer":
        return site.owner
    return text(site.holder["layer"]) if site.kind == "cells" else None
