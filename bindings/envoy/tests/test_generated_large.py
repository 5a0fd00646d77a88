# SPDX-License-Identifier: Apache-2.0
"""Three thousand clusters: written, served, and one more added. What it takes is printed."""

from __future__ import annotations

import resource
import time
from collections.abc import Mapping
from pathlib import Path

from bootstrap import SPECIFIER
from envoys import NEWEST, Envoy
from fronts import Front, World
from generated import Generated, await_clusters, publish, routing, turnout
from sites import HTTP, Site

COUNT = 3000


def addresses(ports: Mapping[str, int], count: int) -> dict[str, str]:
    names = [f"cluster-{number:04}" for number in range(count)]
    return {name: f"127.0.0.1:{ports[HTTP[at % len(HTTP)]]}" for at, name in enumerate(names)}


def resident_mb(envoy: Envoy) -> float:
    status = Path(f"/proc/{envoy.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def cpu_seconds(envoy: Envoy) -> float:
    fields = Path(f"/proc/{envoy.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def test_three_thousand_clusters_are_served_and_one_more_comes(
    world: World, site: Site, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    made = Generated(store, tmp_path, (SPECIFIER, NEWEST))
    known = addresses(world.ports, COUNT)
    # A use case splits among a hundred of them; all are in the file.
    some = {name: 1 for name in list(known)[:100]}
    publish(store, routing(known, some))
    began = time.monotonic()
    written = made.write()
    generated = time.monotonic() - began
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    assert written["clusters"] == COUNT
    size = (made.folder / "cds.json").stat().st_size

    began = time.monotonic()
    with made.envoy() as envoy:
        started = time.monotonic() - began
        active = envoy.stats("cluster_manager.active_clusters")
        assert active["cluster_manager.active_clusters"] == COUNT
        resident = resident_mb(envoy)
        front = Front(SPECIFIER, envoy, site, world, made.log, listener="turnout")
        assert {front.ask("Home", f"u-{number}").status for number in range(50)} == {200}

        more = addresses(world.ports, COUNT + 1)
        new = list(more)[-1]
        revision = publish(store, routing(more, {new: 1}), "--stage")
        began, spent = time.monotonic(), cpu_seconds(envoy)
        written = made.write()
        rewritten = time.monotonic() - began
        await_clusters(envoy, written)
        taken, spent = time.monotonic() - began - rewritten, cpu_seconds(envoy) - spent
        turnout(store, "activate", str(revision))
        answer = front.ask("Home", "u-1")
        assert answer.status == 200
        assert envoy.stats("cds.update_rejected")["cluster_manager.cds.update_rejected"] == 0
    print(
        f"\n{COUNT} clusters: generated in {generated:.2f} s (processes so far used at most"
        f" {memory:.0f} MB), {size / 1e6:.1f} MB; Envoy live after {started:.1f} s with"
        f" {resident:.0f} MB; one more: written in {rewritten:.2f} s, in force after {taken:.2f} s"
        f" more, for {spent:.2f} s of Envoy's CPU"
    )
