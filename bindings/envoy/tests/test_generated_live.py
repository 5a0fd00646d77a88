# SPDX-License-Identifier: Apache-2.0
"""Clusters come and go while Envoy serves, and no request fails: `publish --stage`, `envoy-config`,
`activate`; a rollback; a revision that the store no longer keeps; `--watch`."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import Popen

import pytest

from asking import Client
from bootstrap import FILTER, SPECIFIER
from envoys import NEWEST, Envoy, wait_for
from fronts import World
from generated import (
    Generated,
    await_clusters,
    has_clusters,
    local,
    publish,
    routing,
    turnout,
)
from load import Load, Orders, Told

USERS = [f"live-{number}" for number in range(200)]
KEPT = 16
"""Revisions of a store."""


def failures(told: list[Told]) -> list[Told]:
    return [answer for answer in told if answer.status != 200]


def answers(world: World, name: str) -> None:
    """Once the upstream gets requests that are newer than this."""
    before = world.http[name].count
    wait_for(f"requests at {name}", lambda: world.http[name].count > before + 20)


@pytest.mark.parametrize(
    "kind", [(SPECIFIER, NEWEST), (FILTER, "1.38.3")], ids=lambda kind: "-".join(kind)
)
def test_clusters_come_and_go_under_load_and_no_request_fails(
    kind: tuple[str, str], world: World, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    made = Generated(store, tmp_path, kind)
    addresses = local(world.ports, ["alpha", "beta", "gamma"])
    only_alpha = routing({"alpha": addresses["alpha"]}, {"alpha": 1})
    publish(store, only_alpha)
    made.write()
    for upstream in world.http.by_name.values():
        upstream.remembers = False
    with made.envoy() as envoy:
        port = envoy.port("turnout")
        with Load(Orders(port, "Home", USERS, 2000, connections=8), processes=1) as load:
            for name, others in [("beta", ["alpha"]), ("gamma", ["alpha", "beta"])]:
                names = [*others, name]
                text = routing({key: addresses[key] for key in names}, {name: 1})
                revision = publish(store, text, "--stage")
                await_clusters(envoy, made.write())
                turnout(store, "activate", str(revision))
                answers(world, name)
            # Nobody asks envoy-config about a rollback.
            turnout(store, "rollback")
            answers(world, "beta")
            turnout(store, "rollback")
            answers(world, "gamma")
            publish(store, only_alpha)
            answers(world, "alpha")
            # Until the store has forgotten every revision with another cluster.
            for number in range(KEPT + 1):
                text = only_alpha.replace(
                    "cluster: alpha", f"cluster: alpha, config: {{ n: {number} }}"
                )
                publish(store, text)
            written = made.write()
            assert written["clusters"] == 1
            await_clusters(envoy, written)
            active = wait_for("one cluster", lambda: envoy.stats("cluster_manager.active_clusters"))
            assert active["cluster_manager.active_clusters"] == 1
            answers(world, "alpha")
            told = load.told()
    assert len(told) >= 2000
    assert {answer.upstream for answer in told} == {"alpha", "beta", "gamma"}
    assert failures(told)[:5] == []
    print(f"\n{'-'.join(kind)}: {len(told)} requests, none failed")


@pytest.fixture
def watched(world: World, tmp_path: Path) -> Iterator[tuple[Generated, Envoy, Popen[str]]]:
    store = tmp_path / "store"
    made = Generated(store, tmp_path, (SPECIFIER, NEWEST))
    publish(store, routing(local(world.ports, ["alpha"]), {"alpha": 1}))
    process = made.watch()
    try:
        wait_for("the files", lambda: (made.folder / "bootstrap.json").exists())
        with made.envoy() as envoy:
            yield made, envoy, process
    finally:
        process.kill()
        process.communicate()


def test_watch_keeps_envoy_in_step_and_ends_when_told(
    watched: tuple[Generated, Envoy, Popen[str]], world: World
) -> None:
    made, envoy, process = watched
    before = made.read("rds.json")["version_info"]
    text = routing(local(world.ports, ["alpha", "beta"]), {"beta": 1})
    revision = publish(made.store, text, "--stage")
    # A revision that is staged rings no bell, and is seen all the same.
    wait_for("the cluster's file", lambda: made.clusters() == ["alpha", "beta"], 10)
    version = made.read("cds.json")["version_info"]
    wait_for("Envoy has it", lambda: has_clusters(envoy, version))
    files = {path: path.stat().st_mtime_ns for path in made.folder.iterdir()}
    turnout(made.store, "activate", str(revision))
    turnout(made.store, "set", "cluster", "alpha", "down")
    publish(made.store, routing(local(world.ports, ["alpha", "beta", "gamma"]), {"gamma": 1}))
    wait_for("the next", lambda: made.clusters() == ["alpha", "beta", "gamma"], 10)
    unchanged = [path.name for path, at in files.items() if path.stat().st_mtime_ns == at]
    assert sorted(unchanged) == ["bootstrap.json", "rds.json"]
    assert made.read("rds.json")["version_info"] == before
    process.send_signal(signal.SIGTERM)
    said, errors = process.communicate(timeout=10)
    assert process.returncode == 0, errors
    assert [line.count('"cds.json"') for line in said.splitlines()] == [1, 1, 1]


def test_a_write_that_fails_is_said_and_tried_again(
    watched: tuple[Generated, Envoy, Popen[str]], world: World
) -> None:
    made, _, process = watched
    assert process.stderr is not None
    # A folder where the file's forerunner should stand: nobody can write there, not even root.
    blocked = made.folder / ".cds.json.new"
    blocked.mkdir()
    publish(made.store, routing(local(world.ports, ["alpha", "gamma"]), {"gamma": 1}))
    said = next(line for line in process.stderr if "error:" in line)
    assert ".cds.json.new" in said and "tried again" in said, said
    assert made.clusters() == ["alpha"]
    blocked.rmdir()
    wait_for("the file", lambda: made.clusters() == ["alpha", "gamma"], 20)
    assert process.poll() is None


def test_an_address_that_envoy_cannot_reach_stops_a_pipeline(world: World, tmp_path: Path) -> None:
    made = Generated(tmp_path / "store", tmp_path, (SPECIFIER, NEWEST))
    good = local(world.ports, ["alpha"])
    publish(made.store, routing(good, {"alpha": 1}))
    publish(made.store, routing({**good, "beta": "beta.internal"}, {"beta": 1}), "--stage")
    done = subprocess.run(made.command(), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "beta of revision 2 is left out" in done.stderr and "beta.internal" in done.stderr
    assert made.clusters() == ["alpha"]


def test_a_request_in_flight_outlives_its_cluster(world: World, tmp_path: Path) -> None:
    kind = (SPECIFIER, NEWEST)
    addresses = local(world.ports, ["alpha", "beta"])
    made = Generated(tmp_path / "with" / "store", tmp_path, kind)
    publish(made.store, routing(addresses, {"beta": 1}))
    made.write()
    without = Generated(tmp_path / "without" / "store", tmp_path, kind)
    publish(without.store, routing({"alpha": addresses["alpha"]}, {"alpha": 1}))
    beta = world.http["beta"]
    beta.delay = 3.0
    with (
        made.envoy() as envoy,
        ThreadPoolExecutor(1) as pool,
        Client(envoy.port("turnout")) as client,
    ):
        asked = {"x-turnout-use-case": "Home", "x-turnout-unit": "u"}
        answer = pool.submit(client.ask, asked)
        wait_for("the request is under way", lambda: beta.count == 1)
        await_clusters(envoy, without.write())
        assert made.clusters() == ["alpha"]
        assert answer.result().status == 200
