"""The ring: where a unit stands, and how the positions are divided among arms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import xxhash

RING = 2**32


@dataclass(frozen=True, order=True)
class Interval:
    """Positions of one arm; `high` is exclusive."""

    low: int
    high: int
    arm: str


def by_bytes(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: name.encode())


def position(unit: bytes, salt: str) -> int:
    seed = xxhash.xxh3_64_intdigest(salt.encode())
    return xxhash.xxh3_64_intdigest(unit, seed=seed) >> 32


def arm_at(intervals: Sequence[Interval], at: int) -> str | None:
    for interval in intervals:
        if interval.low <= at < interval.high:
            return interval.arm
    return None


def held(intervals: Iterable[Interval], arm: str) -> int:
    """How many positions the arm has."""
    return sum(interval.high - interval.low for interval in intervals if interval.arm == arm)


def largest_arm(arms: Iterable[str], intervals: Sequence[Interval]) -> str:
    """The arm with most positions; ties: first by bytes."""
    return max(by_bytes(arms), key=lambda arm: held(intervals, arm))


# How many positions each arm gets


def lengths_of_weights(
    weights: Mapping[str, Fraction],
    previous: Sequence[Interval] = (),
) -> dict[str, int]:
    total = sum(weights.values())
    exact = {arm: weight * RING / total for arm, weight in weights.items()}
    lengths = {arm: int(share) for arm, share in exact.items()}

    def turn(arm: str) -> tuple[Fraction, bool, bytes]:
        holds_more = held(previous, arm) > int(exact[arm])
        return -(exact[arm] - int(exact[arm])), not holds_more, arm.encode()

    left = RING - sum(lengths.values())
    for arm in sorted(lengths, key=turn)[:left]:
        lengths[arm] += 1
    return lengths


def lengths_of_shares(shares: Mapping[str, Fraction]) -> dict[str, int]:
    """Of percentages: the rest of the ring stays unallocated."""
    return {arm: int(percentage / 100 * RING) for arm, percentage in shares.items()}


# Which positions they are


def fresh(lengths: Mapping[str, int]) -> list[Interval]:
    intervals: list[Interval] = []
    low = 0
    for arm in by_bytes(lengths):
        intervals.append(Interval(low, low + lengths[arm], arm))
        low += lengths[arm]
    return joined(intervals)


def carried(lengths: Mapping[str, int], previous: Sequence[Interval]) -> list[Interval]:
    intervals = list(previous)
    for arm in by_bytes({interval.arm for interval in previous}):
        intervals = _given_up(intervals, arm, held(intervals, arm) - lengths.get(arm, 0))
    for arm in by_bytes(lengths):
        intervals = _grown(intervals, arm, lengths[arm] - held(intervals, arm))
    return joined(intervals)


def _given_up(intervals: list[Interval], arm: str, count: int) -> list[Interval]:
    """Without `count` positions of the arm, from the top of its highest interval downwards."""
    kept: list[Interval] = []
    for interval in sorted(intervals, reverse=True):
        if interval.arm != arm or count <= 0:
            kept.append(interval)
            continue
        given = min(count, interval.high - interval.low)
        count -= given
        kept.append(Interval(interval.low, interval.high - given, arm))
    return joined(kept)


def _grown(intervals: list[Interval], arm: str, count: int) -> list[Interval]:
    """With `count` more positions for the arm, the lowest that nobody has."""
    taken: list[Interval] = []
    for low, high in free(intervals):
        if count <= 0:
            break
        grown = min(count, high - low)
        count -= grown
        taken.append(Interval(low, low + grown, arm))
    return joined([*intervals, *taken])


def free(intervals: Sequence[Interval]) -> list[tuple[int, int]]:
    """The unallocated positions, lowest first."""
    gaps: list[tuple[int, int]] = []
    end = 0
    for interval in sorted(intervals):
        if interval.low > end:
            gaps.append((end, interval.low))
        end = interval.high
    if end < RING:
        gaps.append((end, RING))
    return gaps


def joined(intervals: Iterable[Interval]) -> list[Interval]:
    """By position, without empty ones, adjacent ones of one arm as one."""
    result: list[Interval] = []
    for interval in sorted(intervals):
        if interval.low == interval.high:
            continue
        if result and result[-1].high == interval.low and result[-1].arm == interval.arm:
            result[-1] = Interval(result[-1].low, interval.high, interval.arm)
        else:
            result.append(interval)
    return result


def moved(before: Sequence[Interval], after: Sequence[Interval]) -> int:
    """How many positions came to an arm that did not have them."""
    total = 0
    for new in after:
        kept = sum(
            max(0, min(old.high, new.high) - max(old.low, new.low))
            for old in before
            if old.arm == new.arm
        )
        total += new.high - new.low - kept
    return total


def minimum(before: Sequence[Interval], after: Sequence[Interval]) -> int:
    """How many had to."""
    arms = {interval.arm for interval in after}
    return sum(max(0, held(after, arm) - held(before, arm)) for arm in arms)
