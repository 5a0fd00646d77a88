"""Gateway, Envoy, directory and library, each with messages of 1 MB: where they arrive, and how."""

from collections.abc import Iterator

import hop
import numpy
import pytest
from ratios import interval, ratio
from servers import ROOT


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[hop.Client]:
    hop.PROGRAMS = ROOT / "build/test/envoy-benchmarks"
    with hop.servers(tmp_path_factory.mktemp("hop")) as client:
        yield client


@pytest.mark.parametrize("shape", hop.SHAPES)
@pytest.mark.parametrize("way", hop.WAYS)
def test_a_message_arrives_whole_where_the_table_says(
    client: hop.Client, way: str, shape: str
) -> None:
    # The slice ends the run if an answer's sum, its cluster or its version is another.
    cpu, latencies = client.slice(f"{way} {shape}", 6)
    assert len(latencies) == 6 and min(latencies) > 0
    assert len(cpu) == len(hop.PROCESSES) and cpu[0] > 0


def test_a_ratio_is_found_in_noise_that_both_share() -> None:
    random = numpy.random.default_rng(1)
    shared = [1 + random.random(200) for _ in range(4)]
    plain = [list(one * random.normal(1, 0.02, 200)) for one in shared]
    variant = [list(1.05 * one * random.normal(1, 0.02, 200)) for one in shared]
    found = ratio(variant, plain)
    assert found.low < 1.05 < found.high
    assert found.high - found.low < 0.02
    assert found.low <= found.median <= found.high


def test_an_interval_holds_its_figure() -> None:
    rounds = [[1.0, 2.0, 3.0], [2.0, 3.0, 4.0], [1.0, 3.0, 5.0]]
    value, low, high = interval(rounds, lambda all_: float(numpy.median(all_)))
    assert low <= value <= high
