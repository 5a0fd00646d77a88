# SPDX-License-Identifier: Apache-2.0
"""An Envoy that is started from what `turnout envoy-config` wrote does all that the module can."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bootstrap import FILTER
from envoys import validated, wait_for
from fronts import KINDS, Front, World, upstream_of, version_of
from generated import Generated
from sites import Site
from upstreams import Seen

USERS = [f"generated-{number}" for number in range(60)]
FORGED = {
    **{f"x-turnout-shadow-{slot}": "alpha" for slot in range(1, 9)},
    "x-turnout-cluster": "alpha",
    "x-turnout-version": "forged",
    "x-turnout-model": "forged",
    "x-turnout-shadow": "1",
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(kind))
def test_envoy_accepts_it_and_finds_nothing_outdated(
    kind: tuple[str, str], site: Site, tmp_path: Path
) -> None:
    made = Generated(site.directory, tmp_path, kind)
    made.write("--static")
    checked = validated(kind[1], made.folder / "bootstrap.json")
    assert checked.returncode == 0, checked.stderr[-2000:]
    assert "eprecated" not in checked.stderr


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: "-".join(kind))
def generated(
    request: pytest.FixtureRequest,
    site: Site,
    world: World,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Front]:
    made = Generated(site.directory, tmp_path_factory.mktemp("generated"), request.param)
    made.write()
    with made.envoy() as envoy:
        yield Front(request.param[0], envoy, site, world, made.log, listener="turnout")


def test_users_go_where_the_evaluator_says_and_clients_forge_nothing(generated: Front) -> None:
    for user in USERS:
        decision = generated.site.decides("Home", user)
        answer = generated.ask("Home", user, FORGED)
        assert answer.status == 200
        assert answer.upstream == upstream_of(decision)
        assert (answer.seen("model"), answer.seen("version")) == version_of(decision)
        assert answer.seen("revision") == "1"


def test_shadows_get_copies_that_say_what_they_are(generated: Front) -> None:
    users = (f"shadowed-{number}" for number in range(1000))
    user = next(u for u in users if len(generated.site.decides("Home", u).shadows) == 2)
    primary = upstream_of(generated.site.decides("Home", user))
    # Copies of other tests' requests may still come.
    generated.ask("Home", user, {"x-test": "copied"})

    def seen() -> list[Seen]:
        all_seen = generated.world.http.seen()
        return [one for one in all_seen if one.header("x-test") == "copied"]

    wait_for("two copies", lambda: len(seen()) == 3)
    copies = [one for one in seen() if one.header("x-turnout-shadow") == "1"]
    assert len(copies) == 2
    shadows = {(one.upstream, one.header("x-turnout-version")) for one in copies}
    assert shadows == {("gamma", "v3"), ("beta", "v2")}
    for one in copies:
        assert not [key for key, _ in one.headers if key.startswith("x-turnout-shadow-")]
    (own,) = [one for one in seen() if one.header("x-turnout-shadow") is None]
    assert own.upstream == primary


def test_shards_are_clusters(generated: Front) -> None:
    met = set()
    for number in range(20):
        session = {"x-session-id": f"s-{number}"}
        decision = generated.site.decides("Chat", "u", units={"session": f"s-{number}"})
        answer = generated.ask("Chat", "u", session)
        assert answer.upstream == upstream_of(decision)
        met.add(answer.upstream)
    assert met == {"chat/g0", "chat/g1"}


def test_the_access_log_tells_the_decision(generated: Front) -> None:
    decision = generated.site.decides("Home", USERS[0])
    generated.ask("Home", USERS[0], {"x-test": "logged"})
    line = generated.logged_test("logged")
    assert line["routing_key"] == line["upstream_cluster"] == upstream_of(decision)
    assert (line["model"], line["version"]) == version_of(decision)
    assert (line["code"], line["status"], line["use_case"]) == (200, "ok", "Home")
    assert line["upstream_host"].startswith("127.0.0.1:")


def test_a_refusal_says_why(generated: Front) -> None:
    answer = generated.ask("Nowhere", "u")
    assert (answer.status, answer.header("x-turnout-status")) == (404, "unknown_use_case")
    assert b"unknown_use_case" in answer.body or generated.kind == FILTER
    assert generated.ask("Off", "u").status == 503


def test_directory_assistance_answers_and_the_second_step_obeys(generated: Front) -> None:
    body = json.dumps({"use_case": "Home", "unit": USERS[1]}).encode()
    with generated.client() as client:
        said = client.ask(path="/turnout/v1/resolve", body=body)
        assert said.status == 200
        key = json.loads(said.body)["routing_key"]
        assert key == upstream_of(generated.site.decides("Home", USERS[1]))
        second = client.ask({"x-turnout-routing-key": key, **FORGED})
        assert (second.status, second.upstream) == (200, key)
        assert client.ask({"x-turnout-routing-key": "nowhere"}).status == 404


def test_the_first_step_is_not_asked_by_the_second(generated: Front) -> None:
    counted = "turnout.(decisions|statuses)"
    before = generated.envoy.stats(counted)
    generated.ask(None, None, {"x-turnout-routing-key": "alpha"})
    after = generated.envoy.stats(counted)
    grown = {name: after[name] - before.get(name, 0) for name in after}
    # Looked up once; nothing was decided, and nothing refused for want of a use case.
    assert {name: more for name, more in grown.items() if more} == {
        "turnout.decisions.use_case.-.destination.alpha": 1
    }
