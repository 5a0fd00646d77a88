"""What can go wrong. Every exception says what to do about it, and carries the C API's status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict, Optional, Type

if TYPE_CHECKING:
    from .decision import Decision

STATUS_NAMES: Dict[int, str] = {
    0: "ok",
    1: "unknown_use_case",
    2: "disabled",
    3: "missing_required",
    4: "unavailable",
    5: "unknown_routing_key",
    -1: "invalid_argument",
    -2: "no_table",
    -3: "buffer_too_small",
    -4: "reentrant",
    -5: "no_store",
    -6: "not_a_store",
    -7: "corrupt",
    -8: "newer_format",
    -9: "permission_denied",
    -10: "disk_full",
    -11: "network_file_system",
    -12: "io_error",
    -13: "out_of_memory",
    -14: "no_revision",
    -15: "conflict",
    -16: "limit_exceeded",
    -17: "closed",
}


class TurnoutError(Exception):
    """The base of all that this package raises, but for the ``TypeError`` of a wrong argument.

    ``status`` is the name that the C API and the command give: ``"no_table"``, ``"corrupt"`` ….
    """

    status = "unknown_status"


class Refused(TurnoutError):
    """There is no decision: a normal answer, not a failure. :meth:`Engine.try_resolve` returns it
    instead. ``decision`` says under which revision it was refused; it is None only where the
    exception was unpickled from an older one.
    """

    decision: Optional[Decision] = None


class UnknownUseCase(Refused):
    """The table in force has no use case of this name."""

    status = "unknown_use_case"


class Disabled(Refused):
    """The use case is switched off, by its document or in the overlay."""

    status = "disabled"


class MissingRequired(Refused):
    """The request lacks an attribute or a unit that the use case requires; the words say which."""

    status = "missing_required"


class Unavailable(Refused):
    """Every cluster is down, and the use case says ``when_all_down: refuse``."""

    status = "unavailable"


class UnknownRoutingKey(TurnoutError, LookupError):
    """The table in force has no such routing key: :meth:`Engine.destination` says it."""

    status = "unknown_routing_key"


class InvalidArgument(TurnoutError, ValueError):
    """A value that no request may have: over a limit, not Unicode, NaN, infinite."""

    status = "invalid_argument"


class NoTable(TurnoutError):
    """Nothing has been published in this store yet."""

    status = "no_table"


class Closed(TurnoutError):
    """The engine or view has been closed, or the view was opened before a fork."""

    status = "closed"


class OpenError(TurnoutError):
    """The store cannot be opened, read or written; ``status`` and the words say why."""


class LibraryError(TurnoutError, ImportError):
    """The library libturnout.so.0 was not found, or is not one that this package fits."""

    status = "library"


KINDS: Dict[str, Type[TurnoutError]] = {
    kind.status: kind
    for kind in (
        UnknownUseCase,
        Disabled,
        MissingRequired,
        Unavailable,
        UnknownRoutingKey,
        InvalidArgument,
        NoTable,
        Closed,
    )
}

# What to do. The library has no words of its own for these, or only for what is wrong.
WAYS_OUT: Dict[str, str] = {
    "unknown_use_case": "`turnout export` prints the documents in force",
    "disabled": "`turnout overlay` lists the switches; else its document says `enabled: false`",
    "missing_required": "give it with the request",
    "unavailable": "`turnout overlay` lists the states of clusters",
    "unknown_routing_key": "the table in force has no such key: ask for a decision again",
    "no_table": "nothing is published in this store yet: `turnout publish DOCUMENT --store DIR`",
    "closed": "this engine or view is closed, or the view was opened before a fork: open a new one",
    "reentrant": "this thread is inside another resolve",
}


def status_name(status: int) -> str:
    """The name of a status, as the command writes it."""
    return STATUS_NAMES.get(status, "unknown_status")


def error(status: int, words: str = "", use_case: str = "") -> TurnoutError:
    """The exception for a status, ready to be raised: what is wrong, then what to do."""
    name = status_name(status)
    kind = KINDS.get(name, OpenError)
    what = f"{use_case}: {words or name.replace('_', ' ')}" if use_case else words
    # The library's own words for a store say what to do.
    way_out = WAYS_OUT.get(name, "") if use_case or not words else ""
    made = kind("; ".join(part for part in (what, way_out) if part) or name.replace("_", " "))
    made.status = name
    return made
