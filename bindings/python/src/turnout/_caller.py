"""The way from a call in Python to the library and back, through ctypes.

What it costs is the point of this file, so: the memory of a call is used again by the next one (a
slot); names and values of attributes are turned into bytes once; a request is written with one call
of `struct`; and the bytes of a decision are looked up among those seen before, since decisions
repeat.

Threads: a slot belongs to one call at a time, since taking it from the list and putting it back are
single steps of the interpreter; that holds for a signal handler of Python's inside another resolve,
too. Lifetime: every slot holds the handle, which is closed when the last of its holders is gone, so
that closing an engine never pulls it away from under a call.
"""

from __future__ import annotations

import ctypes
import json
from array import array
from contextlib import suppress
from operator import getitem
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from . import _layout as layout
from . import _library as library
from ._memory import BUFFER_AT, DECISION_AT, REQUEST_AT, UNIT_AT, UNIT_ROOM, Memory, Rare
from ._request import request
from ._values import AttributeValue, UnitValue, unit_bytes
from .decision import Decision
from .errors import STATUS_NAMES, Closed, Refused, TurnoutError, error, status_name

NEEDED_WORD = BUFFER_AT // 8 - 1
BUFFER_BYTES = 16384
RARE_BUFFER_BYTES = 32768

SCRATCH_BYTES = layout.BYTES_MAX + 1

Slot = Tuple[Any, ...]
item: Any = getitem
INVALID, TOO_SMALL, CLOSED = -1, -3, -17
STATUSES = {name: status for status, name in STATUS_NAMES.items()}


class Handle:
    """An engine's or a view's handle of the library; closed when nobody holds it any more."""

    __slots__ = ("__weakref__", "_close", "address", "is_view")

    def __init__(self, address: int, is_view: bool) -> None:
        self.address = address
        self.is_view = is_view
        self._close = (
            library.waiting.turnout_view_close if is_view else library.waiting.turnout_engine_close
        )

    def __del__(self) -> None:
        self._close(self.address)


class _ClosedSlots(List[Slot]):
    """The slots of what is closed: none, for good."""

    def pop(self, *_: Any) -> Slot:
        raise error(CLOSED)

    def extend(self, _: Any) -> None:
        pass


def _aimed(slot: Slot, handle: Handle) -> Slot:
    """The same slot for another handle."""
    address = ctypes.c_void_p.from_param(handle.address)
    return (*slot[:6], (address, *slot[6][1:]), handle)


