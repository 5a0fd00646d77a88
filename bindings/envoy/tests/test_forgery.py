# SPDX-License-Identifier: Apache-2.0
"""No client can say what the module decides: each internal header is forged, in every way."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from decision import Decision

from bootstrap import INTERNAL
from envoys import wait_for
from fronts import Front, asked, upstream_of, version_of
from upstreams import Seen

FORGED = "gamma"
"""A cluster that there is, and that the users below are not sent to, not even in copy."""
WORDS = (FORGED, "forged")


def value_for(header: str) -> str:
    return FORGED if "cluster" in header or "-shadow-" in header else "forged"


def decided(front: Front, unit: str) -> Decision:
    return front.site.decides("Home", unit)


def unshadowed(front: Front) -> str:
    """A user of nobody's copy who is not sent to the forged cluster."""
    users = (f"forger-{number}" for number in range(1000))
    return next(
        user
        for user in users
        if not decided(front, user).shadows and upstream_of(decided(front, user)) != FORGED
    )


def shadowed(front: Front) -> str:
    """A user of whom `wide` gets a copy and `dark`, which goes to the forged cluster, none."""
    users = (f"forger-{number}" for number in range(1000))
    return next(
        user
        for user in users
        if [shadow.name for shadow in decided(front, user).shadows] == ["wide"]
        and version_of(decided(front, user))[1] == "v1"
    )


def internals(seen: Seen) -> dict[str, list[str]]:
    return {name: seen.all(name) for name in INTERNAL if seen.all(name)}


def check_primary(front: Front, unit: str, seen: Seen) -> None:
    """It has each of what it should, once, and nothing forged."""
    decision = decided(front, unit)
    model, version = version_of(decision)
    assert seen.upstream == upstream_of(decision)
    got = internals(seen)
    assert got["x-turnout-model"] == [model]
    assert got["x-turnout-version"] == [version]
    assert got["x-turnout-revision"] == ["1"]
    assert "x-turnout-shadow" not in got
    assert "x-turnout-cluster" not in got or got["x-turnout-cluster"] == [seen.upstream]
    slots = [shadow.destination.routing_key for shadow in decision.shadows]
    assert [
        value for name in INTERNAL if "-shadow-" in name for value in got.get(name, [])
    ] == slots
    values = [value for _, value in seen.headers]
    assert not [value for value in values if value in WORDS and value not in slots]


def ask_forging(front: Front, unit: str, forged: Sequence[tuple[str, str]]) -> Seen:
    """The request as the one upstream got it that is no mirror's."""
    answer = front.ask("Home", unit, forged)
    assert answer.status == 200, front.envoy.log()[-2000:]
    primaries = [one for one in front.world.http.seen() if one.header("x-turnout-shadow") is None]
    assert len(primaries) == 1
    return primaries[0]


@pytest.mark.parametrize("header", INTERNAL)
def test_a_forged_header_changes_nothing(everywhere: Front, header: str) -> None:
    unit = unshadowed(everywhere)
    seen = ask_forging(everywhere, unit, [(header, value_for(header))])
    check_primary(everywhere, unit, seen)
    # A mirror would have been asked at the same moment; one more request gives it its time.
    everywhere.ask("Home", unit)
    assert everywhere.world.http["gamma"].count == 0
    assert len(everywhere.world.http.seen()) == 2


@pytest.mark.parametrize("header", INTERNAL)
def test_a_header_forged_twice_in_other_letters_changes_nothing(
    everywhere: Front, header: str
) -> None:
    unit = unshadowed(everywhere)
    value = value_for(header)
    forged = [(header.title(), value), (header.upper(), value), (header, "")]
    check_primary(everywhere, unit, ask_forging(everywhere, unit, forged))


def test_all_headers_forged_at_once_change_nothing(everywhere: Front) -> None:
    unit = unshadowed(everywhere)
    forged = [(header, value_for(header)) for header in INTERNAL * 2]
    check_primary(everywhere, unit, ask_forging(everywhere, unit, forged))


@pytest.mark.parametrize("header", INTERNAL)
def test_the_copy_of_a_forged_request_is_the_shadows_own(everywhere: Front, header: str) -> None:
    unit = shadowed(everywhere)
    check_primary(everywhere, unit, ask_forging(everywhere, unit, [(header, value_for(header))]))
    shadow = decided(everywhere, unit).shadows[0].destination
    there = everywhere.world.http[shadow.routing_key]
    wait_for("the copy", lambda: there.seen)
    got = internals(there.seen[0])
    model, version = shadow.version.split("@")
    assert got.pop("x-turnout-model") == [model]
    assert got.pop("x-turnout-version") == [version]
    assert got.pop("x-turnout-revision") == ["1"]
    assert got.pop("x-turnout-shadow") == ["1"]
    assert not [value for values in got.values() for value in values if value in WORDS]
    assert len(everywhere.world.http.seen()) == 2


@pytest.mark.parametrize("header", INTERNAL)
def test_a_refused_request_cannot_forge_its_way(everywhere: Front, header: str) -> None:
    """Neither with an unknown use case, nor without one, switched off or lacking something."""
    forged = [(header, value_for(header)), ("x-turnout-model", "ranker")]
    got = [
        everywhere.ask(use_case, "u_1", forged).status
        for use_case in ("Nothing", None, "Off", "Needy", "")
    ]
    assert got == [404, 400, 503, 400, 400]
    assert everywhere.world.http.seen() == []


@pytest.mark.parametrize(
    ("headers", "path"),
    [
        ([("host", FORGED)], "/"),
        ([("host", f"{FORGED}:80")], "/"),
        ([("host", "beta"), ("x-forwarded-host", FORGED)], "/"),
        ([("host", "all")], f"http://{FORGED}/"),
        ([("host", "all")], f"//{FORGED}/"),
        ([("x-envoy-original-dst-host", "127.0.0.1:1")], "/"),
        ([("x-turnout-routing-key", FORGED)], "/"),
        ([("x-turnout-cluster ", FORGED)], "/"),
    ],
)
def test_another_host_changes_nothing(
    everywhere: Front, headers: list[tuple[str, str]], path: str
) -> None:
    unit = unshadowed(everywhere)
    answer = everywhere.ask("Home", unit, headers, path=path)
    if answer.status == 400 and answer.upstream is None:
        # Envoy itself refuses names of headers that are none.
        assert headers[0][0].endswith(" ")
        return
    assert answer.upstream == upstream_of(decided(everywhere, unit))
    assert everywhere.world.http[FORGED].count == 0


def test_a_forged_call_of_grpc_changes_nothing(everywhere: Front) -> None:
    users = [f"forger-{number}" for number in range(100)]
    site = everywhere.site
    unit = next(
        user
        for user in users
        if not site.decides("Rpc", user).shadows
        and upstream_of(site.decides("Rpc", user)) == "rpc-a"
    )
    forged = [(header, "rpc-c" if value_for(header) == FORGED else "forged") for header in INTERNAL]
    with everywhere.caller(authority="rpc-c") as caller:
        outcome = caller.unary(b"one", asked("Rpc", unit, forged))
        assert outcome.upstream == "rpc-a"
        refused = caller.unary(b"one", asked("Nothing", unit, forged))
        assert refused.upstream is None
    assert not everywhere.world.rpc["rpc-c"].seen
    (call,) = everywhere.world.rpc["rpc-a"].seen
    assert call.header("x-turnout-version") == "v1"
    assert call.header("x-turnout-shadow") is None
    assert "forged" not in [value for _, value in call.metadata]
