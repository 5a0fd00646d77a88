"""Decisions, and their JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trees import Node, Scalar


@dataclass(frozen=True)
class Destination:
    model: str
    version: str
    cluster: str
    shard: str | None
    address: str
    routing_key: str


@dataclass(frozen=True)
class Reason:
    kind: str
    rule: str | None


@dataclass(frozen=True)
class Decision:
    """Without `status` `ok` it has neither destination nor anything else."""

    status: str
    use_case: str
    destination: Destination | None = None
    config: Mapping[str, Node] | None = None
    reason: Reason | None = None
    traffic: str | None = None


def tree(decision: Decision, revision: int, digest: str) -> dict[str, Node]:
    """As `turnout resolve --json` prints it: without `ok` all else is null, empty or false."""
    no, false = _text(None), Scalar("false")
    at, reason, ok = decision.destination, decision.reason, decision.status == "ok"
    return {
        "status": _text(decision.status),
        "use_case": _text(decision.use_case) if ok else no,
        "revision": Scalar(str(revision)) if ok else no,
        "digest": _text(digest) if ok else no,
        "model": _text(at.model) if at else no,
        "version": _text(at.version) if at else no,
        "cluster": _text(at.cluster) if at else no,
        "shard": _text(at.shard) if at else no,
        "address": _text(at.address) if at else no,
        "routing_key": _text(at.routing_key) if at else no,
        "config": no if decision.config is None else dict(decision.config),
        "cells": [],
        "holdouts": [],
        "shadows": [],
        "reason": {"kind": _text(reason.kind), "rule": _text(reason.rule)} if reason else no,
        "traffic": _text(decision.traffic),
        "fallback": false,
        "degraded": false,
    }


def _text(value: str | None) -> Scalar:
    return Scalar("null") if value is None else Scalar(value, plain=False)