class Caller:
    """Calls the library with one handle. Any thread may use it at any time."""

    def __init__(self, handle: Handle, home: Optional[Caller] = None) -> None:
        """`home` is of a view its engine's caller, whose memory it uses."""
        quick = library.quick
        self._function = quick.turnout_view_resolve if handle.is_view else quick.turnout_resolve
        self._handle: Optional[Handle] = handle
        self._slots: List[Slot] = []
        self._home = home
        self.memory: Memory = home.memory if home else Memory()

    def close(self) -> None:
        """Lets go of the handle: closed now, or when the last call under way ends."""
        slots, self._slots = self._slots, _ClosedSlots()
        self._handle = None
        home, self._home = self._home, None
        back = home._handle if home is not None else None
        if home is not None and back is not None:
            home._slots.extend([_aimed(slot, back) for slot in slots])

    @property
    def closed(self) -> bool:
        return self._handle is None

    def hold(self) -> Handle:
        """The handle, which stays open while the caller keeps what this gives."""
        handle = self._handle
        if handle is None:
            raise error(CLOSED)
        return handle

    def _slot(self) -> Slot:
        handle = self.hold()
        home = self._home
        if home is not None and home._handle is not None:
            with suppress(IndexError, Closed):  # it has none, or closes
                return _aimed(home._slots.pop(), handle)
        memory = bytearray(BUFFER_AT + BUFFER_BYTES)
        view = (ctypes.c_char * len(memory)).from_buffer(memory)
        base = ctypes.addressof(view)
        places = (
            handle.address,
            base + REQUEST_AT,
            base + BUFFER_AT,
            BUFFER_BYTES,
            base + DECISION_AT,
        )
        arguments = tuple(ctypes.c_void_p.from_param(place) for place in places)
        words = memoryview(memory)[:BUFFER_AT].cast("B").cast("Q")
        addresses = (base + UNIT_AT, base, base + DECISION_AT)
        return (memory, view, words, *addresses, arguments, handle)

    def decide(
        self,
        use_case: str,
        unit: Optional[UnitValue],
        attributes: Mapping[str, AttributeValue],
        units: Optional[Mapping[str, UnitValue]],
        assignments: Optional[Mapping[str, Optional[str]]],
        request_id: Optional[UnitValue],
        now: int,
        flags: int,
    ) -> Decision:
        """The decision, or why there is none as its status; failures are raised."""
        if units or assignments or request_id is not None:
            return self._decide_rare(
                use_case, unit, attributes, units, assignments, request_id, now, flags
            )
        slots = self._slots
        try:
            slot = slots.pop()
        except IndexError:
            slot = self._slot()
        memory, view, words, unit_address, start, base, arguments, _ = slot
        try:
            text = unit.encode() if type(unit) is str else unit_bytes(unit, "unit")
            if len(text) > UNIT_ROOM:
                raise Rare
            names = self.memory
            known = names.use_cases[use_case]
            shape = names.shapes[tuple(attributes)]
            at = shape.at
            shape.pack_into(
                memory,
                at,
                *map(item, shape.values, attributes.values()),
                known.head,
                unit_address,
                len(text),
                start + at,
                shape.size,
                now,
                flags,
                text,
                layout.DECISION_BYTES,
            )
        except (Rare, TypeError, UnicodeEncodeError, OverflowError):
            # Too large for the short way, or wrong: the other one says what is wrong.
            slots.append(slot)
            return self._decide_rare(
                use_case, unit, attributes, units, assignments, request_id, now, flags
            )
        status = self._function(*arguments)
        if status < 0:
            slots.append(slot)
            return self._decide_rare(
                use_case, unit, attributes, units, assignments, request_id, now, flags
            )
        raw = view[DECISION_AT : BUFFER_AT + words[NEEDED_WORD]]
        slots.append(slot)
        try:
            return known.decisions[raw]
        except KeyError:
            return known.remembered(raw, base)

    def _decide_rare(self, use_case: str, *given: Any) -> Decision:
        """Any request whatever; the exceptions come from here."""
        handle = self.hold()
        block = request(use_case, *given)
        needed = RARE_BUFFER_BYTES
        status = TOO_SMALL
        while status == TOO_SMALL:
            memory, arguments, base = self._room(handle, block, needed)
            status = self._function(*arguments)
            needed = layout.TEXT.unpack_from(memory, layout.DECISION_BYTES - 16)[1]
        if status < 0:
            raise error(status, self._refusal(handle, block, status), use_case)
        return Decision(use_case, memory[: layout.DECISION_BYTES + needed], base)

    def decide_units(
        self, use_case: str, units: Sequence[UnitValue], given: Tuple[Any, ...]
    ) -> Optional[Tuple[array[int], List[Decision]]]:
        """The distinct decisions and each unit's code among them; None where only a view can give
        all of them from one revision."""
        handle = self.hold()
        if len(units) > 1 and not handle.is_view:
            return None
        block = request(use_case, None, *given)
        request_words = memoryview(block).cast("B")[: layout.REQUEST_BYTES].cast("Q")
        scratch = bytearray(SCRATCH_BYTES)
        place = (ctypes.c_char * SCRATCH_BYTES).from_buffer(scratch)
        request_words[4] = ctypes.addressof(place)
        known = self.memory.use_cases[use_case]
        try:
            slot = self._slots.pop()
        except IndexError:
            slot = self._slot()
        view, words, base, arguments = slot[1], slot[2], slot[5], slot[6]
        words[DECISION_AT // 8] = layout.DECISION_BYTES
        arguments = (arguments[0], ctypes.byref(block), *arguments[2:])
        function = self._function
        codes = array("i", bytes(4 * len(units)))
        found: Dict[bytes, int] = {}
        distinct: Dict[Decision, int] = {}
        for i, unit in enumerate(units):
            text = unit_bytes(unit, "a unit")
            size = len(text)
            if size > SCRATCH_BYTES:
                size = layout.BYTES_MAX + 1  # which the library refuses before it reads
            else:
                scratch[:size] = text
            request_words[5] = size
            status = function(*arguments)
            if status < 0 and not (status == INVALID and size > layout.BYTES_MAX):
                decision = self._decide_rare(use_case, unit, *given)
                codes[i] = distinct.setdefault(decision, len(distinct))
                continue
            raw = view[DECISION_AT : BUFFER_AT + words[NEEDED_WORD]]
            code = found.get(raw)
            if code is None:
                # Bytes between the texts may differ where the decisions do not.
                decision = known.remembered(raw, base)
                code = found[raw] = distinct.setdefault(decision, len(distinct))
            codes[i] = code
        self._slots.append(slot)
        return codes, list(distinct)

    def _room(self, handle: Handle, block: Any, room: int) -> Any:
        """A decision and a buffer of so many bytes, and the arguments of a call that fills them."""
        memory = ctypes.create_string_buffer(layout.DECISION_BYTES + room)
        layout.TEXT.pack_into(memory, 0, layout.DECISION_BYTES, 0)
        base = ctypes.addressof(memory)
        places = (handle.address, ctypes.addressof(block), base + layout.DECISION_BYTES, room, base)
        return memory, tuple(map(ctypes.c_void_p.from_param, places)), base

    def refused(self, decision: Decision, *given: Any) -> Refused:
        """The exception for a refused decision, with the engine's own words."""
        status = STATUSES[decision.status]
        block = request(decision.use_case, *given)
        made = error(status, self._refusal(self.hold(), block, status), decision.use_case)
        assert isinstance(made, Refused)
        made.decision = decision
        return made

    def _refusal(self, handle: Handle, block: Any, status: int) -> str:
        """Why a request is refused, if it still is."""
        try:
            told = json.loads(self._explain(handle, block, layout.EXPLAIN_JSON))
        except TurnoutError:
            return ""
        same = told["decision"]["status"] == status_name(status)
        return str(told["refusal"] or "") if same else ""

    def explain(self, form: int, *given: Any) -> str:
        """Why a request gets its answer, as text or JSON."""
        return self._explain(self.hold(), request(*given), form)

    def _explain(self, handle: Handle, block: Any, form: int) -> str:
        waiting = library.waiting
        explain = waiting.turnout_view_explain if handle.is_view else waiting.turnout_explain
        room = RARE_BUFFER_BYTES
        while True:
            memory = ctypes.create_string_buffer(room)
            needed = ctypes.c_size_t()
            status = explain(handle.address, block, form, memory, room, ctypes.byref(needed))
            if status == 0:
                return memory.raw[: needed.value].decode()
            if status != TOO_SMALL:
                raise error(status)
            room = needed.value
