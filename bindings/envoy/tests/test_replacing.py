# SPDX-License-Identifier: Apache-2.0
"""Configurations come and go under load: no request fails, and nothing is left behind."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from bootstrap import FILTER, SPECIFIER, Face
from envoys import NEWEST, wait_for
from fronts import KINDS, NEWEST_KINDS, Front, World, settings, upstream_of
from load import Load, Orders
from sites import Site
from sources import Sources
from test_starting import keepers

REPLACED = 100
UPDATES = 20
USERS = [f"replaced-{number}" for number in range(300)]


@pytest.fixture
def sources(tmp_path: Path, world: World, own_site: Site) -> Sources:
    for upstream in world.http.by_name.values():
        upstream.remembers = False
    return Sources(tmp_path, world, own_site)


def check_under_load(made: Front, change: Callable[[int], object], times: int) -> None:
    """Every request is answered as the evaluator says while it is changed so often."""
    site = made.site
    expected = {user: upstream_of(site.decides("Split", user)) for user in USERS}
    before = decisions(made)
    with Load(Orders(made.port, "Split", USERS, 2 * len(USERS), connections=8)) as load:
        for number in range(times):
            change(number)
        told = load.told()
    failed = [answer for answer in told if answer.status != 200]
    assert failed == [], f"{len(failed)} of {len(told)}: {failed[:3]}"
    assert [answer for answer in told if answer.upstream != expected[answer.user]] == []
    # Counters go on where the configuration before left them; not those of a filter in Envoy 1.38.
    if not made.envoy.version.startswith("1.38"):
        assert decisions(made) == before + len(told)
    print(f"\n{made.kind}: {times} changes under {len(told)} requests")


def decisions(made: Front) -> int:
    return sum(made.envoy.stats("turnout.decisions").values())


@pytest.mark.parametrize("kind", NEWEST_KINDS, ids=lambda kind: kind[0])
def test_routes_are_replaced_under_load(kind: tuple[str, str], sources: Sources) -> None:
    """The specifier stands in them, and is made anew each time."""
    face = Face(kind[0], settings(sources.site))
    sources.write_routes(face)
    if kind[0] == FILTER:
        sources.write_filter(face)

    def change(number: int) -> None:
        slots = number % 5
        new = Face(kind[0], settings(sources.site, shadow_slots=slots), slots=slots)
        sources.replaced("rds.routes.config_reload", lambda: sources.write_routes(new, f"{number}"))

    with sources.front(*kind, [sources.listener_of_routes(face)]) as made:
        check_under_load(made, change, UPDATES)
        wait_for(
            "the last routes",
            lambda: made.ask("Split", "u_1").header("x-config") == f"{UPDATES - 1}",
        )
        assert len(keepers(made.envoy)) == 1


@pytest.mark.parametrize("version", [kind[1] for kind in KINDS if kind[0] == FILTER])
def test_the_filter_is_replaced_under_load(version: str, sources: Sources) -> None:
    face = Face(FILTER, settings(sources.site))
    sources.write_routes(face)
    sources.write_filter(face)

    def change(number: int) -> None:
        new = Face(FILTER, settings(sources.site, response_headers=number % 2 == 0))
        sources.replaced("turnout.config_reload", lambda: sources.write_filter(new))

    with sources.front(FILTER, version, [sources.listener_of_routes(face)]) as made:
        check_under_load(made, change, UPDATES)
        assert len(keepers(made.envoy)) == 1


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(kind))
def test_a_hundred_listeners_leave_neither_thread_nor_descriptor(
    kind: tuple[str, str], sources: Sources
) -> None:
    """Each is drained and its configuration given up while requests run."""
    face = Face(kind[0], settings(sources.site))
    sources.write_listener(face)
    times = REPLACED if kind[1] == NEWEST else UPDATES

    def change(number: int) -> None:
        sources.replaced(
            "listener_manager.lds.update_success",
            lambda: sources.write_listener(face, f"listener-{number}"),
        )

    with sources.front(*kind, []) as made:
        check_under_load(made, change, 3)
        wait_for("the old ones are gone", lambda: is_quiet(sources))
        threads, descriptors = made.envoy.threads(), made.envoy.descriptors()
        check_under_load(made, change, times)
        wait_for("the old ones are gone", lambda: is_quiet(sources))
        assert made.envoy.threads() == threads
        # Connections to upstreams are as many as there were at once.
        wait_for(
            f"no more than {descriptors} descriptors and some connections",
            lambda: made.envoy.descriptors() <= descriptors + 24,
        )
        assert made.ask("Split", "u_1").status == 200
        assert made.envoy.end(15) == 0


def is_quiet(sources: Sources) -> bool:
    assert sources.envoy is not None
    draining = ("total_listeners_draining", "total_filter_chains_draining")
    values = sources.envoy.stats("listener_manager.total")
    return all(value == 0 for name, value in values.items() if name.endswith(draining))


@pytest.mark.parametrize("kind", NEWEST_KINDS, ids=lambda kind: kind[0])
def test_a_bad_configuration_is_refused_and_the_old_one_serves_on(
    kind: tuple[str, str], sources: Sources, tmp_path: Path
) -> None:
    face = Face(kind[0], settings(sources.site))
    sources.write_listener(face)

    def change(number: int) -> None:
        bad = {"store": str(tmp_path / "nowhere")} if number % 2 else {"stores": "/x"}
        new = Face(kind[0], settings(sources.site, **bad))
        sources.replaced(
            "listener_manager.lds.update_rejected",
            lambda: sources.write_listener(new, f"bad-{number}"),
        )

    with sources.front(*kind, []) as made:
        check_under_load(made, change, 6)
        log = made.envoy.log()
        assert str(tmp_path / "nowhere") in log and "stores" in log
        sources.replaced(
            "listener_manager.lds.update_success", lambda: sources.write_listener(face, "good")
        )
        assert made.ask("Split", "u_1").status == 200


def test_another_store_takes_over_and_back(sources: Sources, site: Site, world: World) -> None:
    """Twenty times; an engine that nobody uses any more is closed, and its thread ends."""
    with_own = Face(SPECIFIER, settings(sources.site))
    with_other = Face(SPECIFIER, settings(site))
    sources.write_listener(with_own)
    with sources.front(SPECIFIER, NEWEST, []) as made:
        for number in range(UPDATES):
            face = with_other if number % 2 == 0 else with_own
            sources.replaced(
                "listener_manager.lds.update_success",
                lambda face=face, number=number: sources.write_listener(face, f"at-{number}"),
            )
            assert made.ask("Home", "u_1").status == 200
            assert len(keepers(made.envoy)) <= 2
        changes = itertools.count()

        def has_one_keeper() -> bool:
            """Looked for when a configuration is made, and the old one must have drained."""
            sources.replaced(
                "listener_manager.lds.update_success",
                lambda: sources.write_listener(with_own, f"again-{next(changes)}"),
            )
            return len(keepers(made.envoy)) == 1

        wait_for("the other store's thread has ended", has_one_keeper)
        sources.site.publish(world.document(canary=33))
        wait_for("its publish", lambda: made.ask("Home", "u_1").seen("revision") == "2")
