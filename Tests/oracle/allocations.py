"""Tables: documents compiled against the table before, with their allocations carried from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from documents import Document, Spec
from ring import Interval, carried, fresh, largest_arm, lengths_of_weights


@dataclass(frozen=True)
class Allocation:
    spec: Spec
    intervals: Sequence[Interval]
    source: Allocation | None
    """The one that it was carried from, or would have been if it were not pinned."""

    def largest_arm(self) -> str:
        return largest_arm(self.spec.weights, self.intervals)


@dataclass(frozen=True)
class Table:
    document: Document
    allocations: Mapping[tuple[str, str], Allocation]
    """By kind and owner."""

    def of(self, spec: Spec) -> Allocation:
        return self.allocations[spec.kind, spec.owner]


def compiled(document: Document, against: Table | None) -> Table:
    allocations = {
        (spec.kind, spec.owner): _allocated(spec, _source(spec, against))
        for spec in document.specs()
    }
    return Table(document, allocations)


def _source(spec: Spec, against: Table | None) -> Allocation | None:
    """The allocation there of the same kind and salt; of several, the one of the same owner."""
    alike = [
        allocation
        for allocation in (against.allocations.values() if against else [])
        if (allocation.spec.kind, allocation.spec.salt) == (spec.kind, spec.salt)
    ]
    if len(alike) > 1:
        alike = [allocation for allocation in alike if allocation.spec.owner == spec.owner]
    # A chain of tables would keep all of them alive.
    return Allocation(alike[0].spec, alike[0].intervals, None) if alike else None


def _allocated(spec: Spec, source: Allocation | None) -> Allocation:
    if spec.ranges is not None:
        return Allocation(spec, spec.ranges, source)
    if source is None:
        return Allocation(spec, fresh(lengths_of_weights(spec.weights)), None)
    lengths = lengths_of_weights(spec.weights, source.intervals)
    return Allocation(spec, carried(lengths, source.intervals), source)
