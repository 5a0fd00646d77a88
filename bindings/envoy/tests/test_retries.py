# SPDX-License-Identifier: Apache-2.0
"""Retries: with refresh_cluster_on_retry the specifier is asked again before each."""

from __future__ import annotations

import threading
from typing import Any

from bootstrap import FILTER, SPECIFIER
from envoys import NEWEST, wait_for
from fronts import Front, World, asked, front, upstream_of
from sites import Site

RETRY = {"retry_on": "5xx", "num_retries": 3}
BACK_OFF = {"base_interval": "0.4s", "max_interval": "0.8s"}


def face(refresh: bool) -> dict[str, Any]:
    policy = {**RETRY, "retry_back_off": BACK_OFF}
    if refresh:
        policy["refresh_cluster_on_retry"] = True
    return {"retry": policy, "include_attempts": True}


def first_of_alpha(site: Site) -> str:
    users = (f"retry-{number}" for number in range(1000))
    return next(user for user in users if upstream_of(site.decides("Home", user)) == "alpha")


def test_a_retry_avoids_a_cluster_that_was_set_down_meanwhile(own_site: Site, world: World) -> None:
    """alpha fails; while the retry waits, alpha is set down, and gamma is next in the placement."""
    with front(SPECIFIER, NEWEST, own_site, world, face(refresh=True)) as made:
        alpha = world.http["alpha"]
        alpha.status = 503
        user = first_of_alpha(own_site)
        answers = asked_beside(made, user)
        wait_for("the first attempt", lambda: alpha.count)
        own_site.set("cluster", "alpha", "down")
        answer = answers()
        assert answer.status == 200
        assert answer.upstream == "gamma" == upstream_of(own_site.decides("Home", user))
        line = made.logged()[0]
        assert line["upstream"] == "gamma" == line["routing_key"]
        assert (line["fallback"], line["attempts"]) == ("true", alpha.count + 1)
        assert line["model"] == "ranker"


def test_a_retry_with_nothing_new_goes_where_the_first_went(own_site: Site, world: World) -> None:
    """A decision is a function of request, table and overlay."""
    with front(SPECIFIER, NEWEST, own_site, world, face(refresh=True)) as made:
        world.http["alpha"].status = 503
        user = first_of_alpha(own_site)
        answer = made.ask("Home", user)
        assert (answer.status, answer.upstream) == (503, "alpha")
        assert world.http["alpha"].count == 1 + RETRY["num_retries"]  # type: ignore[operator]
        assert made.logged()[0]["attempts"] == 4
        counted = made.envoy.stats("turnout.decisions")
        assert sum(counted.values()) == 4, "each retry chooses again"


def test_a_retry_obeys_a_publish_that_came_meanwhile(own_site: Site, world: World) -> None:
    with front(SPECIFIER, NEWEST, own_site, world, face(refresh=True)) as made:
        alpha = world.http["alpha"]
        alpha.status = 503
        user = first_of_alpha(own_site)
        answers = asked_beside(made, user)
        wait_for("the first attempt", lambda: alpha.count)
        text = world.document().replace("cluster: [alpha, gamma]", "cluster: [beta]")
        own_site.publish(text)
        answer = answers()
        assert (answer.status, answer.upstream) == (200, "beta")
        assert made.logged()[0]["revision"] == "2"


def test_the_filters_retries_stay_with_the_first_cluster(own_site: Site, world: World) -> None:
    """Envoy asks filters once."""
    with front(FILTER, NEWEST, own_site, world, face(refresh=False)) as made:
        world.http["alpha"].status = 503
        answer = made.ask("Home", first_of_alpha(own_site))
        assert (answer.status, answer.upstream) == (503, "alpha")
        assert world.http["alpha"].count == 4
        assert sum(made.envoy.stats("turnout.decisions").values()) == 1


def asked_beside(front_: Front, user: str) -> Any:
    """Asks in a thread; call what this gives for the answer."""
    got: list[Any] = []

    def ask() -> None:
        with front_.client() as client:
            got.append(client.ask(asked("Home", user)))

    thread = threading.Thread(target=ask)
    thread.start()

    def answer() -> Any:
        thread.join()
        return got[0]

    return answer
