"""The ways of choosing a cluster that are compared, as listeners of one Envoy.

All take the same request over HTTP/1.1 and send it to one of three clusters, rank-a, rank-b and
rank-c. They differ in their routes and filters alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Json = dict[str, object]
STRUCT = "type.googleapis.com/google.protobuf.Struct"
TYPE = "type.googleapis.com/envoy.extensions"
USE_CASE = "HomepageRanking"
SHADOWED = "ShadowedRanking"
SLOTS = 2
# How a value of metadata is written into a header: of the route, and of the stream.
ROUTE, STREAM = "METADATA(ROUTE:turnout:", "DYNAMIC_METADATA(turnout:"
WRITTEN = ("model", "version", "revision")
# What no client may say, and is not overwritten in every request that goes on.
TAKEN = ["x-turnout-shadow", *(f"x-turnout-shadow-{slot}" for slot in range(1, SLOTS + 1))]
ATTRIBUTES = {
    "country": {"header": "x-country", "type": "string"},
    "device": {"header": "x-device", "type": "string"},
    "tenure_days": {"header": "x-tenure-days", "type": "number"},
    "app_version": {"header": "x-app-version", "type": "string"},
}


@dataclass(frozen=True)
class Variant:
    """A listener: its name in rows, what it does, and its parts of the configuration."""

    name: str
    words: str
    parts: Callable[[Path], tuple[list[Json], list[Json]]]  # routes and filters, given the store
    use_case: str = USE_CASE
    decides: bool = False  # whether it makes the decision that the table makes


def overwrite(header: str, value: str) -> Json:
    """A header that replaces what the client sent."""
    return {
        "header": {"key": header, "value": value},
        "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
    }


def to(action: Json, **parts: object) -> Json:
    """A route for every request."""
    return {"name": "ranking", "match": {"prefix": "/"}, "route": action, **parts}


def plain(_: Path) -> tuple[list[Json], list[Json]]:
    """One cluster, by name."""
    return [to({"cluster": "rank-a"})], []


def static_headers(_: Path) -> tuple[list[Json], list[Json]]:
    """One cluster, and the headers that a decision would write, as constants."""
    values = {"model": "ranker", "version": "v1", "revision": "1"}
    added = [overwrite(f"x-turnout-{name}", value) for name, value in values.items()]
    return [
        to(
            {"cluster": "rank-a"},
            request_headers_to_remove=TAKEN,
            request_headers_to_add=added,
        )
    ], []


def weighted(_: Path) -> tuple[list[Json], list[Json]]:
    """Envoy's own split by the hash of a header."""
    weights = {"rank-a": 60, "rank-b": 30, "rank-c": 10}
    return [
        to(
            {
                "weighted_clusters": {
                    "clusters": [{"name": n, "weight": w} for n, w in weights.items()],
                    "use_hash_policy": True,
                },
                "hash_policy": [{"header": {"header_name": "x-turnout-unit"}}],
            }
        )
    ], []


def routes(at: int) -> Callable[[Path], tuple[list[Json], list[Json]]]:
    """1,000 routes by the header of the use case; that of the requests is the one at `at`."""

    def parts(_: Path) -> tuple[list[Json], list[Json]]:
        names = [f"{USE_CASE}{number}" for number in range(1000)]
        names[at - 1] = USE_CASE
        header = "x-turnout-use-case"
        return [
            {
                "match": {
                    "prefix": "/",
                    "headers": [{"name": header, "string_match": {"exact": name}}],
                },
                "route": {"cluster": f"rank-{'abc'[number % 3]}"},
            }
            for number, name in enumerate(names)
        ], []

    return parts


def settings(store: Path, everything: bool) -> Json:
    """The module's settings."""
    asked: Json = {
        "store": str(store),
        "attributes": ATTRIBUTES,
        "shadow_slots": SLOTS if everything else 0,
        "counters": everything,
    }
    if not everything:
        asked["metadata"] = []
    return asked


