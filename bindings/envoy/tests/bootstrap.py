# SPDX-License-Identifier: Apache-2.0
"""The configuration of the tests' Envoys: what an operator would write, as dictionaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

Json = dict[str, Any]

SPECIFIER, FILTER = "specifier", "filter"
SOURCE = {SPECIFIER: "METADATA(ROUTE:turnout:{})", FILTER: "DYNAMIC_METADATA(turnout:{})"}
SLOTS_MAX = 8
TYPE = "type.googleapis.com/envoy.extensions."
LOGGED = (
    *("status", "use_case", "model", "version", "cluster", "shard", "routing_key", "revision"),
    *("digest", "reason", "rule", "cells", "holdouts", "traffic", "fallback", "degraded"),
)
PUBLISHED = ("model", "version", "revision")
"""What upstreams are told, as `x-turnout-` headers."""
TOLD = ("cells", "reason")
"""More of it that only the tests ask for."""
SLOTS = [f"x-turnout-shadow-{slot}" for slot in range(1, SLOTS_MAX + 1)]
INTERNAL = [
    *("x-turnout-cluster", "x-turnout-shadow", *SLOTS),
    *(f"x-turnout-{name}" for name in (*PUBLISHED, *TOLD)),
]
"""Headers that mean something between Envoy and upstreams; clients may send them in vain."""


@dataclass(frozen=True)
class Face:
    """How the module stands in a listener."""

    kind: str
    settings: Json
    slots: int = 4
    timeout: str = "15s"
    retry: Json | None = None
    include_attempts: bool = False
    extra: Sequence[Json] = ()
    """HTTP filters before the module's."""
    local_replies: Json | None = None
    module: str = "turnout_envoy"
    told: Sequence[str] = TOLD
    apart: bool = False
    """Whether mirrors stand apart from the route, so that only requests with a shadow meet them: of
    the specifier in overrides, of the filter in a route before the other."""


def typed(name: str, kind: str, **more: Any) -> Json:
    return {"name": name, "typed_config": {"@type": TYPE + kind, **more}}


def added(key: str, value: str) -> Json:
    header = {"key": key, "value": value}
    return {"header": header, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}


def module_config(face: Face) -> Json:
    return {"name": face.module, "do_not_close": True, "metrics_namespace": "turnout"}


def struct(value: Mapping[str, Any]) -> Json:
    return {"@type": "type.googleapis.com/google.protobuf.Struct", "value": dict(value)}


def specifier(face: Face) -> Json:
    slots = range(1, face.slots + 1)
    mirrors = [mirror(face, slot) for slot in slots]
    overrides = {f"shadows-{slot}": {"request_mirror_policies": mirrors[:slot]} for slot in slots}
    return {
        "extension": typed(
            "envoy.router.cluster_specifier_plugin.dynamic_modules",
            "router.cluster_specifiers.dynamic_modules.v3.DynamicModuleClusterSpecifier",
            dynamic_module_config=module_config(face),
            specifier_name="turnout",
            specifier_config=struct(face.settings),
            **({"route_action_overrides": overrides} if face.apart else {}),
        )
    }


def filter_config(face: Face) -> Json:
    return {
        "@type": TYPE + "filters.http.dynamic_modules.v3.DynamicModuleFilter",
        "filter_name": "turnout",
        "dynamic_module_config": module_config(face),
        "filter_config": struct(face.settings),
    }


def mirror(face: Face, slot: int) -> Json:
    """Of slot N, to the cluster that its header names. The copy says of itself what it is."""
    value = SOURCE[face.kind]
    own = [
        added(f"x-turnout-{name}", f"%{value.format(f'shadow_{slot}_{name}')}%")
        for name in ("model", "version")
    ]
    own.append(added("x-turnout-shadow", "1"))
    removed = ["x-turnout-cluster", *SLOTS]
    return {
        "cluster_header": f"x-turnout-shadow-{slot}",
        "disable_shadow_host_suffix_append": True,
        "request_headers_mutations": [
            *({"append": header} for header in own),
            *({"remove": name} for name in removed),
        ],
    }


