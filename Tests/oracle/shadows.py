"""Copies of the request for other model versions."""

from __future__ import annotations

from collections.abc import Iterator

from decision import ShadowSent
from documents import Shadow
from placement import placed_first
from situation import Situation, arm_of


def shadows(use_case: str, at: Situation) -> Iterator[ShadowSent]:
    for shadow in at.use_case.shadows:
        if not at.overlay.is_on("shadow", f"{use_case}/{shadow.name}") or not _fits(shadow, at):
            continue
        destination = placed_first(shadow.model, at)
        if destination is not None:
            config = at.document.models[shadow.model].config
            yield ShadowSent(shadow.name, destination, config)


def _fits(shadow: Shadow, at: Situation) -> bool:
    if at.traffic not in shadow.traffic or not at.holds(shadow.when):
        return False
    drawn_by = at.request.request_id if shadow.by_request else at.unit(shadow.sample.unit)
    return arm_of(at.table.of(shadow.sample), drawn_by) is not None
