"""Whether a condition (`when`) holds for a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import versions
from documents import Condition, Document
from request import Value
from trees import Node, Scalar, boolean, mapping, sequence, text

Comparable: TypeAlias = "bytes | float | bool | versions.Version"


@dataclass(frozen=True)
class Circumstances:
    """What conditions are tested against."""

    document: Document
    context: Mapping[str, Value]
    unit: bytes
    """The use case's; empty if there is none."""
    traffic: str


def holds(condition: Condition, at: Circumstances) -> bool:
    return all(_entry_holds(key, wanted, at) for key, wanted in condition.items())


def attribute(name: str, at: Circumstances) -> Comparable | None:
    """The declared attribute's value; nothing if it is missing."""
    if name == "traffic":
        return at.traffic.encode()
    value = at.context.get(name)
    match at.document.attributes[name], value:
        case "string", bytes():
            return value
        case "version", bytes():
            return _version(value)
        case "boolean", bool():
            return value
        case "number", float():
            return value
    return None


def typed(node: Node, name: str, at: Circumstances) -> Comparable:
    """A scalar of the document, by the type of the attribute that it is compared with."""
    word = text(node)
    kind = "string" if name in ("traffic", "unit") else at.document.attributes[name]
    match kind:
        case "number":
            return float(word)
        case "boolean":
            return boolean(node)
        case "version":
            version = versions.parsed(word)
            if version is None:
                raise ValueError(f"not a version: {word}")
            return version
    return word.encode()


def _version(value: bytes) -> versions.Version | None:
    try:
        return versions.parsed(value.decode("ascii"))
    except UnicodeDecodeError:
        return None


def _entry_holds(key: str, wanted: Node, at: Circumstances) -> bool:
    match key:
        case "all":
            return all(holds(mapping(part), at) for part in sequence(wanted))
        case "any":
            return any(holds(mapping(part), at) for part in sequence(wanted))
        case "not":
            return not holds(mapping(wanted), at)
        case "segment":
            return holds(at.document.segments[text(wanted)], at)
        case "units":
            return _is_unit_of([text(unit) for unit in sequence(wanted)], at)
        case "units_file":
            return _is_unit_of(at.document.unit_files[text(wanted)], at)
        case "unit":
            return _test(key, at.unit or None, wanted, at)
    return _test(key, attribute(key, at), wanted, at)


def _is_unit_of(units: Sequence[str], at: Circumstances) -> bool:
    return at.unit != b"" and at.unit in [unit.encode() for unit in units]


def _test(name: str, value: Comparable | None, wanted: Node, at: Circumstances) -> bool:
    if isinstance(wanted, Scalar):
        return _operator("==", value, wanted, name, at)
    if isinstance(wanted, list):
        return _operator("in", value, wanted, name, at)
    return all(_operator(word, value, operand, name, at) for word, operand in wanted.items())


def _operator(
    word: str,
    value: Comparable | None,
    operand: Node,
    name: str,
    at: Circumstances,
) -> bool:
    if word == "exists":
        return boolean(operand) == (value is not None)
    if value is None:
        return False
    if word in ("in", "not_in"):
        among = value in [typed(item, name, at) for item in sequence(operand)]
        return among == (word == "in")
    return _compare(word, value, typed(operand, name, at))


def _compare(word: str, value: Comparable, other: Comparable) -> bool:
    match word, value, other:
        case "==", _, _:
            return value == other
        case "!=", _, _:
            return value != other
        case "prefix", bytes(), bytes():
            return value.startswith(other)
        case "suffix", bytes(), bytes():
            return value.endswith(other)
        case "contains", bytes(), bytes():
            return other in value
        case _, bytes(), bytes():
            return _ordered(word, _sign(value, other))
        case _, float(), float():
            return _ordered(word, (value > other) - (value < other))
        case _, tuple(), tuple():
            return _ordered(word, (value > other) - (value < other))
    raise ValueError(f"no operator for this type: {word}")


def _sign(value: bytes, other: bytes) -> int:
    return (value > other) - (value < other)


def _ordered(word: str, sign: int) -> bool:
    return {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0}[word]
