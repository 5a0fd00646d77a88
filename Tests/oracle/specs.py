"""What a document says of allocations, wherever they stand."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from documents import Spec
from ring import Interval, joined
from trees import Node, mapping, sequence, text

PREFIX = {"sample": "shadow"}
"""Of the default salts of a kind, where that is not its name."""

IN = "in"
"""The only arm of a holdout and of a sample."""


def weighed(
    kind: str,
    owner: str,
    said: Mapping[str, Node],
    weights: Mapping[str, Node | None],
) -> Spec:
    """Of arms that divide the ring; without a weight it is 1."""
    parts = {arm: Fraction(1 if said_ is None else text(said_)) for arm, said_ in weights.items()}
    return _spec(kind, owner, said, parts, by_percentage=False)


def part(kind: str, owner: str, said: Mapping[str, Node], key: str) -> Spec:
    """Of a holdout or a sample: the whole ring if nothing is said."""
    return _spec(kind, owner, said, {IN: share(said, key, "100%")}, by_percentage=True)


def of_layer(
    name: str,
    said: Mapping[str, Node],
    shares: Mapping[str, Fraction],
    salts: Mapping[str, str],
) -> Spec:
    """Of shares by experiment: the arms are the salts of their cells, in `ranges` their names."""
    parts = {salts[experiment]: part_ for experiment, part_ in shares.items()}
    return _spec("layer", name, said, parts, by_percentage=True, arms=salts)


def share(said: Mapping[str, Node], key: str, omitted: str) -> Fraction:
    written = text(said[key]) if key in said else omitted
    if not written.endswith("%"):
        raise ValueError(f"no percentage: {written}")
    return Fraction(written.removesuffix("%").rstrip())


def _spec(
    kind: str,
    owner: str,
    said: Mapping[str, Node],
    parts: Mapping[str, Fraction],
    *,
    by_percentage: bool,
    arms: Mapping[str, str] | None = None,
) -> Spec:
    return Spec(
        kind=kind,
        owner=owner,
        salt=text(said["salt"]) if "salt" in said else f"{PREFIX.get(kind, kind)}:{owner}",
        parts=parts,
        by_percentage=by_percentage,
        ranges=_ranges(said["ranges"], arms or {}) if "ranges" in said else None,
        unit=text(said["unit"]) if "unit" in said else None,
    )


def _ranges(node: Node, arms: Mapping[str, str]) -> list[Interval]:
    return joined(
        Interval(int(low), int(high), arms.get(name, name))
        for name, pairs in mapping(node).items()
        for low, high in ([text(end) for end in sequence(pair)] for pair in sequence(pairs))
    )
