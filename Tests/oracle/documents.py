"""Routing documents as the oracle sees them: what a document says, in plain records.

Documents are taken to be right: what the compiler refuses is not the oracle's subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from ring import Interval
from trees import Node

Condition: TypeAlias = Mapping[str, Node]
Config: TypeAlias = Mapping[str, Node]

NOTES = ("description", "owner", "labels")
PRODUCTION = "production"


@dataclass(frozen=True)
class Spec:
    """What a document says of an allocation; `unit` is nothing if it says none."""

    kind: str
    owner: str
    salt: str
    parts: Mapping[str, Fraction]
    """By arm; in a layer an arm is the salt of an experiment's cells."""
    by_percentage: bool
    """Whether the parts are percentages of the ring or weights among themselves."""
    ranges: Sequence[Interval] | None
    unit: str | None

    @property
    def key(self) -> tuple[str, str, str]:
        """Only this tells two splits of clusters in one placement apart."""
        return self.kind, self.owner, self.salt


@dataclass(frozen=True)
class Cluster:
    name: str
    routing_key: str
    address: str | None
    shards: Spec | None
    shard_addresses: Mapping[str, str]
    siblings: bool
    """Whether another shard stands in for one that is down."""


@dataclass(frozen=True)
class Clusters:
    """In order of preference; with a split its arm comes before them."""

    split: Spec | None
    listed: Sequence[str]


@dataclass(frozen=True)
class Place:
    when: Condition
    clusters: Clusters


@dataclass(frozen=True)
class ModelVersion:
    places: Sequence[Place]
    """The first that holds counts."""
    otherwise: str | None
    config: Config


@dataclass(frozen=True)
class Layer:
    spec: Spec
    experiments: Mapping[str, str]
    """By arm."""


@dataclass(frozen=True)
class Holdout:
    spec: Spec
    layers: Sequence[str] | None
    """Nothing if it concerns all."""
    traffic: Sequence[str]


@dataclass(frozen=True)
class Cell:
    model: str | Mapping[str, str] | None
    """One for all use cases, or one by use case."""
    config: Config


@dataclass(frozen=True)
class Experiment:
    layer: str
    spec: Spec
    cells: Mapping[str, Cell]
    when: Condition
    starts: int | None
    ends: int | None
    """In nanoseconds since 1970."""
    enabled: bool
    traffic: Sequence[str]
    outside: bool
    """Whether only assignments and overrides give its cells."""


@dataclass(frozen=True)
class Rule:
    """Of `route`, `split`, `lookup` and `experiment` exactly one is set."""

    name: str | None
    when: Condition
    route: str | None
    split: Spec | None
    lookup: str | None
    routes: Mapping[str, str]
    experiment: str | None
    clusters: Clusters | None
    config: Config


@dataclass(frozen=True)
class Shadow:
    name: str
    model: str
    sample: Spec
    by_request: bool
    when: Condition
    traffic: Sequence[str]


@dataclass(frozen=True)
class UseCase:
    enabled: bool
    unit: str
    requires: Sequence[str]
    config: Config
    rules: Sequence[Rule]
    refuses: bool
    """Whether there is no answer when all clusters are down."""
    overrides: Mapping[str, str | Mapping[str, str]]
    """By unit: a model version, or cells by experiment."""
    shadows: Sequence[Shadow]


@dataclass(frozen=True)
class Document:
    unit: str
    missing: Mapping[str, str | None]
    """By unit: the one to use instead."""
    attributes: Mapping[str, str]
    segments: Mapping[str, Condition]
    unit_files: Mapping[str, Sequence[str]]
    """The units that a file lists, by its path."""
    clusters: Mapping[str, Cluster]
    models: Mapping[str, ModelVersion]
    """By `model@version`."""
    layers: Mapping[str, Layer]
    holdouts: Mapping[str, Holdout]
    experiments: Mapping[str, Experiment]
    use_cases: Mapping[str, UseCase]

    def specs(self) -> list[Spec]:
        """Of all allocations. A layer without experiments has none."""
        rules = [rule for case in self.use_cases.values() for rule in case.rules]
        placed = [place.clusters for model in self.models.values() for place in model.places]
        placed += [rule.clusters for rule in rules if rule.clusters is not None]
        found = [
            *(cluster.shards for cluster in self.clusters.values()),
            *(rule.split for rule in rules),
            *(clusters.split for clusters in placed),
            *(layer.spec for layer in self.layers.values()),
            *(experiment.spec for experiment in self.experiments.values()),
            *(holdout.spec for holdout in self.holdouts.values()),
            *(shadow.sample for case in self.use_cases.values() for shadow in case.shadows),
        ]
        return [spec for spec in found if spec is not None and spec.parts]
