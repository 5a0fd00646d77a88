"""From a model version to the address of a cluster."""

from __future__ import annotations

from dataclasses import dataclass

from decision import Destination
from documents import Cluster, Clusters
from overlay import DRAINING, UP, worse
from situation import Situation

SIBLINGS = 16


@dataclass(frozen=True)
class Placed:
    destination: Destination
    fallback: bool
    degraded: bool


@dataclass(frozen=True)
class Stop:
    """A cluster on the way, and its shard."""

    cluster: Cluster
    shard: str | None
    """The one drawn first."""
    up: str | None
    """The one taken if it is up: a sibling, perhaps."""
    state: str
    """The worse of the cluster's and that of the shard drawn first."""
    is_up: bool


def placed(version: str, clusters: Clusters | None, at: Situation) -> Placed | None:
    """Nothing if all is down and the use case refuses."""
    first = list(_stops(version, clusters, at))
    for index, stop in enumerate(first):
        if stop.is_up:
            return Placed(_destination(version, stop, stop.up), index > 0, False)
    # A rule's own cluster has no `otherwise`.
    other = at.document.models[version].otherwise if clusters is None else None
    while other is not None:
        for stop in _stops(other, None, at):
            if stop.is_up:
                return Placed(_destination(other, stop, stop.up), True, False)
        other = at.document.models[other].otherwise
    if at.use_case.refuses:
        return None
    draining = [stop for stop in first if stop.state == DRAINING]
    last = (draining or first)[0]
    return Placed(_destination(version, last, last.shard), False, True)


def placed_first(version: str, at: Situation) -> Destination | None:
    """In the first cluster of its placement or not at all."""
    stop = _stops(version, None, at)[0]
    return _destination(version, stop, stop.up) if stop.is_up else None


def _stops(version: str, clusters: Clusters | None, at: Situation) -> list[Stop]:
    if clusters is None:
        places = at.document.models[version].places
        clusters = next(place.clusters for place in places if at.holds(place.when))
    names = list(clusters.listed)
    if clusters.split is not None:
        names.insert(0, at.draw(at.table.of(clusters.split), at.unit(None)))
    return [_stop(at.document.clusters[name], at) for name in names]


def _stop(cluster: Cluster, at: Situation) -> Stop:
    state = at.overlay.cluster(cluster.name)
    if cluster.shards is None:
        return Stop(cluster, None, None, state, state == UP)
    allocation = at.table.of(cluster.shards)
    unit = at.unit_of_table(cluster.shards.unit)
    shard = at.draw(allocation, unit)
    of_shard = at.overlay.shard(cluster.name, shard)
    tried = [shard]
    if of_shard != UP and cluster.siblings:
        salts = [f"{cluster.shards.salt}#{index}" for index in range(1, SIBLINGS + 1)]
        tried += [at.draw(allocation, unit, salt) for salt in salts]
    up = next((one for one in tried if at.overlay.shard(cluster.name, one) == UP), None)
    return Stop(cluster, shard, up, worse(state, of_shard), state == UP and up is not None)


def _destination(version: str, stop: Stop, shard: str | None) -> Destination:
    cluster = stop.cluster
    address = cluster.address if shard is None else cluster.shard_addresses[shard]
    return Destination(
        version=version,
        cluster=cluster.name,
        shard=shard,
        address=address or "",
        routing_key=cluster.routing_key + ("" if shard is None else f"/{shard}"),
    )
