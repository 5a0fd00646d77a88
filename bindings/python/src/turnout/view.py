"""A view pins one revision, for several resolves that must agree."""

from __future__ import annotations

from contextlib import nullcontext
from types import TracebackType
from typing import ContextManager, NoReturn, Optional, Type

from . import _library as library
from ._backend import caller
from ._caller import Caller, Handle
from ._resolving import Resolving


class View(Resolving):
    """One revision, pinned: made by :meth:`Engine.view`, best in a ``with`` statement.

    It keeps its table in memory: close it soon. Threads: any, and it may pass between them. It may
    outlive its engine. It does not cross a fork: in the child it raises :class:`Closed`.
    """

    def __init__(self, handle: Handle, home: Caller) -> None:
        self._caller = caller(handle, home)
        self.revision: int = library.quick.turnout_view_revision(handle.address)

    def _pinned(self) -> ContextManager[Resolving]:
        return nullcontext(self)

    def close(self) -> None:
        """Ends the view. A call under way in another thread still gets its answer; the table goes
        with the last of them. Closing twice does nothing."""
        self._caller.close()

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._caller.closed

    def __enter__(self) -> View:
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

    def __reduce__(self) -> NoReturn:
        raise TypeError("a View cannot be pickled: it pins a table of this process")

    def __repr__(self) -> str:
        return f"<View of revision {self.revision}{', closed' if self.closed else ''}>"
