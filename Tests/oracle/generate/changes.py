"""Changes from one document to the next: what a team does to weights, arms, names and pins."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from generate.documents import address, model_versions, use_case
from generate.values import NAMES, chance, config
from generate.weights import ranges, weights
from trees import Node, Scalar, mapping, sequence, text


@dataclass(frozen=True)
class Site:
    """An allocation where it stands in a document."""

    holder: dict[str, Node]
    kind: str
    owner: str

    @property
    def salt(self) -> str:
        said = self.holder.get("salt")
        return f"{self.kind}:{self.owner}" if said is None else text(said)

    def weights(self) -> dict[str, str]:
        if self.kind == "split":
            return {arm: text(weight) for arm, weight in mapping(self.holder["split"]).items()}
        return {
            shard: text(mapping(said)["weight"])
            for shard, said in mapping(self.holder["shards"]).items()
        }

    def put(self, dice: Random, drawn: dict[str, str]) -> None:
        """Pins are of other weights and go."""
        self.holder.pop("ranges", None)
        if self.kind == "split":
            self.holder["split"] = {arm: Scalar(weight) for arm, weight in drawn.items()}
            return
        before = mapping(self.holder["shards"])
        self.holder["shards"] = {
            shard: mapping(before.get(shard, {"address": address(dice)}))
            | {"weight": Scalar(weight)}
            for shard, weight in drawn.items()
        }


def changed(dice: Random, tree: dict[str, Node]) -> dict[str, Node]:
    result = copy.deepcopy(tree)
    for _ in range(dice.choice([0, 1, 1, 2, 3, 6])):
        dice.choice(CHANGES)(dice, result)
    return result


def sites(tree: dict[str, Node]) -> list[Site]:
    result = [
        Site(mapping(cluster), "shards", name)
        for name, cluster in mapping(tree["clusters"]).items()
        if "shards" in mapping(cluster)
    ]
    for name, case in mapping(tree["use_cases"]).items():
        result += splits(name, mapping(case))
    return result


def splits(name: str, case: dict[str, Node]) -> list[Site]:
    rules = [mapping(rule) for rule in sequence(case["rules"])]
    return [
        Site(rule, "split", f"{name}/{text(rule['name'])}") for rule in rules if "split" in rule
    ]


def _site(dice: Random, tree: dict[str, Node]) -> Site | None:
    """Half of the time the first, so that one allocation has a long past."""
    found = sites(tree)
    if not found:
        return None
    return found[0] if chance(dice, 50) else dice.choice(found)


def _reweigh(dice: Random, tree: dict[str, Node]) -> None:
    if site := _site(dice, tree):
        site.put(dice, weights(dice, list(site.weights()), site.salt))


def _change_arms(dice: Random, tree: dict[str, Node]) -> None:
    if site := _site(dice, tree):
        arms = list(site.weights())
        new = dice.choice(NAMES if site.kind == "shards" else model_versions(tree))
        if new in arms and len(arms) > 1:
            arms.remove(new)
        elif new not in arms:
            arms.append(new)
        if chance(dice, 30) and len(arms) > 1:
            arms.remove(dice.choice(arms))
        site.put(dice, weights(dice, arms, site.salt))


def _pin(dice: Random, tree: dict[str, Node]) -> None:
    if (site := _site(dice, tree)) and site.holder.pop("ranges", None) is None:
        site.holder["ranges"] = ranges(dice, site.weights())


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


def _rename_a_rule(dice: Random, tree: dict[str, Node]) -> None:
    if (site := _site(dice, tree)) and site.kind == "split":
        _keep_salt(dice, site)
        site.holder["name"] = Scalar(f"renamed-{dice.randrange(10**6)}")


def _keep_salt(dice: Random, site: Site) -> None:
    if chance(dice, 60):
        site.holder["salt"] = Scalar(site.salt, plain=False)


def _rename_a_use_case(dice: Random, tree: dict[str, Node]) -> None:
    cases = mapping(tree["use_cases"])
    name = dice.choice(list(cases))
    case = mapping(cases.pop(name))
    for site in splits(name, case):
        _keep_salt(dice, site)
    cases[f"Renamed-{dice.randrange(10**6)}"] = case


def _drop_a_use_case(dice: Random, tree: dict[str, Node]) -> None:
    cases = mapping(tree["use_cases"])
    if len(cases) > 1:
        del cases[dice.choice(list(cases))]


def _add_a_use_case(dice: Random, tree: dict[str, Node]) -> None:
    """Some names return."""
    name = f"Added-{dice.randrange(3)}"
    mapping(tree["use_cases"]).setdefault(name, use_case(dice, name, tree))


def _reconfigure(dice: Random, tree: dict[str, Node]) -> None:
    case = dice.choice(list(mapping(tree["use_cases"]).values()))
    mapping(case)["config"] = config(dice)


def _drop_a_rule(dice: Random, tree: dict[str, Node]) -> None:
    rules = sequence(mapping(dice.choice(list(mapping(tree["use_cases"]).values())))["rules"])
    if len(rules) > 1:
        del rules[dice.randrange(len(rules) - 1)]


CHANGES: list[Callable[[Random, dict[str, Node]], None]] = [
    *[_reweigh] * 4,
    *[_change_arms] * 3,
    *[_pin] * 2,
    *[_rename_a_rule, _rename_a_use_case, _share_a_salt, _change_salt],
    *[_drop_a_use_case, _add_a_use_case, _reconfigure, _drop_a_rule],
]
