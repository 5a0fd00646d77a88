"""Times: RFC 3339 with `Z` or an offset, as nanoseconds since 1970, exactly."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

NANOSECONDS = 10**9
SHAPE = re.compile(
    r"(?P<second>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.(?P<fraction>\d{1,9}))?"
    r"(Z|(?P<sign>[-+])(?P<hours>\d\d):(?P<minutes>\d\d))",
    re.ASCII,
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parsed(text: str) -> int | None:
    """Nothing if it is no such time."""
    match = SHAPE.fullmatch(text)
    if match is None:
        return None
    try:
        second = datetime.strptime(match["second"], "%Y-%m-%dT%H:%M:%S")
    except ValueError:
        return None
    offset = timedelta()
    if match["sign"]:
        offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]))
        offset = -offset if match["sign"] == "-" else offset
    since = second.replace(tzinfo=UTC) - offset - EPOCH
    whole = since.days * 86_400 + since.seconds
    return whole * NANOSECONDS + int((match["fraction"] or "").ljust(9, "0"))


def written(nanoseconds: int) -> str:
    """In UTC, with as many digits as it needs."""
    whole, fraction = divmod(nanoseconds, NANOSECONDS)
    second = (EPOCH + timedelta(seconds=whole)).strftime("%Y-%m-%dT%H:%M:%S")
    digits = f".{fraction:09}".rstrip("0") if fraction else ""
    return f"{second}{digits}Z"


def now() -> int:
    return time.time_ns()
