"""Decisions, and their JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trees import Node, Scalar


@dataclass(frozen=True)
class Destination:
    version: str
    """`model@version`."""
    cluster: str
    shard: str | None
    address: str
    routing_key: str


@dataclass(frozen=True)
class Reason:
    kind: str
    rule: str | None


@dataclass(frozen=True)
class CellTaken:
    experiment: str
    cell: str
    by: str


@dataclass(frozen=True)
class ShadowSent:
    name: str
    destination: Destination
    config: Mapping[str, Node]


@dataclass(frozen=True)
class Decision:
    """Without `status` `ok` it has neither destination nor anything else."""

    status: str
    use_case: str
    destination: Destination | None = None
    config: Mapping[str, Node] | None = None
    cells: Sequence[CellTaken] = ()
    holdouts: Sequence[str] = ()
    shadows: Sequence[ShadowSent] = ()
    reason: Reason | None = None
    traffic: str | None = None
    fallback: bool = False
    degraded: bool = False


def tree(decision: Decision, revision: int, digest: str) -> dict[str, Node]:
    """As `turnout resolve --json` prints it: without `ok` all else is null, empty or false."""
    reason, ok = decision.reason, decision.status == "ok"
    return {
        "status": _text(decision.status),
        "use_case": _text(decision.use_case if ok else None),
        "revision": Scalar(str(revision)) if ok else _text(None),
        "digest": _text(digest if ok else None),
        **_destination(decision.destination),
        "config": _text(None) if decision.config is None else dict(decision.config),
        "cells": [_cell(cell) for cell in decision.cells],
        "holdouts": [_text(name) for name in decision.holdouts],
        "shadows": [_shadow(shadow) for shadow in decision.shadows],
        "reason": {"kind": _text(reason.kind), "rule": _text(reason.rule)}
        if reason
        else _text(None),
        "traffic": _text(decision.traffic),
        "fallback": _boolean(decision.fallback),
        "degraded": _boolean(decision.degraded),
    }


def _destination(at: Destination | None) -> dict[str, Node]:
    model, version = at.version.split("@") if at else (None, None)
    return {
        "model": _text(model),
        "version": _text(version),
        "cluster": _text(at.cluster if at else None),
        "shard": _text(at.shard if at else None),
        "address": _text(at.address if at else None),
        "routing_key": _text(at.routing_key if at else None),
    }


def _cell(cell: CellTaken) -> Node:
    return {
        "experiment": _text(cell.experiment),
        "cell": _text(cell.cell),
        "by": _text(cell.by),
    }


def _shadow(shadow: ShadowSent) -> Node:
    return {
        "name": _text(shadow.name),
        **_destination(shadow.destination),
        "config": dict(shadow.config),
    }


def _text(value: str | None) -> Scalar:
    return Scalar("null") if value is None else Scalar(value, plain=False)


def _boolean(value: bool) -> Scalar:
    return Scalar("true" if value else "false")
