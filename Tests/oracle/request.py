"""Requests: one line of JSON each, as `turnout resolve --batch` reads them."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import times
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
    assignments: Mapping[str, str | None]
    """Cells by experiment; nothing for those that keep the unit out."""
    now: int | None
    """In nanoseconds since 1970, if the request says it."""
    has_time: bool
    """Whether what it says, if anything, is a time."""


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
        assignments={
            name: None if cell == NULL else text(cell)
            for name, cell in mapping(said.get("assignments", {})).items()
        },
        now=times.parsed(text(said["now"])) if "now" in said else None,
        has_time="now" not in said or times.parsed(text(said["now"])) is not None,
    )


def _bytes(node: Node) -> bytes:
    return b"" if node == NULL else text(node).encode()


def is_valid(request: Request) -> bool:
    """Traffic must be text and times must be times; NaN and infinities may stand nowhere."""
    numbers = [value for value in request.context.values() if isinstance(value, float)]
    finite = all(math.isfinite(number) for number in numbers)
    return request.traffic is not None and request.has_time and finite


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
