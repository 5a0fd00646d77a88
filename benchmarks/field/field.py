"""field.py [--quick] WORK: measures the field; rows for the report on standard output."""

import os
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import measure
import movement
import peers


def machine() -> Iterator[str]:
    info = Path("/proc/cpuinfo").read_text().splitlines()
    cpu = next((line.partition(": ")[2] for line in info if line.startswith("model name")), "")
    yield measure.row(
        "machine",
        "machine",
        cpu=cpu,
        cores=str(os.cpu_count()),
        kernel=platform.release(),
        python=platform.python_version(),
        load=Path("/proc/loadavg").read_text().split()[0],
    )
    yield measure.row(
        "machine",
        "versions",
        **{
            peers.load(name).distribution.replace("-", "_"): version(peers.load(name).distribution)
            for name in ("statsig", "yggdrasil", "growthbook", "launchdarkly", "flagd")
        },
    )


def main() -> int:
    arguments = sys.argv[1:]
    quick = "--quick" in arguments
    folders = [a for a in arguments if not a.startswith("-")]
    if len(folders) != 1:
        print("usage: field.py [--quick] WORK", file=sys.stderr)
        return 2
    work = Path(folders[0]).resolve()
    plan = measure.QUICK if quick else measure.Plan()
    for rows in (
        machine(),
        measure.measure(plan, work),
        movement.movement(quick, work / "movement"),
    ):
        for line in rows:
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
