# SPDX-License-Identifier: Apache-2.0
"""Directory assistance: the filter says who would answer, as `turnout resolve --json` does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from asking import Answer
from bootstrap import FILTER
from envoys import wait_for
from fronts import KINDS, Front, World, front
from sites import Site

PATH = "/turnout/v1/resolve"
BODY_MAX = 256 << 10
REQUESTS_MAX = 256
BODIES: list[dict[str, Any]] = [
    {"use_case": "Home", "unit": "u_1"},
    {"use_case": "Home", "unit": "u_2", "context": {"kids": True}},
    {"use_case": "Home", "unit": "u_3", "context": {"country": "NO", "tenure_days": 3}},
    {"use_case": "Home", "unit": "u_4", "context": {"traffic": "replay"}},
    {"use_case": "Home", "unit": "u_5", "assignments": {"trailers": "moving"}},
    {"use_case": "Home", "unit": "u_6", "assignments": {"trailers": None}},
    {"use_case": "Home", "unit_base64": "//4A"},
    {"use_case": "Home", "request_id": "r_1"},
    {"use_case": "Home", "unit": 'naïve \u2603 "quoted"'},
    {"use_case": "Home", "unit": "u_7", "now": "2026-11-20T00:00:00Z"},
    {"use_case": "Chat", "unit": "u_1", "units": {"session": "s_1"}},
    {"use_case": "Needy", "unit": "u_1", "context": {"country": "US"}},
    {"use_case": "Needy", "unit": "u_1"},
    {"use_case": "Off", "unit": "u_1"},
    {"use_case": "Nothing", "unit": "u_1"},
    {"use_case": "Rpc", "unit": "u_1"},
]
NO_REQUESTS = [
    "",
    "{",
    "nothing",
    "[",
    '{"use_case":"Home","unti":"u_1"}',
    '{"use_case":"Home","unit":"u_1","unit":"u_2"}',
    '{"use_case":7}',
    '{"unit":"u_1"}',
    '"Home"',
    '[{"use_case":"Home"},7]',
    '[{"use_case":"Home"},]',
    '{"use_case":"Home"} {"use_case":"Home"}',
    '{"use_case":"Home","context":{"tenure_days":1e999}}',
    '{"use_case":"Home","unit_base64":"!"}',
    '{"use_case":"Home","now":"tomorrow"}',
    '{"use_case":"Home","units":[]}',
]


@pytest.fixture(
    scope="module", params=[kind[1] for kind in KINDS if kind[0] == FILTER], ids=lambda kind: kind
)
def directory(request: pytest.FixtureRequest, site: Site, world: World) -> Iterator[Front]:
    with front(FILTER, request.param, site, world, directory=PATH, attributes={}) as made:
        yield made


def told(front_: Front, body: bytes | str, **more: Any) -> Answer:
    given = body.encode() if isinstance(body, str) else body
    with front_.client() as client:
        return client.ask({"content-type": "application/json"}, PATH, given, **more)


@pytest.mark.parametrize("body", BODIES, ids=json.dumps)
def test_one_request_is_answered_as_the_command_answers(
    directory: Front, body: dict[str, Any]
) -> None:
    answer = told(directory, json.dumps(body))
    assert answer.status == 200
    assert answer.header("content-type") == "application/json"
    assert answer.body.decode().strip() == directory.site.resolved(json.dumps(body))


def test_a_list_is_answered_in_its_order(directory: Front) -> None:
    answer = told(directory, json.dumps(BODIES))
    lines = directory.site.store.resolve([json.dumps(body) for body in BODIES], None)
    assert answer.status == 200
    assert answer.body.decode().strip() == f"[{','.join(lines)}]"


def test_an_empty_list_is_a_list(directory: Front) -> None:
    answer = told(directory, "[]")
    assert (answer.status, json.loads(answer.body)) == (200, [])


@pytest.mark.parametrize("body", NO_REQUESTS)
def test_what_is_no_request_gets_400_and_a_reason(directory: Front, body: str) -> None:
    answer = told(directory, body)
    assert answer.status == 400
    said = json.loads(answer.body)
    assert list(said) == ["error"] and len(said["error"]) > 10


def test_grpc_is_never_told_that_a_refusal_is_fine(directory: Front) -> None:
    with directory.client() as client:
        for method, body, status in [("POST", b"{", "3"), ("PUT", b"{}", "12")]:
            answer = client.ask(
                {"content-type": "application/grpc"}, PATH, body=body, method=method
            )
            assert answer.header("grpc-status") == status


def test_bytes_that_are_no_text_get_400(directory: Front) -> None:
    assert told(directory, b'{"use_case":"Ho\xffme"}').status == 400


def test_what_is_too_much_gets_413(directory: Front) -> None:
    """Bytes with and without their number said before, and requests."""
    padding = b" " * BODY_MAX
    assert told(directory, padding + json.dumps(BODIES[0]).encode()).status == 413
    with directory.client() as client:
        pieces = [padding[:65_536]] * 5
        assert client.ask({}, PATH, chunks=pieces, method="POST").status == 413
    most = json.dumps([{"use_case": "Home"}] * REQUESTS_MAX)
    assert told(directory, most).status == 200
    more = json.dumps([{"use_case": "Home"}] * (REQUESTS_MAX + 1))
    assert told(directory, more).status == 413


def test_a_body_in_pieces_is_one_body(directory: Front) -> None:
    body = json.dumps(BODIES).encode()
    pieces = [body[start : start + 7] for start in range(0, len(body), 7)]
    with directory.client() as client:
        answer = client.ask({}, PATH, chunks=pieces)
        assert (answer.status, len(json.loads(answer.body))) == (200, len(BODIES))
        # And the connection goes on.
        assert client.ask({}, PATH, body=b"[]").status == 200


def test_only_posts_are_answered(directory: Front) -> None:
    with directory.client() as client:
        for method in ("GET", "PUT", "DELETE"):
            answer = client.ask({}, PATH, method=method)
            assert (answer.status, answer.header("allow")) == (405, "POST")


def test_nothing_of_it_reaches_an_upstream_and_other_paths_do(directory: Front) -> None:
    told(directory, json.dumps(BODIES))
    assert directory.world.http.seen() == []
    answer = directory.ask("Split", "u_1", path=f"{PATH}/more", body=b"x")
    assert answer.upstream is not None


def test_it_answers_from_the_overlay_and_the_head_of_now(own_site: Site, world: World) -> None:
    body = json.dumps({"use_case": "Strict", "unit": "u_1"})
    with front(FILTER, "1.40.0", own_site, world, directory=PATH) as made:
        assert json.loads(told(made, body).body)["status"] == "ok"
        own_site.set("cluster", "gamma", "down")
        wait_for(
            "the overlay", lambda: json.loads(told(made, body).body)["status"] == "unavailable"
        )
        own_site.publish(world.document().replace("  Strict:", "  Stricter:"))
        wait_for(
            "the publish",
            lambda: json.loads(told(made, body).body)["status"] == "unknown_use_case",
        )
