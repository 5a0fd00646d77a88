"""Configs: scalars by the YAML 1.2 core schema, merging, and the JSON text of the result."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping

from ring import by_bytes
from trees import Node, Scalar

NULL = re.compile(r"null|Null|NULL|~|")
TRUE = re.compile(r"true|True|TRUE")
FALSE = re.compile(r"false|False|FALSE")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
DECIMAL_BUT_NOT_OF_JSON = re.compile(
    r"(?P<sign>[-+]?)(?=\.?[0-9])(?P<whole>[0-9]*)(?P<point>\.?)(?P<after>[0-9]*)"
    r"(?P<exponent>([eE][-+]?[0-9]+)?)",
)
HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
OCTAL = re.compile(r"0o[0-7]+")


def merged(configs: Iterable[Mapping[str, Node]]) -> dict[str, Node]:
    """At the top level, later wins, null is a value."""
    result: dict[str, Node] = {}
    for config in configs:
        result.update(config)
    return result


def json_text(node: Node, order: Callable[[Iterable[str]], list[str]] = by_bytes) -> str:
    """Keys in byte order, or as `order` puts them; numbers as written."""
    if isinstance(node, dict):
        pairs = (f"{_quoted(key)}:{json_text(node[key], order)}" for key in order(node))
        return "{" + ",".join(pairs) + "}"
    if isinstance(node, list):
        return "[" + ",".join(json_text(item, order) for item in node) + "]"
    return _scalar(node)


def _scalar(scalar: Scalar) -> str:
    if not scalar.plain:
        return _quoted(scalar.text)
    if NULL.fullmatch(scalar.text):
        return "null"
    if TRUE.fullmatch(scalar.text):
        return "true"
    if FALSE.fullmatch(scalar.text):
        return "false"
    if NUMBER.fullmatch(scalar.text):
        return scalar.text
    if HEXADECIMAL.fullmatch(scalar.text):
        return str(int(scalar.text, 16))
    if OCTAL.fullmatch(scalar.text):
        return str(int(scalar.text, 8))
    if decimal := DECIMAL_BUT_NOT_OF_JSON.fullmatch(scalar.text):
        return _decimal(decimal)
    return _quoted(scalar.text)


def _decimal(written: re.Match[str]) -> str:
    """As written, but for what JSON forbids: a plus, leading zeros, no digit beside the point."""
    whole = written["whole"].lstrip("0") or "0"
    after = written["point"] and (written["after"] or "0")
    return written["sign"].strip("+") + whole + written["point"] + after + written["exponent"]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
