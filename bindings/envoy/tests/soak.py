# SPDX-License-Identifier: Apache-2.0
"""One Envoy for many minutes: requests without a pause, publishes, changes of the overlay,
listeners that are replaced and ones that are refused, clients that leave. Every answer is judged,
and what the process holds is looked at after each round. `soak.py SECONDS` ends in "N passed, M
failed"."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bootstrap import FILTER, SPECIFIER, Face
from envoys import NEWEST, wait_for
from fronts import Front, World, settings
from load import Load, Orders
from sites import Site
from sources import Sources
from test_ending import left, torn
from test_replacing import is_quiet
from timeline import Timeline

USERS = [f"soak-{number}" for number in range(300)]
CHANGES_OF_A_ROUND = 30
DESCRIPTORS_MORE = 24
"""Connections to upstreams that a round may leave open."""
MEBIBYTES_MORE = 40
"""What an Envoy that is warm may still take, however long it goes on."""
ROUNDS_TO_WARM = 3


@dataclass(frozen=True)
class Held:
    threads: int
    descriptors: int
    mebibytes: int


def held(made: Front) -> Held:
    status = Path(f"/proc/{made.envoy.pid}/status").read_text()
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    mebibytes = int(resident.split()[1]) >> 10
    return Held(len(made.envoy.threads()), made.envoy.descriptors(), mebibytes)


class Soak:
    def __init__(self, kind: str, sources: Sources, seed: int) -> None:
        self.kind, self.sources = kind, sources
        self.dice = random.Random(seed)
        self.timeline = Timeline(sources.site)
        self.number = 0
        self.downs: set[str] = set()

    def face(self, **more: object) -> Face:
        return Face(self.kind, settings(self.sources.site, **more))

    def change(self, made: Front) -> None:
        self.number += 1
        chosen = self.dice.randrange(6)
        if chosen < 2:
            text = self.sources.world.document()
            weight = f"ranker@v1: {1 + self.number % 97}.{self.number},"
            self.timeline.publish(text.replace("ranker@v1: 1,", weight))
        elif chosen == 2:
            name = self.dice.choice(["alpha", "beta", "gamma"])
            self.timeline.set("cluster", name, "up" if name in self.downs else "down")
            self.downs ^= {name}
        elif chosen == 3:
            self._replace("update_success", self.face(shadow_slots=self.number % 5))
        elif chosen == 4:
            self._replace("update_rejected", self.face(store="/nowhere"))
        else:
            left(made.port, torn(self.dice), resets=self.number % 2 == 0)

    def _replace(self, stat: str, face: Face) -> None:
        name = f"soak-{self.number}"
        self.sources.replaced(
            f"listener_manager.lds.{stat}", lambda: self.sources.write_listener(face, name)
        )

    def round(self, made: Front) -> tuple[int, list[str]]:
        """How many were answered, and what was wrong."""
        with Load(Orders(made.port, "Split", USERS, 1000, connections=8), processes=1) as load:
            for _ in range(CHANGES_OF_A_ROUND):
                self.change(made)
            told = load.told()
        wait_for("old listeners are gone", lambda: is_quiet(self.sources))
        return len(told), self.timeline.wrong("Split", told)


def soaked(kind: str, seconds: float, seed: int) -> bool:
    with tempfile.TemporaryDirectory() as name, World() as world:
        site = Site(Path(name) / "site")
        site.publish(world.document())
        for upstream in world.http.by_name.values():
            upstream.remembers = False
        sources = Sources(Path(name), world, site)
        soak = Soak(kind, sources, seed)
        sources.write_listener(soak.face())
        ends, rounds, answers = time.monotonic() + seconds, 0, 0
        wrong: list[str] = []
        with sources.front(kind, NEWEST, []) as made:
            warm = now = held(made)
            while (time.monotonic() < ends or rounds <= ROUNDS_TO_WARM) and not wrong:
                more, wrong = soak.round(made)
                rounds, answers, now = rounds + 1, answers + more, held(made)
                if rounds == ROUNDS_TO_WARM:
                    warm = now
            if now.threads > warm.threads:
                wrong.append("threads")
            if now.descriptors > warm.descriptors + DESCRIPTORS_MORE:
                wrong.append("descriptors")
            if now.mebibytes > warm.mebibytes + MEBIBYTES_MORE:
                wrong.append("memory")
            if made.envoy.end(15) != 0:
                wrong.append("its exit status")
        print(
            f"{kind}, seed {seed}: {answers} answers in {rounds} rounds of "
            f"{CHANGES_OF_A_ROUND} changes; warm {warm}, at the end {now}",
            flush=True,
        )
        for said in wrong[:10]:
            print(f"FAILED: {said}")
        return not wrong


def main() -> int:
    seconds = float(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(10**6)
    passed = [soaked(kind, seconds / 2, seed) for kind in (SPECIFIER, FILTER)]
    print(f"{passed.count(True)} passed, {passed.count(False)} failed")
    return passed.count(False)


if __name__ == "__main__":
    sys.exit(main())
