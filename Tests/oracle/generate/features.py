"""What documents and stores may have beyond rules, splits, lookups and shards."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum
from typing import TypeAlias


class Feature(Enum):
    EXPERIMENTS = "experiments"
    HOLDOUTS = "holdouts"
    OVERRIDES = "overrides"
    SHADOWS = "shadows"
    PLACES = "places"
    """Placement by context, splits of clusters, `otherwise`, `when_all_down`."""
    UNITS = "units"
    """Lists and files of units in any condition."""
    OVERLAY = "overlay"
    EXPORT = "export"
    """What is exported with its ranges is the same table again."""


Features: TypeAlias = Collection[Feature]
