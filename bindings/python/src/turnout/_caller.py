"""The way from a call in Python to the library and back, through ctypes.

What it costs is the point of this file, so: the memory of a call is used again by the next one (a
slot); names and values of attributes are turned into bytes once; a request is written with one call
of `struct`; and the bytes of a decision are looked up among those seen before, since decisions repeat.

Threads: a slot belongs to one call at a time, since taking it from the list and putting it back are
single steps of the interpreter; that holds for a signal handler of Python's inside another resolve,
too. Lifetime: every slot holds the handle, which is closed when the last of its holders is gone, so
that closing an engine never pulls it away from under a call.
"""

from __future__ import annotations

import ctypes
import json
from array import array
from operator import getitem
from struct import Struct
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from . import _layout as layout
from . import _library as library
from ._request import request
from ._values import AttributeValue, UnitValue, attribute_value, text_bytes, unit_bytes
from .decision import Decision
from .errors import STATUS_NAMES, Refused, TurnoutError, error, status_name

# A slot's memory: the attributes, the last one at the end of their room; the request, room for a unit,
# the decision and its buffer. One call of `struct` writes all of them, and clears the buffer's start:
# of equal decisions all bytes are equal then, those between the texts, too.
REQUEST_AT = layout.ATTRIBUTES_MAX * layout.ATTRIBUTE_BYTES
UNIT_AT = REQUEST_AT + layout.REQUEST_BYTES
UNIT_ROOM = 64
DECISION_AT = UNIT_AT + UNIT_ROOM
BUFFER_AT = DECISION_AT + layout.DECISION_BYTES
CLEARED_BYTES = 512
NEEDED_WORD = (BUFFER_AT - 8) // 8
BUFFER_BYTES = 16384
RARE_BUFFER_BYTES = 32768

# What is remembered, at most: values of one attribute, use cases, decisions of one use case, and bytes
# of a text and of a decision.
VALUES_MAX = 1024
USE_CASES_MAX = 4096
DECISIONS_MAX = 4096
TEXT_BYTES_MAX = 256
RAW_BYTES_MAX = 4096
SHAPES_MAX = 256

Slot = Tuple[Any, ...]
TOO_SMALL, CLOSED = -3, -17
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


class _Rare(Exception):
    """The request is not one for the short way."""


class _Blob(bytes):
    """An attribute as the library reads it. It holds the text that it points at."""

    text: bytes


def address_of(text: bytes) -> int:
    """Where the bytes stand, for as long as the object lives."""
    return ctypes.cast(ctypes.c_char_p(text), ctypes.c_void_p).value or 0


class _Values(Dict[Tuple[type, Any], bytes]):
    """The values of one attribute seen before, by their type, too: True is not 1."""

    def __init__(self, caller: Caller, name: str) -> None:
        super().__init__()
        self._caller = caller
        self._name = name
        self._bytes = text_bytes(name, "the name of an attribute")
        self._handle = library.quick.turnout_name_of(layout.Text(self._bytes, len(self._bytes)))

    def __missing__(self, key: Tuple[type, Any]) -> bytes:
        kind, boolean, number, text = attribute_value(self._name, key[1])
        if len(text) > TEXT_BYTES_MAX:
            raise _Rare
        name = (address_of(self._bytes), len(self._bytes), self._handle.hash)
        place = (address_of(text), len(text))
        blob = _Blob(layout.ATTRIBUTE.pack(*name, kind, boolean, number, *place))
        blob.text = text
        # 0.0 and -0.0 are one key.
        if number or kind != layout.NUMBER:
            if len(self) >= VALUES_MAX:
                self._caller.forget_shapes()
            self[key] = blob
        return blob


