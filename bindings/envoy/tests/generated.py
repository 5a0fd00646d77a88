# SPDX-License-Identifier: Apache-2.0
"""What `turnout envoy-config` writes, and Envoys that are started from it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bootstrap import FILTER
from envoys import Envoy, end_with_parent, wait_for
from sites import TURNOUT

Json = dict[str, Any]

TEMPLATE = """
listen: 127.0.0.1:0
admin: 127.0.0.1:0
module:
  units: { session: x-session-id }
  attributes:
    country: x-country
    tenure_days: { header: x-tenure, type: number }
    kids: { header: x-kids, type: boolean }
    region: { value: us-east-1 }
routes:
  second_step: x-turnout-routing-key
  directory_assistance: /turnout/v1/resolve
clusters:
- { name: "rpc-*", protocol: grpc, health_check: none }
access_log: { path: @log@, fields: { test: "%REQ(x-test)%" } }
"""


def options(kind: tuple[str, str]) -> list[str]:
    form, version = kind
    return ["--envoy", version, *(["--filter"] if form == FILTER else [])]


class Generated:
    """A folder that the command writes from a store."""

    def __init__(
        self, store: Path, folder: Path, kind: tuple[str, str], template: str = TEMPLATE
    ) -> None:
        self.store = store
        self.kind = kind
        self.folder = folder / "xds"
        self.log = folder / "access.log"
        folder.mkdir(parents=True, exist_ok=True)
        self.template = folder / "template.yaml"
        self.template.write_text(template.replace("@log@", str(self.log)))

    def command(self, *more: str) -> list[str]:
        called = [str(TURNOUT), "envoy-config", "--store", str(self.store)]
        called += ["--out", str(self.folder), "--template", str(self.template)]
        return [*called, *options(self.kind), "--json", *more]

    def write(self, *more: str) -> Json:
        """What the command says of it."""
        done = subprocess.run(
            self.command(*more), capture_output=True, text=True, timeout=60, check=True
        )
        said: Json = json.loads(done.stdout)
        return said

    def watch(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command("--watch"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=end_with_parent,
        )

    def read(self, name: str) -> Json:
        found: Json = json.loads((self.folder / name).read_text())
        return found

    def clusters(self) -> list[str]:
        return [cluster["name"] for cluster in self.read("cds.json")["resources"]]

    def envoy(self) -> Envoy:
        return Envoy(self.kind[1], self.read("bootstrap.json"), self.folder.parent / "envoy")


def has_clusters(envoy: Envoy, version: str) -> bool:
    """Whether it has taken the clusters of that version, and each has been looked at once."""
    said = envoy.admin("/stats?filter=cluster_manager.(cds.version_text|warming_clusters)")
    return f'"{version}"' in said and "cluster_manager.warming_clusters: 0" in said


def await_clusters(envoy: Envoy, written: Mapping[str, Any]) -> None:
    version = next(file["version"] for file in written["files"] if file["name"] == "cds.json")
    wait_for(f"Envoy has the clusters {version}", lambda: has_clusters(envoy, version))


def routing(addresses: Mapping[str, str], weights: Mapping[str, int]) -> str:
    """A document with a use case `Home` that splits users among clusters by weights."""
    clusters = "\n".join(f'  {name}: {{ address: "{at}" }}' for name, at in addresses.items())
    versions = "\n".join(f"    v-{name}: {{ cluster: {name} }}" for name in addresses)
    split = ", ".join(f"m@v-{name}: {weight}" for name, weight in weights.items())
    return f"""
turnout: 1
unit: user
clusters:
{clusters}
models:
  m:
{versions}
use_cases:
  Home:
    rules: [{{ name: split, split: {{ {split} }}, allow: [weights-not-100] }}]
"""


def turnout(store: Path, *arguments: str) -> Json:
    done = subprocess.run(
        [str(TURNOUT), *arguments, "--store", str(store), "--json"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    said: Json = json.loads(done.stdout)
    return said


def publish(store: Path, text: str, *more: str) -> int:
    """The revision."""
    store.parent.mkdir(parents=True, exist_ok=True)
    document = store.parent / "routing.yaml"
    document.write_text(text)
    return int(turnout(store, "publish", str(document), *more)["revision"])


def local(ports: Mapping[str, int], names: Sequence[str]) -> dict[str, str]:
    return {name: f"127.0.0.1:{ports[name]}" for name in names}