def route(face: Face, name: str = "main") -> Json:
    value = SOURCE[face.kind]
    slots = range(1, face.slots + 1)
    action: Json = {"timeout": face.timeout}
    if face.kind == SPECIFIER:
        action["inline_cluster_specifier_plugin"] = specifier(face)
    else:
        action["cluster_header"] = "x-turnout-cluster"
    if face.slots and not face.apart:
        action["request_mirror_policies"] = [mirror(face, slot) for slot in slots]
    if face.retry is not None:
        action["retry_policy"] = face.retry
    # The filter itself takes away or overwrites what clients forge; the specifier cannot, and where
    # it stands the route does.
    told, removed = list(face.told), ["x-turnout-cluster", *(f"x-turnout-{key}" for key in TOLD)]
    put = [added(f"x-turnout-{key}", f"%{value.format(key)}%") for key in told]
    if face.kind == SPECIFIER:
        removed = INTERNAL
        shadows = [added(SLOTS[slot - 1], f"%{value.format(f'shadow_{slot}')}%") for slot in slots]
        published = [added(f"x-turnout-{key}", f"%{value.format(key)}%") for key in PUBLISHED]
        put += published + shadows
    return {
        "name": name,
        "match": {"prefix": "/"},
        "request_headers_to_remove": removed,
        "request_headers_to_add": put,
        "route": action,
    }


def route_config(face: Face, name: str = "routes") -> Json:
    routes = [route(face)]
    if face.apart and face.kind == FILTER:
        with_mirrors = route(replace(face, apart=False), "mirrored")
        with_mirrors["match"]["headers"] = [{"name": SLOTS[0], "present_match": True}]
        routes.insert(0, with_mirrors)
    host: Json = {"name": "all", "domains": ["*"], "routes": routes}
    if face.include_attempts:
        host["include_request_attempt_count"] = True
    return {"name": name, "virtual_hosts": [host]}


def access_log(face: Face, path: Path) -> Json:
    value = SOURCE[face.kind]
    logged = {key: f"%{value.format(key)}%" for key in LOGGED}
    logged |= {f"shadow_{slot}": f"%{value.format(f'shadow_{slot}')}%" for slot in (1, 2)}
    logged |= {
        "code": "%RESPONSE_CODE%",
        "details": "%RESPONSE_CODE_DETAILS%",
        "upstream": "%UPSTREAM_CLUSTER%",
        "attempts": "%UPSTREAM_REQUEST_ATTEMPT_COUNT%",
        "test": "%REQ(x-test)%",
    }
    return typed(
        "envoy.access_loggers.file",
        "access_loggers.file.v3.FileAccessLog",
        path=str(path),
        log_format={"json_format": logged},
    )


def listener(name: str, face: Face, log: Path, routes: Json | None = None) -> Json:
    """With the face's routes in it, unless `routes` says where they come from."""
    filters = list(face.extra)
    if face.kind == FILTER:
        filters.append({"name": "turnout", "typed_config": filter_config(face)})
    filters.append(typed("envoy.filters.http.router", "filters.http.router.v3.Router"))
    manager = typed(
        "envoy.filters.network.http_connection_manager",
        "filters.network.http_connection_manager.v3.HttpConnectionManager",
        stat_prefix=name,
        access_log=[access_log(face, log)],
        http_filters=filters,
        # Who gives an id of the request keeps it: what has no unit draws by it.
        preserve_external_request_id=True,
        # Requests of tests come by the thousand over one connection.
        common_http_protocol_options={"idle_timeout": "300s", "max_headers_count": 500},
        **(routes or {"route_config": route_config(face)}),
    )
    if face.local_replies is not None:
        manager["typed_config"]["local_reply_config"] = face.local_replies
    address = {"socket_address": {"address": "127.0.0.1", "port_value": 0}}
    return {"name": name, "address": address, "filter_chains": [{"filters": [manager]}]}


def cluster(name: str, port: int, is_grpc: bool = False) -> Json:
    endpoint = {"address": {"socket_address": {"address": "127.0.0.1", "port_value": port}}}
    found: Json = {
        "name": name,
        "type": "STATIC",
        "connect_timeout": "2s",
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{"lb_endpoints": [{"endpoint": endpoint}]}],
        },
        "circuit_breakers": {"thresholds": [{"max_connections": 4096, "max_requests": 4096}]},
    }
    if is_grpc:
        options: Json = {"explicit_http_config": {"http2_protocol_options": {}}}
        kind = TYPE + "upstreams.http.v3.HttpProtocolOptions"
        protocol = {"@type": kind, **options}
        found["typed_extension_protocol_options"] = {kind.split("/")[1]: protocol}
    return found


def bootstrap(listeners: Sequence[Json], clusters: Sequence[Json], **more: Any) -> Json:
    return {
        "node": {"id": "tests", "cluster": "tests"},
        "admin": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}}},
        "static_resources": {"listeners": list(listeners), "clusters": list(clusters)},
        **more,
    }
