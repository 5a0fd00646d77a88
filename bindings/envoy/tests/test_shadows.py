# SPDX-License-Identifier: Apache-2.0
"""What becomes of a shadow harms nobody."""

from __future__ import annotations

import time

from envoys import wait_for
from fronts import Front, asked, upstream_of
from load import Load, Orders


def users_of(front: Front, shadow: str, count: int) -> list[str]:
    """Users of whom the shadow gets a copy and whom its cluster does not answer."""
    found = []
    for number in range(100_000):
        decision = front.site.decides("Home", f"shadow-{number}")
        names = {one.name: one.destination.routing_key for one in decision.shadows}
        if set(names) == {shadow} and names[shadow] != upstream_of(decision):
            found.append(f"shadow-{number}")
        if len(found) == count:
            return found
    raise AssertionError("no such users")


def check_unharmed(front: Front, users: list[str]) -> list[float]:
    """All answered by whom they should be; how long each took."""
    with Load(Orders(front.port, "Home", users, len(users)), processes=1) as load:
        told = load.told()
    assert len(told) == len(users)
    for answer in told:
        decision = front.site.decides("Home", answer.user)
        assert (answer.status, answer.upstream) == (200, upstream_of(decision))
    return sorted(answer.ended - answer.began for answer in told)


def test_a_shadow_that_never_answers_harms_nobody(newest: Front) -> None:
    gamma = newest.world.http["gamma"]
    gamma.silent = True
    users = users_of(newest, "dark", 100)
    took = check_unharmed(newest, users)
    # Its route's timeout is 15 s; nobody has waited for that.
    assert took[-1] < 10
    wait_for("the copies", lambda: gamma.count == len(users))


def test_a_slow_shadow_harms_nobody(newest: Front) -> None:
    gamma = newest.world.http["gamma"]
    gamma.delay = 12.0
    began = time.monotonic()
    check_unharmed(newest, users_of(newest, "dark", 100))
    assert time.monotonic() - began < gamma.delay


def test_a_shadow_that_answers_with_errors_harms_nobody(newest: Front) -> None:
    gamma = newest.world.http["gamma"]
    gamma.status = 500
    users = users_of(newest, "dark", 100)
    check_unharmed(newest, users)
    wait_for("the copies", lambda: gamma.count == len(users))


def test_a_dead_shadow_harms_nobody(newest: Front) -> None:
    newest.world.http.close("gamma")
    check_unharmed(newest, users_of(newest, "dark", 100))


def test_a_shadow_that_dies_under_a_large_body_harms_nobody(newest: Front) -> None:
    newest.world.http["gamma"].silent = True
    (user,) = users_of(newest, "dark", 1)
    body = b"large" * (1 << 20)
    with newest.client() as client:
        for closes in (False, True, False):
            if closes:
                newest.world.http.close("gamma")
            answer = client.ask(asked("Home", user), body=body)
            assert (answer.status, answer.body == body) == (200, True)
