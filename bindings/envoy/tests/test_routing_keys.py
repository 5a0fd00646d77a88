# SPDX-License-Identifier: Apache-2.0
"""The second step of clients that resolved already: they send a routing key."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
import pytest

from bootstrap import FILTER
from envoys import wait_for
from fronts import KINDS, NEWEST_KINDS, Front, World, front
from sites import HTTP, Site

KEY = "x-turnout-routing-key"


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: "-".join(kind))
def keyed(request: pytest.FixtureRequest, site: Site, world: World) -> Iterator[Front]:
    kind, version = request.param
    with front(kind, version, site, world, mode="routing_key") as made:
        yield made


@pytest.mark.parametrize("key", HTTP)
def test_a_known_key_leads_to_its_cluster(keyed: Front, key: str) -> None:
    answer = keyed.ask(None, None, {KEY: key, "x-test": key})
    assert (answer.status, answer.upstream) == (200, key)
    assert answer.seen("revision") == "1"
    line = keyed.logged_test(key)
    cluster, _, shard = key.partition("/")
    assert (line["status"], line["routing_key"]) == ("ok", key)
    assert (line["cluster"], line["shard"]) == (cluster, shard or None)


@pytest.mark.parametrize(
    "key", ["nothing", "Alpha", "alpha ", "chat", "chat/", "chat/g2", "a" * 300]
)
def test_an_unknown_key_is_refused(keyed: Front, key: str) -> None:
    answer = keyed.ask(None, None, {KEY: key})
    if key.strip() == "alpha":
        # HTTP does not count blanks around a value.
        assert answer.upstream == "alpha"
        return
    assert answer.status == 404
    assert keyed.world.http.seen() == []


def test_a_key_that_is_missing_is_refused(keyed: Front) -> None:
    assert keyed.ask(None, None).status == 400
    assert keyed.ask(None, None, {KEY: ""}).status == 400
    assert keyed.ask("Home", "u_1").status == 400


def test_nothing_is_resolved(keyed: Front) -> None:
    """A use case beside the key says nothing."""
    answer = keyed.ask("Nothing", "u_1", {KEY: "beta"})
    assert answer.upstream == "beta"
    assert answer.seen("model") is None
    assert [seen.upstream for seen in keyed.world.http.seen()] == ["beta"]


def test_forged_headers_beside_the_key_change_nothing(keyed: Front) -> None:
    forged = {"x-turnout-cluster": "gamma", "x-turnout-shadow-1": "gamma", "x-turnout-model": "m"}
    answer = keyed.ask(None, None, {KEY: "beta", **forged})
    assert (answer.upstream, answer.seen("model"), answer.seen("shadow-1")) == ("beta", None, None)
    refused = keyed.ask(None, None, {KEY: "nothing", **forged})
    assert refused.status == 404
    assert keyed.world.http["gamma"].count == 0


def test_calls_of_grpc_go_by_keys_too(keyed: Front) -> None:
    with keyed.caller() as caller:
        assert caller.unary(b"one", [(KEY, "rpc-b")]).upstream == "rpc-b"
        code = caller.unary(b"one", [(KEY, "nothing")]).code
        assert code != grpc.StatusCode.OK
        if keyed.kind == FILTER:
            assert code == grpc.StatusCode.NOT_FOUND


@pytest.mark.parametrize("kind", NEWEST_KINDS, ids=lambda kind: kind[0])
def test_a_key_that_a_publish_took_away_is_refused(
    kind: tuple[str, str], own_site: Site, world: World
) -> None:
    """And one that it brought is known. Both without a reload."""
    with front(*kind, own_site, world, mode="routing_key") as made:
        assert made.ask(None, None, {KEY: "beta"}).upstream == "beta"
        text = world.document().replace("  beta: {", "  beta: { routing_key: gamma-2,")
        own_site.publish(text)
        wait_for("the publish", lambda: made.ask(None, None, {KEY: "beta"}).status == 404)
        # Envoy has no such cluster; the table has, and so the answer is another.
        test = "known, but not to Envoy"
        answer = made.ask(None, None, {KEY: "gamma-2", "x-test": test})
        assert (answer.status, answer.upstream) == (503, None)
        assert made.logged_test(test)["status"] == "ok"
        assert made.ask(None, None, {KEY: "alpha"}).upstream == "alpha"
