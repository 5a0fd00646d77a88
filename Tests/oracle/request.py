"""Requests: one line of JSON each, as `turnout resolve --batch` reads them."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from trees import Node, Scalar, mapping, read_json, text

NULL = Scalar("null")

Value: TypeAlias = "bytes | float | bool | None"
"""Of an attribute; nothing for null and for what no attribute can be."""


@dataclass(frozen=True)
class Request:
    use_case: str
    units: Mapping[str, bytes]
    """As given; one that is absent may be empty."""
    context: Mapping[str, Value]
    request_id: bytes
    """Empty if there is none."""
    traffic: str | None
    """Nothing if the request gives something else than text."""


def read(line: str, primary: str) -> Request:
    said = mapping(read_json(line))
    units = {name: _bytes(unit) for name, unit in mapping(said.get("units", {})).items()}
    # The primary unit has its own place, which holds; among the others it may be given by name.
    own = _bytes(said.get("unit", NULL))
    if "unit_base64" in said:
        own = base64.b64decode(text(said["unit_base64"]))
    units[primary] = own or units.get(primary, b"")
    context = {name: _value(node) for name, node in mapping(said.get("context", {})).items()}
    return Request(
        use_case=text(said["use_case"]),
        units=units,
        context=context,
        request_id=_bytes(said.get("request_id", NULL)),
        traffic=_traffic(said),
    )


def _bytes(node: Node) -> bytes:
    return b"" if node == NULL else text(node).encode()


def is_valid(request: Request) -> bool:
    """Traffic must be text; NaN and infinities may stand nowhere."""
    numbers = [value for value in request.context.values() if isinstance(value, float)]
    return request.traffic is not None and all(math.isfinite(number) for number in numbers)


def _traffic(said: Mapping[str, Node]) -> str | None:
    given = mapping(said.get("context", {})).get("traffic")
    if given is None or given == NULL:
        return "production"
    return given.text if isinstance(given, Scalar) and not given.plain else None


def _value(node: Node) -> Value:
    if not isinstance(node, Scalar) or node == NULL:
        return None
    if not node.plain:
        return node.text.encode()
    if node.text in ("true", "false"):
        return node.text == "true"
    return float(node.text)
