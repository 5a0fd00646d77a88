"""Finds and loads libturnout.so.0, and says how its functions are called."""

from __future__ import annotations

import ctypes
import os
from ctypes import POINTER, c_char_p, c_int32, c_size_t, c_uint32, c_uint64, c_void_p
from pathlib import Path
from typing import Any, List

from . import _layout as layout
from .errors import LibraryError

SONAME = "libturnout.so.0"


def candidates() -> List[str]:
    """Where the library is looked for, in this order: the environment's ``TURNOUT_LIBRARY`` alone
    if it is set; the copy in this package, if the wheel brought one; the system's."""
    named = os.environ.get("TURNOUT_LIBRARY")
    if named:
        return [named]
    bundled = Path(__file__).with_name("lib") / SONAME
    return ([str(bundled)] if bundled.exists() else []) + [SONAME]


def load() -> str:
    """The name under which the library was loaded."""
    failures = []
    for name in candidates():
        try:
            library = ctypes.CDLL(name)
            abi = library.turnout_abi_version()
        except (OSError, AttributeError) as failure:
            failures.append(f"{name}: {failure}")
            continue
        if abi == layout.ABI_VERSION:
            return name
        failures.append(f"{name}: its ABI is {abi}, and this package speaks {layout.ABI_VERSION}")
    raise LibraryError(
        "Turnout's library was not found. Install it (`make lib install`, or a wheel that brings "
        "it), or name the file in the environment's TURNOUT_LIBRARY. " + "; ".join(failures)
    )


path = load()

# Two doors to one library. What may wait or take long lets other threads run; a resolve takes less
# time than letting go of the interpreter's lock and taking it again, and never waits.
waiting: Any = ctypes.CDLL(path)
quick: Any = ctypes.PyDLL(path)

error_p = POINTER(layout.Error)
out_p = POINTER(c_void_p)
explain = [c_void_p, c_void_p, c_uint32, c_void_p, c_size_t, POINTER(c_size_t)]
overlay = [c_char_p, c_void_p, c_size_t, layout.Text, layout.Text, error_p]
for _name, _arguments in (
    ("turnout_engine_open", [c_char_p, c_void_p, error_p, out_p]),
    ("turnout_engine_close", [c_void_p]),
    ("turnout_engine_refresh", [c_void_p, error_p]),
    ("turnout_engine_status", [c_void_p, POINTER(layout.EngineInfo), error_p]),
    ("turnout_engine_overlay", [c_void_p, c_void_p, c_size_t, POINTER(layout.Overlay)]),
    ("turnout_view_open", [c_void_p, error_p, out_p]),
    ("turnout_view_close", [c_void_p]),
    ("turnout_overlay_set", overlay),
    ("turnout_explain", explain),
    ("turnout_view_explain", explain),
):
    _function = getattr(waiting, _name)
    _function.restype = c_int32
    _function.argtypes = _arguments
waiting.turnout_version.restype = c_char_p
quick.turnout_name_of.restype = layout.Name
quick.turnout_name_of.argtypes = [layout.Text]
quick.turnout_view_revision.restype = c_uint64
quick.turnout_view_revision.argtypes = [c_void_p]
destination = [c_void_p, layout.Text, c_void_p, c_size_t, POINTER(layout.Destination)]
for _function in (quick.turnout_engine_destination, quick.turnout_view_destination):
    _function.restype = c_int32
    _function.argtypes = destination

# The resolves take arguments that are converted once and used for ever: no argtypes, which would
# convert them at each call.
quick.turnout_resolve.restype = c_int32
quick.turnout_view_resolve.restype = c_int32


def version() -> str:
    """The library's version."""
    return str(waiting.turnout_version().decode())


def new_error() -> layout.Error:
    """An error for a call to fill."""
    return layout.Error(ctypes.sizeof(layout.Error))
