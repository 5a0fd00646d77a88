"""The processes of a run: each on the core it is given, on ports of its own, and ended with it."""

import ctypes
import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TURNOUT = ROOT / "build/bin/turnout"
PROGRAMS = ROOT / "build/bench/envoy"
ENVOY = ROOT / ".venv/envoys/envoy-1.40.0"
MODULE = ROOT / "build/lib"

# The proxy has a core of its own; who asks it and who answers share the other one.
PROXY_CORE, OTHER_CORE = 0, min(1, (os.cpu_count() or 1) - 1)
DEADLINE_S = 60.0
PARENT_DIED = 1  # PR_SET_PDEATHSIG


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 on which nobody listens."""
    held = [socket.socket() for _ in range(count)]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()


@contextmanager
def running(
    command: Iterable[object],
    core: int,
    log: Path,
    environment: dict[str, str] | None = None,
    talks: bool = False,
) -> Iterator[subprocess.Popen[str]]:
    """A process that dies with this one at the latest. What it says is in `log`, unless it talks
    with this one over pipes."""
    library = ctypes.CDLL(None)

    def before() -> None:
        library.prctl(PARENT_DIED, signal.SIGKILL)
        os.sched_setaffinity(0, {core})

    with log.open("w") as said:
        process = subprocess.Popen(
            [str(word) for word in command],
            preexec_fn=before,
            env={**os.environ, **(environment or {})},
            stderr=said,
            text=True,
            stdin=subprocess.PIPE if talks else subprocess.DEVNULL,
            stdout=subprocess.PIPE if talks else said,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(process: subprocess.Popen[str], log: Path, there: object) -> object:
    """What `there` gives, once it gives something. Ends the run if the process ends first."""
    assert callable(there)
    until = time.monotonic() + DEADLINE_S
    while time.monotonic() < until:
        try:
            found = there()
        except (OSError, ValueError):
            found = None
        if found:
            return found
        if process.poll() is not None:
            break
        time.sleep(0.02)
    raise SystemExit(f"{log}: did not start:\n{log.read_text()[:4000]}")


def listens(port: int) -> bool:
    """Whether somebody takes connections there."""
    with socket.create_connection(("127.0.0.1", port), 1):
        return True


@contextmanager
def nginx(ports: dict[str, int], work: Path) -> Iterator[None]:
    """An upstream on several ports that answers with its letter in `x-upstream`."""
    servers = "".join(
        f"server {{ listen 127.0.0.1:{port} backlog=1024; keepalive_requests 1000000000;"
        f" add_header x-upstream {letter}; location / {{ return 200 'ranked'; }} }}\n"
        for letter, port in ports.items()
    )
    folder = (work / "nginx").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;\n"
        "events { worker_connections 4096; }\n"
        f"http {{ access_log off; keepalive_timeout 3600s; {paths}\n{servers}}}\n"
    )
    log = work / "nginx.log"
    command = ["nginx", "-p", folder, "-e", folder / "error.log", "-c", folder / "nginx.conf"]
    with running(command, OTHER_CORE, log) as process:
        for port in ports.values():
            wait_for(process, log, lambda port=port: listens(port))
        yield


class Envoy:
    """A running Envoy: its process and the ports that its listeners got."""

    def __init__(self, pid: int, ports: dict[str, int], admin: str) -> None:
        """The process, the ports by name of the listener, and where the admin page is."""
        self.pid, self.ports, self.admin = pid, ports, admin

    def stats(self, part: str) -> dict[str, int]:
        """Its counters whose name has `part` in it."""
        with urllib.request.urlopen(f"http://{self.admin}/stats?format=json&filter={part}") as page:
            found = json.load(page)["stats"]
        return {one["name"]: one["value"] for one in found if "name" in one}


@contextmanager
def envoy(bootstrap: dict[str, object], work: Path, under: tuple[str, ...] = ()) -> Iterator[Envoy]:
    """Envoy with one worker on its core, `under` another program if that is given."""
    address, config, log = work / "envoy.admin", work / "envoy.json", work / "envoy.log"
    address.unlink(missing_ok=True)
    config.write_text(json.dumps(bootstrap))
    command = [
        *under, ENVOY, "-c", config, "--concurrency", "1", "--use-dynamic-base-id",
        "--disable-hot-restart", "--admin-address-path", address, "--log-level", "warn",
    ]  # fmt: skip
    module = {"ENVOY_DYNAMIC_MODULES_SEARCH_PATH": str(MODULE)}

    def listening() -> dict[str, int] | None:
        with urllib.request.urlopen(f"http://{address.read_text()}/ready", timeout=30) as page:
            if page.status != 200:
                return None
        where = f"http://{address.read_text()}/listeners?format=json"
        with urllib.request.urlopen(where, timeout=30) as page:
            found = json.load(page)["listener_statuses"]
        return {one["name"]: one["local_address"]["socket_address"]["port_value"] for one in found}

    with running(command, PROXY_CORE, log, module) as process:
        ports = wait_for(process, log, listening)
        assert isinstance(ports, dict)
        yield Envoy(process.pid, ports, address.read_text())


def publish(document: Path, ports: dict[str, int], work: Path) -> Path:
    """The store of a document with its ports filled in."""
    text = document.read_text()
    for letter, port in ports.items():
        text = text.replace(f"PORT_{letter.upper()}", str(port))
    routing, store = (work / "routing.yaml").absolute(), (work / "store").absolute()
    routing.write_text(text)
    subprocess.run(["rm", "-rf", store], check=True)
    subprocess.run(
        [TURNOUT, "publish", routing, "--store", store], check=True, capture_output=True, text=True
    )
    return store


def destinations(store: Path, use_case: str, units: list[str]) -> list[str]:
    """The routing keys that the command gives for the requests of `load`."""
    attributes = {
        "country": "US", "device": "phone", "tenure_days": 400, "app_version": "8.10.2",
    }  # fmt: skip
    lines = "".join(
        json.dumps({"use_case": use_case, "unit": unit, "context": attributes}) + "\n"
        for unit in units
    )
    answers = subprocess.run(
        [TURNOUT, "resolve", "--batch", "-", "--json", "--store", store],
        input=lines, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return [json.loads(line)["routing_key"] for line in answers.splitlines()]
