"""Turnout: which model version on which cluster answers a request, decided in this process.

    import turnout

    with turnout.Engine("turnout-store") as engine:
        decision = engine.resolve("ContinueWatching", unit="u_17", country="US")
        print(decision.model, decision.version, decision.address)

A store is a folder that ``turnout publish`` writes. Open one :class:`Engine` for it and share it:
any thread may resolve, a new revision is adopted within milliseconds, and an engine goes on working
in a forked child. What can go wrong is a :class:`TurnoutError`.
"""

from ._backend import backend
from ._library import path as library_path
from ._library import version as library_version
from ._resolving import Resolving
from .batch import Batch, Column
from .decision import Cell, Decision, Reason, Shadow
from .destination import Destination
from .engine import Engine
from .errors import (
    Closed,
    Disabled,
    InvalidArgument,
    LibraryError,
    MissingRequired,
    NoTable,
    OpenError,
    Refused,
    TurnoutError,
    Unavailable,
    UnknownRoutingKey,
    UnknownUseCase,
)
from .overlay import Overlay, OverlayEntry, set_overlay
from .status import EngineStatus
from .view import View

__version__ = "0.1.0"

__all__ = [
    "Batch",
    "Cell",
    "Closed",
    "Column",
    "Decision",
    "Destination",
    "Disabled",
    "Engine",
    "EngineStatus",
    "InvalidArgument",
    "LibraryError",
    "MissingRequired",
    "NoTable",
    "OpenError",
    "Overlay",
    "OverlayEntry",
    "Reason",
    "Refused",
    "Resolving",
    "Shadow",
    "TurnoutError",
    "Unavailable",
    "UnknownRoutingKey",
    "UnknownUseCase",
    "View",
    "backend",
    "library_path",
    "library_version",
    "set_overlay",
]
