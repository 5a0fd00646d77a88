"""Makes a changed document right again: nothing names what is gone, no salt is shared unsaid."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from random import Random

from generate.experiments import share_out
from generate.sites import Site, layer_of, sites
from trees import Node, Scalar, mapping, sequence, text


def repair(dice: Random, tree: dict[str, Node]) -> None:
    _forget_experiments(tree)
    for case in mapping(tree["use_cases"]).values():
        _forget_in_use_case(tree, mapping(case))
    _forget_use_cases(tree)
    for layer in mapping(tree.get("layers", {})):
        _share_out(dice, tree, layer)
    _part_salts(dice, tree)


def _forget_experiments(tree: dict[str, Node]) -> None:
    """Those of a layer that is gone, and the layers that holdouts name in vain."""
    layers = mapping(tree.get("layers", {}))
    experiments = mapping(tree.get("experiments", {}))
    for name in [
        n for n, said in experiments.items() if text(mapping(said)["layer"]) not in layers
    ]:
        del experiments[name]
    for said in map(mapping, mapping(tree.get("holdouts", {})).values()):
        if isinstance(said["layers"], list):
            kept = [layer for layer in said["layers"] if text(layer) in layers]
            said["layers"] = [*kept] or Scalar("all")


def _forget_in_use_case(tree: dict[str, Node], case: dict[str, Node]) -> None:
    experiments = mapping(tree.get("experiments", {}))
    rules = [mapping(rule) for rule in sequence(case["rules"])]
    rules = [r for r in rules if "experiment" not in r or text(r["experiment"]) in experiments]
    case["rules"] = [*rules]
    named = {text(rule["experiment"]) for rule in rules if "experiment" in rule}
    overrides: dict[str, Node] = {}
    for unit, given in mapping(case.pop("overrides", {})).items():
        if not isinstance(given, dict):
            overrides[unit] = given
            continue
        known = {
            name: cell
            for name, cell in given.items()
            if name in named and text(cell) in mapping(mapping(experiments[name])["cells"])
        }
        if known:
            overrides[unit] = known
    if overrides:
        case["overrides"] = overrides


def _forget_use_cases(tree: dict[str, Node]) -> None:
    cases = mapping(tree["use_cases"])
    for said in map(mapping, mapping(tree.get("experiments", {})).values()):
        for cell in map(mapping, mapping(said["cells"]).values()):
            if isinstance(model := cell.get("model"), dict):
                known: dict[str, Node] = {name: model[name] for name in model if name in cases}
                if known:
                    cell["model"] = known
                else:
                    del cell["model"]


def _share_out(dice: Random, tree: dict[str, Node], layer: str) -> None:
    """Anew if the shares are more than all, or a pin is of other experiments."""
    (site,) = (s for s in sites(tree) if (s.kind, s.owner) == ("layer", layer))
    parts = site.parts()
    if set(mapping(site.holder.get("ranges", {}))) != set(parts):
        site.holder.pop("ranges", None)
    if sum(Fraction(part.removesuffix("%")) for part in parts.values()) > 100:
        share_out(dice, layer, tree)


def _part_salts(dice: Random, tree: dict[str, Node]) -> None:
    """Sharing a salt must be said by all and is never for two of one layer or one placement."""
    by_salt: dict[str, list[Site]] = defaultdict(list)
    for site in sites(tree):
        by_salt[site.salt].append(site)
    for alike in by_salt.values():
        said = all("shared_salt" in site.holder for site in alike)
        kept: list[Site] = []
        for site in alike:
            if kept and (not said or any(_never_share(site, other) for other in kept)):
                site.holder.pop("shared_salt", None)
                site.holder["salt"] = Scalar(f"parted {dice.randrange(10**9)}", plain=False)
            else:
                kept.append(site)


def _never_share(one: Site, other: Site) -> bool:
    layer = layer_of(one)
    if layer is not None and layer == layer_of(other):
        return True
    return one.kind == other.kind == "placement" and one.owner == other.owner
