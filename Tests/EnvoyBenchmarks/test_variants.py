"""Each variant of the cost, in Envoy: where its requests arrive, with what; what `load` counts."""

import http.client
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import slices
from servers import ROOT, TURNOUT, Envoy, destinations, envoy, publish
from upstreams import Upstreams, upstreams
from variants import PARTS, SHADOWED, USE_CASE, VARIANTS, Variant, bootstrap

UNITS = [f"member-{number:04}" for number in range(30)]
SENT = {
    "x-country": "US", "x-device": "phone", "x-tenure-days": "400", "x-app-version": "8.10.2",
}  # fmt: skip
FORGED = {
    "x-turnout-version": "forged", "x-turnout-cluster": "rank-c", "x-turnout-shadow-1": "rank-c",
}  # fmt: skip


@dataclass
class Bench:
    """An Envoy with every variant, its upstreams and its store."""

    proxy: Envoy
    behind: Upstreams
    store: Path
    work: Path

    def ask(self, variant: Variant, unit: str, body: bytes, **more: str) -> None:
        """One request."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.proxy.ports[variant.name], timeout=30
        )
        headers = {"x-turnout-use-case": variant.use_case, "x-turnout-unit": unit, **SENT}
        connection.request("POST", "/rank", body, {**headers, **more})
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b"ranked")
        connection.close()

    def decisions(self, use_case: str) -> list[dict[str, object]]:
        """What the command says of each unit."""
        attributes = {
            "country": "US", "device": "phone", "tenure_days": 400, "app_version": "8.10.2",
        }  # fmt: skip
        lines = "".join(
            json.dumps({"use_case": use_case, "unit": unit, "context": attributes}) + "\n"
            for unit in UNITS
        )
        command = [TURNOUT, "resolve", "--batch", "-", "--json", "--store", self.store]
        said = subprocess.run(command, input=lines, check=True, capture_output=True, text=True)
        return [json.loads(line) for line in said.stdout.splitlines()]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    work = tmp_path_factory.mktemp("variants")
    with upstreams() as behind:
        store = publish(ROOT / "benchmarks/envoy/ranking.yaml", behind.ports, work)
        with envoy(bootstrap(VARIANTS + PARTS, behind.ports, store), work) as proxy:
            yield Bench(proxy, behind, store, work)


@pytest.mark.parametrize("variant", VARIANTS + PARTS, ids=lambda variant: variant.name)
def test_requests_arrive_where_the_variant_says(bench: Bench, variant: Variant) -> None:
    decisions = bench.decisions(variant.use_case)
    for number, (unit, decision) in enumerate(zip(UNITS, decisions, strict=True)):
        body = f"payload of {unit} ".encode() * 50
        # A plain route with a mirror protects itself from nobody.
        forged = number % 2 and variant.name != "mirror"
        bench.ask(variant, unit, body, **(FORGED if forged else {}))
        shadows = decision["shadows"] if variant.name == "specifier-copies" else []
        assert isinstance(shadows, list)
        arrived = bench.behind.taken(1 + len(shadows))
        arrived.sort(key=lambda one: "x-turnout-shadow" in one.headers)
        assert len(arrived) == 1 + len(shadows)
        assert {one.body for one in arrived} == {body}
        first, headers = arrived[0], arrived[0].headers
        if variant.decides:
            assert f"rank-{first.letter}" == decision["routing_key"]
        elif variant.name.startswith(("plain", "static", "mirror")):
            assert first.letter == "a"
        if variant.name == "static-headers":
            assert headers["x-turnout-version"] == "v1"
        if variant.decides and variant.name not in ("specifier", "filter"):
            wanted = {"model": "ranker", "version": decision["version"], "revision": "1"}
            assert {key: headers[f"x-turnout-{key}"] for key in wanted} == wanted
        for shadow, copy in zip(shadows, arrived[1:], strict=True):
            assert f"rank-{copy.letter}" == shadow["routing_key"]
            assert copy.headers["x-turnout-version"] == shadow["version"]
            assert copy.headers["x-turnout-shadow"] == "1"


def test_the_filter_copies_what_the_table_copies(bench: Bench) -> None:
    variant = next(one for one in VARIANTS if one.name == "filter-all")
    copied = [bool(one["shadows"]) for one in bench.decisions(SHADOWED)]
    assert 0 < sum(copied) < len(copied)
    for unit, has_copy in zip(UNITS, copied, strict=True):
        asked = {"x-turnout-use-case": SHADOWED}
        bench.ask(variant, unit, b"payload", **asked)
        arrived = bench.behind.taken(1 + has_copy)
        assert (
            sorted("x-turnout-shadow" in one.headers for one in arrived)
            == [False, True][: 1 + has_copy]
        )


def test_load_counts_answers_by_upstream(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "PROGRAMS", ROOT / "build/test/envoy-benchmarks")
    chosen = [one for one in VARIANTS if one.name in ("plain", "specifier-all")]
    keys = destinations(bench.store, USE_CASE, UNITS)
    with slices.load(bench.proxy, chosen, bench.work) as asked:
        cpu, clock, counts = asked.slice("plain", len(UNITS))
        assert counts == {"a": len(UNITS)}
        assert 0 < cpu < 1e9 and 0 < clock < 1e9
        counts = asked.slice("specifier-all", len(UNITS))[2]
        assert counts == {key[-1]: keys.count(key) for key in set(keys)}
    bench.behind.taken(0)
