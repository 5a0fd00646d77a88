# SPDX-License-Identifier: Apache-2.0
"""Decisions set the cluster, and what was decided reaches upstreams and access logs."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap import Face
from fronts import NEWEST_KINDS, Front, World, front, settings, upstream_of, version_of
from sites import Site

ASKED = [
    ("Home", "u_1", {}, {}),
    ("Home", "u_2", {"x-kids": "true"}, {"context": {"kids": True}}),
    ("Home", "u_3", {"x-country": "NO"}, {"context": {"country": "NO"}}),
    ("Home", "u_4", {"x-tenure": "12.5"}, {"context": {"tenure_days": 12.5}}),
    ("Home", None, {"x-request-id": "r_9"}, {"request_id": "r_9"}),
    ("Needy", "u_5", {"x-country": "US"}, {"context": {"country": "US"}}),
    ("Chat", "u_6", {"x-session-id": "s_1"}, {"units": {"session": "s_1"}}),
    ("Chat", "u_7", {}, {}),
    ("Strict", "u_8", {}, {}),
]


@pytest.mark.parametrize(("use_case", "unit", "headers", "said"), ASKED)
def test_a_decision_sets_the_cluster_and_reaches_the_upstream(
    everywhere: Front,
    use_case: str,
    unit: str | None,
    headers: dict[str, str],
    said: dict[str, Any],
) -> None:
    decision = everywhere.site.decides(use_case, unit, **said)
    answer = everywhere.ask(use_case, unit, headers)
    assert answer.status == 200, everywhere.envoy.log()
    assert answer.upstream == upstream_of(decision)
    assert (answer.seen("model"), answer.seen("version")) == version_of(decision)
    assert answer.seen("revision") == "1"
    cells = ",".join(f"{cell.experiment}={cell.cell}" for cell in decision.cells)
    assert (answer.seen("cells") or "") == cells
    assert decision.reason is not None
    assert answer.seen("reason") == decision.reason.kind


def test_users_meet_every_kind_of_reason(everywhere: Front) -> None:
    """Or the test above would show less than it seems to."""
    reasons: set[str] = set()
    cells: set[str] = set()
    holdouts: set[str] = set()
    with everywhere.client() as client:
        for number in range(60):
            unit = f"user-{number}"
            decision = everywhere.site.decides("Home", unit)
            answer = client.ask({"x-turnout-use-case": "Home", "x-turnout-unit": unit})
            assert answer.upstream == upstream_of(decision)
            assert decision.reason is not None
            assert answer.seen("reason") == decision.reason.kind
            reasons.add(decision.reason.kind)
            cells.update(cell.cell for cell in decision.cells)
            holdouts.update(decision.holdouts)
    assert (reasons, cells, holdouts) == ({"experiment", "split"}, {"still", "moving"}, {"quiet"})


def test_the_access_log_tells_the_whole_decision(everywhere: Front) -> None:
    """Of a user in a cell, of one in a holdout, and of one in a shard."""
    site = everywhere.site
    users = [f"logged-{number}" for number in range(100)]
    in_cell = next(user for user in users if site.decides("Home", user).cells)
    held_out = next(user for user in users if site.decides("Home", user).holdouts)
    assert site.head is not None
    for use_case, unit in (("Home", in_cell), ("Home", held_out), ("Chat", "logged-0")):
        decision = site.decides(use_case, unit)
        there, reason = decision.destination, decision.reason
        assert there is not None and reason is not None
        test = f"access log {use_case} {unit}"
        everywhere.ask(use_case, unit, {"x-test": test})
        line = everywhere.logged_test(test)
        model, version = version_of(decision)
        expected = {
            "status": "ok",
            "use_case": use_case,
            "model": model,
            "version": version,
            "cluster": there.cluster,
            "shard": there.shard,
            "routing_key": there.routing_key,
            "revision": str(site.head.number),
            "digest": site.head.digest,
            "reason": reason.kind,
            "rule": reason.rule,
            "cells": ",".join(f"{cell.experiment}={cell.cell}" for cell in decision.cells),
            "holdouts": ",".join(decision.holdouts),
            "traffic": "production",
            "fallback": "false",
            "degraded": "false",
            "code": 200,
            "upstream": there.routing_key,
        }
        shadows = [shadow.destination.routing_key for shadow in decision.shadows] + [None, None]
        expected |= {"shadow_1": shadows[0], "shadow_2": shadows[1]}
        # What a decision does not have is left out, and Envoy logs null for it.
        expected = {key: value or None for key, value in expected.items()}
        assert {key: line[key] for key in expected} == expected


@pytest.mark.parametrize("kind", NEWEST_KINDS, ids=lambda kind: kind[0])
def test_metadata_are_those_that_are_listed(
    kind: tuple[str, str], site: Site, world: World
) -> None:
    """Where none are, the cluster is still set and a client's headers are still taken away."""
    users = (f"few-{number}" for number in range(1000))
    user = next(user for user in users if site.decides("Home", user).cells)
    model, version = version_of(site.decides("Home", user))
    wanted: dict[str, dict[str, str | None]] = {
        "default": {"model": model, "version": version, "revision": "1", "use_case": None},
        "listed": {"model": None, "version": None, "revision": None, "use_case": "Home"},
        "none": {"model": None, "version": None, "revision": None, "status": None},
    }
    usual = settings(site)
    del usual["metadata"]
    others = {
        "default": Face(kind[0], usual),
        "listed": Face(kind[0], settings(site, metadata=["use_case"])),
        "none": Face(kind[0], settings(site, metadata=[])),
    }
    with front(*kind, site, world, others=others) as made:
        for name, expected in wanted.items():
            there = made.other(name, kind[0])
            answer = there.ask("Home", user, {"x-test": name, "x-turnout-version": "forged"})
            assert answer.upstream == upstream_of(site.decides("Home", user))
            assert answer.seen("version") == expected["version"]
            line = there.logged_test(name)
            assert {key: line[key] for key in expected} == expected
        assert made.other("none", kind[0]).ask("Nothing", user).status == 404