class _Shape:
    """The names of a request's attributes, and how such a request is written in one step."""

    __slots__ = ("at", "pack_into", "size", "values")

    def __init__(self, caller: Caller, names: Tuple[str, ...]) -> None:
        if len(names) > layout.ATTRIBUTES_MAX:
            raise _Rare
        self.size = len(names)
        self.values = [_Values(caller, name) for name in names]
        self.at = REQUEST_AT - self.size * layout.ATTRIBUTE_BYTES
        # Each attribute; struct_size and use case; unit; no other units; attributes; no request id and
        # no assignments; now and flags; the unit's bytes; the decision's struct_size.
        form = f"{layout.ATTRIBUTE_BYTES}s " * self.size
        form += f"32s QQ 16x QQ 32x qQ {UNIT_ROOM}s Q {layout.DECISION_BYTES - 8 + CLEARED_BYTES}x"
        self.pack_into = Struct("=" + form).pack_into


class _Shapes(Dict[Tuple[str, ...], _Shape]):
    def __init__(self, caller: Caller) -> None:
        super().__init__()
        self._caller = caller

    def __missing__(self, names: Tuple[str, ...]) -> _Shape:
        shape = _Shape(self._caller, names)
        if len(self) >= SHAPES_MAX:
            self._caller.forget_shapes()
        self[names] = shape
        return shape


class _UseCase:
    """A use case's name as the library reads it, and the decisions seen of it, by their bytes."""

    __slots__ = ("decisions", "head", "name", "text")

    def __init__(self, name: str) -> None:
        self.name = name
        self.text = text_bytes(name, "the use case")
        handle = library.quick.turnout_name_of(layout.Text(self.text, len(self.text)))
        words = (layout.REQUEST_BYTES, address_of(self.text), len(self.text), handle.hash)
        self.head = Struct("=4Q").pack(*words)
        self.decisions: Dict[bytes, Decision] = {}


class _UseCases(Dict[str, _UseCase]):
    def __init__(self, caller: Caller) -> None:
        super().__init__()
        self._caller = caller

    def __missing__(self, name: str) -> _UseCase:
        made = _UseCase(name)
        if len(self) >= USE_CASES_MAX:
            self._caller.forget_use_cases()
        self[name] = made
        return made


class _ClosedSlots(List[Slot]):
    def pop(self, *_: Any) -> Slot:
        raise error(CLOSED)


