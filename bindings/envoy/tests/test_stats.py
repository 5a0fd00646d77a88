# SPDX-License-Identifier: Apache-2.0
"""Counters equal what was sent, in both forms, and clients cannot make names."""

from __future__ import annotations

import re
import secrets
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from envoys import wait_for
from fronts import KINDS, Front, World, front, upstream_of
from load import Load, Orders
from sites import Site

SENT = [("Home", 200), ("Split", 60), ("Chat", 30)]
REFUSED = [("Nothing", "unknown_use_case"), (None, "missing_header"), ("Off", "disabled")]
LINE = re.compile(r"^(envoy_turnout_\w+)\{(.*)\} (\d+)$")


@pytest.fixture(params=KINDS, ids=lambda kind: "-".join(kind))
def counted(request: pytest.FixtureRequest, own_site: Site, world: World) -> Iterator[Front]:
    kind, version = request.param
    with front(kind, version, own_site, world) as made:
        yield made


def prometheus(made: Front) -> dict[tuple[str, frozenset[tuple[str, str]]], int]:
    """By name and labels."""
    found = {}
    for line in made.envoy.admin("/stats/prometheus?filter=turnout").splitlines():
        match = LINE.match(line)
        if match:
            labels = re.findall(r'(\w+)="([^"]*)"', match[2])
            found[match[1], frozenset(labels)] = int(match[3])
    return found


def labelled(name: str, **labels: str) -> tuple[str, frozenset[tuple[str, str]]]:
    return f"envoy_turnout_{name}", frozenset(labels.items())


def test_counters_are_what_was_sent(counted: Front) -> None:
    site = counted.site
    decisions: Counter[tuple[str, str]] = Counter()
    shadows: Counter[tuple[str, str]] = Counter()
    statuses: Counter[str] = Counter()
    fallbacks: Counter[str] = Counter()
    site.set("cluster", "beta", "down")
    wait_for("the overlay", lambda: is_obeyed(counted, decisions, fallbacks))
    for use_case, count in SENT:
        users = [f"counted-{number}" for number in range(count)]
        with Load(Orders(counted.port, use_case, users, count), processes=1) as load:
            assert {answer.status for answer in load.told()} == {200}
        for user in users:
            decision = site.decides(use_case, user)
            decisions[use_case, upstream_of(decision)] += 1
            fallbacks[use_case] += decision.fallback
            for shadow in decision.shadows:
                shadows[use_case, shadow.destination.routing_key] += 1
    for use_case_, status in REFUSED:
        for _ in range(3):
            counted.ask(use_case_, "u_1")
            statuses[status] += 1
    got = prometheus(counted)
    stats = counted.envoy.stats("turnout")
    for (case, key), count in decisions.items():
        assert got[labelled("decisions", use_case=case, destination=key)] == count
        assert stats[f"turnout.decisions.use_case.{case}.destination.{key}"] == count
    for (case, key), count in shadows.items():
        assert got[labelled("shadows", use_case=case, destination=key)] == count
    for status, count in statuses.items():
        assert got[labelled("statuses", status=status)] == count
        assert stats[f"turnout.statuses.status.{status}"] == count
    for case, count in (+fallbacks).items():
        assert got[labelled("fallbacks", use_case=case)] == count
    by_name = Counter({name: 0 for name in ("decisions", "shadows", "statuses", "fallbacks")})
    for (name, _), count in got.items():
        by_name[name.removeprefix("envoy_turnout_")] += count
    assert by_name["decisions"] == decisions.total()
    assert by_name["shadows"] == shadows.total()
    assert by_name["statuses"] == statuses.total()
    assert by_name["fallbacks"] == fallbacks.total()


def is_obeyed(made: Front, decisions: Counter[tuple[str, str]], fallbacks: Counter[str]) -> bool:
    """A request of Split whose user is sent to beta, counted as all are."""
    users = (f"obeyed-{number}" for number in range(1000))
    user = next(user for user in users if made.site.decides("Split", user).fallback)
    answer = made.ask("Split", user)
    decisions["Split", str(answer.upstream)] += 1
    fell_back = answer.upstream == "gamma"
    fallbacks["Split"] += fell_back
    return fell_back


def test_the_gauges_tell_the_revision_and_its_age(counted: Front) -> None:
    def gauge(name: str) -> int:
        return prometheus(counted)[labelled(name)]

    assert counted.ask("Home", "u_1").status == 200
    assert gauge("revision") == 1
    counted.site.publish(counted.world.document(canary=50))

    def is_two() -> bool:
        counted.ask("Home", "u_1")
        return gauge("revision") == 2

    wait_for("the gauge of the revision", is_two)
    assert 0 <= gauge("table_age_seconds") < 60
    assert abs(gauge("adopted_at_seconds") - time.time()) < 60


def test_degraded_answers_are_counted_as_such(counted: Front) -> None:
    site = counted.site
    site.set("cluster", "gamma", "down")
    users = [f"degraded-{number}" for number in range(60)]
    wait_for("the overlay", lambda: prometheus_degraded(counted) > 0)
    before = prometheus_degraded(counted)
    for user in users:
        assert counted.ask("Split", user).status == 200
    expected = sum(site.decides("Split", user).degraded for user in users)
    assert expected > 5
    assert prometheus_degraded(counted) == before + expected + 1


def prometheus_degraded(made: Front) -> int:
    """After one request of somebody whose answer is degraded."""
    users = (f"degraded-{number}" for number in range(1000))
    made.ask("Split", next(user for user in users if made.site.decides("Split", user).degraded))
    return prometheus(made).get(labelled("degraded", use_case="Split"), 0)


def test_a_thousand_random_names_make_no_new_label(counted: Front) -> None:
    for name in ("Home", "Nothing"):
        counted.ask(name, "u_1")
    before = set(counted.envoy.stats("turnout"))
    with counted.client() as client:
        for _ in range(1000):
            headers = {"x-turnout-use-case": f"x{secrets.token_hex(8)}", "x-turnout-unit": "u_1"}
            assert client.ask(headers).status == 404
    assert set(counted.envoy.stats("turnout")) == before
    assert counted.envoy.stats("turnout")["turnout.statuses.status.unknown_use_case"] == 1001


def test_a_thousand_random_routing_keys_make_no_new_label(own_site: Site, world: World) -> None:
    for kind in KINDS[:2]:
        with front(*kind, own_site, world, mode="routing_key") as made, made.client() as client:
            client.ask({"x-turnout-routing-key": "alpha"})
            client.ask({"x-turnout-routing-key": "nothing"})
            before = set(made.envoy.stats("turnout"))
            for _ in range(1000):
                key = {"x-turnout-routing-key": f"x{secrets.token_hex(8)}"}
                assert client.ask(key).status == 404
            assert set(made.envoy.stats("turnout")) == before


def test_counters_can_be_switched_off(own_site: Site, world: World) -> None:
    for kind in KINDS[:2]:
        with front(*kind, own_site, world, counters=False) as made:
            assert made.ask("Home", "u_1").status == 200
            counters = made.envoy.stats("turnout")
            assert not [name for name in counters if "decisions" in name or "statuses" in name]
