# SPDX-License-Identifier: Apache-2.0
"""gRPC upstreams without a schema: bytes in, bytes out. And the client's calls."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

# The tests start processes; none of them uses gRPC.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
import grpc

SERVICE = "tests.Ranking"
LARGEST = 8 << 20
OPTIONS = [
    ("grpc.max_receive_message_length", LARGEST),
    ("grpc.max_send_message_length", LARGEST),
]


@dataclass(frozen=True)
class Call:
    """As it came to an upstream, after its last message."""

    upstream: str
    method: str
    metadata: Sequence[tuple[str, str | bytes]]
    messages: Sequence[str]
    """The SHA-256 of each."""

    def header(self, name: str) -> str | bytes | None:
        return next((value for key, value in self.metadata if key == name), None)


@dataclass
class RpcUpstream:
    """`Echo` answers with the message, `Chat` with each of a stream, `Refuse` with an error,
    `Wait` when the caller has long gone."""

    name: str
    port: int = 0
    seen: list[Call] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> RpcUpstream:
        self._server = grpc.server(ThreadPoolExecutor(8), options=OPTIONS)
        handlers = {
            "Echo": grpc.unary_unary_rpc_method_handler(self._echo),
            "Chat": grpc.stream_stream_rpc_method_handler(self._chat),
            "Refuse": grpc.unary_unary_rpc_method_handler(self._refuse),
            "Wait": grpc.unary_unary_rpc_method_handler(self._wait),
        }
        handler = grpc.method_handlers_generic_handler(SERVICE, handlers)
        self._server.add_generic_rpc_handlers((handler,))
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self._server.stop(0).wait()

    def _took(self, method: str, messages: Iterable[bytes], context: Any) -> None:
        metadata = [(key, value) for key, value in context.invocation_metadata()]
        digests = [hashlib.sha256(message).hexdigest() for message in messages]
        self.seen.append(Call(self.name, method, metadata, digests))
        context.set_trailing_metadata([("x-upstream", self.name), ("odd-bin", b"\x00\xff\x01")])

    def _echo(self, message: bytes, context: Any) -> bytes:
        self._took("Echo", [message], context)
        return message

    def _chat(self, messages: Iterator[bytes], context: Any) -> Iterator[bytes]:
        taken = []
        for message in messages:
            taken.append(message)
            yield message
        self._took("Chat", taken, context)

    def _refuse(self, message: bytes, context: Any) -> bytes:
        self._took("Refuse", [message], context)
        context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "too many at once: 90 % of 10")
        raise AssertionError("abort does not return")

    def _wait(self, message: bytes, context: Any) -> bytes:
        self._took("Wait", [message], context)
        gone = threading.Event()
        context.add_callback(gone.set)
        while not gone.wait(0.05) and not self.ended.is_set():
            pass
        return message


@dataclass(frozen=True)
class Outcome:
    code: grpc.StatusCode
    details: str
    messages: Sequence[bytes]
    headers: dict[str, str | bytes]
    trailers: dict[str, str | bytes]

    @property
    def upstream(self) -> str | bytes | None:
        return self.trailers.get("x-upstream")


Metadata = Sequence[tuple[str, "str | bytes"]]


class Caller:
    """One channel. `authority` is what the calls say as `:authority`."""

    def __init__(self, port: int, authority: str | None = None) -> None:
        options = [*OPTIONS, ("grpc.enable_retries", 0)]
        if authority is not None:
            options.append(("grpc.default_authority", authority))  # type: ignore[arg-type]
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=options)

    def __enter__(self) -> Caller:
        return self

    def __exit__(self, *_: object) -> None:
        self._channel.close()

    def unary(
        self, message: bytes, metadata: Metadata = (), method: str = "Echo", timeout: float = 30
    ) -> Outcome:
        call = self._channel.unary_unary(f"/{SERVICE}/{method}")
        try:
            answer, done = call.with_call(message, metadata=metadata, timeout=timeout)
        except grpc.RpcError as error:
            return _outcome(error, [])
        return _outcome(done, [answer])

    def bidi(self, messages: Iterable[bytes], metadata: Metadata = ()) -> Outcome:
        call = self._channel.stream_stream(f"/{SERVICE}/Chat")
        answers = call(iter(list(messages)), metadata=metadata, timeout=60)
        got: list[bytes] = []
        with contextlib.suppress(grpc.RpcError):
            got.extend(answers)
        return _outcome(answers, got)


def _outcome(call: Any, messages: list[bytes]) -> Outcome:
    return Outcome(
        code=call.code(),
        details=call.details() or "",
        messages=messages,
        headers=dict(call.initial_metadata() or ()),
        trailers=dict(call.trailing_metadata() or ()),
    )
