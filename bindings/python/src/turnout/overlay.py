"""The overlay: states of clusters, and switches, beside the tables and for every revision."""

from __future__ import annotations

import ctypes
import os
from datetime import datetime
from typing import Iterable, List, NamedTuple, Optional, Tuple, Union

from . import _layout as layout
from . import _library as library
from ._caller import TOO_SMALL, Handle
from ._values import Instant, instant, nanoseconds, path_bytes, text_bytes
from .errors import InvalidArgument, error

Path = Union[str, "os.PathLike[str]"]


class OverlayEntry(NamedTuple):
    """``kind`` is ``"cluster"``, ``"use_case"``, ``"experiment"`` or ``"shadow"``; ``name`` the
    thing's, or ``cluster/shard`` or ``use case/shadow``; ``state`` is ``"up"``, ``"draining"`` or
    ``"down"`` of clusters, ``"on"`` or ``"off"`` of the others; ``until`` is when it ends, None is
    never."""

    kind: str
    name: str
    state: str
    until: Optional[Instant] = None


class Overlay(NamedTuple):
    """What is set. What is not listed is up, or on. ``generation`` grows with every change."""

    generation: int
    entries: Tuple[OverlayEntry, ...]


def set_overlay(
    path: Path,
    entries: Iterable[Union[OverlayEntry, Tuple[str, str, str]]],
    *,
    author: str = "",
    message: str = "",
) -> None:
    """Changes the overlay of the store in the folder ``path`` by all entries at once; ``"up"`` and
    ``"on"`` take away what was set. Every process of the host obeys within milliseconds.

    Threads: any; waits for other writers. Raises :class:`TurnoutError` in the library's words, and
    nothing has changed.
    """
    given = [OverlayEntry(*entry) for entry in entries]
    if len(given) > layout.OVERLAY_MAX:
        raise InvalidArgument(f"an overlay has at most {layout.OVERLAY_MAX} entries")
    names = [text_bytes(entry.name, "the name of an overlay entry") for entry in given]
    rows = (layout.OverlayEntry * len(given))()
    for row, entry, name in zip(rows, given, names):
        row.kind = _number(layout.KINDS, entry.kind, "kind")
        row.state = _number(layout.STATES, entry.state, "state")
        row.name = layout.Text(name, len(name))
        row.until_ns = nanoseconds(entry.until, "until")
    who, why = text_bytes(author, "author"), text_bytes(message, "message")
    failure = library.new_error()
    status = library.waiting.turnout_overlay_set(
        path_bytes(path),
        rows,
        len(given),
        layout.Text(who, len(who)),
        layout.Text(why, len(why)),
        ctypes.byref(failure),
    )
    if status:
        raise error(status, failure.words)


def _number(names: Tuple[Optional[str], ...], name: object, what: str) -> int:
    if name is None or name not in names:
        known = ", ".join(f"{n!r}" for n in names if n)
        raise InvalidArgument(f"{name!r} is no {what} of an overlay entry: {known}")
    return names.index(name)


def overlay_of(handle: Handle) -> Overlay:
    """The overlay that an engine's resolves go by."""
    room = 4096
    while True:
        memory = ctypes.create_string_buffer(room)
        found = layout.Overlay(ctypes.sizeof(layout.Overlay))
        status = library.waiting.turnout_engine_overlay(
            handle.address, memory, room, ctypes.byref(found)
        )
        if status == TOO_SMALL:
            room = found.buffer_needed
            continue
        if status:
            raise error(status)
        entries: List[OverlayEntry] = []
        for row in found.entries[: found.entry_count]:
            kind, state = layout.KINDS[row.kind] or "", layout.STATES[row.state] or ""
            until: Optional[datetime] = instant(row.until_ns) if row.until_ns else None
            name = ctypes.string_at(row.name.data, row.name.size).decode()
            entries.append(OverlayEntry(kind, name, state, until))
        return Overlay(found.generation, tuple(entries))
