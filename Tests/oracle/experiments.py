"""Which cells of experiments a unit is in, and which holdouts keep it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from decision import CellTaken
from documents import Experiment
from ring import by_bytes
from situation import Situation, arm_of

ASSIGNMENT, OVERRIDE, HASH = "assignment", "override", "hash"


@dataclass(frozen=True)
class Entry:
    """The cell that the unit is in, if it is in one, and the holdouts to be recorded."""

    cell: CellTaken | None
    holdouts: list[str]


OUT = Entry(None, [])


def entry(name: str, at: Situation) -> Entry:
    """Into the experiment of a rule that is reached and whose `when` holds."""
    experiment = at.document.experiments[name]
    if not _is_running(name, experiment, at):
        return OUT
    given = _given(name, experiment, at)
    if given is not None:
        return Entry(given, [])
    if _is_kept_out(name, at) or experiment.outside or experiment.layer in _given_layers(at):
        return OUT
    holdouts = list(_holdouts(experiment.layer, at))
    if holdouts or not at.holds(experiment.when):
        return Entry(None, holdouts)
    return Entry(_by_hash(name, experiment, at), [])


def _is_running(name: str, experiment: Experiment, at: Situation) -> bool:
    return (
        experiment.enabled
        and at.overlay.is_on("experiment", name)
        and (experiment.starts is None or experiment.starts <= at.now)
        and (experiment.ends is None or at.now < experiment.ends)
        and at.traffic in experiment.traffic
    )


def _given(name: str, experiment: Experiment, at: Situation) -> CellTaken | None:
    """By an assignment, else by an override."""
    if name in at.request.assignments:
        cell = at.request.assignments[name]
        if cell is None or cell not in experiment.cells:
            return None
        return CellTaken(name, cell, ASSIGNMENT)
    overridden = _override(at)
    if isinstance(overridden, dict) and name in overridden:
        return CellTaken(name, overridden[name], OVERRIDE)
    return None


def _is_kept_out(name: str, at: Situation) -> bool:
    """By an assignment to nothing or to an unknown cell; a known one has been taken before."""
    return name in at.request.assignments


def _override(at: Situation) -> object:
    unit = at.unit(None)
    for word, given in at.use_case.overrides.items():
        if unit and word.encode() == unit:
            return given
    return None


def model_override(at: Situation) -> str | None:
    given = _override(at)
    return given if isinstance(given, str) else None


def _given_layers(at: Situation) -> set[str]:
    """Those in which a cell of a running experiment of the use case is given, wherever its rule
    stands and whatever `when` says."""
    named = [rule.experiment for rule in at.use_case.rules if rule.experiment is not None]
    experiments = {name: at.document.experiments[name] for name in named}
    return {
        experiment.layer
        for name, experiment in experiments.items()
        if _is_running(name, experiment, at) and _given(name, experiment, at) is not None
    }


def _holdouts(layer: str, at: Situation) -> Iterator[str]:
    """Those of the layer that contain the unit."""
    for name in by_bytes(at.document.holdouts):
        holdout = at.document.holdouts[name]
        if holdout.layers is not None and layer not in holdout.layers:
            continue
        unit = at.unit_of_table(holdout.spec.unit)
        if at.traffic in holdout.traffic and arm_of(at.table.of(holdout.spec), unit):
            yield name


def _by_hash(name: str, experiment: Experiment, at: Situation) -> CellTaken | None:
    layer = at.document.layers[experiment.layer]
    unit = at.unit_of_table(layer.spec.unit)
    arm = arm_of(at.table.of(layer.spec), unit)
    if arm is None or layer.experiments[arm] != name:
        return None
    cell = arm_of(at.table.of(experiment.spec), unit)
    if cell is None:
        raise ValueError(f"a hole in the cells of {name}")
    return CellTaken(name, cell, HASH)
