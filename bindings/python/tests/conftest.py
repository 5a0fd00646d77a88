"""Stores of their own for each test, written by the real command."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List

import pytest

import turnout

ROOT = Path(__file__).resolve().parents[3]
COMMAND = os.environ.get("TURNOUT_COMMAND", str(ROOT / "build/bin/turnout"))

DOCUMENT = """
turnout: 1
unit: user
units: { account: { missing: user } }
attributes:
  { country: string, device: string, tenure: number, kids: boolean, "app.version": version }
clusters:
  main: { address: "10.0.1.1:8080" }
  next: { address: "10.0.1.2:8080" }
  sharded:
    unit: account
    shards: { s0: { address: "10.0.2.1:80" }, s1: { address: "10.0.2.2:80" } }
models:
  ranker:
    v1: { cluster: [main, next], config: { top_k: 40 } }
    v2: { cluster: next, config: { top_k: 60, input: wide } }
    v3: { cluster: sharded }
layers: { page: {}, sound: {} }
holdouts: { quiet: { share: 20%, layers: [sound] } }
experiments:
  trailers: { layer: page, cells: { still: { model: ranker@v1 }, moving: { model: ranker@v2 } } }
  volume: { layer: sound, cells: { low: { config: { volume: 1 } }, high: { config: { volume: 9 } } }
  }
use_cases:
  Watch:
    config: { surface: home }
    rules:
      - { name: kids, when: { kids: true }, route: ranker@v3 }
      - { name: old, when: { tenure: { ">": 1000 } }, route: ranker@v2, config: { old: true } }
      - { name: new-app, when: { app.version: { ">=": "8.10" } }, route: ranker@v2 }
      - { name: canary, split: { ranker@v1: 50, ranker@v2: 50 } }
  Billboard:
    rules: [{ experiment: volume }, { experiment: trailers }, { route: ranker@v1 }]
    shadows: [{ name: dark, model: ranker@v3 }]
  Fraud: { requires: [country], rules: [{ route: ranker@v1 }] }
  Off: { enabled: false, rules: [{ route: ranker@v1 }] }
  Refusing: { when_all_down: refuse, rules: [{ route: ranker@v2 }] }
"""


class Store:
    """A store, and the command on it."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)

    def run(self, *words: str, text: str = "") -> str:
        done = subprocess.run(
            [COMMAND, *words, "--store", self.path], input=text, capture_output=True, text=True
        )
        assert done.returncode == 0 or words[0] == "resolve", done.stderr
        return done.stdout

    def publish(self, document: str = DOCUMENT, stage: bool = False) -> int:
        file = Path(self.path).with_suffix(".yaml")
        file.write_text(document)
        words = ["--stage"] if stage else []
        return int(json.loads(self.run("publish", str(file), "--json", *words))["revision"])

    def publish_weights(self, v1: int) -> int:
        """Another revision: so many of a hundred units of `Watch` to v1."""
        weights = f"ranker@v1: {v1}, ranker@v2: {100 - v1}"
        return self.publish(DOCUMENT.replace("ranker@v1: 50, ranker@v2: 50", weights))

    def decisions(self, requests: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
        """What the command answers."""
        lines = "\n".join(map(json.dumps, requests))
        out = self.run("resolve", "--batch", "-", "--json", text=lines)
        return [json.loads(line) for line in out.split("\n") if line]


@pytest.fixture(scope="session")
def new_store(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Store]:
    """Makes stores in which nothing is published."""
    return lambda: Store(tmp_path_factory.mktemp("stores") / "store")


@pytest.fixture(scope="session")
def published(new_store: Callable[[], Store]) -> Store:
    """A store that no test changes."""
    store = new_store()
    store.publish()
    return store


@pytest.fixture
def store(new_store: Callable[[], Store]) -> Store:
    """A store of the test's own."""
    made = new_store()
    made.publish()
    return made


@pytest.fixture
def engine(published: Store) -> Iterator[turnout.Engine]:
    with turnout.Engine(published.path) as opened:
        yield opened
