"""Trees as texts of YAML or JSON, in one of the many ways in which they can be written."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from random import Random

from configs import NUMBER
from trees import Node, Scalar

PLAIN = re.compile(r"[A-Za-z0-9_~.][A-Za-z0-9_.@/:+-]*(?<!:)|-?[0-9.][0-9.eE+-]*|~")
NEVER_RAW = re.compile("[\x7f-\xa0\u2028\u2029\ufeff]")
LINE = re.compile(r"[ -~\xa1-\u1fff]*")


def json_file(dice: Random, node: Node) -> str:
    if isinstance(node, dict):
        return (
            "{"
            + ", ".join(f"{quoted(k)}: {json_file(dice, v)}" for k, v in _mixed(dice, node))
            + "}"
        )
    if isinstance(node, list):
        return "[" + ",\n".join(json_file(dice, item) for item in node) + "]"
    raw = node.plain and (NUMBER.fullmatch(node.text) or node.text in ("true", "false", "null"))
    return node.text if raw else quoted(node.text)


def yaml_file(dice: Random, node: Node) -> str:
    return "# written by dice\n" + _block(dice, node, "")


def list_file(dice: Random, units: Sequence[str]) -> str:
    """Units by line, with what counts for nothing: empty lines, units twice, no last line end."""
    ends = ["\n", "\n", "\r\n", "\n\n", "\r\n\r\n"]
    lines = [*units, *dice.choices(units, k=dice.randint(0, 2))]
    dice.shuffle(lines)
    text = "".join(line + dice.choice(ends) for line in lines)
    return text.rstrip("\r\n") if dice.random() < 0.3 else text


def quoted(text: str) -> str:
    def escaped(match: re.Match[str]) -> str:
        return f"\\u{ord(match[0]):04x}"

    return NEVER_RAW.sub(escaped, json.dumps(text, ensure_ascii=False))


def _mixed(dice: Random, node: dict[str, Node]) -> list[tuple[str, Node]]:
    """Mappings have no order."""
    return dice.sample(list(node.items()), len(node))


def _block(dice: Random, node: Node, indent: str) -> str:
    """Lines, each with its end."""
    lines: list[str] = []
    if isinstance(node, dict) and node:
        for key, value in _mixed(dice, node):
            lines.append(f"{indent}{_scalar(dice, Scalar(key))}:{_below(dice, value, indent)}")
    elif isinstance(node, list) and node:
        lines = [f"{indent}-{_below(dice, item, indent)}" for item in node]
    else:
        lines = [f"{indent}{_flow(dice, node)}\n"]
    return "".join(lines)


def _below(dice: Random, node: Node, indent: str) -> str:
    if isinstance(node, Scalar) or not node or dice.random() < 0.35:
        return f" {_flow(dice, node)}\n"
    return "\n" + _block(dice, node, indent + dice.choice(["  ", "    "]))


def _flow(dice: Random, node: Node) -> str:
    if isinstance(node, dict):
        pairs = (f"{_scalar(dice, Scalar(k))}: {_flow(dice, v)}" for k, v in _mixed(dice, node))
        return "{" + ", ".join(pairs) + "}"
    if isinstance(node, list):
        return "[" + ", ".join(_flow(dice, item) for item in node) + "]"
    return _scalar(dice, node)


def _scalar(dice: Random, scalar: Scalar) -> str:
    if scalar.plain and PLAIN.fullmatch(scalar.text):
        return scalar.text
    if LINE.fullmatch(scalar.text) and dice.random() < 0.5:
        return "'" + scalar.text.replace("'", "''") + "'"
    return quoted(scalar.text)
