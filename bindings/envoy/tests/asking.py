# SPDX-License-Identifier: Apache-2.0
"""An HTTP/1.1 client of the tests: headers go out as they are given, twice if given twice."""

from __future__ import annotations

import http.client
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from upstreams import SEEN

Headers = Mapping[str, str] | Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next(iter(self.all(name)), None)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    @property
    def upstream(self) -> str | None:
        """Who answered; nothing if it was Envoy itself."""
        return self.header("x-upstream")

    def seen(self, name: str) -> str | None:
        """The header `x-turnout-` NAME as it came to the upstream."""
        return self.header(SEEN + name)


def pairs(headers: Headers) -> list[tuple[str, str]]:
    return list(headers.items()) if isinstance(headers, Mapping) else list(headers)


class Client:
    """One connection, kept open."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(
        self,
        headers: Headers = (),
        path: str = "/",
        body: bytes | None = None,
        chunks: Iterable[bytes] | None = None,
        method: str | None = None,
    ) -> Answer:
        """With `chunks` the body is sent without its length."""
        has_body = body is not None or chunks is not None
        given = pairs(headers)
        keys = {key.lower() for key, _ in given}
        sent = self._connection
        sent.putrequest(
            method or ("POST" if has_body else "GET"),
            path,
            skip_host="host" in keys,
            skip_accept_encoding=True,
        )
        for key, value in given:
            sent.putheader(key, value.encode())
        if chunks is not None:
            sent.putheader("transfer-encoding", "chunked")
            sent.endheaders(chunks, encode_chunked=True)
        else:
            if body is not None:
                sent.putheader("content-length", str(len(body)))
            sent.endheaders(body)
        got = sent.getresponse()
        content = got.read()
        found = [(key.lower(), value) for key, value in got.getheaders()]
        return Answer(got.status, found, content)
