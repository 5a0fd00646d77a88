"""The oracle's ring against the vectors, which another program wrote."""

from __future__ import annotations

import base64
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from ring import (
    Interval,
    carried,
    fresh,
    joined,
    lengths_of_shares,
    lengths_of_weights,
    minimum,
    moved,
    position,
)

VECTORS = Path(__file__).parents[2] / "vectors"


def test_units_stand_where_the_vectors_have_them() -> None:
    for vector in json.loads((VECTORS / "positions.json").read_text("utf-8"))["vectors"]:
        unit = vector["unit"].encode() if "unit" in vector else None
        if unit is None:
            unit = base64.b64decode(vector["unit_base64"])
        assert position(unit, vector["salt"]) == vector["position"]


def test_chains_of_allocations_are_those_of_the_vectors() -> None:
    for chain in json.loads((VECTORS / "allocations.json").read_text("utf-8"))["chains"]:
        before: list[Interval] | None = None
        for step in chain["steps"]:
            after = _allocated(step, before)
            assert after == [Interval(*interval) for interval in step["intervals"]], chain["name"]
            if before is not None:
                assert moved(before, after) == step["moved"]
                assert minimum(before, after) == step["minimum"]
            before = after


def _allocated(step: dict[str, Any], before: list[Interval] | None) -> list[Interval]:
    if "ranges" in step:
        pairs = [(arm, pair) for arm, pairs in step["ranges"] for pair in pairs]
        return joined(Interval(low, high, arm) for arm, (low, high) in pairs)
    if "weights" in step:
        weights = {arm: Fraction(weight) for arm, weight in step["weights"]}
        lengths = lengths_of_weights(weights, before or ())
    else:
        shares = {arm: Fraction(share.removesuffix("%")) for arm, share in step["shares"]}
        lengths = lengths_of_shares(shares)
    return fresh(lengths) if before is None else carried(lengths, before)
