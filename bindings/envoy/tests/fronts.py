# SPDX-License-Identifier: Apache-2.0
"""An Envoy with the module in it, before the upstreams, over a site's store."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from decision import Decision

from asking import Answer, Client, Headers, pairs
from bootstrap import FILTER, LOGGED, SPECIFIER, Face, Json, bootstrap, cluster, listener
from envoys import NEWEST, Envoy, wait_for
from rpc import Caller, RpcUpstream
from sites import HTTP, RPC, Site, document
from upstreams import Upstreams

KINDS = [(SPECIFIER, NEWEST), (FILTER, NEWEST), (FILTER, "1.39.3"), (FILTER, "1.38.3")]
"""Where the module runs."""
NEWEST_KINDS = KINDS[:2]

USE_CASE, UNIT = "x-turnout-use-case", "x-turnout-unit"


def settings(site: Site, **more: Any) -> Json:
    return {
        "store": str(site.directory),
        "units": {"session": {"header": "x-session-id"}},
        "attributes": {
            "country": {"header": "x-country", "type": "string"},
            "tenure_days": {"header": "x-tenure", "type": "number"},
            "kids": {"header": "x-kids", "type": "boolean"},
            "region": {"value": "us-east-1"},
        },
        # More than the default, so that all of a decision can be looked at.
        "metadata": [*LOGGED, "shadows"],
        **more,
    }


class World:
    """All upstreams."""

    def __init__(self) -> None:
        self.http = Upstreams(HTTP)
        self.rpc = {name: RpcUpstream(name) for name in RPC}
        self._open = ExitStack()

    def __enter__(self) -> World:
        self._open.enter_context(self.http)
        for upstream in self.rpc.values():
            self._open.enter_context(upstream)
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @property
    def ports(self) -> dict[str, int]:
        return self.http.ports | {name: upstream.port for name, upstream in self.rpc.items()}

    def document(self, canary: int = 80) -> str:
        return document(self.ports, canary)

    def clusters(self) -> list[Json]:
        return [cluster(name, port, name in RPC) for name, port in self.ports.items()]

    def forget(self) -> None:
        self.http.forget()
        for upstream in self.rpc.values():
            upstream.seen.clear()


@dataclass(frozen=True)
class Front:
    kind: str
    envoy: Envoy
    site: Site
    world: World
    log: Path
    listener: str = "main"

    @property
    def port(self) -> int:
        return self.envoy.port(self.listener)

    def client(self) -> Client:
        return Client(self.port)

    def caller(self, authority: str | None = None) -> Caller:
        return Caller(self.port, authority)

    def ask(
        self, use_case: str | None, unit: str | None = None, headers: Headers = (), **more: Any
    ) -> Answer:
        """One request over a connection of its own."""
        with self.client() as client:
            return client.ask(asked(use_case, unit, headers), **more)

    def logged(self, count: int = 1) -> list[dict[str, Any]]:
        """The lines of the access log, once there are so many."""
        wait_for(f"{count} lines in the access log", lambda: len(self._lines()) >= count)
        return [json.loads(line) for line in self._lines()]

    def logged_test(self, test: str) -> dict[str, Any]:
        """The line of the request that said so in `x-test`."""

        def found() -> dict[str, Any] | None:
            lines = (json.loads(line) for line in self._lines())
            return next((line for line in lines if line["test"] == test), None)

        line: dict[str, Any] = wait_for(f"the access log of {test}", found)
        return line

    def _lines(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []

    def other(self, name: str, kind: str) -> Front:
        """The same Envoy through another listener of it."""
        return replace(self, kind=kind, listener=name, log=self.log.with_name(f"{name}.log"))


def asked(use_case: str | None, unit: str | None, headers: Headers = ()) -> Sequence[Any]:
    own = [(USE_CASE, use_case), (UNIT, unit)]
    return [(key, value) for key, value in own if value is not None] + pairs(headers)


@contextmanager
def front(
    kind: str,
    version: str,
    site: Site,
    world: World,
    face: Mapping[str, Any] | None = None,
    others: Mapping[str, Face] | None = None,
    boot: Mapping[str, Any] | None = None,
    **more: Any,
) -> Iterator[Front]:
    """`more` are settings, `face` fields of the Face, `others` further listeners."""
    with tempfile.TemporaryDirectory(prefix="turnout-envoy-") as name:
        folder = Path(name)
        log = folder / "main.log"
        main = Face(kind, settings(site, **more), **(face or {}))
        listeners = [listener("main", main, log)]
        for other, that in (others or {}).items():
            listeners.append(listener(other, that, folder / f"{other}.log"))
        start = bootstrap(listeners, world.clusters(), **(boot or {}))
        with Envoy(version, start, folder) as envoy:
            yield Front(kind, envoy, site, world, log)


def upstream_of(decision: Decision) -> str:
    assert decision.destination is not None, decision
    return decision.destination.routing_key


def version_of(decision: Decision) -> tuple[str, str]:
    assert decision.destination is not None, decision
    model, version = decision.destination.version.split("@")
    return model, version
