# SPDX-License-Identifier: Apache-2.0
"""Clients that leave early, and Envoys that end in the midst of it all."""

from __future__ import annotations

import json
import random
import signal
import socket
import struct
from collections.abc import Callable

import pytest

from bootstrap import FILTER
from envoys import wait_for
from fronts import KINDS, NEWEST_KINDS, Front, World, asked, front, upstream_of
from load import Load, Orders
from sites import Site

LEAVING = 300
NEWEST_ONES = pytest.mark.parametrize("kind", NEWEST_KINDS, ids=lambda kind: kind[0])


def left(port: int, sent: bytes, resets: bool) -> None:
    """Sends that and goes, without a word or with a reset."""
    with socket.create_connection(("127.0.0.1", port)) as made:
        if resets:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        made.sendall(sent)


def check_unharmed_by(made: Front, request: Callable[[random.Random], bytes]) -> None:
    dice = random.Random(5)
    made.ask("Home", "u_1")
    descriptors = made.envoy.descriptors()
    for number in range(LEAVING):
        left(made.port, request(dice), resets=number % 2 == 0)
    wait_for(
        "their descriptors are given back",
        lambda: made.envoy.descriptors() <= descriptors + 24,
    )
    decision = made.site.decides("Home", "u_2")
    assert made.ask("Home", "u_2").upstream == upstream_of(decision)


def torn(dice: random.Random) -> bytes:
    """A request for somebody, cut anywhere."""
    use_case = dice.choice(["Home", "Split", "Nothing"])
    head = f"POST / HTTP/1.1\r\nhost: a\r\nx-turnout-use-case: {use_case}\r\n"
    head += f"x-turnout-unit: left-{dice.random()}\r\ncontent-length: 60000\r\n\r\n"
    whole = head.encode() + b"x" * 60_000
    return whole[: dice.randrange(len(head) // 2, len(whole))]


def torn_question(dice: random.Random) -> bytes:
    body = json.dumps([{"use_case": "Home", "unit": f"u_{number}"} for number in range(200)])
    head = f"POST /directory HTTP/1.1\r\nhost: a\r\ncontent-length: {len(body)}\r\n\r\n"
    whole = (head + body).encode()
    return whole[: dice.randrange(len(head) // 2, len(whole) + 1)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(kind))
def test_clients_that_leave_early_harm_nobody(
    kind: tuple[str, str], site: Site, world: World
) -> None:
    with front(*kind, site, world) as made:
        check_unharmed_by(made, torn)


def test_clients_that_leave_before_the_directory_answers_harm_nobody(
    site: Site, world: World
) -> None:
    for version in [kind[1] for kind in KINDS if kind[0] == FILTER]:
        with front(FILTER, version, site, world, directory="/directory") as made:
            check_unharmed_by(made, torn_question)


@NEWEST_ONES
def test_sigterm_under_load_ends_it_cleanly(
    kind: tuple[str, str], site: Site, world: World
) -> None:
    users = [f"ending-{number}" for number in range(50)]
    with front(*kind, site, world) as made, Load(Orders(made.port, "Home", users, 50)):
        wait_for("a thousand requests", lambda: has_counted(made, 1000))
        assert made.envoy.end(signal.SIGTERM) == 0
        assert "Caught " not in made.envoy.log()


def has_counted(made: Front, count: int) -> bool:
    return sum(made.envoy.stats("turnout.decisions").values()) >= count


@NEWEST_ONES
def test_an_envoy_that_is_killed_leaves_the_store_as_it_was(
    kind: tuple[str, str], own_site: Site, world: World
) -> None:
    """Four times, under load; each time the store takes a publish and the next Envoy obeys it."""
    users = [f"killed-{number}" for number in range(50)]
    for number in range(4):
        with (
            front(*kind, own_site, world) as made,
            Load(Orders(made.port, "Home", users, 50), processes=1),
        ):
            wait_for("some requests", lambda made=made: has_counted(made, 200))
            made.envoy.end(signal.SIGKILL)
        own_site.publish(world.document(canary=60 + number))
        assert own_site.head is not None
        with front(*kind, own_site, world) as made, made.client() as client:
            for user in users[:10]:
                answer = client.ask(asked("Home", user))
                assert answer.upstream == upstream_of(own_site.decides("Home", user))
                assert answer.seen("revision") == str(own_site.head.number)
