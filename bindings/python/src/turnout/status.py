"""What an engine serves, and why."""

from __future__ import annotations

import ctypes
from datetime import datetime
from typing import NamedTuple, Optional

from . import _layout as layout
from . import _library as library
from ._caller import Handle
from ._values import instant
from .errors import error, status_name


class EngineStatus(NamedTuple):
    """What an engine serves, and why. Counters are sums over all threads and stores of this
    process.

    ``problem`` is None, or why head is not served, in words; ``problem_status`` its name, ``"ok"``
    without one. ``digest`` and ``adopted_at`` are None if no table is served.
    """

    revision: int
    head_revision: int
    digest: Optional[str]
    image_bytes: int
    adopted_at: Optional[datetime]
    overlay_generation: int
    problem: Optional[str]
    problem_status: str
    keeper_running: bool
    views_open: int
    views_oldest_ns: int
    views_bytes: int
    resolves: int
    refused: int
    attributes_undeclared: int
    attributes_mistyped: int
    shadows_left_out: int
    assignments_unknown: int


_COPIED = [
    "revision",
    "head_revision",
    "image_bytes",
    "overlay_generation",
    "views_open",
    "views_oldest_ns",
    "views_bytes",
    "resolves",
    "refused",
    "attributes_undeclared",
    "attributes_mistyped",
    "shadows_left_out",
    "assignments_unknown",
]


def status_of(handle: Handle) -> EngineStatus:
    """Asks the engine."""
    info = layout.EngineInfo(ctypes.sizeof(layout.EngineInfo))
    problem = library.new_error()
    status = library.waiting.turnout_engine_status(
        handle.address, ctypes.byref(info), ctypes.byref(problem)
    )
    if status:
        raise error(status, problem.words)
    return EngineStatus(
        digest=bytes(info.digest).hex() if info.revision else None,
        adopted_at=instant(info.adopted_at_ns) if info.revision else None,
        problem=problem.words if info.head_status else None,
        problem_status=status_name(info.head_status),
        keeper_running=bool(info.keeper_running),
        **{name: getattr(info, name) for name in _COPIED},
    )
