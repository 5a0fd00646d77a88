"""A chain: documents published one after the other into one store, and requests of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from allocations import Table
from overlay import NOTHING, Overlay


@dataclass(frozen=True)
class Question:
    """Requests of the table of one step."""

    step: int
    requests: Sequence[str]


@dataclass(frozen=True)
class Step:
    """The text of every file, and the table that is made of them."""

    files: Mapping[str, str]
    against: int | None
    """The step whose table is head when this one is published."""
    same: bool
    """The document of head again."""
    table: Table
    states: Sequence[tuple[str, str, str]] = ()
    """Entries of the overlay that are set then: kind, name, state."""
    overlay: Overlay = NOTHING
    """What it says after that."""
    questions: Sequence[Question] = ()
    """Asked after that, of this step and of earlier ones."""
