"""The overlay: states and switches beside the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

UP, DRAINING, DOWN = "up", "draining", "down"
ON, OFF = "on", "off"
WORSE = (UP, DRAINING, DOWN)


@dataclass(frozen=True)
class Overlay:
    """By kind (`cluster`, `use-case`, `experiment`, `shadow`) and name. What it does not name is
    up or on."""

    entries: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def with_entry(self, kind: str, name: str, state: str) -> Overlay:
        return Overlay({**self.entries, (kind, name): state})

    def is_on(self, kind: str, name: str) -> bool:
        return self.entries.get((kind, name), ON) == ON

    def cluster(self, cluster: str) -> str:
        return self.entries.get(("cluster", cluster), UP)

    def shard(self, cluster: str, shard: str) -> str:
        return self.entries.get(("cluster", f"{cluster}/{shard}"), UP)


NOTHING = Overlay()


def worse(one: str, other: str) -> str:
    return max(one, other, key=WORSE.index)
