"""What must hold of every allocation."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ring import RING, carried, fresh, held, lengths_of_weights, minimum, moved

WEIGHTS = st.dictionaries(
    st.sampled_from(["a", "B", "c", "cw@v1", "\u00e9", "\uffee", "\U0001f600"]),
    st.integers(0, 10**18).map(lambda digits: Fraction(digits, 10**9)),
    min_size=1,
).filter(lambda weights: any(weights.values()))


@given(WEIGHTS)
def test_lengths_fill_the_ring_and_are_within_one_of_the_weights(
    weights: dict[str, Fraction],
) -> None:
    lengths = lengths_of_weights(weights)
    assert sum(lengths.values()) == RING
    total = sum(weights.values())
    assert all(abs(lengths[arm] - weights[arm] * RING / total) < 1 for arm in weights)


@given(st.lists(WEIGHTS, min_size=2, max_size=5))
def test_exactly_the_fewest_positions_change_hands(chain: list[dict[str, Fraction]]) -> None:
    before = fresh(lengths_of_weights(chain[0]))
    for weights in chain[1:]:
        lengths = lengths_of_weights(weights, before)
        after = carried(lengths, before)
        assert {arm: held(after, arm) for arm in lengths} == lengths
        assert moved(before, after) == minimum(before, after)
        assert carried(lengths_of_weights(weights, after), after) == after
        before = after


@given(WEIGHTS)
def test_the_order_of_keys_changes_nothing(weights: dict[str, Fraction]) -> None:
    turned = dict(reversed(weights.items()))
    assert fresh(lengths_of_weights(turned)) == fresh(lengths_of_weights(weights))