class Caller:
    """Calls the library with one handle. Any thread may use it at any time."""

    def __init__(self, handle: Handle) -> None:
        quick = library.quick
        self._function = quick.turnout_view_resolve if handle.is_view else quick.turnout_resolve
        self._handle: Optional[Handle] = handle
        self._slots: List[Slot] = []
        self.forget_shapes()
        self.forget_use_cases()

    # Calls under way go on with what they hold: its memory lives as long as they do.
    def forget_shapes(self) -> None:
        self._shapes = _Shapes(self)

    def forget_use_cases(self) -> None:
        self._use_cases = _UseCases(self)

    def close(self) -> None:
        """Lets go of the handle: closed now, or when the last call under way ends."""
        self._slots = _ClosedSlots()
        self._handle = None
        self.forget_shapes()
        self.forget_use_cases()

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
        memory = bytearray(BUFFER_AT + BUFFER_BYTES)
        view = (ctypes.c_char * len(memory)).from_buffer(memory)
        base = ctypes.addressof(view)
        places = (handle.address, base + REQUEST_AT, base + BUFFER_AT, BUFFER_BYTES)
        places += (base + DECISION_AT,)
        arguments = tuple(ctypes.c_void_p.from_param(place) for place in places)
        words = memoryview(memory)[: BUFFER_AT].cast("B").cast("Q")
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
            if type(unit) is str:
                text = unit.encode()
            else:
                text = unit_bytes(unit, "unit")
            if len(text) > UNIT_ROOM:
                raise _Rare
            known = self._use_cases[use_case]
            shape = self._shapes[tuple(attributes)]
            values = attributes.values()
            at = shape.at
            shape.pack_into(
                memory,
                at,
                *map(getitem, shape.values, zip(map(type, values), values)),
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
        except (_Rare, TypeError, UnicodeEncodeError):
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
            decision = Decision(use_case, raw, base)
            if len(raw) <= RAW_BYTES_MAX:
                if len(known.decisions) >= DECISIONS_MAX:
                    known.decisions = {}
                known.decisions[raw] = decision
            return decision

    def _decide_rare(self, use_case: str, *given: Any) -> Decision:  # noqa: ANN401
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
        """The distinct decisions and each unit's code among them; None where only a view can give all of
        them from one revision."""
        handle = self.hold()
        if len(units) > 1 and not handle.is_view:
            return None
        block = request(use_case, None, *given)
        words = memoryview(block).cast("B")[: layout.REQUEST_BYTES].cast("Q")
        memory, arguments, base = self._room(handle, block, RARE_BUFFER_BYTES)
        needed = memoryview(memory).cast("B")[: layout.DECISION_BYTES].cast("Q")
        function = self._function
        codes = array("i", bytes(4 * len(units)))
        found: Dict[bytes, int] = {}
        distinct: Dict[Decision, int] = {}
        for i, unit in enumerate(units):
            text = unit.encode() if type(unit) is str else unit_bytes(unit, "a unit")
            words[4] = address_of(text)
            words[5] = len(text)
            status = function(*arguments)
            while status == TOO_SMALL:
                memory, arguments, base = self._room(handle, block, needed[-1])
                needed = memoryview(memory).cast("B")[: layout.DECISION_BYTES].cast("Q")
                found = {}
                status = function(*arguments)
            if status < 0 and len(text) <= layout.BYTES_MAX:
                raise error(status, self._refusal(handle, block, status), use_case)
            raw = memory[: layout.DECISION_BYTES + needed[-1]]
            code = found.get(raw)
            if code is None:
                # Bytes between the texts may differ where the decisions do not.
                code = distinct.setdefault(Decision(use_case, raw, base), len(distinct))
                found[raw] = code
            codes[i] = code
        return codes, list(distinct)

    def _room(self, handle: Handle, block: Any, room: int) -> Any:  # noqa: ANN401
        """A decision and a buffer of so many bytes, and the arguments of a call that fills them."""
        memory = ctypes.create_string_buffer(layout.DECISION_BYTES + room)
        layout.TEXT.pack_into(memory, 0, layout.DECISION_BYTES, 0)
        base = ctypes.addressof(memory)
        places = (handle.address, ctypes.addressof(block), base + layout.DECISION_BYTES, room, base)
        return memory, tuple(map(ctypes.c_void_p.from_param, places)), base

    def refused(self, decision: Decision, *given: Any) -> Refused:  # noqa: ANN401
        """The exception for a refused decision, with the engine's own words."""
        status = STATUSES[decision.status]
        block = request(decision.use_case, *given)
        made = error(status, self._refusal(self.hold(), block, status), decision.use_case)
        assert isinstance(made, Refused)
        made.decision = decision
        return made

    def _refusal(self, handle: Handle, block: Any, status: int) -> str:  # noqa: ANN401
        """Why a request is refused, if it still is."""
        try:
            told = json.loads(self._explain(handle, block, layout.EXPLAIN_JSON))
        except TurnoutError:
            return ""
        same = told["decision"]["status"] == status_name(status)
        return str(told["refusal"] or "") if same else ""

    def explain(self, form: int, *given: Any) -> str:  # noqa: ANN401
        """Why a request gets its answer, as text or JSON."""
        return self._explain(self.hold(), request(*given), form)

    def _explain(self, handle: Handle, block: Any, form: int) -> str:  # noqa: ANN401
        waiting = library.waiting
        explain = waiting.turnout_view_explain if handle.is_view else waiting.turnout_explain
        room = RARE_BUFFER_BYTES
        while True:
            memory = ctypes.create_string_buffer(room)
            needed = ctypes.c_size_t()
            status = explain(handle.address, block, form, memory, room, ctypes.byref(needed))
            if status == 0:
                return memory[: needed.value].decode()
            if status != TOO_SMALL:
                raise error(status)
            room = needed.value
