# SPDX-License-Identifier: Apache-2.0
"""What one route of the filter says for itself, and the decision in headers of the response."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap import FILTER, TYPE, Face, Json, bootstrap, listener, module_config, struct
from envoys import Envoy
from fronts import KINDS, Front, World, asked, front, settings, upstream_of, version_of
from sites import Site

VERSIONS = [kind[1] for kind in KINDS if kind[0] == FILTER]
KEY = "x-turnout-routing-key"
FORGED = "x-turnout-shadow"


def own(face: Face, version: str, **said: object) -> Json:
    """Envoy 1.38 gives a module an empty text for a Struct here."""
    text = {"@type": "type.googleapis.com/google.protobuf.StringValue", "value": json.dumps(said)}
    return {
        "turnout": {
            "@type": TYPE + "filters.http.dynamic_modules.v3.DynamicModuleFilterPerRoute",
            "dynamic_module_config": module_config(face),
            "per_route_config_name": "turnout",
            "filter_config": text if version.startswith("1.38") else struct(said),
        }
    }


@pytest.fixture(scope="module", params=VERSIONS)
def routed(
    request: pytest.FixtureRequest,
    site: Site,
    world: World,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Front]:
    """A route with a use case of its own, one that is off, one for keys, and the rest."""
    folder: Path = tmp_path_factory.mktemp("routed")
    face = Face(FILTER, settings(site))
    made = listener("main", face, folder / "main.log")
    manager = made["filter_chains"][0]["filters"][0]["typed_config"]
    (host,) = manager["route_config"]["virtual_hosts"]
    (rest,) = host["routes"]

    def route(match: Json, **said: object) -> Json:
        copy: Json = json.loads(json.dumps(rest))
        return copy | {"match": match, "typed_per_filter_config": own(face, request.param, **said)}

    off = route({"prefix": "/off"}, mode="off")
    off["route"] = {"cluster": "alpha"}
    lured = route({"prefix": "/", "headers": [{"name": FORGED, "present_match": True}]}, mode="off")
    lured["route"] = {"cluster": "gamma"}
    has_key = {"prefix": "/", "headers": [{"name": KEY, "present_match": True}]}
    host["routes"] = [
        lured,
        off,
        route({"prefix": "/split"}, use_case="Split"),
        route(has_key, mode="routing_key"),
        rest,
    ]
    with Envoy(request.param, bootstrap([made], world.clusters()), folder) as envoy:
        yield Front(FILTER, envoy, site, world, folder / "main.log")


def test_a_route_may_name_the_use_case(routed: Front) -> None:
    for unit in map(str, range(20)):
        decision = routed.site.decides("Split", unit)
        answer = routed.ask("Nothing", unit, path="/split")
        assert (answer.status, answer.upstream) == (200, upstream_of(decision))


def test_a_route_that_matches_a_forged_header_is_not_taken(routed: Front) -> None:
    for unit in map(str, range(20)):
        answer = routed.ask("Home", unit, {FORGED: "debug"})
        assert answer.upstream == upstream_of(routed.site.decides("Home", unit))
        assert answer.status == 200


def test_a_route_that_is_off_decides_nothing_and_still_takes_forged_headers_away(
    routed: Front,
) -> None:
    forged = {"x-turnout-model": "forged", "x-turnout-shadow-1": "gamma"}
    answer = routed.ask("Home", "u_1", {**forged, "x-turnout-cluster": "gamma"}, path="/off")
    assert answer.upstream == "alpha"
    # Copies of what another test asked may still come.
    (seen,) = [one for one in routed.world.http.seen() if one.path == "/off"]
    assert not [key for key, _ in seen.headers if key in {*forged, "x-turnout-cluster"}]


def test_one_listener_serves_both_steps(routed: Front) -> None:
    decision = routed.site.decides("Home", "u_1")
    first = routed.ask("Home", "u_1")
    assert first.upstream == upstream_of(decision)
    second = routed.ask("Home", "u_1", {KEY: "gamma"})
    assert (second.status, second.upstream) == (200, "gamma")
    assert routed.ask("Home", "u_1", {KEY: "nothing"}).status == 404


@pytest.mark.parametrize("version", VERSIONS)
def test_responses_tell_the_decision_if_they_are_told_to(
    version: str, site: Site, world: World
) -> None:
    with (
        front(FILTER, version, site, world, response_headers=True) as made,
        made.client() as client,
    ):
        decision = site.decides("Home", "u_1")
        answer = client.ask(asked("Home", "u_1"))
        told = (answer.header("x-turnout-model"), answer.header("x-turnout-version"))
        assert told == version_of(decision)
        assert answer.header("x-turnout-revision") == "1"
        assert decision.reason is not None
        assert answer.header("x-turnout-reason") == decision.reason.kind
        refused = client.ask(asked("Nothing", "u_1"))
        assert refused.header("x-turnout-status") == "unknown_use_case"


def test_responses_tell_nothing_otherwise(everywhere: Front) -> None:
    answer = everywhere.ask("Home", "u_1")
    assert not [key for key, _ in answer.headers if key.startswith("x-turnout")]
