# SPDX-License-Identifier: Apache-2.0
"""HTTP/1.1 upstreams: each has a name and a free port, answers with the body it got and with what
it saw, and remembers requests. They share a thread and an event loop of their own."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

Result = TypeVar("Result")
SEEN = "x-seen-"
"""What the answer's headers are called that repeat the `x-turnout-` ones of the request."""
END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True)
class Seen:
    """A request as it came to an upstream."""

    upstream: str
    method: str
    path: str
    headers: Sequence[tuple[str, str]]
    body: str
    """Its SHA-256."""

    def header(self, name: str) -> str | None:
        return next(iter(self.all(name)), None)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]


@dataclass
class Upstream:
    name: str
    port: int = 0
    status: int = 200
    delay: float = 0.0
    silent: bool = False
    """It takes requests and never answers."""
    remembers: bool = True
    count: int = 0
    seen: list[Seen] = field(default_factory=list)
    server: asyncio.Server | None = None
    open: set[asyncio.Transport] = field(default_factory=set)

    def forget(self) -> None:
        self.status, self.delay, self.silent, self.remembers = 200, 0.0, False, True
        self.count, self.seen = 0, []


class Upstreams:
    """Use it with `with`."""

    def __init__(self, names: Iterable[str]) -> None:
        self.by_name = {name: Upstream(name) for name in names}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Upstreams:
        self._thread.start()
        for upstream in self.by_name.values():
            self.open(upstream.name)
        return self

    def __exit__(self, *_: object) -> None:
        for name in self.by_name:
            self.close(name)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __getitem__(self, name: str) -> Upstream:
        return self.by_name[name]

    @property
    def ports(self) -> dict[str, int]:
        return {name: upstream.port for name, upstream in self.by_name.items()}

    def forget(self) -> None:
        """Everybody forgets what was, and is well again."""
        for upstream in self.by_name.values():
            upstream.forget()
            if upstream.server is None:
                self.open(upstream.name)

    def seen(self) -> list[Seen]:
        return [one for upstream in self.by_name.values() for one in upstream.seen]

    def close(self, name: str) -> None:
        """Nobody listens there any more, and who was connected is not."""

        async def closed() -> None:
            upstream = self.by_name[name]
            if upstream.server is not None:
                upstream.server.close()
                upstream.server = None
            for transport in list(upstream.open):
                transport.abort()

        self._run(closed)

    def open(self, name: str) -> None:
        """On the port that it had, if it had one."""

        async def opened() -> None:
            upstream = self.by_name[name]
            loop = asyncio.get_running_loop()
            upstream.server = await loop.create_server(
                lambda: _Connection(upstream), "127.0.0.1", upstream.port, reuse_address=True
            )
            upstream.port = upstream.server.sockets[0].getsockname()[1]

        self._run(opened)

    def _run(self, work: Callable[[], object]) -> None:
        asyncio.run_coroutine_threadsafe(work(), self._loop).result(30)  # type: ignore[arg-type]


class _Connection(asyncio.Protocol):
    """Reads a request, answers it, reads the next."""

    def __init__(self, upstream: Upstream) -> None:
        self.upstream = upstream
        self.given = bytearray()
        self.head: tuple[str, str, list[tuple[str, str]]] | None = None
        self.body = bytearray()
        self.length = 0
        """Of the body; of one in chunks of what is missing of the chunk, and -1 between chunks."""
        self.is_chunked = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.upstream.open.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.upstream.open.discard(self.transport)

    def data_received(self, data: bytes) -> None:
        self.given += data
        while self._took_head() and self._took_body():
            self._answer()

    def _took_head(self) -> bool:
        if self.head is not None:
            return True
        end = self.given.find(END_OF_HEAD)
        if end < 0:
            return False
        first, *lines = self.given[:end].decode("latin-1").split("\r\n")
        del self.given[: end + 4]
        method, path, _ = first.split(" ", 2)
        headers = []
        self.length, self.is_chunked = 0, False
        for line in lines:
            key, _, value = line.partition(":")
            key, value = key.lower(), value.strip()
            headers.append((key, value))
            if key == "content-length":
                self.length = int(value)
            elif key == "transfer-encoding":
                self.is_chunked, self.length = True, -1
        self.head = (method, path, headers)
        self.body = bytearray()
        return True

    def _took_body(self) -> bool:
        if not self.is_chunked:
            if len(self.given) < self.length:
                return False
            self.body = self.given[: self.length]
            del self.given[: self.length]
            return True
        while True:
            if self.length < 0:
                end = self.given.find(b"\r\n")
                if end < 0:
                    return False
                self.length = int(bytes(self.given[:end]).split(b";")[0], 16) + 2
                del self.given[: end + 2]
                if self.length == 2:
                    self.length = -2
            # The last chunk is empty; there are no trailers.
            needed = 2 if self.length == -2 else self.length
            if len(self.given) < needed:
                return False
            self.body += self.given[: needed - 2]
            del self.given[:needed]
            if self.length == -2:
                return True
            self.length = -1

    def _answer(self) -> None:
        assert self.head is not None
        (method, path, headers), self.head = self.head, None
        upstream = self.upstream
        body = bytes(self.body)
        upstream.count += 1
        if upstream.remembers:
            digest = hashlib.sha256(body).hexdigest()
            upstream.seen.append(Seen(upstream.name, method, path, headers, digest))
        if upstream.silent:
            return
        lines = [f"HTTP/1.1 {upstream.status} Answer", f"x-upstream: {upstream.name}"]
        for key, value in headers:
            if key.startswith("x-turnout-"):
                lines.append(f"{SEEN}{key[10:]}: {value}")
        lines += [f"content-length: {len(body)}", "", ""]
        answer = "\r\n".join(lines).encode("latin-1") + body
        if upstream.delay:
            asyncio.get_running_loop().call_later(upstream.delay, self._write, answer)
        else:
            self._write(answer)

    def _write(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)
