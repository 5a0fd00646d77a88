"""What choosing a cluster costs Envoy: CPU time and instructions a request, beside a plain route.

`cost.py WORK SECONDS ENVOYS` prints rows, tables `envoy.cost` and `envoy.instructions`, and says on
standard error what it does. benchmarks/envoy/README.md says how it is measured and why so.
"""

import random
import sys
import time
from collections import Counter
from pathlib import Path

import numpy
from instructions import count
from ratios import ratio
from servers import destinations, envoy, free_ports, nginx, publish
from slices import CONNECTIONS, Load, load
from variants import PARTS, PLAIN, SHADOWED, USE_CASE, VARIANTS, Variant, bootstrap

SLICE, WARM, FIRST = 250, 32, 1000  # requests of a slice, before it, and of each variant at first
UNITS = 1000


def verify(asked: Load, variants: list[Variant], expected: dict[str, dict[str, int]]) -> None:
    """Every variant that decides sends each unit where the command says; others where they must."""
    for one in variants:
        counts = asked.slice(one.name, UNITS)[2]
        wanted = {"a": UNITS} if one.name.startswith(("plain", "static")) else None
        if one.decides:
            wanted = expected[one.use_case]
        if wanted and counts != wanted:
            raise SystemExit(f"{one.name}: answers of {counts}, not of {wanted}")


def measure(
    work: Path, variants: list[Variant], ports: dict[str, int], store: Path,
    seconds: float, envoys: int,
) -> dict[str, list[list[tuple[float, float]]]]:  # fmt: skip
    """CPU and clock ns a request of every variant, by Envoy and round."""
    units = [f"member-{number:04}" for number in range(UNITS)]
    expected = {
        use_case: dict(Counter(key[-1] for key in destinations(store, use_case, units)))
        for use_case in (USE_CASE, SHADOWED)
    }
    found: dict[str, list[list[tuple[float, float]]]] = {one.name: [] for one in variants}
    order = random.Random(1)
    for number in range(envoys):
        begun = time.monotonic()
        # Neither the order of the listeners nor that of the slices is the same twice.
        shuffled = order.sample(variants, len(variants))
        with (
            envoy(bootstrap(shuffled, ports, store), work) as proxy,
            load(proxy, shuffled, work) as asked,
        ):
            verify(asked, shuffled, expected)
            for one in shuffled:
                asked.slice(one.name, FIRST)
                found[one.name].append([])
            rounds = 0
            while rounds < 3 or time.monotonic() - begun < seconds / envoys:
                for one in order.sample(shuffled, len(shuffled)):
                    asked.slice(one.name, WARM)
                    found[one.name][-1].append(asked.slice(one.name, SLICE)[:2])
                rounds += 1
        print(f"  Envoy {number + 1} of {envoys}: {rounds} rounds", file=sys.stderr)
    return found


def rows(variants: list[Variant], found: dict[str, list[list[tuple[float, float]]]]) -> None:
    """Prints the table of costs."""
    cpu = {name: [[cpu for cpu, _ in block] for block in blocks] for name, blocks in found.items()}
    rounds = sum(len(block) for block in cpu[PLAIN])
    print(
        f"title\tenvoy.cost\ttext=CPU time of one Envoy with one worker, a request over HTTP/1.1, "
        f"by the way of choosing the cluster: {rounds} rounds of {SLICE} requests each, on "
        f"{CONNECTIONS} connections, over {len(cpu[PLAIN])} Envoys. `ratio` is the median of the "
        "ratios to the plain route within a round, `low` and `high` hold it in 95 of 100 "
        "resamples; `least ratio` is that of the 5th percentiles, as are `us`. `plain-again` shows "
        "what the method does not see."
    )
    for one in variants:
        flat = numpy.concatenate(cpu[one.name]) / 1e3
        wall = numpy.concatenate([[wall for _, wall in block] for block in found[one.name]]) / 1e3
        of = ratio(cpu[one.name], cpu[PLAIN])
        print(
            f"envoy.cost\t{one.name}\ttext={one.words}\tus={numpy.percentile(flat, 5):.3f}"
            f"\tmedian_us={numpy.median(flat):.3f}\tratio={of.median:.4f}\tlow={of.low:.4f}"
            f"\thigh={of.high:.4f}\tleast_ratio={of.least:.4f}"
            f"\trequests_per_s={1e6 / numpy.median(wall):.0f}"
        )


def main() -> None:
    """See above."""
    if len(sys.argv) != 4:
        raise SystemExit("usage: cost.py WORK SECONDS ENVOYS")
    work, seconds, envoys = Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    work.mkdir(parents=True, exist_ok=True)
    ports = dict(zip("abc", free_ports(3), strict=True))
    store = publish(Path(__file__).with_name("ranking.yaml"), ports, work)
    with nginx(ports, work):
        rows(VARIANTS, measure(work, VARIANTS, ports, store, seconds, envoys))
        count(work, VARIANTS + PARTS, ports, store)


if __name__ == "__main__":
    main()
