"""Upstreams that keep what they were sent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Arrival:
    """A request as it arrived."""

    def __init__(self, letter: str, headers: dict[str, str], body: bytes) -> None:
        """Whose upstream it was, its headers in lower case, and its body."""
        self.letter, self.headers, self.body = letter, headers, body


class Upstreams:
    """Three of them, a, b and c."""

    def __init__(self) -> None:
        """Opens their ports."""
        self.arrived: list[Arrival] = []
        self.changed = threading.Condition()
        self.servers = {letter: self.server(letter) for letter in "abc"}
        self.ports = {letter: one.server_address[1] for letter, one in self.servers.items()}

    def server(self, letter: str) -> ThreadingHTTPServer:
        """One of them."""
        upstreams = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {key.lower(): value for key, value in self.headers.items()}
                with upstreams.changed:
                    upstreams.arrived.append(Arrival(letter, headers, body))
                    upstreams.changed.notify_all()
                # In one piece: two would wait for one another's acknowledgement.
                head = f"HTTP/1.1 200 OK\r\nx-upstream: {letter}\r\ncontent-length: 6\r\n\r\n"
                self.wfile.write(head.encode() + b"ranked")

            do_POST = do_GET

            def log_message(self, *_: object) -> None:
                pass

        return ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def taken(self, count: int) -> list[Arrival]:
        """What arrived, once it is so much, and forgets it."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.arrived) >= count, 30), (
                f"{len(self.arrived)} of {count} requests arrived"
            )
            found, self.arrived = self.arrived, []
        return found


@contextmanager
def upstreams() -> Iterator[Upstreams]:
    """Running ones."""
    made = Upstreams()
    threads = [
        threading.Thread(target=one.serve_forever, daemon=True) for one in made.servers.values()
    ]
    for thread in threads:
        thread.start()
    try:
        yield made
    finally:
        for one in made.servers.values():
            one.shutdown()
            one.server_close()
