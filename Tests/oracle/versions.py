"""The order of versions: `digits(.digits)*[-suffix][+build]`."""

from __future__ import annotations

import re
from typing import TypeAlias

SHAPE = re.compile(
    r"(?P<numbers>[0-9]+(\.[0-9]+)*)"
    r"(-(?P<suffix>[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*))?"
    r"(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?",
)

Identifier: TypeAlias = tuple[int, int, bytes]
Version: TypeAlias = tuple[tuple[int, ...], int, tuple[Identifier, ...]]


def parsed(text: str) -> Version | None:
    """What compares as the version does; nothing if the text is no version."""
    match = SHAPE.fullmatch(text)
    if match is None:
        return None
    numbers = [int(number) for number in match["numbers"].split(".")]
    while numbers and numbers[-1] == 0:  # missing numbers are 0
        numbers.pop()
    if match["suffix"] is None:
        return tuple(numbers), 1, ()
    return tuple(numbers), 0, tuple(map(_identifier, match["suffix"].split(".")))


def _identifier(text: str) -> Identifier:
    """SemVer §11: numbers by value and below words, words by ASCII, and of two lists of which one
    begins like the other the longer is higher, as with Python's tuples."""
    if text.isdigit():
        return 0, int(text), b""
    return 1, 0, text.encode("ascii")
