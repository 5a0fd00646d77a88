# SPDX-License-Identifier: Apache-2.0
"""A real Envoy as a process: started, asked through its admin port, and ended on every way out."""

from __future__ import annotations

import ctypes
import http.client
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
BINARIES = ROOT / ".venv" / "envoys"
MODULES = ROOT / "build" / "lib"
NEWEST = "1.40.0"
SECONDS_TO_START = 60.0
SECONDS_TO_END = 30.0

Json = dict[str, Any]

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def end_with_parent() -> None:
    """In the child: a killed pytest takes its Envoys with it."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def wait_for(what: str, holds: Any, seconds: float = 30.0) -> Any:
    """What `holds` gives, as soon as it is true."""
    deadline = time.monotonic() + seconds
    while True:
        found = holds()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what}")
        time.sleep(0.01)


def binary(version: str) -> Path:
    return BINARIES / f"envoy-{version}"


def environment() -> dict[str, str]:
    return {**os.environ, "ENVOY_DYNAMIC_MODULES_SEARCH_PATH": str(MODULES)}


def validated(
    version: str, bootstrap: Path, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """`--mode validate`; everything it says is in its standard error."""
    called: list[str | Path] = [
        binary(version),
        "--mode",
        "validate",
        "-c",
        bootstrap,
        "--disable-hot-restart",
    ]
    return subprocess.run(
        called,
        env=environment() | dict(variables or {}),
        capture_output=True,
        text=True,
        timeout=SECONDS_TO_START,
        check=False,
    )


class Envoy:
    """Use it with `with`. Its files are in `folder`."""

    def __init__(
        self,
        version: str,
        bootstrap: Mapping[str, Any],
        folder: Path,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        self.version = version
        self.variables = dict(variables or {})
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.config = folder / "bootstrap.json"
        self.config.write_text(json.dumps(bootstrap, indent=1))
        self._log = folder / "envoy.log"
        self._admin = folder / "admin.address"
        self._process: subprocess.Popen[bytes] | None = None
        self._ports: dict[str, int] = {}

    def __enter__(self) -> Envoy:
        self._admin.unlink(missing_ok=True)
        called: Sequence[str | Path] = [
            binary(self.version),
            "-c",
            self.config,
            "--disable-hot-restart",
            "--concurrency",
            "2",
            "--log-path",
            self._log,
            "--admin-address-path",
            self._admin,
            # Access logs would otherwise come ten seconds later.
            "--file-flush-interval-msec",
            "50",
            # Every answer of a listener that is replaced says that its connection closes.
            "--drain-strategy",
            "immediate",
            "--drain-time-s",
            "3",
        ]
        self._process = subprocess.Popen(
            called,
            env=environment() | self.variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=end_with_parent,
        )
        try:
            wait_for("Envoy is live", self._is_live, SECONDS_TO_START)
        except BaseException:
            self.end(signal.SIGKILL)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end(signal.SIGTERM)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def log(self) -> str:
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def end(self, with_signal: int) -> int:
        """The exit status. What does not end is killed."""
        if self._process is None:
            return 0
        process, self._process = self._process, None
        if process.poll() is None:
            process.send_signal(with_signal)
        try:
            return process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def _is_live(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise RuntimeError(
                f"Envoy ended with {self._process.returncode}:\n{self.log()[-4000:]}"
            )
        if not self._admin.exists() or not self._admin.read_text().strip():
            return False
        try:
            return self.admin("/ready").strip() == "LIVE"
        except (OSError, http.client.HTTPException):  # It ends, or is not there yet.
            return False

    def admin(self, path: str, method: str = "GET") -> str:
        address = self._admin.read_text().strip()
        request = urllib.request.Request(f"http://{address}{path}", method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                text: str = answer.read().decode()
                return text
        except urllib.error.HTTPError as error:
            return error.read().decode()

    def port(self, listener: str) -> int:
        """Of a listener, which took a free one."""
        if listener not in self._ports:
            said = json.loads(self.admin("/listeners?format=json"))
            for status in said["listener_statuses"]:
                address = status["local_address"]["socket_address"]
                self._ports[status["name"]] = address["port_value"]
        return self._ports[listener]

    def stats(self, containing: str = "") -> dict[str, int]:
        """Counters and gauges by name."""
        said = self.admin(f"/stats?filter={containing}")
        pairs = (line.rsplit(": ", 1) for line in said.splitlines())
        return {name: int(value) for name, value in pairs if value.lstrip("-").isdigit()}

    def threads(self) -> list[str]:
        """The names of its threads."""
        return sorted(self._thread_names())

    def _thread_names(self) -> Iterator[str]:
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            try:
                yield (task / "comm").read_text().strip()
            except OSError:  # It has ended since.
                continue

    def descriptors(self) -> int:
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))
