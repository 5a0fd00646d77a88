"""This process's door to one store."""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from types import TracebackType
from typing import Any, Dict, Mapping, Optional, Tuple, Type, Union

from . import _layout as layout
from . import _library as library
from ._backend import caller
from ._caller import Handle
from ._request import Block, put_attributes
from ._resolving import Resolving
from ._values import AttributeValue, Instant, mapping, path_bytes
from .errors import TurnoutError, error
from .overlay import Overlay, OverlayEntry, overlay_of, set_overlay
from .status import EngineStatus, status_of
from .view import View


class Engine(Resolving):
    """This process's door to the store in the folder ``path``.

    ``constants`` are attributes of every request, such as the region; a request's own attribute of
    the same name holds instead. With ``keeper=False`` no thread follows head: call :meth:`refresh`.
    With ``private_tables=True`` tables are copied into this process's own memory, so that nothing
    that is done to their files reaches it; it costs their size for each process.

    Opening takes time in proportion to the table. A store in which nothing is published yet opens,
    and raises :class:`NoTable` until something is. Raises :class:`OpenError` if it cannot be
    opened.

    Threads: open one, and share it; engines on one store share one core. Fork: an engine that was
    opened before goes on working in the child. Pickle: by path and constants; the other process
    opens its own. Close it with :meth:`close` or ``with``, or leave it to the end of the process.
    """

    def __init__(
        self,
        path: Union[str, os.PathLike[str]],
        *,
        constants: Optional[Mapping[str, AttributeValue]] = None,
        keeper: bool = True,
        private_tables: bool = False,
    ) -> None:
        self._path = os.path.abspath(os.fspath(path))
        self._constants = dict(mapping(constants or {}, "constants"))
        self._flags = 0 if keeper else layout.NO_THREAD
        if private_tables:
            self._flags |= layout.PRIVATE_TABLES
        block = Block(len(self._constants) * layout.ATTRIBUTE_BYTES)
        put_attributes(block, 0, self._constants)
        memory = block.memory()
        options = layout.OpenOptions(ctypes.sizeof(layout.OpenOptions))
        options.constants = ctypes.addressof(memory) if self._constants else None
        options.constant_count = len(self._constants)
        options.flags = self._flags
        failure = library.new_error()
        out = ctypes.c_void_p()
        status = library.waiting.turnout_engine_open(
            path_bytes(self._path), ctypes.byref(options), ctypes.byref(failure), ctypes.byref(out)
        )
        if status:
            raise error(status, failure.words)
        assert out.value
        self._caller = caller(Handle(out.value, is_view=False))

    @property
    def path(self) -> str:
        """The folder of the store, absolute."""
        return self._path

    @property
    def constants(self) -> Dict[str, AttributeValue]:
        """A copy of the constants."""
        return dict(self._constants)

    def view(self) -> View:
        """Pins the revision in force: ``with engine.view() as v: v.resolve(…)``. Raises
        :class:`NoTable` if nothing is published, and ``limit_exceeded`` if 1,024 views are open."""
        handle = self._caller.hold()
        failure = library.new_error()
        out = ctypes.c_void_p()
        status = library.waiting.turnout_view_open(
            handle.address, ctypes.byref(failure), ctypes.byref(out)
        )
        if status:
            raise error(status, failure.words)
        assert out.value
        return View(Handle(out.value, is_view=True), self._caller)

    def _pinned(self) -> View:
        return self.view()

    def refresh(self) -> None:
        """Looks at the store now and adopts its head, in this thread. Raises :class:`TurnoutError`
        if head cannot be served; the table in force stays."""
        handle = self._caller.hold()
        failure = library.new_error()
        status = library.waiting.turnout_engine_refresh(handle.address, ctypes.byref(failure))
        if status:
            raise error(status, failure.words)

    def status(self) -> EngineStatus:
        """What is served, and why; the counters."""
        return status_of(self._caller.hold())

    def overlay(self) -> Overlay:
        """The overlay that resolves go by."""
        return overlay_of(self._caller.hold())

    def set_overlay(
        self,
        kind: str,
        name: str,
        state: str,
        *,
        until: Optional[Instant] = None,
        author: str = "",
        message: str = "",
    ) -> None:
        """Sets one state: ``engine.set_overlay("cluster", "east", "draining")``. This engine obeys
        when the call returns, the host's others within milliseconds. See
        :func:`turnout.set_overlay`."""
        self._caller.hold()
        set_overlay(
            self._path, [OverlayEntry(kind, name, state, until)], author=author, message=message
        )
        with suppress(TurnoutError):  # why head is not served is for status() to say
            self.refresh()

    def close(self) -> None:
        """Ends the engine. A call under way in another thread still gets its answer, and the engine
        goes with the last of them; later calls raise :class:`Closed`. Its views stay valid. Closing
        twice does nothing."""
        self._caller.close()

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._caller.closed

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        value: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_caller"):
            self.close()

    def __reduce__(self) -> Tuple[Any, ...]:
        return _reopen, (self._path, self._constants, self._flags)

    def __repr__(self) -> str:
        return f"<Engine on {self._path}{', closed' if self.closed else ''}>"


def _reopen(path: str, constants: Dict[str, AttributeValue], flags: int) -> Engine:
    return Engine(
        path,
        constants=constants,
        keeper=not flags & layout.NO_THREAD,
        private_tables=bool(flags & layout.PRIVATE_TABLES),
    )
