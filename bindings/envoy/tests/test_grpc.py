# SPDX-License-Identifier: Apache-2.0
"""Calls of gRPC: who gets them, and that all of them gets through."""

from __future__ import annotations

import hashlib
import os
import time

import grpc
import pytest

from envoys import wait_for
from fronts import Front, asked, upstream_of, version_of

LARGE = 4 << 20


def test_two_hundred_users_get_their_upstream_and_the_shadow_exactly_its_sample(
    everywhere: Front,
) -> None:
    site, rpc = everywhere.site, everywhere.world.rpc
    users = [f"caller-{number}" for number in range(200)]
    sampled = [user for user in users if site.decides("Rpc", user).shadows]
    assert 0 < len(sampled) < len(users)
    with everywhere.caller() as caller:
        for user in users:
            message = user.encode()
            outcome = caller.unary(message, asked("Rpc", user))
            decision = site.decides("Rpc", user)
            assert outcome.code == grpc.StatusCode.OK, outcome
            assert outcome.messages == [message]
            assert outcome.upstream == upstream_of(decision)
            last = rpc[upstream_of(decision)].seen[-1]
            assert (
                last.header("x-turnout-model"),
                last.header("x-turnout-version"),
            ) == version_of(decision)
    shadow = rpc["rpc-c"]
    wait_for("the copies", lambda: len(shadow.seen) >= len(sampled))
    assert sorted(str(call.header("x-turnout-unit")) for call in shadow.seen) == sorted(sampled)
    assert {call.header("x-turnout-version") for call in shadow.seen} == {"v3"}
    assert {call.header("x-turnout-shadow") for call in shadow.seen} == {"1"}


def test_a_message_of_four_mebibytes_comes_and_goes_whole(everywhere: Front) -> None:
    message = os.urandom(LARGE)
    with everywhere.caller() as caller:
        outcome = caller.unary(message, asked("Rpc", "large"))
    assert outcome.code == grpc.StatusCode.OK, outcome.details
    assert outcome.messages == [message]


def test_a_stream_of_a_hundred_messages_comes_back_whole_and_is_copied(everywhere: Front) -> None:
    site, rpc = everywhere.site, everywhere.world.rpc
    user = next(user for user in map(str, range(100)) if site.decides("Rpc", user).shadows)
    messages = [os.urandom(1 + number * 97) for number in range(100)]
    with everywhere.caller() as caller:
        outcome = caller.bidi(messages, asked("Rpc", user))
    assert (outcome.code, outcome.messages) == (grpc.StatusCode.OK, messages)
    shadow = rpc["rpc-c"]
    wait_for("the copy", lambda: shadow.seen)
    assert shadow.seen[0].messages == [hashlib.sha256(one).hexdigest() for one in messages]


def test_an_error_of_the_upstream_is_the_callers(everywhere: Front) -> None:
    with everywhere.caller() as caller:
        outcome = caller.unary(b"one", asked("Rpc", "u_1"), method="Refuse")
    assert outcome.code == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert outcome.details == "too many at once: 90 % of 10"


def test_trailers_come_through_with_bytes_and_all(everywhere: Front) -> None:
    with everywhere.caller() as caller:
        for outcome in (
            caller.unary(b"one", asked("Rpc", "u_1")),
            caller.bidi([b"one"], asked("Rpc", "u_1")),
        ):
            assert outcome.trailers["odd-bin"] == b"\x00\xff\x01"


def test_metadata_of_the_caller_come_through_with_bytes_and_all(everywhere: Front) -> None:
    given: list[tuple[str, str | bytes]] = [("own", "text"), ("own-bin", b"\xfe\x00")]
    with everywhere.caller() as caller:
        outcome = caller.unary(b"one", [*asked("Rpc", "u_1"), *given])
    call = everywhere.world.rpc[str(outcome.upstream)].seen[0]
    assert (call.header("own"), call.header("own-bin")) == ("text", b"\xfe\x00")


@pytest.mark.parametrize("seconds", [0.2])
def test_a_deadline_ends_a_call_that_nobody_answers(everywhere: Front, seconds: float) -> None:
    began = time.monotonic()
    with everywhere.caller() as caller:
        outcome = caller.unary(b"one", asked("Rpc", "u_1"), method="Wait", timeout=seconds)
        assert outcome.code == grpc.StatusCode.DEADLINE_EXCEEDED
        assert time.monotonic() - began > seconds
        assert caller.unary(b"two", asked("Rpc", "u_1")).code == grpc.StatusCode.OK
