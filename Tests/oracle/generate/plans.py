"""Plans of chains: what Hypothesis chooses and shrinks. Dice fill in the rest."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from hypothesis import strategies as st

from generate.changes import NAMES_OF_CHANGES
from generate.features import Feature, Features

SEEDS = 2**64


@dataclass(frozen=True)
class Turn:
    """One step: what changes, against which earlier step, and what is asked then."""

    changes: tuple[str, ...]
    back: int
    """How many steps before the one before it is compiled against, if there are so many."""
    states: int
    """How many entries of the overlay are set."""


@dataclass(frozen=True)
class Plan:
    seed: int
    use_cases: int
    features: tuple[str, ...]
    turns: tuple[Turn, ...]

    def text(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":"))

    def has(self) -> Features:
        return [Feature(name) for name in self.features]


def parsed(text: str) -> Plan:
    said = json.loads(text)
    turns = [Turn(tuple(turn.pop("changes")), **turn) for turn in said.pop("turns")]
    return Plan(features=tuple(said.pop("features")), turns=tuple(turns), **said)


def plans(features: Features) -> st.SearchStrategy[Plan]:
    names = [feature.value for feature in Feature if feature in features]
    # Most plans have most features; shrinking takes them away.
    without = st.lists(st.sampled_from(names), unique=True, max_size=3) if names else st.just([])
    turn = st.builds(
        Turn,
        changes=st.lists(st.sampled_from(NAMES_OF_CHANGES), max_size=5).map(tuple),
        back=st.sampled_from([0, 0, 0, 0, 0, 1, 2]),
        states=st.integers(0, 5 if Feature.OVERLAY in features else 0),
    )
    return st.builds(
        Plan,
        seed=st.integers(0, SEEDS - 1),
        use_cases=st.integers(1, 4),
        features=without.map(lambda gone: tuple(name for name in names if name not in gone)),
        turns=st.lists(turn, min_size=3, max_size=6).map(tuple),
    )