def module() -> Json:
    """Which library, loaded once for all listeners."""
    return {"name": "turnout_envoy", "do_not_close": True, "metrics_namespace": "turnout"}


def shadows(source: str) -> list[Json]:
    """A mirror for each slot, to the cluster that the slot's header names, if it names one."""
    return [
        {
            "cluster_header": f"x-turnout-shadow-{slot}",
            "disable_shadow_host_suffix_append": True,
            "request_headers_mutations": [
                *(
                    {"append": overwrite(f"x-turnout-{name}", f"%{source}shadow_{slot}_{name})%")}
                    for name in ("model", "version")
                ),
                {"append": overwrite("x-turnout-shadow", "1")},
                *({"remove": f"x-turnout-shadow-{other}"} for other in range(1, SLOTS + 1)),
            ],
        }
        for slot in range(1, SLOTS + 1)
    ]


def written() -> list[Json]:
    """The decision's headers and the slots', from the route's metadata."""
    return [
        *(overwrite(f"x-turnout-{name}", f"%{ROUTE}{name})%") for name in WRITTEN),
        *(
            overwrite(f"x-turnout-shadow-{slot}", f"%{ROUTE}shadow_{slot})%")
            for slot in range(1, SLOTS + 1)
        ),
    ]


def specifier(everything: bool) -> Callable[..., tuple[list[Json], list[Json]]]:
    """The module as the route's cluster specifier."""

    def parts(store: Path, **more: object) -> tuple[list[Json], list[Json]]:
        where = f"{TYPE}.router.cluster_specifiers.dynamic_modules.v3"
        asked = settings(store, everything) | more
        config: Json = {
            "@type": f"{where}.DynamicModuleClusterSpecifier",
            "dynamic_module_config": module(),
            "specifier_name": "turnout",
            "specifier_config": {"@type": STRUCT, "value": asked},
        }
        if everything:
            # A mirror costs every request of its route, so only requests with a shadow get theirs.
            asked["shadow_overrides"] = True
            config["route_action_overrides"] = {
                f"shadows-{count}": {"request_mirror_policies": shadows(ROUTE)[:count]}
                for count in range(1, SLOTS + 1)
            }
        name = "envoy.router.cluster_specifier_plugin.dynamic_modules"
        plugin = {"extension": {"name": name, "typed_config": config}}
        action: Json = {"inline_cluster_specifier_plugin": plugin}
        if not everything:
            return [to(action)], []
        removed = [header for header in TAKEN if header != "x-turnout-cluster"]
        return [to(action, request_headers_to_remove=removed, request_headers_to_add=written())], []

    return parts


def http_filter(everything: bool) -> Callable[[Path], tuple[list[Json], list[Json]]]:
    """The module as an HTTP filter, which writes headers itself, the cluster's among them."""

    def parts(store: Path) -> tuple[list[Json], list[Json]]:
        one: Json = {
            "name": "turnout",
            "typed_config": {
                "@type": f"{TYPE}.filters.http.dynamic_modules.v3.DynamicModuleFilter",
                "filter_name": "turnout",
                "dynamic_module_config": module(),
                "filter_config": {"@type": STRUCT, "value": settings(store, everything)},
            },
        }
        action: Json = {"cluster_header": "x-turnout-cluster"}
        removed = ["x-turnout-cluster"]
        its_routes = [to(action, request_headers_to_remove=removed)]
        if everything:
            # A mirror costs every request of its route, so it stands on one that few take.
            header = {"name": "x-turnout-shadow-1", "present_match": True}
            its_routes.insert(
                0,
                {
                    "match": {"prefix": "/", "headers": [header]},
                    "route": {**action, "request_mirror_policies": shadows(STREAM)},
                    "request_headers_to_remove": removed,
                },
            )
        return its_routes, [one]

    return parts


