"""Tables: documents compiled against the table before, with their allocations carried from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from documents import Document, Spec
from ring import Interval, carried, fresh, largest_arm, lengths_of_shares, lengths_of_weights

Key: TypeAlias = tuple[str, str, str]


@dataclass(frozen=True)
class Allocation:
    spec: Spec
    intervals: Sequence[Interval]
    source: Allocation | None
    """The one that it was carried from, or would have been if it were not pinned."""

    def largest_arm(self) -> str:
        return largest_arm(self.spec.parts, self.intervals)


@dataclass(frozen=True)
class Table:
    document: Document
    allocations: Mapping[Key, Allocation]

    def of(self, spec: Spec) -> Allocation:
        return self.allocations[spec.key]


def compiled(document: Document, against: Table | None) -> Table:
    allocations = {spec.key: _allocated(spec, _source(spec, against)) for spec in document.specs()}
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
    lengths = _lengths(spec, source)
    if source is None:
        return Allocation(spec, fresh(lengths), None)
    return Allocation(spec, carried(lengths, source.intervals), source)


def _lengths(spec: Spec, source: Allocation | None) -> dict[str, int]:
    if spec.by_percentage:
        return lengths_of_shares(spec.parts)
    return lengths_of_weights(spec.parts, source.intervals if source else ())
