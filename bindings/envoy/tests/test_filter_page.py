# SPDX-License-Identifier: Apache-2.0
"""The filter's page: its examples are run as they stand there, in each Envoy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from asking import Client
from bootstrap import FILTER, Face, Json
from envoys import wait_for
from fronts import KINDS, World, asked, settings, upstream_of, version_of
from sites import Site
from test_readme import at, blocks, running

PAGE = "filter.md"
VERSIONS = pytest.mark.parametrize("version", [kind[1] for kind in KINDS if kind[0] == FILTER])


def of_page(site: Site, key: str) -> list[Any]:
    return [at(site, one[key]) for one in blocks(PAGE) if key in one]


@VERSIONS
def test_its_filter_and_its_routes_route_and_copy(
    version: str, site: Site, world: World, tmp_path: Path
) -> None:
    """And the route of the second step, and a use case of a route's own, stand before them."""
    (filters,) = of_page(site, "http_filters")
    routes, second_step = of_page(site, "routes")
    own_use_case = at(site, next(one for one in blocks(PAGE) if "typed_per_filter_config" in one))
    (named,) = json.loads(json.dumps(routes[-1:]).replace('"/"', '"/named"'))
    own = json.loads(json.dumps(own_use_case).replace("ContinueWatching", "Split"))

    def edits(manager: Json) -> None:
        manager["http_filters"] = filters
        (host,) = manager["route_config"]["virtual_hosts"]
        host["routes"] = [*second_step, {**named, **own}, *routes]

    face = Face(FILTER, settings(site))
    with (
        running(site, world, tmp_path, face, edits, version) as made,
        Client(made.port) as client,
    ):
        users = [f"page-{number}" for number in range(60)]
        forged = {"x-turnout-shadow-1": "alpha", "x-turnout-cluster": "alpha"}
        copies = 0
        for user in users:
            decision = site.decides("Home", user)
            answer = client.ask(asked("Home", user, forged))
            assert (answer.status, answer.upstream) == (200, upstream_of(decision))
            assert (answer.seen("model"), answer.seen("version")) == version_of(decision)
            copies += len(decision.shadows)
        total = len(users) + copies
        wait_for("the copies", lambda: len(world.http.seen()) == total)
        shadows = [seen for seen in world.http.seen() if seen.header("x-turnout-shadow")]
        assert sorted((seen.header("x-turnout-unit"), seen.upstream) for seen in shadows) == sorted(
            (user, shadow.destination.routing_key)
            for user in users
            for shadow in site.decides("Home", user).shadows
        )
        split = client.ask(asked("Nothing", "u_1"), path="/named")
        assert split.upstream == upstream_of(site.decides("Split", "u_1"))
        assert client.ask({"x-turnout-routing-key": "gamma"}).upstream == "gamma"
        unknown = client.ask({"x-turnout-routing-key": "nothing"})
        assert unknown.header("x-turnout-status") == "unknown_routing_key"
        question = json.dumps({"use_case": "Home", "unit": "u_17"})
        told = client.ask({}, "/turnout/v1/resolve", question.encode())
        assert told.body.decode().strip() == site.resolved(question)


def test_every_example_of_the_page_is_run_here() -> None:
    keys = {"http_filters", "routes", "typed_per_filter_config"}
    for one in blocks(PAGE):
        assert keys & set(one), one
