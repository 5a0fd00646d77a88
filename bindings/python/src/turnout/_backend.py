"""Which way calls take: the C extension if it was built, else ctypes. They answer alike. The
environment's ``TURNOUT_BACKEND`` may name one: ``c`` or ``ctypes``."""

from __future__ import annotations

import ctypes
import os
from array import array
from typing import Any, List, Optional, Sequence, Tuple

from . import _library as library
from ._caller import Caller, Handle
from ._values import UnitValue
from .decision import Decision
from .errors import LibraryError


def _extension() -> Any:
    wanted = os.environ.get("TURNOUT_BACKEND", "")
    if wanted not in ("", "c", "ctypes"):
        raise LibraryError(f"TURNOUT_BACKEND is {wanted!r}: c or ctypes, or leave it unset")
    if wanted == "ctypes":
        return None
    try:
        from . import _fast
    except ImportError as failure:
        if wanted:
            raise LibraryError(
                f"TURNOUT_BACKEND is c, and there is no extension: {failure}"
            ) from failure
        return None
    return _fast


extension = _extension()
backend = "c" if extension else "ctypes"


def _address(name: str) -> int:
    return ctypes.cast(getattr(library.waiting, name), ctypes.c_void_p).value or 0


class FastCaller(Caller):
    """A caller that goes through the extension; what that leaves, it does itself."""

    def __init__(self, handle: Handle, home: Optional[Caller] = None) -> None:
        super().__init__(handle, home)
        prefix = "turnout_view_" if handle.is_view else "turnout_"
        functions = (_address(prefix + "resolve"), _address(prefix + "resolve_units"))
        made = (handle.address, handle, Decision, self._decide_rare)
        # A view of an engine that is closed meanwhile remembers for itself.
        self._fast = extension.Caller(*functions, *made, getattr(home, "_fast", None))
        self.decide = self._fast.decide  # type: ignore[method-assign]

    def close(self) -> None:
        super().close()
        self._fast = None
        self.__dict__.pop("decide", None)

    def decide_units(
        self, use_case: str, units: Sequence[UnitValue], given: Tuple[Any, ...]
    ) -> Optional[Tuple[array[int], List[Decision]]]:
        fast = self._fast
        if fast is not None:
            decided = fast.decide_units(use_case, tuple(units), *given)
            if decided is not None:
                codes = array("i")
                codes.frombytes(decided[0])
                return codes, decided[1]
        return super().decide_units(use_case, units, given)


def caller(handle: Handle, home: Optional[Caller] = None) -> Caller:
    """What calls the library with this handle; of a view, `home` is its engine's caller."""
    return FastCaller(handle, home) if extension else Caller(handle, home)
