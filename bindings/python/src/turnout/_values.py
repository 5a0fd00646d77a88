"""What callers give, turned into what the library takes: texts to bytes, values to attributes."""

from __future__ import annotations

import math
import os
from datetime import datetime, timedelta, timezone
from typing import Any, Optional, Tuple, Union

from . import _layout as layout
from .errors import InvalidArgument

UnitValue = Union[str, bytes]
AttributeValue = Union[str, bool, int, float, None]
Instant = Union[datetime, int]

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_INT64 = 1 << 63


def text_bytes(value: object, what: str) -> bytes:
    """A text as UTF-8."""
    if not isinstance(value, str):
        raise TypeError(f"{what} must be a str, not {type(value).__name__}")
    try:
        return value.encode()
    except UnicodeEncodeError as failure:
        raise InvalidArgument(f"{what} is not Unicode text: {failure}") from None


def unit_bytes(value: object, what: str) -> bytes:
    """A unit or a request id: bytes, or a text as UTF-8; None is an absent one."""
    if type(value) is str:
        try:
            return value.encode()
        except UnicodeEncodeError:
            return text_bytes(value, what)
    if value is None:
        return b""
    if isinstance(value, str):
        return text_bytes(value, what)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    raise TypeError(
        f"{what} must be a str or bytes, not {type(value).__name__}: "
        "a number is put on the ring as the text you write it as, so write it: str(number)"
    )


def attribute_value(name: str, value: object) -> Tuple[int, int, float, bytes]:
    """A value as type, boolean, number and text."""
    if not isinstance(value, (str, bool, int, float, type(None))) and hasattr(value, "item"):
        value = value.item()  # a scalar of NumPy's
    if isinstance(value, str):
        return layout.STRING, 0, 0.0, text_bytes(value, f"the attribute {name!r}")
    if isinstance(value, bool):
        return layout.BOOLEAN, int(value), 0.0, b""
    if isinstance(value, (int, float)):
        try:
            number = float(value)
        except OverflowError:
            raise InvalidArgument(f"the attribute {name!r} is larger than any double") from None
        if not math.isfinite(number):
            raise InvalidArgument(
                f"the attribute {name!r} is {number}: give a finite one, or None if there is none"
            )
        return layout.NUMBER, 0, number, b""
    if value is None:
        return layout.NULL, 0, 0.0, b""
    kind = type(value).__name__
    raise TypeError(f"the attribute {name!r} must be a str, a bool, a number or None, not {kind}")


def path_bytes(path: Union[str, os.PathLike[str]]) -> bytes:
    """A path as the library takes it."""
    encoded = os.fsencode(path)
    if b"\0" in encoded:
        raise InvalidArgument("a path cannot have a NUL in it")
    return encoded


def nanoseconds(instant: Optional[Instant], what: str = "now") -> int:
    """An instant since 1970 in UTC; 0 for None. The first moment of 1970 itself, which the library
    could not tell from none, is taken as the next nanosecond."""
    if instant is None:
        return 0
    if isinstance(instant, datetime):
        if instant.tzinfo is None:
            raise TypeError(f"{what} has no time zone: datetime.now(timezone.utc) has one")
        count = (instant - _EPOCH) // timedelta(microseconds=1) * 1000
    elif isinstance(instant, int) and not isinstance(instant, bool):
        count = instant
    else:
        raise TypeError(
            f"{what} must be a datetime with a time zone, or nanoseconds since 1970 as an int, "
            f"not {type(instant).__name__}"
        )
    if not -_INT64 <= count < _INT64:
        raise InvalidArgument(f"{what} lies outside the years 1678 to 2262")
    return count or 1


def instant(count: int) -> datetime:
    """A time of the library's, to the microsecond."""
    return _EPOCH + timedelta(microseconds=count // 1000)


def mapping(value: Any, what: str) -> Any:
    """`value`, if it has names and values."""
    if not hasattr(value, "items"):
        raise TypeError(f"{what} must be a mapping, not {type(value).__name__}")
    return value
