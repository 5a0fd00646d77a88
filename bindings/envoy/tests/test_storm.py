# SPDX-License-Identifier: Apache-2.0
"""Sixty thousand requests while a hundred publishes and twenty changes of the overlay happen: no
error, and every answer is that of one revision."""

from __future__ import annotations

from dataclasses import replace

import pytest

from envoys import wait_for
from fronts import NEWEST_KINDS, World, front
from load import Load, Orders
from sites import Site
from timeline import Timeline

REQUESTS = 60_000
PUBLISHES = 100
OVERLAYS = 20
USERS = [f"storm-{number}" for number in range(400)]
SECONDS = 240.0


@pytest.mark.parametrize("kind", NEWEST_KINDS, ids=lambda kind: kind[0])
def test_every_answer_is_that_of_one_revision(
    kind: tuple[str, str], own_site: Site, world: World
) -> None:
    for upstream in world.http.by_name.values():
        upstream.remembers = False
    with front(*kind, own_site, world) as made:
        timeline = Timeline(own_site)
        upstreams = [world.http[name] for name in ("alpha", "beta", "gamma")]
        orders = Orders(made.port, "Split", USERS, REQUESTS, connections=16, body=64)
        with Load(orders) as load:
            for number in range(PUBLISHES):
                # Spread over the load, as that goes on.
                due = REQUESTS * number // (PUBLISHES + 2)
                wait_for(
                    f"{due} requests",
                    lambda due=due: sum(upstream.count for upstream in upstreams) >= due,
                    SECONDS,
                )
                text = world.document().replace("ranker@v1: 1,", f"ranker@v1: {number + 2},")
                timeline.publish(text)
                if number % 5 == 0:
                    name = ("alpha", "beta")[number // 10 % 2]
                    timeline.set("cluster", name, "down" if number % 10 == 0 else "up")
            told = load.told()
        assert len(timeline.revisions) == PUBLISHES + 1
        assert len(timeline.overlays) == OVERLAYS + 1
        assert len(told) >= REQUESTS
        assert timeline.wrong("Split", told)[:10] == []
        # The judge is no yes-man: what another revision, or nobody, would say is wrong.
        one = told[len(told) // 2]
        forged = [
            replace(one, revision="1", model="other"),
            replace(one, upstream="chat/g0"),
            replace(one, revision=str(int(one.revision) + 50)),
            replace(one, status=503),
        ]
        assert len(timeline.wrong("Split", forged)) == len(forged)
        # All of it was met: or the above shows little.
        met = {int(answer.revision) for answer in told}
        assert len(met) > PUBLISHES * 0.9, f"only {len(met)} revisions answered"
        counted = made.envoy.stats("turnout.decisions")
        assert sum(counted.values()) == len(told)
        fell_back = made.envoy.stats("turnout.fallbacks")
        assert sum(fell_back.values()) > 0
        seconds = max(answer.ended for answer in told) - min(answer.began for answer in told)
        print(f"\n{kind[0]}: {len(told)} answers of {len(met)} revisions in {seconds:.1f} s")