PLAIN = "plain"
VARIANTS = [
    Variant(PLAIN, "one cluster", plain),
    Variant("plain-again", "the same once more: what the method does not see", plain),
    Variant("static-headers", "one cluster, three constant headers", static_headers),
    Variant("weighted", "weighted_clusters by the hash of a header", weighted),
    Variant("routes-500", "1,000 routes by a header, the 500th", routes(500)),
    Variant("routes-1000", "1,000 routes by a header, the last", routes(1000)),
    Variant("specifier", "Turnout's specifier, cluster only", specifier(False), decides=True),
    Variant("specifier-all", "Turnout's specifier, everything", specifier(True), decides=True),
    Variant("filter", "Turnout's filter, cluster only", http_filter(False), decides=True),
    Variant("filter-all", "Turnout's filter, everything", http_filter(True), decides=True),
    Variant(
        "specifier-copies",
        "Turnout's specifier, everything, and a copy of one request in ten",
        specifier(True),
        use_case=SHADOWED,
        decides=True,
    ),
]


def with_settings(**parts: object) -> Callable[[Path], tuple[list[Json], list[Json]]]:
    """The specifier, cluster only, with one thing more."""

    def changed(store: Path) -> tuple[list[Json], list[Json]]:
        return specifier(False)(store, **parts)

    return changed


def mirrored(_: Path) -> tuple[list[Json], list[Json]]:
    """One cluster, and a mirror to whatever a header names, which no request has."""
    return [to({"cluster": "rank-a", "request_mirror_policies": shadows(ROUTE)[:1]})], []


# Parts of the whole, counted in instructions alone.
THREE_KEYS = ["model", "version", "revision"]
MANY_KEYS = [
    *THREE_KEYS, "status", "use_case", "cluster", "routing_key", "digest", "reason", "rule",
    "traffic", "fallback", "degraded",
]  # fmt: skip
PARTS = [
    Variant("counters", "specifier and counters", with_settings(counters=True)),
    Variant("three-keys", "specifier and three keys", with_settings(metadata=THREE_KEYS)),
    Variant("thirteen-keys", "specifier and thirteen keys", with_settings(metadata=MANY_KEYS)),
    Variant("mirror", "one cluster, and a mirror that never fires", mirrored),
]


def listener(variant: Variant, store: Path) -> Json:
    """A variant as a listener, on a port that the system picks."""
    its_routes, its_filters = variant.parts(store)
    router = {
        "name": "envoy.filters.http.router",
        "typed_config": {"@type": f"{TYPE}.filters.http.router.v3.Router"},
    }
    connections = {
        "@type": f"{TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "in",
        "route_config": {
            "name": variant.name,
            "virtual_hosts": [{"name": "all", "domains": ["*"], "routes": its_routes}],
        },
        "http_filters": [*its_filters, router],
    }
    name = "envoy.filters.network.http_connection_manager"
    return {
        "name": variant.name,
        "address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}},
        "filter_chains": [{"filters": [{"name": name, "typed_config": connections}]}],
    }


def http2() -> Json:
    """What makes a cluster speak HTTP/2, as gRPC wants it."""
    where = "upstreams.http.v3.HttpProtocolOptions"
    return {
        f"envoy.extensions.{where}": {
            "@type": f"{TYPE}.{where}",
            "explicit_http_config": {"http2_protocol_options": {}},
        }
    }


def cluster(name: str, port: int, **parts: object) -> Json:
    """A cluster of one host."""
    address = {"address": {"socket_address": {"address": "127.0.0.1", "port_value": port}}}
    return {
        "name": name,
        "type": "STATIC",
        "connect_timeout": "5s",
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{"lb_endpoints": [{"endpoint": address}]}],
        },
        **parts,
    }


def bootstrap(
    variants: list[Variant], upstreams: dict[str, int], store: Path, **parts: object
) -> Json:
    """An Envoy with all of them. Statistics are flushed seldom, so that no slice meets that."""
    clusters = [cluster(f"rank-{letter}", port, **parts) for letter, port in upstreams.items()]
    return {
        "admin": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}}},
        "stats_flush_interval": "299s",
        "static_resources": {
            "listeners": [listener(variant, store) for variant in variants],
            "clusters": clusters,
        },
    }
