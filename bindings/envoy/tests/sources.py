# SPDX-License-Identifier: Apache-2.0
"""Configuration that an Envoy reads from files and reads again when they are replaced."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bootstrap import FILTER, TYPE, Face, Json, bootstrap, filter_config, listener, route_config
from envoys import Envoy, wait_for
from fronts import Front, World
from sites import Site

LISTENER_TYPE = "type.googleapis.com/envoy.config.listener.v3.Listener"
ROUTES_TYPE = "type.googleapis.com/envoy.config.route.v3.RouteConfiguration"
EXTENSION_TYPE = "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig"


class Sources:
    """Listeners, routes and the filter of one Envoy, each in a file. `replace_…` waits until Envoy
    has taken what is new, or refused it."""

    def __init__(self, folder: Path, world: World, site: Site) -> None:
        self.folder, self.world, self.site = folder, world, site
        self.number = 0
        self.envoy: Envoy | None = None

    def write(self, name: str, resource: Json) -> None:
        self.number += 1
        path = self.folder / f"{name}.json"
        content = {"version_info": str(self.number), "resources": [resource]}
        new = path.with_suffix(".new")
        new.write_text(json.dumps(content))
        new.rename(path)

    def source(self, name: str) -> Json:
        place = {"path": str(self.folder / f"{name}.json")}
        own = {**place, "watched_directory": {"path": str(self.folder)}}
        return {"path_config_source": own, "resource_api_version": "V3"}

    def write_listener(self, face: Face, at: str = "") -> None:
        """`at` is what the listener is told to say of itself, so that two differ."""
        made = listener("main", face, self.folder / "main.log")
        made["filter_chains"][0]["filters"][0]["typed_config"]["server_name"] = at or "envoy"
        self.write("lds", {"@type": LISTENER_TYPE, **made})

    def write_routes(self, face: Face, at: str = "") -> None:
        made = route_config(face)
        header = {"header": {"key": "x-config", "value": at or "0"}}
        made["response_headers_to_add"] = [header]
        self.write("rds", {"@type": ROUTES_TYPE, **made})

    def write_filter(self, face: Face) -> None:
        made = {"@type": EXTENSION_TYPE, "name": "turnout", "typed_config": filter_config(face)}
        self.write("ecds", made)

    def listener_of_routes(self, face: Face) -> Json:
        """Its routes come from a file, and so does the filter if that is what it has."""
        rds = {"route_config_name": "routes", "config_source": self.source("rds")}
        made = listener("main", face, self.folder / "main.log", {"rds": rds})
        if face.kind == FILTER:
            filters = made["filter_chains"][0]["filters"][0]["typed_config"]["http_filters"]
            discovery = {
                "config_source": self.source("ecds"),
                "type_urls": [TYPE + "filters.http.dynamic_modules.v3.DynamicModuleFilter"],
            }
            filters[0] = {"name": "turnout", "config_discovery": discovery}
        return made

    def replaced(self, stat: str, write: Any) -> int:
        """What the counter whose name ends so is, once it has grown by the writing."""
        before = self.count(stat)
        write()
        wait_for(f"{stat} grows from {before}", lambda: self.count(stat) > before)
        return self.count(stat)

    def count(self, stat: str) -> int:
        assert self.envoy is not None
        values = self.envoy.stats(stat)
        return sum(value for name, value in values.items() if name.endswith(stat))

    @contextmanager
    def front(self, kind: str, version: str, listeners: Sequence[Json]) -> Iterator[Front]:
        """With no listeners here they are those of the file."""
        more: Json = {}
        if not listeners:
            more["dynamic_resources"] = {"lds_config": self.source("lds")}
        start = bootstrap(listeners, self.world.clusters(), **more)
        with Envoy(version, start, self.folder / "envoy") as envoy:
            self.envoy = envoy
            yield Front(kind, envoy, self.site, self.world, self.folder / "main.log")
