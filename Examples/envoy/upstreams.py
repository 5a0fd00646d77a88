# SPDX-License-Identifier: Apache-2.0
"""Plays clusters: `upstreams.py NAME PORT …` listens on loopback, answers with who it is and what
Envoy told it, and writes a line for each request to standard output. Ends with SIGTERM."""

from __future__ import annotations

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    name = ""

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", "0")))
        told = [self.headers.get(f"x-turnout-{key}", "-") for key in ("model", "version")]
        version = "@".join(told) if told != ["-", "-"] else "-"
        kind = "shadow" if self.headers.get("x-turnout-shadow") == "1" else "request"
        user = self.headers.get("x-turnout-unit", "-")
        print(f"{kind} {self.name} {version} {user}", flush=True)
        body = f"{self.name} {version}\n".encode()
        self.send_response(200)
        self.send_header("content-type", "text/plain")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """What is of interest is printed above."""


def serve(name: str, port: int) -> None:
    handler = type("NamedHandler", (Handler,), {"name": name})
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        sys.exit(f"upstreams.py: 127.0.0.1:{port}: {error.strerror}")
    threading.Thread(target=server.serve_forever, daemon=True).start()


def main() -> None:
    for name, port in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        serve(name, int(port))
    print("ready", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
