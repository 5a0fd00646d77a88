# SPDX-License-Identifier: Apache-2.0
"""Bodies come to the upstream and to the shadow as they were sent, and come back so."""

from __future__ import annotations

import hashlib
import itertools
import os
import random

import pytest

from envoys import wait_for
from fronts import Front, asked, upstream_of

SIZES = [0, 1, 16_383, 65_536, 1_048_577, 4 << 20]


def chunks_of(body: bytes) -> list[bytes]:
    """Cut anywhere."""
    dice = random.Random(len(body))
    cuts = sorted({0, len(body), *(dice.randrange(len(body) + 1) for _ in range(40))})
    return [body[start:end] for start, end in itertools.pairwise(cuts)]


@pytest.mark.parametrize("way", ["length", "chunked"])
@pytest.mark.parametrize("size", SIZES)
def test_a_body_goes_and_comes_byte_for_byte(newest: Front, size: int, way: str) -> None:
    site, upstreams = newest.site, newest.world.http
    users = (f"payload-{number}" for number in range(1000))
    user = next(user for user in users if len(site.decides("Home", user).shadows) == 2)
    decision = site.decides("Home", user)
    body = os.urandom(size)
    with newest.client() as client:
        given = asked("Home", user)
        if way == "length":
            answer = client.ask(given, body=body)
        else:
            answer = client.ask(given, chunks=chunks_of(body))
        assert (answer.status, answer.upstream) == (200, upstream_of(decision))
        assert answer.body == body
    wait_for("both copies", lambda: len(upstreams.seen()) >= 3)
    digest = hashlib.sha256(body).hexdigest()
    assert {seen.body for seen in upstreams.seen()} == {digest}
    assert {seen.method for seen in upstreams.seen()} == {"POST"}
    copies = [seen for seen in upstreams.seen() if seen.header("x-turnout-shadow") == "1"]
    wanted = [shadow.destination.routing_key for shadow in decision.shadows]
    assert sorted(seen.upstream for seen in copies) == sorted(wanted)


def test_many_bodies_over_one_connection(newest: Front) -> None:
    dice = random.Random(7)
    with newest.client() as client:
        for number in range(150):
            body = dice.randbytes(dice.choice([0, 10, 3_000, 70_000]))
            user = f"many-{number}"
            headers = asked("Home", user)
            if number % 2:
                answer = client.ask(headers, body=body)
            else:
                answer = client.ask(headers, chunks=chunks_of(body))
            assert answer.upstream == upstream_of(newest.site.decides("Home", user))
            assert answer.body == body


def test_other_headers_and_the_path_are_left_alone(everywhere: Front) -> None:
    path = "/a/b%20c?x=1&y=%2F#"[:-1]
    given = [("x-own", "one"), ("x-own", "two"), ("cookie", "a=b"), ("host", "shop.example:1")]
    answer = everywhere.ask("Split", "u_1", given, path=path, method="PUT", body=b"x")
    (seen,) = everywhere.world.http[str(answer.upstream)].seen
    assert (seen.method, seen.path, seen.header("host")) == ("PUT", path, "shop.example:1")
    # Envoy may join the two.
    assert ",".join(seen.all("x-own")).replace(" ", "") == "one,two"
    assert seen.header("x-turnout-use-case") == "Split"
