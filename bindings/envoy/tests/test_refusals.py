# SPDX-License-Identifier: Apache-2.0
"""Who gets no decision gets the right status, or the configured one, and never grpc-status 0."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
import pytest

from bootstrap import FILTER, SPECIFIER, Face
from fronts import KINDS, Front, World, asked, front, settings
from sites import Site

CODES = {
    "unknown_use_case": 421,
    "missing_header": 422,
    "missing_required": 428,
    "invalid_argument": 418,
    "disabled": 410,
    "unavailable": 529,
    "no_table": 530,
}
DEFAULTS = {
    "unknown_use_case": 404,
    "missing_header": 400,
    "missing_required": 400,
    "invalid_argument": 400,
    "disabled": 503,
    "unavailable": 503,
    "no_table": 503,
}
Headers = list[tuple[str, str]]
REFUSED: list[tuple[str, str | None, Headers]] = [
    ("unknown_use_case", "Nothing", []),
    ("unknown_use_case", "home", []),
    ("missing_header", None, []),
    ("missing_header", "", []),
    ("missing_required", "Needy", []),
    ("disabled", "Off", []),
    ("unavailable", "Strict", []),
    ("unavailable", "RpcStrict", []),
]
STATUS_OF_GRPC = {
    (SPECIFIER, 400): grpc.StatusCode.INTERNAL,
    (SPECIFIER, 404): grpc.StatusCode.UNIMPLEMENTED,
    (SPECIFIER, 503): grpc.StatusCode.UNAVAILABLE,
    (FILTER, 400): grpc.StatusCode.INVALID_ARGUMENT,
    (FILTER, 404): grpc.StatusCode.NOT_FOUND,
    (FILTER, 503): grpc.StatusCode.UNAVAILABLE,
}


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: "-".join(kind))
def refusing(
    request: pytest.FixtureRequest, world: World, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    """Some clusters are down; the listener `coded` has statuses of its own, `bare` has no table."""
    kind, version = request.param
    site, bare = (Site(tmp_path_factory.mktemp("refusing")) for _ in range(2))
    site.publish(world.document())
    for cluster in ("gamma", "rpc-c"):
        site.set("cluster", cluster, "down")
    path = bare.folder / "staged.yaml"
    path.write_text(world.document())
    bare.store._run("publish", str(path), "--stage")
    others = {
        "coded": Face(kind, settings(site, statuses=CODES)),
        "bare": Face(kind, settings(bare)),
        "bare-coded": Face(kind, settings(bare, statuses=CODES)),
    }
    with front(kind, version, site, world, others=others) as made:
        yield made


@pytest.mark.parametrize("listener", ["main", "coded"])
@pytest.mark.parametrize(("status", "use_case", "headers"), REFUSED)
def test_a_refusal_has_its_status(
    refusing: Front, status: str, use_case: str | None, headers: Headers, listener: str
) -> None:
    asked_at = refusing if listener == "main" else refusing.other(listener, refusing.kind)
    test = f"{status} {use_case} {listener}"
    answer = asked_at.ask(use_case, "u_1", [*headers, ("x-test", test)])
    codes = DEFAULTS if listener == "main" else CODES
    assert answer.status == codes[status]
    assert refusing.world.http.seen() == []
    line = asked_at.logged_test(test)
    assert (line["status"], line["code"]) == (status, codes[status])
    if refusing.kind == FILTER:
        assert answer.header("x-turnout-status") == status
        assert line["details"] == f"turnout_{status}"
        assert len(answer.body.decode().strip().splitlines()) == 1
    else:
        assert line["details"] == "cluster_not_found"


def test_bytes_that_are_no_text_are_an_invalid_argument(refusing: Front) -> None:
    with refusing.client() as client:
        connection = client._connection
        connection.putrequest("GET", "/")
        connection.putheader("x-turnout-use-case", b"Ho\xffme")
        connection.endheaders()
        got = connection.getresponse()
        got.read()
    assert got.status in (400, 404)
    assert refusing.world.http.seen() == []


def test_a_store_without_a_table_refuses(refusing: Front) -> None:
    bare = refusing.other("bare", refusing.kind)
    assert bare.ask("Home", "u_1", {"x-test": "bare"}).status == 503
    assert bare.logged_test("bare")["status"] == "no_table"
    assert refusing.other("bare-coded", refusing.kind).ask("Home", "u_1").status == 530


@pytest.mark.parametrize("listener", ["main", "coded"])
@pytest.mark.parametrize(("status", "use_case", "headers"), REFUSED)
def test_a_refused_call_of_grpc_is_never_ok(
    refusing: Front, status: str, use_case: str | None, headers: Headers, listener: str
) -> None:
    asked_at = refusing if listener == "main" else refusing.other(listener, refusing.kind)
    with asked_at.caller() as caller:
        unary = caller.unary(b"one", asked(use_case, "u_1", headers))
        stream = caller.bidi([b"one", b"two"], asked(use_case, "u_1", headers))
    assert unary.messages == stream.messages == []
    assert unary.code == stream.code != grpc.StatusCode.OK
    if listener == "main":
        assert unary.code == STATUS_OF_GRPC[refusing.kind, DEFAULTS[status]]
    if refusing.kind == FILTER:
        assert unary.details and "\n" not in unary.details
    assert not any(upstream.seen for upstream in refusing.world.rpc.values())


def test_a_refusal_leaves_the_connection_as_good_as_before(refusing: Front) -> None:
    """Also one whose body had not come in full."""
    with refusing.client() as client:
        for use_case, status in (("Nothing", 404), ("Split", 200)) * 3:
            got = client.ask(asked(use_case, "u_2"), body=b"x" * 100_000)
            assert got.status == status
