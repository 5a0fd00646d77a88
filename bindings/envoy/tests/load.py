# SPDX-License-Identifier: Apache-2.0
"""A client that asks much: several processes, each with many connections kept open, and every
answer written down. Run as a program it is one of these processes: it takes its orders as a line of
JSON from standard input, asks at least as often as it is told and until that is closed, and gives a
line for each answer."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from envoys import end_with_parent

END_OF_HEAD = b"\r\n\r\n"
SECONDS_WITHOUT_ANSWER = 30.0


@dataclass(frozen=True)
class Orders:
    port: int
    use_case: str
    users: Sequence[str]
    """One after the other, and again from the first."""
    count: int
    """At least so many requests."""
    connections: int = 16
    body: int = 0
    """Its bytes."""


@dataclass(frozen=True)
class Told:
    """One answer, as the client took it. Times are monotonic, and the same for all processes."""

    user: str
    began: float
    ended: float
    status: int
    upstream: str
    model: str
    version: str
    revision: str


class Load:
    """Starts when it is made; `told()` waits for the end. Use it with `with`."""

    def __init__(self, orders: Orders, processes: int = 2) -> None:
        self._processes = []
        share = -(-orders.count // processes)
        for number in range(processes):
            users = [*orders.users[number::processes]]
            count = min(share, orders.count - share * number)
            own = Orders(
                orders.port, orders.use_case, users, count, orders.connections, orders.body
            )
            process = subprocess.Popen(
                [sys.executable, str(Path(__file__).resolve())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                preexec_fn=end_with_parent,
            )
            assert process.stdin is not None
            process.stdin.write(json.dumps(asdict(own)) + "\n")
            process.stdin.flush()
            self._processes.append(process)

    def __enter__(self) -> Load:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                assert pipe is not None
                pipe.close()

    def told(self) -> list[Told]:
        """They may end now."""
        return list(self._told())

    def _told(self) -> Iterator[Told]:
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.close()
        for process in self._processes:
            assert process.stdout is not None
            for line in process.stdout:
                yield Told(*json.loads(line))
            if process.wait() != 0:
                raise RuntimeError(f"a client ended with {process.returncode}")


class _Asker(asyncio.Protocol):
    """One connection: asks, waits for the answer, asks the next."""

    def __init__(self, work: _Work) -> None:
        self.work = work
        self.given = b""
        self.user = ""
        self.began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._ask()

    def _ask(self) -> None:
        user = self.work.next_user()
        if user is None:
            self.transport.close()
            return
        self.user, self.began = user, time.monotonic()
        self.transport.write(self.work.request(user))

    def data_received(self, data: bytes) -> None:
        self.given += data
        end = self.given.find(END_OF_HEAD)
        if end < 0:
            return
        first, *lines = self.given[:end].decode("latin-1").split("\r\n")
        headers = {key: value for key, _, value in (line.partition(": ") for line in lines)}
        length = int(headers.get("content-length", "0"))
        if len(self.given) < end + 4 + length:
            return
        body = self.given[end + 4 : end + 4 + length]
        self.given = b""
        status = int(first.split(" ")[1])
        if status == 200 and body != self.work.body:
            status = -1
        upstream = headers.get("x-upstream", "")
        seen = [headers.get(f"x-seen-{name}", "") for name in ("model", "version", "revision")]
        self.work.tell([self.user, self.began, time.monotonic(), status, upstream, *seen])
        self.user = ""
        if headers.get("connection") == "close":
            self.transport.close()
        else:
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.user:
            self.work.tell([self.user, self.began, time.monotonic(), 0, repr(exc), "", "", ""])
        self.work.reconnect()


class _Work:
    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self.body = b"b" * orders.body
        self.asked = 0
        self.told: list[list[object]] = []
        self.over = asyncio.Event()
        self.may_end = False

    def next_user(self) -> str | None:
        if self.is_enough():
            return None
        self.asked += 1
        return self.orders.users[(self.asked - 1) % len(self.orders.users)]

    def is_enough(self) -> bool:
        return self.may_end and self.asked >= self.orders.count

    def end(self) -> None:
        self.may_end = True
        asyncio.get_running_loop().remove_reader(sys.stdin)
        self.look()

    def look(self) -> None:
        if self.is_enough() and len(self.told) == self.asked:
            self.over.set()

    def request(self, user: str) -> bytes:
        lines = [
            "POST / HTTP/1.1",
            "host: tests",
            f"x-turnout-use-case: {self.orders.use_case}",
            f"x-turnout-unit: {user}",
            f"content-length: {len(self.body)}",
            "",
            "",
        ]
        return "\r\n".join(lines).encode() + self.body

    def tell(self, answer: list[object]) -> None:
        self.told.append(answer)
        self.look()

    def reconnect(self) -> None:
        if not self.is_enough():
            self.tasks.add(asyncio.ensure_future(self.connect()))

    async def connect(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(lambda: _Asker(self), "127.0.0.1", self.orders.port)
        except OSError as error:
            now = time.monotonic()
            self.asked += 1
            self.tell(["", now, now, 0, repr(error), "", "", ""])

    async def run(self) -> None:
        asyncio.get_running_loop().add_reader(sys.stdin, self.end)
        self.tasks: set[asyncio.Future[None]] = set()
        for _ in range(self.orders.connections):
            self.tasks.add(asyncio.ensure_future(self.connect()))
        before = -1
        while not self.over.is_set():
            if len(self.told) == before:
                raise TimeoutError(f"no answer any more after {before}")
            before = len(self.told)
            try:
                await asyncio.wait_for(self.over.wait(), SECONDS_WITHOUT_ANSWER)
            except asyncio.TimeoutError:
                continue


def main() -> None:
    work = _Work(Orders(**json.loads(sys.stdin.readline())))
    asyncio.run(work.run())
    for answer in work.told:
        sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
