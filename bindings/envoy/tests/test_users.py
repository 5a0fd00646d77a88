# SPDX-License-Identifier: Apache-2.0
"""Two thousand users, every one of whom the second evaluator speaks about."""

from __future__ import annotations

from collections import Counter

from envoys import wait_for
from fronts import Front, upstream_of, version_of
from load import Load, Orders

USERS = [f"user-{number}" for number in range(2000)]


def test_every_user_is_where_the_evaluator_says(newest: Front) -> None:
    site = newest.site
    expected = {user: site.decides("Home", user) for user in USERS}
    with Load(Orders(newest.port, "Home", USERS, len(USERS))) as load:
        told = load.told()
    assert sorted(answer.user for answer in told) == sorted(USERS)
    for answer in told:
        decision = expected[answer.user]
        assert answer.status == 200
        assert answer.upstream == upstream_of(decision)
        assert (answer.model, answer.version) == version_of(decision)
        assert answer.revision == "1"
    split = Counter(answer.upstream for answer in told)
    assert set(split) == {"alpha", "beta"}, "or this has shown little"
    # The copies: exactly the sampled users, each once, with the shadow's own version.
    sampled = Counter(
        (user, shadow.destination.routing_key, shadow.destination.version)
        for user, decision in expected.items()
        for shadow in decision.shadows
    )
    by_name = Counter(shadow.name for one in expected.values() for shadow in one.shadows)
    both = sum(len(decision.shadows) == 2 for decision in expected.values())
    assert 150 < by_name["dark"] < 250 and 500 < by_name["wide"] < 700 and both > 10
    upstreams = newest.world.http

    def copies() -> Counter[tuple[str, str, str]]:
        return Counter(
            (
                str(seen.header("x-turnout-unit")),
                seen.upstream,
                f"{seen.header('x-turnout-model')}@{seen.header('x-turnout-version')}",
            )
            for seen in upstreams.seen()
            if seen.header("x-turnout-shadow") is not None
        )

    total = len(USERS) + sampled.total()
    wait_for("all copies", lambda: len(upstreams.seen()) >= total)
    assert copies() == sampled
    assert len(upstreams.seen()) == total


def test_three_upstreams_share_the_users_of_a_split(newest: Front) -> None:
    site = newest.site
    with Load(Orders(newest.port, "Split", USERS, len(USERS))) as load:
        told = load.told()
    assert len(told) == len(USERS)
    for answer in told:
        decision = site.decides("Split", answer.user)
        assert (answer.status, answer.upstream) == (200, upstream_of(decision))
    assert set(Counter(answer.upstream for answer in told)) == {"alpha", "beta", "gamma"}


def test_old_envoys_split_alike(everywhere: Front) -> None:
    users = USERS[:300]
    with Load(Orders(everywhere.port, "Home", users, len(users)), processes=1) as load:
        told = load.told()
    for answer in told:
        decision = everywhere.site.decides("Home", answer.user)
        assert (answer.status, answer.upstream) == (200, upstream_of(decision))
    wanted = sorted(
        (user, shadow.destination.routing_key)
        for user in users
        for shadow in everywhere.site.decides("Home", user).shadows
    )

    def copies() -> list[tuple[str, str]]:
        return sorted(
            (str(seen.header("x-turnout-unit")), seen.upstream)
            for seen in everywhere.world.http.seen()
            if seen.header("x-turnout-shadow") is not None
        )

    wait_for("all copies", lambda: len(copies()) >= len(wanted))
    assert copies() == wanted


def test_shards_follow_the_session(everywhere: Front) -> None:
    """A unit other than the user, whose clusters are called `chat/g0` and `chat/g1`."""
    site, seen = everywhere.site, set()
    for number in range(60):
        session, user = f"s-{number}", f"u-{number % 7}"
        decision = site.decides("Chat", user, units={"session": session})
        answer = everywhere.ask("Chat", user, {"x-session-id": session})
        assert (answer.status, answer.upstream) == (200, upstream_of(decision))
        seen.add(answer.upstream)
    assert seen == {"chat/g0", "chat/g1"}
