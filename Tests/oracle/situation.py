"""One request of one use case of one table: what all that decides looks at."""

from __future__ import annotations

from dataclasses import dataclass

from allocations import Allocation, Table
from conditions import Circumstances, holds
from documents import Condition, Document, UseCase
from overlay import Overlay
from request import Request
from ring import arm_at, position


@dataclass(frozen=True)
class Situation:
    table: Table
    overlay: Overlay
    request: Request
    use_case: UseCase
    traffic: str
    now: int
    """In nanoseconds since 1970."""

    @property
    def document(self) -> Document:
        return self.table.document

    def circumstances(self) -> Circumstances:
        unit = self.unit(None)
        return Circumstances(self.document, self.request.context, unit, self.traffic)

    def holds(self, condition: Condition) -> bool:
        return holds(condition, self.circumstances())

    def unit(self, name: str | None) -> bytes:
        """The unit, or the use case's, or what stands in for it; empty if all are."""
        return unit(name or self.use_case.unit, self.document, self.request)

    def unit_of_table(self, name: str | None) -> bytes:
        """The unit, or the primary one, or what stands in for it; empty if all are."""
        return unit(name or self.document.unit, self.document, self.request)

    def draw(self, allocation: Allocation, drawn_by: bytes, salt: str | None = None) -> str:
        """The arm of the unit, without one that of the request id, without that the largest."""
        drawn_by = drawn_by or self.request.request_id
        if not drawn_by:
            return allocation.largest_arm()
        arm = arm_at(allocation.intervals, position(drawn_by, salt or allocation.spec.salt))
        if arm is None:
            raise ValueError(f"a hole in the allocation of {allocation.spec.owner}")
        return arm


def unit(name: str, document: Document, request: Request) -> bytes:
    given = request.units.get(name, b"")
    instead = document.missing[name]
    if given or instead is None:
        return given
    return unit(instead, document, request)


def arm_of(allocation: Allocation, drawn_by: bytes) -> str | None:
    """The unit's arm in an allocation that may have holes; nobody draws without a unit."""
    if not drawn_by:
        return None
    return arm_at(allocation.intervals, position(drawn_by, allocation.spec.salt))
