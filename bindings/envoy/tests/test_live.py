# SPDX-License-Identifier: Apache-2.0
"""What is published or set on the host is obeyed at once, and Envoy is not told of it."""

from __future__ import annotations

import pytest

from envoys import wait_for
from fronts import KINDS, Front, World, front, upstream_of
from sites import Site
from timing import measured

SECONDS = 5.0
"""Generous: how fast it really is `Tests/Envoy/figures` prints."""


def check_obeyed(made: Front, user: str) -> None:
    """The user is soon where the evaluator says, and no configuration has come to Envoy."""
    decision = made.site.decides("Home", user)
    wanted = "200 " + upstream_of(decision)

    def holds() -> bool:
        answer = made.ask("Home", user)
        assert made.site.head is not None
        revision = str(made.site.head.number)
        return (
            f"{answer.status} {answer.upstream}" == wanted and answer.seen("revision") == revision
        )

    wait_for(f"{user} is answered by {wanted}", holds, SECONDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(kind))
def test_a_publish_and_the_overlay_are_obeyed_with_no_reload(
    kind: tuple[str, str], own_site: Site, world: World
) -> None:
    with front(*kind, own_site, world) as made:
        user = next(
            user
            for user in (f"live-{number}" for number in range(1000))
            if upstream_of(own_site.decides("Home", user)) == "alpha"
            and not own_site.decides("Home", user).cells
        )
        check_obeyed(made, user)
        before = made.envoy.stats("listener_manager|config_reload|init_success")
        own_site.publish(world.document(canary=0))
        assert upstream_of(own_site.decides("Home", user)) == "beta"
        check_obeyed(made, user)
        own_site.set("cluster", "beta", "down")
        assert upstream_of(own_site.decides("Home", user)) == "gamma"
        check_obeyed(made, user)
        test = "a fallback is logged as one"
        made.ask("Home", user, {"x-test": test})
        assert made.logged_test(test)["fallback"] == "true"
        own_site.set("cluster", "gamma", "draining")
        wait_for(
            "a degraded answer",
            lambda: (
                own_site.decides("Home", user).degraded
                and made.ask("Home", user, {"x-test": "degraded"}).upstream == "gamma"
            ),
        )
        for name in ("beta", "gamma"):
            own_site.set("cluster", name, "up")
        check_obeyed(made, user)
        own_site.set("use-case", "Home", "off")
        wait_for("the switch", lambda: made.ask("Home", user).status == 503, SECONDS)
        own_site.set("use-case", "Home", "on")
        check_obeyed(made, user)
        after = made.envoy.stats("listener_manager|config_reload|init_success")
        assert before == after


@pytest.mark.parametrize("kind", KINDS[:2], ids=lambda kind: kind[0])
def test_twenty_changes_are_each_obeyed_in_time(
    kind: tuple[str, str], own_site: Site, world: World
) -> None:
    """Publishes and changes of the overlay in turn. The figures stand in the log of the suite."""
    with front(*kind, own_site, world) as made:
        figures = measured(made, 20)
    print(f"\n{kind[0]}: {figures.text()}")
    assert figures.worst < SECONDS


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(kind))
def test_a_shadow_that_is_switched_off_gets_nothing_more(
    kind: tuple[str, str], own_site: Site, world: World
) -> None:
    with front(*kind, own_site, world) as made:
        users = (f"shadowed-{number}" for number in range(1000))
        user = next(
            user
            for user in users
            if [one.name for one in own_site.decides("Home", user).shadows] == ["dark"]
            and upstream_of(own_site.decides("Home", user)) != "gamma"
        )
        gamma = world.http["gamma"]
        made.ask("Home", user)
        wait_for("the copy", lambda: gamma.count == 1)
        own_site.set("shadow", "Home/dark", "off")

        def has_none() -> bool:
            test = f"off {len(made._lines())}"
            made.ask("Home", user, {"x-test": test})
            return made.logged_test(test)["shadow_1"] is None

        wait_for("the switch", has_none)
        before = gamma.count
        for _ in range(20):
            made.ask("Home", user)
        assert gamma.count == before
