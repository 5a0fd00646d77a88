"""Routing documents as the oracle sees them: trees merged, then read into plain records.

Documents are taken to be right: what the compiler refuses is not the oracle's subject."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from ring import Interval, joined
from trees import Node, boolean, mapping, name_or_names, sequence, text

Condition: TypeAlias = Mapping[str, Node]
Config: TypeAlias = Mapping[str, Node]

NOTES = ("description", "owner", "labels")


@dataclass(frozen=True)
class Segment:
    """Either a condition or a list of units."""

    condition: Condition | None
    units: Sequence[str]


@dataclass(frozen=True)
class Spec:
    """What a document says of an allocation; `unit` is nothing if it says none."""

    kind: str
    owner: str
    salt: str
    weights: Mapping[str, Fraction]
    ranges: Sequence[Interval] | None
    unit: str | None


@dataclass(frozen=True)
class Cluster:
    name: str
    routing_key: str
    address: str | None
    shards: Spec | None
    shard_addresses: Mapping[str, str]


@dataclass(frozen=True)
class ModelVersion:
    clusters: Sequence[str]
    config: Config


@dataclass(frozen=True)
class Rule:
    """Of `route`, `split` and `lookup` exactly one is set."""

    name: str | None
    when: Condition
    route: str | None
    split: Spec | None
    lookup: str | None
    routes: Mapping[str, str]
    clusters: Sequence[str] | None
    config: Config


@dataclass(frozen=True)
class UseCase:
    enabled: bool
    unit: str
    requires: Sequence[str]
    config: Config
    rules: Sequence[Rule]


@dataclass(frozen=True)
class Document:
    unit: str
    missing: Mapping[str, str | None]
    """By unit: the one to use instead."""
    attributes: Mapping[str, str]
    segments: Mapping[str, Segment]
    clusters: Mapping[str, Cluster]
    models: Mapping[str, ModelVersion]
    """By `model@version`."""
    use_cases: Mapping[str, UseCase]

    def specs(self) -> list[Spec]:
        of_clusters = [cluster.shards for cluster in self.clusters.values()]
        of_rules = [rule.split for case in self.use_cases.values() for rule in case.rules]
        return [spec for spec in of_clusters + of_rules if spec is not None]


def merged(trees: Iterable[Node]) -> dict[str, Node]:
    """Files as one: sections are joined name by name, and `models` version by version."""
    result: dict[str, Node] = {}
    for tree in trees:
        for key, value in mapping(tree).items():
            if isinstance(value, dict) and key in result:
                result[key] = {**mapping(result[key]), **value}
            else:
                result[key] = value
    return result


def document(tree: Node) -> Document:
    top = mapping(tree)
    primary = text(top["unit"])
    return Document(
        unit=primary,
        missing={primary: None}
        | {name: _text(unit, "missing") for name, unit in _section(top, "units")},
        attributes={name: text(type_) for name, type_ in _section(top, "attributes")},
        segments={name: _segment(segment) for name, segment in _section(top, "segments")},
        clusters={name: _cluster(name, cluster) for name, cluster in _section(top, "clusters")},
        models={
            f"{model}@{version}": _version(said)
            for model, versions in _section(top, "models")
            for version, said in mapping(versions).items()
            if version not in NOTES
        },
        use_cases={
            name: _use_case(name, mapping(said), primary)
            for name, said in _section(top, "use_cases")
        },
    )


def _section(top: Mapping[str, Node], key: str) -> list[tuple[str, Node]]:
    return list(mapping(top.get(key, {})).items())


def _text(node: Node, key: str) -> str | None:
    value = mapping(node).get(key)
    return None if value is None else text(value)


def _segment(node: Node) -> Segment:
    said = mapping(node)
    if "units" in said:
        return Segment(None, [text(unit) for unit in sequence(said["units"])])
    return Segment({key: said[key] for key in said if key not in NOTES}, [])


def _cluster(name: str, node: Node) -> Cluster:
    said = mapping(node)
    routing_key = _text(node, "routing_key") or name
    if "shards" not in said:
        return Cluster(name, routing_key, text(said["address"]), None, {})
    shards = mapping(said["shards"])
    weights = {shard: Fraction(_text(shards[shard], "weight") or "1") for shard in shards}
    addresses = {shard: text(mapping(shards[shard])["address"]) for shard in shards}
    return Cluster(name, routing_key, None, _spec("shards", name, said, weights), addresses)


def _version(node: Node) -> ModelVersion:
    said = mapping(node)
    return ModelVersion(name_or_names(said["cluster"]), mapping(said.get("config", {})))


def _use_case(name: str, said: Mapping[str, Node], primary: str) -> UseCase:
    return UseCase(
        enabled=boolean(said["enabled"]) if "enabled" in said else True,
        unit=text(said["unit"]) if "unit" in said else primary,
        requires=[text(item) for item in sequence(said.get("requires", []))],
        config=mapping(said.get("config", {})),
        rules=[_rule(name, mapping(rule)) for rule in sequence(said["rules"])],
    )


def _rule(use_case: str, said: Mapping[str, Node]) -> Rule:
    name = text(said["name"]) if "name" in said else None
    split = None
    if "split" in said:
        weights = {arm: Fraction(text(weight)) for arm, weight in mapping(said["split"]).items()}
        split = _spec("split", f"{use_case}/{name}", said, weights)
    routes = mapping(said.get("routes", {}))
    return Rule(
        name=name,
        when=mapping(said.get("when", {})),
        route=text(said["route"]) if "route" in said else None,
        split=split,
        lookup=text(said["lookup"]) if "lookup" in said else None,
        routes={value: text(target) for value, target in routes.items()},
        clusters=name_or_names(said["cluster"]) if "cluster" in said else None,
        config=mapping(said.get("config", {})),
    )


def _spec(
    kind: str,
    owner: str,
    said: Mapping[str, Node],
    weights: Mapping[str, Fraction],
) -> Spec:
    salt = text(said["salt"]) if "salt" in said else f"{kind}:{owner}"
    unit = text(said["unit"]) if "unit" in said else None
    ranges = _ranges(said["ranges"]) if "ranges" in said else None
    return Spec(kind, owner, salt, weights, ranges, unit)


def _ranges(node: Node) -> list[Interval]:
    return joined(
        Interval(int(low), int(high), arm)
        for arm, pairs in mapping(node).items()
        for low, high in ([text(end) for end in sequence(pair)] for pair in sequence(pairs))
    )
