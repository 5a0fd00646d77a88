"""Operator against directory assistance: requests of 1 MB by way of a gateway that decodes them, by
way of Envoy, and straight to an address that was asked for.

`hop.py WORK SECONDS` prints rows, table `envoy.hop`, and says on standard error what it does.
benchmarks/envoy/README.md says who the programs are.
"""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy
from ratios import interval
from servers import (
    OTHER_CORE,
    PROGRAMS,
    PROXY_CORE,
    destinations,
    envoy,
    free_ports,
    listens,
    publish,
    running,
    wait_for,
)
from variants import USE_CASE, Json, Variant, bootstrap, http2, http_filter, specifier

RATE = 50  # requests a second
SLICE = 40  # requests of a slice
UNITS = 1000
WAYS = {
    "library": "straight to the address that the library in the client gives",
    "directory": "straight to the address that Envoy's directory gives, asked for each request",
    "envoy": "by way of Envoy, Turnout in it",
    "gateway": "by way of a gateway that decodes and encodes the message",
}
SHAPES = {
    "packed": "500 candidates of 500 numbers",
    "named": "500 candidates of 84 numbers with a name each",
}
PROCESSES = ["client", "gateway", "envoy", "upstream"]
# Which of them stands in the way, or is asked.
HOPS = {"gateway": 1, "envoy": 2, "directory": 2}


@dataclass
class Measured:
    """The slices of one way: latencies in ms, and CPU ms a request of each process."""

    latencies: list[list[float]] = field(default_factory=list)
    cpu: list[list[float]] = field(default_factory=list)

    def percentile(self, which: float) -> tuple[float, float, float]:
        """A percentile of all latencies, and the interval that holds it."""
        return interval(self.latencies, lambda all_: float(numpy.percentile(all_, which)))

    def hop(self, way: str) -> list[list[float]]:
        """CPU of who stands between client and upstream, if anybody does."""
        return [[slice_[HOPS[way]] if way in HOPS else 0.0] for slice_ in self.cpu]

    def total(self, way: str) -> list[list[float]]:
        """CPU of all who take part."""
        hops = self.hop(way)
        return [
            [slice_[0] + hop[0] + slice_[3]] for slice_, hop in zip(self.cpu, hops, strict=True)
        ]


