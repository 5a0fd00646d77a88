"""What paired slices say: ratios to the plain route, with the interval that holds them.

In every round each variant has one slice beside the plain route's, in an order of its own. What the
machine does to a round it does to all of it, so the ratio is taken within the round, and the median
over the rounds is what counts. The interval is that of a bootstrap over whole blocks (the rounds of
one Envoy): slices of one process are not independent of one another. `least` is the ratio of the
5th percentiles: what the code takes when nothing disturbs it.
"""

from dataclasses import dataclass

import numpy

RESAMPLES = 2000
SEED = 7


@dataclass(frozen=True)
class Ratio:
    """A ratio, the interval of 95 in 100 resamples, and the ratio of the least."""

    median: float
    low: float
    high: float
    least: float


def resampled(blocks: list[numpy.ndarray], random: numpy.random.Generator) -> float:
    """The median of one resample: blocks with replacement, then rounds within each."""
    chosen = random.integers(0, len(blocks), len(blocks))
    return float(numpy.median(numpy.concatenate([random.choice(blocks[i], len(blocks[i])) for i in chosen])))


def ratio(variant: list[list[float]], plain: list[list[float]]) -> Ratio:
    """Of blocks of rounds, both in the same order."""
    random = numpy.random.default_rng(SEED)
    blocks = [
        numpy.array(one) / numpy.array(other) for one, other in zip(variant, plain, strict=True)
    ]
    medians = [resampled(blocks, random) for _ in range(RESAMPLES)]
    low, high = numpy.percentile(medians, [2.5, 97.5])
    least = [numpy.percentile(numpy.concatenate(one), 5) for one in (variant, plain)]
    return Ratio(
        float(numpy.median(numpy.concatenate(blocks))), float(low), float(high),
        float(least[0] / least[1]),
    )  # fmt: skip
