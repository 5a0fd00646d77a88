"""lines.py STORE: what lines.c does, through the Python package."""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

import turnout


def quoted(text: str | None) -> str:
    # Python writes DEL and all beyond as they are, as Turnout does.
    return "null" if text is None else json.dumps(text, ensure_ascii=False)


def said(decision: turnout.Decision) -> str:
    """The decision as one line; configs as they came, so that each number keeps its spelling."""
    told = decision.to_dict()
    told["config"] = decision.config_json
    for shadow, source in zip(told["shadows"], decision.shadows, strict=True):
        shadow["config"] = source.config_json

    def written(value: Any, key: str = "") -> str:  # noqa: ANN401
        if key == "config":
            return value if value is not None else "null"
        if isinstance(value, dict):
            return "{" + ",".join(f"{quoted(k)}:{written(v, k)}" for k, v in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ",".join(written(one) for one in value) + "]"
        return quoted(value) if isinstance(value, str) else json.dumps(value)

    return written(told)


def main() -> None:
    output = sys.stdout.buffer
    with turnout.Engine(sys.argv[1]) as engine:
        for line in sys.stdin.buffer:
            request = json.loads(line)
            unit: str | bytes | None = request.get("unit")
            if "unit_base64" in request:
                unit = base64.b64decode(request["unit_base64"])
            given = {k: request[k] for k in ("units", "assignments", "request_id") if k in request}
            if "now_ns" in request:
                given["now"] = request["now_ns"]
            context = request.get("context", {})
            try:
                decision = engine.try_resolve(
                    request["use_case"], unit, attributes=context, config=True, **given
                )
            except turnout.InvalidArgument:
                output.write(b"invalid_argument\n")
                continue
            # The table has every routing key that it answers with, and it leads to the same place.
            for told in (decision, *decision.shadows) if decision.ok else ():
                assert told.routing_key
                found = engine.destination(told.routing_key)
                assert found[:4] == (told.cluster, told.shard, told.address, told.routing_key)
            output.write(said(decision).encode() + b"\n")


if __name__ == "__main__":
    main()