class Client:
    """The program `client`, asked for one slice after the other."""

    def __init__(self, process: subprocess.Popen[str], log: Path, keys: list[str]) -> None:
        """The running program, where it complains, and where each member of 1,000 must go."""
        self.process, self.log, self.keys, self.asked = process, log, keys, 0

    def slice(self, way: str, requests: int) -> tuple[list[float], list[float]]:
        """CPU ms a request of each process, and the latencies in ms."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{way} {requests} {RATE}\n")  # the way and the shape
        self.process.stdin.flush()
        fields = self.process.stdout.readline().rstrip("\n").split("\t")
        if len(fields) != len(PROCESSES) + 4:
            self.process.wait()
            raise SystemExit(f"{way}: {self.log.read_text()}")
        cpu = [float(text) / 1e6 / requests for text in fields[1 : 1 + len(PROCESSES)]]
        answers, versions, latencies = fields[1 + len(PROCESSES) :]
        self.check(way, requests, answers, int(versions))
        return cpu, [float(text) / 1e6 for text in latencies.split(",")]

    def check(self, way: str, requests: int, answers: str, versions: int) -> None:
        """Each request must have gone where the command says, with a version in its headers."""
        wanted: dict[str, int] = {}
        for number in range(self.asked, self.asked + requests):
            key = self.keys[number % UNITS]
            wanted[key] = wanted.get(key, 0) + 1
        self.asked += requests
        found = {name: int(n) for name, n in (part.split(":") for part in answers.split(","))}
        if found != wanted or versions != requests:
            raise SystemExit(f"{way}: {found} with {versions} versions, not {wanted}")


def hop_bootstrap(upstreams: dict[str, int], store: Path) -> Json:
    """Envoy for gRPC, with everything that the module writes, and with its directory."""

    def filter_with_directory(its_store: Path) -> tuple[list[Json], list[Json]]:
        routes, filters = http_filter(False)(its_store)
        filters[0]["typed_config"]["filter_config"]["value"]["directory"] = "/turnout/v1/resolve"  # type: ignore[index]
        return routes, filters

    variants = [
        Variant("ranker", "", specifier(True)),
        Variant("directory", "", filter_with_directory),
    ]
    return bootstrap(variants, upstreams, store, typed_extension_protocol_options=http2())


@contextmanager
def servers(work: Path) -> Iterator[Client]:
    """Everybody, and the client that knows them."""
    *models, gateway = free_ports(4)
    upstreams = dict(zip("abc", models, strict=True))
    store = publish(Path(__file__).with_name("ranking.yaml"), upstreams, work)
    keys = destinations(store, USE_CASE, [f"member-{n:04}" for n in range(UNITS)])
    with ExitStack() as stack:

        def start(name: str, core: int, ports: list[int], *words: object) -> int:
            log = work / f"{name}.log"
            command = [PROGRAMS / name, *(str(word) for word in words)]
            process = stack.enter_context(running(command, core, log))
            for port in ports:
                wait_for(process, log, lambda port=port: listens(port))
            return process.pid

        named = [word for letter, port in upstreams.items() for word in (f"rank-{letter}", port)]
        upstream_pid = start("upstream", OTHER_CORE, models, *named)
        gateway_pid = start("gateway", PROXY_CORE, [gateway], store, gateway)
        proxy = stack.enter_context(envoy(hop_bootstrap(upstreams, store), work))
        addresses = [gateway, proxy.ports["ranker"], proxy.ports["directory"]]
        pids = [gateway_pid, proxy.pid, upstream_pid]
        words = [str(word) for word in (store, *addresses, *pids)]
        log = work / "client.log"
        process = stack.enter_context(
            running([PROGRAMS / "client", *words], OTHER_CORE, log, talks=True)
        )
        yield Client(process, log, keys)


def measure(client: Client, ways: list[str], seconds: float) -> dict[str, Measured]:
    """Slices of all ways in turn, in an order of their own in each round."""
    begun, order = time.monotonic(), random.Random(1)
    found = {way: Measured() for way in ways}
    for way in ways:
        client.slice(way, SLICE)
    rounds = 0
    while rounds < 3 or time.monotonic() - begun < seconds:
        for way in order.sample(ways, len(ways)):
            cpu, latencies = client.slice(way, SLICE)
            found[way].cpu.append(cpu)
            found[way].latencies.append(latencies)
        rounds += 1
    print(f"  {rounds} rounds of {SLICE} requests each way", file=sys.stderr)
    return found


def rows(found: dict[str, Measured]) -> None:
    """Prints what was found."""
    of = next(iter(found.values()))
    print(
        f"title\tenvoy.hop\ttext=gRPC requests of 1 MB, {RATE} a second at times that do not wait "
        f"for answers, {len(of.cpu)} rounds of {SLICE} each way in turn. Latency is from the time "
        "at which a request was due to its answer. CPU is ms a request; `hop` is the gateway's or "
        "Envoy's, `total` that of client, hop and upstream. `low` and `high` hold a figure in 95 "
        "of 100 resamples of the rounds."
    )
    for way, measured in found.items():
        its_way, shape = way.split()
        cells = [f"text={WAYS[its_way]}; {SHAPES[shape]}"]
        for name, value in (
            ("p50_ms", measured.percentile(50)),
            ("p99_ms", measured.percentile(99)),
            ("hop_cpu_ms", interval(measured.hop(its_way), mean)),
            ("total_cpu_ms", interval(measured.total(its_way), mean)),
        ):
            ends = zip(("", "_low", "_high"), value, strict=True)
            cells += [f"{name}{end}={number:.4f}" for end, number in ends]
        for place in (0, 3):
            each = [slice_[place] for slice_ in measured.cpu]
            cells.append(f"{PROCESSES[place]}_cpu_ms={numpy.mean(each):.4f}")
        print(f"envoy.hop\t{way}\t" + "\t".join(cells))


def mean(values: numpy.ndarray) -> float:
    """The middle of the middle half, so that what the machine did once does not count."""
    low, high = numpy.percentile(values, [25, 75])
    return float(values[(values >= low) & (values <= high)].mean())


def main() -> None:
    """See above."""
    if len(sys.argv) != 3:
        raise SystemExit("usage: hop.py WORK SECONDS")
    work = Path(sys.argv[1])
    work.mkdir(parents=True, exist_ok=True)
    with servers(work) as client:
        ways = [f"{way} {shape}" for shape in SHAPES for way in WAYS]
        rows(measure(client, ways, float(sys.argv[2])))


if __name__ == "__main__":
    main()
