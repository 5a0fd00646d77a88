"""A chain: documents published one after the other into one store, and requests of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from allocations import Table


@dataclass(frozen=True)
class Step:
    """The text of every file, the table that is made of them, and requests."""

    files: Mapping[str, str]
    against: int | None
    """The step whose table is head when this one is published."""
    same: bool
    """The document of head again."""
    table: Table
    requests: Sequence[str]
