"""From a request to a decision, top down, as the page tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import times
from allocations import Table
from conditions import attribute, typed
from configs import merged
from decision import CellTaken, Decision, Reason
from documents import PRODUCTION, Clusters, Config, Rule
from experiments import entry, model_override
from overlay import NOTHING, Overlay
from placement import placed
from request import Request, is_valid
from ring import by_bytes
from shadows import shadows
from situation import Situation
from trees import Scalar


def resolve(table: Table, request: Request, overlay: Overlay = NOTHING) -> Decision:
    use_case = table.document.use_cases.get(request.use_case)
    if request.traffic is None or not is_valid(request):
        return Decision("invalid_argument", request.use_case)
    if use_case is None:
        return Decision("unknown_use_case", request.use_case)
    if not use_case.enabled or not overlay.is_on("use-case", request.use_case):
        return Decision("disabled", request.use_case)
    now = times.now() if request.now is None else request.now
    at = Situation(table, overlay, request, use_case, request.traffic, now)
    if any(_lacks(name, at) for name in use_case.requires):
        return Decision("missing_required", request.use_case)
    return _placed(_chosen(at), at)


@dataclass
class Chosen:
    """A model version and how it came to be chosen."""

    version: str
    reason: Reason
    clusters: Clusters | None = None
    """The rule's own."""
    config: Config = field(default_factory=dict)
    """The rule's."""
    cells: list[CellTaken] = field(default_factory=list)
    holdouts: set[str] = field(default_factory=set)


def _lacks(name: str, at: Situation) -> bool:
    if name in at.document.missing:
        return not at.request.units.get(name)
    return attribute(name, at.circumstances()) is None


def _chosen(at: Situation) -> Chosen:
    overridden = model_override(at)
    if overridden is not None and at.traffic == PRODUCTION:
        return Chosen(overridden, Reason("override", None))
    cells: list[CellTaken] = []
    holdouts: set[str] = set()
    for rule in at.use_case.rules:
        if not at.holds(rule.when):
            continue
        if rule.experiment is None:
            chosen = _chosen_by(rule, at)
        else:
            entered = entry(rule.experiment, at)
            holdouts.update(entered.holdouts)
            if entered.cell is None:
                continue
            cells.append(entered.cell)
            chosen = _chosen_by_cell(entered.cell, at)
        if chosen is not None:
            return replace(chosen, cells=cells, holdouts=holdouts)
    raise ValueError(f"no rule of {at.request.use_case} decides")


def _chosen_by(rule: Rule, at: Situation) -> Chosen | None:
    """By a `route`, `split` or `lookup`, if it decides."""
    if rule.split is not None:
        kind, version = "split", at.draw(at.table.of(rule.split), at.unit(rule.split.unit))
    elif rule.lookup is not None:
        kind, found = "lookup", _looked_up(rule.lookup, rule.routes, at)
        if found is None:
            return None
        version = found
    else:
        kind, version = "route", rule.route or ""
    return Chosen(version, Reason(kind, rule.name), rule.clusters, rule.config)


def _looked_up(name: str, routes: Mapping[str, str], at: Situation) -> str | None:
    circumstances = at.circumstances()
    value = attribute(name, circumstances)
    for word, version in routes.items():
        if value is not None and typed(Scalar(word), name, circumstances) == value:
            return version
    return None


def _chosen_by_cell(taken: CellTaken, at: Situation) -> Chosen | None:
    model = at.document.experiments[taken.experiment].cells[taken.cell].model
    if isinstance(model, Mapping):
        model = model.get(at.request.use_case)
    return None if model is None else Chosen(model, Reason("experiment", taken.experiment))


def _placed(chosen: Chosen, at: Situation) -> Decision:
    found = placed(chosen.version, chosen.clusters, at)
    if found is None:
        return Decision("unavailable", at.request.use_case)
    version = at.document.models[found.destination.version]
    return Decision(
        status="ok",
        use_case=at.request.use_case,
        destination=found.destination,
        config=merged(
            [version.config, at.use_case.config, chosen.config, *_configs(chosen.cells, at)]
        ),
        cells=chosen.cells,
        holdouts=by_bytes(chosen.holdouts),
        shadows=list(shadows(at.request.use_case, at)),
        reason=chosen.reason,
        traffic=at.traffic,
        fallback=found.fallback,
        degraded=found.degraded,
    )


def _configs(cells: Iterable[CellTaken], at: Situation) -> list[Config]:
    return [at.document.experiments[taken.experiment].cells[taken.cell].config for taken in cells]
