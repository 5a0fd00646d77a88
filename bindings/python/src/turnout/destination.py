"""Where a routing key leads: the second step of directory assistance."""

from __future__ import annotations

import ctypes
from typing import NamedTuple, Optional

from . import _layout as layout
from . import _library as library
from ._caller import INVALID, Handle
from ._values import text_bytes
from .errors import error


class Destination(NamedTuple):
    """Where a routing key leads, in the table of ``revision``. ``state`` is ``"up"``,
    ``"draining"`` or ``"down"``: of the cluster's and the shard's the worse. ``shard`` is None if
    the cluster has none."""

    cluster: str
    shard: Optional[str]
    address: str
    routing_key: str
    state: str
    revision: int


def destination_of(handle: Handle, routing_key: str) -> Destination:
    """Asks an engine or a view."""
    key = text_bytes(routing_key, "a routing key")
    memory = ctypes.create_string_buffer(layout.DESTINATION_BYTES)
    found = layout.Destination(ctypes.sizeof(layout.Destination))
    quick = library.quick
    ask = quick.turnout_view_destination if handle.is_view else quick.turnout_engine_destination
    given = layout.Text(key, len(key))
    status = ask(handle.address, given, memory, len(memory), ctypes.byref(found))
    if status == INVALID:
        raise error(status, "a routing key has 1 to 65536 bytes")
    if status:
        raise error(status, use_case=routing_key)
    cluster, shard, address, own = (
        ctypes.string_at(text.data, text.size).decode() if text.data else None
        for text in (found.cluster, found.shard, found.address, found.routing_key)
    )
    state = layout.STATES[found.state]
    assert cluster and address is not None and own and state
    return Destination(cluster, shard, address, own, state, found.revision)
