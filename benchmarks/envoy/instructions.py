"""Instructions that Envoy executes a request, under callgrind: what noise cannot touch.

They are those of Envoy itself: what the kernel does for it is only in the CPU time.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from servers import envoy
from slices import load
from variants import PLAIN, Variant, bootstrap

WARM, COUNTED, DUMPS = 300, 500, 2
TOTAL = re.compile(r"^(?:summary|totals): (\d+)", re.MULTILINE)


def control(pid: int, *words: str) -> None:
    """Tells callgrind in that process something."""
    subprocess.run(["callgrind_control", *words, str(pid)], check=True, capture_output=True)


def counted(pid: int, prefix: Path, run: Callable[[], object]) -> int:
    """Instructions of the process while `run` runs."""
    before = set(prefix.parent.glob(prefix.name + ".*"))
    control(pid, "--zero")
    run()
    control(pid, "--dump")
    dumps = set(prefix.parent.glob(prefix.name + ".*")) - before
    totals = [TOTAL.search(dump.read_text()) for dump in dumps]
    return sum(int(total[1]) for total in totals if total)


def count(work: Path, variants: list[Variant], ports: dict[str, int], store: Path) -> None:
    """Prints the table of instructions."""
    print("  instructions, under callgrind", file=sys.stderr)
    prefix = (work / "callgrind").absolute()
    for old in prefix.parent.glob(prefix.name + ".*"):
        old.unlink()
    under = (
        "valgrind", "-q", "--tool=callgrind", "--instr-atstart=no",
        f"--callgrind-out-file={prefix}",
    )  # fmt: skip
    found: dict[str, list[float]] = {one.name: [] for one in variants}
    with (
        envoy(bootstrap(variants, ports, store), work, under) as proxy,
        load(proxy, variants, work) as asked,
    ):
        control(proxy.pid, "--instr=on")
        for one in variants:
            asked.slice(one.name, WARM)
            run = partial(asked.slice, one.name, COUNTED)
            for _ in range(DUMPS):
                found[one.name].append(counted(proxy.pid, prefix, run) / COUNTED)
    print(
        "title\tenvoy.instructions\ttext=Instructions that Envoy executes a request, its kernel's "
        f"not among them, by callgrind: the less of {DUMPS} counts over {COUNTED} requests each."
    )
    plain = min(found[PLAIN])
    for one in variants:
        least = min(found[one.name])
        print(
            f"envoy.instructions\t{one.name}\ttext={one.words}\tinstructions={least:.0f}"
            f"\tmore={least - plain:.0f}\tratio={least / plain:.4f}"
            f"\tspread={max(found[one.name]) / least - 1:.4f}"
        )
