"""Arrays of codes: NumPy's if it is installed, else the standard library's. NumPy is imported by
the first batch, not by this package."""

from __future__ import annotations

from array import array
from functools import cache
from typing import Any, List

Codes = Any


@cache
def numpy() -> Any:
    """The module, or None."""
    try:
        import numpy as module
    except ImportError:
        return None
    return module


def adopted(codes: array[int]) -> Codes:
    """The same memory, as NumPy sees it if it is there."""
    np = numpy()
    return codes if np is None else np.frombuffer(codes, dtype=np.int32)


def translated(codes: Codes, table: List[int]) -> Codes:
    """`table[code]` for every code."""
    np = numpy()
    if np is None:
        return array("i", map(table.__getitem__, codes))
    return np.asarray(table, dtype=np.int32)[codes] if table else codes


def counts(codes: Codes, size: int) -> List[int]:
    """How often each code below `size` occurs."""
    np = numpy()
    if np is not None:
        return list(np.bincount(codes, minlength=size).tolist())
    found = [0] * size
    for code in codes:
        found[code] += 1
    return found


def positions(codes: Codes, size: int) -> List[Any]:
    """For each code below `size` where it stands, ascending."""
    np = numpy()
    if np is not None:
        order = np.argsort(codes, kind="stable")
        ends = np.cumsum(np.bincount(codes, minlength=size))
        return np.split(order, ends[:-1]) if size else []
    found: List[List[int]] = [[] for _ in range(size)]
    for i, code in enumerate(codes):
        found[code].append(i)
    return found
