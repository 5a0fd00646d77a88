"""The program `load`: slices of requests to the listeners of an Envoy, and what they cost it."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servers import OTHER_CORE, PROGRAMS, Envoy, running
from variants import Variant

CONNECTIONS = 16


class Load:
    """The program `load`, asked for one slice after the other."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        """The running program, and where it complains."""
        self.process, self.log = process, log

    def slice(self, variant: str, requests: int) -> tuple[float, float, dict[str, int]]:
        """CPU ns and ns of the clock a request, and the answers by upstream."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{variant} {requests}\n")
        self.process.stdin.flush()
        fields = self.process.stdout.readline().rstrip("\n").split("\t")
        if len(fields) != 4:
            self.process.wait()
            raise SystemExit(f"{variant}: {self.log.read_text()}")
        by = dict(part.split(":") for part in fields[3].split(","))
        counts = {letter: int(number) for letter, number in by.items()}
        return float(fields[1]) / requests, float(fields[2]) / requests, counts


@contextmanager
def load(proxy: Envoy, variants: list[Variant], work: Path) -> Iterator[Load]:
    """`load` with connections to all listeners."""
    listeners = [
        word for one in variants for word in (one.name, str(proxy.ports[one.name]), one.use_case)
    ]
    command = [PROGRAMS / "load", str(proxy.pid), str(CONNECTIONS), *listeners]
    with running(command, OTHER_CORE, work / "load.log", talks=True) as process:
        yield Load(process, work / "load.log")
