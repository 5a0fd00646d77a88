"""From a request to a decision, top down, as the page tells it."""

from __future__ import annotations

from collections.abc import Sequence

from allocations import Allocation, Table
from conditions import Circumstances, attribute, holds, typed
from configs import merged
from decision import Decision, Destination, Reason
from documents import Document, Rule, UseCase
from request import Request, is_valid
from ring import arm_at, position
from trees import Scalar


def resolve(table: Table, request: Request) -> Decision:
    use_case = table.document.use_cases.get(request.use_case)
    if request.traffic is None or not is_valid(request):
        return Decision("invalid_argument", request.use_case)
    if use_case is None:
        return Decision("unknown_use_case", request.use_case)
    if not use_case.enabled:
        return Decision("disabled", request.use_case)
    at = Circumstances(
        document=table.document,
        context=request.context,
        unit=unit(use_case.unit, table.document, request),
        traffic=request.traffic,
    )
    if any(_lacks(name, request, at) for name in use_case.requires):
        return Decision("missing_required", request.use_case)
    return _decided(table, use_case, request, at)


def unit(name: str, document: Document, request: Request) -> bytes:
    """The unit, else the one that its `missing` names, and so on; empty if all are."""
    given = request.units.get(name, b"")
    instead = document.missing[name]
    if given or instead is None:
        return given
    return unit(instead, document, request)


def draw(allocation: Allocation, name: str, document: Document, request: Request) -> str:
    """The arm of the unit, without one that of the request id, without that the largest."""
    drawn_by = unit(name, document, request) or request.request_id
    if not drawn_by:
        return allocation.largest_arm()
    arm = arm_at(allocation.intervals, position(drawn_by, allocation.spec.salt))
    if arm is None:
        raise ValueError(f"a hole in the allocation of {allocation.spec.owner}")
    return arm


def _lacks(name: str, request: Request, at: Circumstances) -> bool:
    if name in at.document.missing:
        return not request.units.get(name)
    return attribute(name, at) is None


def _decided(table: Table, use_case: UseCase, request: Request, at: Circumstances) -> Decision:
    for rule in use_case.rules:
        if not holds(rule.when, at):
            continue
        target = _target(table, use_case, rule, request, at)
        if target is None:
            continue
        version = table.document.models[target]
        clusters = version.clusters if rule.clusters is None else rule.clusters
        return Decision(
            status="ok",
            use_case=request.use_case,
            destination=_destination(table, target, clusters, request),
            config=merged([version.config, use_case.config, rule.config]),
            reason=Reason(_kind(rule), rule.name),
            traffic=at.traffic,
        )
    raise ValueError(f"no rule of {request.use_case} decides")


def _kind(rule: Rule) -> str:
    if rule.split is not None:
        return "split"
    return "route" if rule.route is not None else "lookup"


def _target(
    table: Table,
    use_case: UseCase,
    rule: Rule,
    request: Request,
    at: Circumstances,
) -> str | None:
    """The model version that the rule decides for, if it decides."""
    if rule.split is not None:
        return draw(table.of(rule.split), rule.split.unit or use_case.unit, at.document, request)
    if rule.lookup is None:
        return rule.route
    value = attribute(rule.lookup, at)
    for word, target in rule.routes.items():
        if value is not None and typed(Scalar(word), rule.lookup, at) == value:
            return target
    return None


def _destination(
    table: Table,
    target: str,
    clusters: Sequence[str],
    request: Request,
) -> Destination:
    """In the first cluster: while no state of clusters exists, all are up."""
    cluster = table.document.clusters[clusters[0]]
    model, version = target.split("@")
    if cluster.shards is None:
        address = cluster.address or ""
        return Destination(model, version, cluster.name, None, address, cluster.routing_key)
    name = cluster.shards.unit or table.document.unit
    shard = draw(table.of(cluster.shards), name, table.document, request)
    return Destination(
        model=model,
        version=version,
        cluster=cluster.name,
        shard=shard,
        address=cluster.shard_addresses[shard],
        routing_key=f"{cluster.routing_key}/{shard}",
    )
