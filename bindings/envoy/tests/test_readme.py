# SPDX-License-Identifier: Apache-2.0
"""What the pages for operators show is run as it stands there, but for the store and addresses."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from bootstrap import FILTER, SPECIFIER, Face, Json, bootstrap, listener, route_config
from envoys import NEWEST, Envoy, wait_for
from fronts import Front, World, settings, upstream_of, version_of
from sites import Site

PAGES = Path(__file__).parents[1]
STORE = "/var/lib/turnout"


def blocks(page: str) -> list[Json]:
    """The examples in YAML that are mappings."""
    text = (PAGES / page).read_text()
    found = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)]
    return [block for block in found if isinstance(block, dict)]


def block(key: str, page: str = "README.md") -> Json:
    """The one that has the key, over the site's store."""
    (found,) = [block for block in blocks(page) if key in block]
    return found


def at(site: Site, example: Any) -> Any:
    return json.loads(json.dumps(example).replace(STORE, str(site.directory)))


@contextmanager
def running(
    site: Site,
    world: World,
    folder: Path,
    face: Face,
    edits: Any,
    version: str = NEWEST,
    **more: Any,
) -> Iterator[Front]:
    """An Envoy in whose connection manager the example stands."""
    made = listener("main", face, folder / "main.log")
    edits(made["filter_chains"][0]["filters"][0]["typed_config"])
    with Envoy(version, bootstrap([made], world.clusters(), **more), folder) as envoy:
        yield Front(face.kind, envoy, site, world, folder / "main.log")


def test_the_route_of_ten_minutes_routes(site: Site, world: World, tmp_path: Path) -> None:
    routes = at(site, block("routes")["routes"])

    def edits(manager: Json) -> None:
        manager["route_config"]["virtual_hosts"][0]["routes"] = routes

    face = Face(SPECIFIER, settings(site))
    with running(site, world, tmp_path, face, edits) as made:
        for unit in ("u_1", "u_2", "u_3"):
            decision = site.decides("Home", unit)
            forged = {"x-turnout-model": "forged", "x-turnout-version": "forged"}
            answer = made.ask("Home", unit, forged)
            assert (answer.status, answer.upstream) == (200, upstream_of(decision))
            assert (answer.seen("model"), answer.seen("version")) == version_of(decision)
        headers = {"x-country": "NO"}
        assert made.ask("Home", "u_1", headers).seen("version") == "v3"
        assert made.ask("Nothing", "u_1").status == 404


def test_the_shadows_of_the_page_get_their_copies(site: Site, world: World, tmp_path: Path) -> None:
    example = next(
        one for one in blocks("README.md") if "request_mirror_policies" in one.get("route", {})
    )

    def edits(manager: Json) -> None:
        (route,) = manager["route_config"]["virtual_hosts"][0]["routes"]
        for key in ("request_headers_to_remove", "request_headers_to_add"):
            route[key] = example[key]
        route["route"]["request_mirror_policies"] = example["route"]["request_mirror_policies"]

    face = Face(SPECIFIER, settings(site, shadow_slots=2))
    with running(site, world, tmp_path, face, edits) as made:
        users = (f"readme-{number}" for number in range(10_000))
        user = next(user for user in users if len(site.decides("Home", user).shadows) == 2)
        forged = {"x-turnout-shadow-1": "alpha", "x-turnout-shadow-2": "alpha"}
        made.ask("Home", user, {**forged, "x-turnout-shadow": "1"})
        wait_for("three requests", lambda: len(world.http.seen()) == 3)
        first = site.decides("Home", user).shadows[0].destination
        (copy,) = [
            seen
            for seen in world.http.seen()
            if seen.header("x-turnout-shadow") and seen.header("x-turnout-version") == "v3"
        ]
        assert copy.upstream == first.routing_key


def access_logs() -> list[tuple[str, Json]]:
    found = []
    for page in sorted(path.name for path in PAGES.glob("*.md")):
        for one in blocks(page):
            if "access_log" in one:
                is_filter = "DYNAMIC_METADATA" in json.dumps(one)
                found.append((FILTER if is_filter else SPECIFIER, one))
    return found


@pytest.mark.parametrize("kind", [SPECIFIER, FILTER])
def test_the_access_logs_of_the_pages_tell_the_decision(
    kind: str, site: Site, world: World, tmp_path: Path
) -> None:
    (example,) = [one for own, one in access_logs() if own == kind]
    log = tmp_path / "example.log"
    logs = example["access_log"]
    logs[0]["typed_config"]["path"] = str(log)

    def edits(manager: Json) -> None:
        manager["access_log"] = logs

    face = Face(kind, settings(site))
    with running(site, world, tmp_path, face, edits) as made:
        decision = site.decides("Home", "u_1")
        made.ask("Home", "u_1")
        made.ask("Nothing", "u_1")
        wait_for("two lines", lambda: log.exists() and len(log.read_text().splitlines()) == 2)
        answered, refused = log.read_text().splitlines()
        model, version = version_of(decision)
        for word in (model, version, upstream_of(decision), "200"):
            assert word in answered
        assert "unknown_use_case" in refused and "404" in refused


def test_the_bootstrap_extension_of_the_page_keeps_gauges_true_without_traffic(
    own_site: Site, world: World, tmp_path: Path
) -> None:
    extension = at(own_site, block("bootstrap_extensions"))
    face = Face(SPECIFIER, settings(own_site))
    with running(own_site, world, tmp_path, face, lambda manager: None, **extension) as made:

        def gauge(name: str) -> int | None:
            return made.envoy.stats("turnout").get(f"turnout.{name}")

        wait_for("the first revision", lambda: gauge("head_revision") == gauge("revision") == 1)
        own_site.publish(world.document(canary=50))
        wait_for("the second", lambda: gauge("head_revision") == gauge("revision") == 2)
        before = gauge("overlay_generation")
        own_site.set("cluster", "alpha", "down")
        wait_for("the overlay", lambda: gauge("overlay_generation") != before)
        assert gauge("head_refused") == 0


def test_every_example_of_the_page_is_run_here() -> None:
    keys = {"routes", "request_headers_to_remove", "bootstrap_extensions", "access_log"}
    for one in blocks("README.md"):
        assert keys & set(one), one


def test_routes_come_from_a_plugin_by_name_too(site: Site, world: World, tmp_path: Path) -> None:
    """`cluster_specifier_plugins`: several routes, one configuration."""
    face = Face(SPECIFIER, settings(site))

    def edits(manager: Json) -> None:
        config = route_config(face)
        (host,) = config["virtual_hosts"]
        (route,) = host["routes"]
        plugin = route["route"].pop("inline_cluster_specifier_plugin")
        plugin["extension"]["name"] = "turnout"
        route["route"]["cluster_specifier_plugin"] = "turnout"
        config["cluster_specifier_plugins"] = [plugin]
        other = json.loads(json.dumps(route)) | {"name": "other", "match": {"prefix": "/other"}}
        host["routes"] = [other, route]
        manager["route_config"] = config

    with running(site, world, tmp_path, face, edits) as made:
        for path in ("/", "/other"):
            answer = made.ask("Home", "u_1", path=path)
            assert answer.upstream == upstream_of(site.decides("Home", "u_1"))
