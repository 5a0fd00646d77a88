"""What slices in turn say: a figure, and the interval that holds it.

In every round each variant has one slice, in an order of its own. What the machine does to a round
it does to all of it, so a ratio is taken within the round, and the median over the rounds counts.
Intervals are a bootstrap's: of whole Envoys where there were several (their slices are not
independent of one another), then of whole rounds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy

RESAMPLES = 1000
SEED = 7
HELD = [2.5, 97.5]


@dataclass(frozen=True)
class Ratio:
    """A ratio, the interval of 95 in 100 resamples, and the ratio of the least."""

    median: float
    low: float
    high: float
    least: float


def interval(
    rounds: Sequence[Sequence[float]], figure: Callable[[numpy.ndarray], float]
) -> tuple[float, float, float]:
    """A figure of all values of all rounds, and what holds it."""
    random = numpy.random.default_rng(SEED)
    arrays = [numpy.array(one) for one in rounds]
    found = [
        figure(numpy.concatenate([arrays[i] for i in random.integers(0, len(arrays), len(arrays))]))
        for _ in range(RESAMPLES)
    ]
    low, high = numpy.percentile(found, HELD)
    return figure(numpy.concatenate(arrays)), float(low), float(high)


def resampled(blocks: list[numpy.ndarray], random: numpy.random.Generator) -> float:
    """The median of one resample: blocks with replacement, then rounds within each."""
    chosen = [blocks[i] for i in random.integers(0, len(blocks), len(blocks))]
    return float(numpy.median(numpy.concatenate([random.choice(one, len(one)) for one in chosen])))


def ratio(variant: list[list[float]], plain: list[list[float]]) -> Ratio:
    """Of blocks of rounds, both in the same order. The least are the 5th percentiles."""
    random = numpy.random.default_rng(SEED)
    blocks = [
        numpy.array(one) / numpy.array(other) for one, other in zip(variant, plain, strict=True)
    ]
    low, high = numpy.percentile([resampled(blocks, random) for _ in range(RESAMPLES)], HELD)
    least, plainly = (numpy.percentile(numpy.concatenate(one), 5) for one in (variant, plain))
    median = float(numpy.median(numpy.concatenate(blocks)))
    return Ratio(median, float(low), float(high), float(least / plainly))
