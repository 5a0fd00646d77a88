# SPDX-License-Identifier: Apache-2.0
"""A store with the routing of the tests, changed through the real command, and beside it the second
evaluator, which says what every revision answers in every state of the overlay."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import reading
import request
from allocations import Table, compiled
from command import Store
from decision import Decision
from evaluate import resolve
from overlay import NOTHING, Overlay

from envoys import ROOT

TURNOUT = ROOT / "build" / "bin" / "turnout"

HTTP = ("alpha", "beta", "gamma", "chat/g0", "chat/g1")
RPC = ("rpc-a", "rpc-b", "rpc-c")

DOCUMENT = """
turnout: 1
unit: user
units: { session: { missing: user } }
attributes: { country: string, tenure_days: number, kids: boolean, region: string }
clusters:
  alpha: { address: "127.0.0.1:@alpha@" }
  beta: { address: "127.0.0.1:@beta@" }
  gamma: { address: "127.0.0.1:@gamma@" }
  chat:
    unit: session
    when_down: siblings
    shards:
      g0: { address: "127.0.0.1:@chat/g0@", weight: 2 }
      g1: { address: "127.0.0.1:@chat/g1@" }
  rpc-a: { address: "127.0.0.1:@rpc-a@" }
  rpc-b: { address: "127.0.0.1:@rpc-b@" }
  rpc-c: { address: "127.0.0.1:@rpc-c@" }
models:
  ranker:
    v1: { cluster: [alpha, gamma], config: { top_k: 40 } }
    v2: { cluster: [beta, gamma], config: { top_k: 60 } }
    v3: { cluster: gamma }
  chat:
    v1: { cluster: chat }
  rpc:
    v1: { cluster: rpc-a }
    v2: { cluster: rpc-b }
    v3: { cluster: rpc-c }
layers: { page: {} }
holdouts: { quiet: { share: 10%, layers: [page] } }
experiments:
  trailers:
    layer: page
    share: 50%
    cells:
      still: { model: ranker@v1 }
      moving: { model: ranker@v2, config: { sound: off } }
use_cases:
  Home:
    rules:
      - { name: kids, when: { kids: true }, route: ranker@v3 }
      - { name: nordics, lookup: country, routes: { NO: ranker@v3, SE: ranker@v2 } }
      - { name: early, when: { tenure_days: { "<": 30 } }, route: ranker@v2 }
      - { experiment: trailers }
      - { name: canary, split: { ranker@v1: @canary@, ranker@v2: 20 } }
    shadows:
      - { name: dark, model: ranker@v3, sample: 10% }
      - { name: wide, model: ranker@v2, sample: 30% }
  Split:
    rules: [{ name: thirds, split: { ranker@v1: 1, ranker@v2: 1, ranker@v3: 1 } }]
  Needy:
    requires: [country]
    rules: [{ route: ranker@v1 }]
  Strict:
    when_all_down: refuse
    rules: [{ route: ranker@v3 }]
  Off:
    enabled: false
    rules: [{ route: ranker@v1 }]
  Chat:
    unit: session
    rules: [{ route: chat@v1 }]
  Rpc:
    rules: [{ name: rpc, split: { rpc@v1: 70, rpc@v2: 30 } }]
    shadows: [{ name: dark, model: rpc@v3, sample: 25% }]
  RpcStrict:
    when_all_down: refuse
    rules: [{ route: rpc@v3 }]
"""


def document(ports: Mapping[str, int], canary: int = 80) -> str:
    """The routing of the tests; `canary` is the weight beside 20."""
    text = DOCUMENT.replace("@canary@", str(canary))
    for name in (*HTTP, *RPC):
        text = text.replace(f"@{name}@", str(ports.get(name, 1)))
    return text


@dataclass(frozen=True)
class Revision:
    number: int
    digest: str
    table: Table


_request = lru_cache(maxsize=10_000)(request.read)


class Site:
    """Who changes the store changes it here, so that the evaluator knows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.directory = folder / "store"
        self.store = Store(TURNOUT, self.directory)
        self.revisions: dict[int, Revision] = {}
        self.head: Revision | None = None
        self.overlay: Overlay = NOTHING
        folder.mkdir(parents=True, exist_ok=True)

    def publish(self, text: str) -> Revision:
        path = self.folder / "routing.yaml"
        path.write_text(text)
        published = self.store.publish(path)
        against = self.head.table if self.head else None
        table = compiled(reading.of_files({path.name: text}), against)
        found = Revision(published.revision, published.digest, table)
        if published.unchanged:
            found = self.revisions[published.revision]
        self.revisions[found.number] = self.head = found
        return found

    def set(self, kind: str, name: str, state: str) -> Overlay:
        self.store.set_state(kind, name, state)
        self.overlay = self.overlay.with_entry(kind, name, state)
        return self.overlay

    def decides(
        self,
        use_case: str,
        unit: str | None = None,
        at: int | None = None,
        overlay: Overlay | None = None,
        **more: Any,
    ) -> Decision:
        """What the evaluator says; of head and of now, unless told otherwise."""
        assert self.head is not None
        table = (self.head if at is None else self.revisions[at]).table
        asked = {"use_case": use_case, **more}
        if unit is not None:
            asked["unit"] = unit
        read = _request(json.dumps(asked), table.document.unit)
        return resolve(table, read, self.overlay if overlay is None else overlay)

    def resolved(self, line: str) -> str:
        """What `turnout resolve --batch` says to it."""
        return self.store.resolve([line], None)[0]
