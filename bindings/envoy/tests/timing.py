# SPDX-License-Identifier: Apache-2.0
"""How soon an Envoy obeys a change on its host. As a program: `timing.py [CHANGES]` prints it."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from asking import Client
from fronts import NEWEST_KINDS, Front, World, asked, front, upstream_of
from sites import TURNOUT, Site

SECONDS_MAX = 10.0


@dataclass
class Figures:
    """Seconds, by kind of change."""

    publishes: list[float] = field(default_factory=list)
    overlays: list[float] = field(default_factory=list)

    @property
    def worst(self) -> float:
        return max(self.publishes + self.overlays)

    def text(self) -> str:
        return "; ".join(
            f"{len(seconds)} {name}: median {statistics.median(seconds) * 1000:.1f} ms, "
            f"worst {max(seconds) * 1000:.1f} ms"
            for name, seconds in (("publishes", self.publishes), ("overlay changes", self.overlays))
        )


class _Watch:
    """Asks without a pause, and knows when who answered first."""

    def __init__(self, made: Front, user: str) -> None:
        self._made, self._user = made, user
        self._seen: list[tuple[float, str]] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _ask(self) -> None:
        with Client(self._made.port) as client:
            while not self._over.is_set():
                began = time.time()
                answer = client.ask(asked("Home", self._user))
                self._seen.append((began, f"{answer.upstream} {answer.seen('revision')}"))

    def first(self, wanted: str, since: float) -> float:
        """When that was answered first to who asked after `since`."""
        deadline = time.monotonic() + SECONDS_MAX
        while time.monotonic() < deadline:
            for began, said in self._seen:
                if began >= since and said == wanted:
                    return began
            time.sleep(0.002)
        raise TimeoutError(f"not answered within {SECONDS_MAX} s: {wanted}")


def measured(made: Front, changes: int) -> Figures:
    """From the moment at which the store's files said what is new to the beginning of the first
    request that was answered so. The kernel dates files by a clock of some milliseconds."""
    site, world = made.site, made.world
    users = (f"timed-{number}" for number in range(1000))
    user = next(user for user in users if not site.decides("Home", user).cells)
    figures = Figures()
    for upstream in world.http.by_name.values():
        upstream.remembers = False
    with _Watch(made, user) as watch:
        for number in range(changes):
            since = time.time()
            if number % 2:
                cluster = upstream_of(site.decides("Home", user))
                site.set("cluster", cluster, "down")
                figures.overlays.append(_late(site, watch.first(_wanted(site, user), since)))
                site.set("cluster", cluster, "up")
            else:
                site.publish(world.document(canary=81 + number))
                figures.publishes.append(_late(site, watch.first(_wanted(site, user), since)))
    return figures


def _late(site: Site, obeyed: float) -> float:
    changed = max(path.stat().st_mtime_ns for path in site.directory.rglob("*")) / 1e9
    return max(0.0, obeyed - changed)


def _wanted(site: Site, user: str) -> str:
    assert site.head is not None
    return f"{upstream_of(site.decides('Home', user))} {site.head.number}"


def main() -> None:
    changes = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    version = subprocess.run([TURNOUT, "--version"], capture_output=True, text=True, check=True)
    print(version.stdout.strip())
    with World() as world, tempfile.TemporaryDirectory() as folder:
        for kind in NEWEST_KINDS:
            site = Site(Path(folder) / kind[0])
            site.publish(world.document())
            with front(*kind, site, world) as made:
                print(f"{kind[0]} in Envoy {kind[1]}: {measured(made, changes).text()}")


if __name__ == "__main__":
    main()
