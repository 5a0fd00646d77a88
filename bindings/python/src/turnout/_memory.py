"""What calls through ctypes need again and again, kept as bytes: names, values, decisions."""

from __future__ import annotations

import ctypes
from math import isfinite
from struct import Struct
from typing import Any, Dict, Tuple

from . import _layout as layout
from . import _library as library
from ._values import text_bytes
from .decision import Decision

# A call's memory: the attributes, the last one at the end of their room; the request, room for a
# unit, the decision and its buffer. One call of `struct` writes all of them, and clears the
# buffer's start: of equal decisions all bytes are equal then, those between the texts, too.
REQUEST_AT = layout.ATTRIBUTES_MAX * layout.ATTRIBUTE_BYTES
UNIT_AT = REQUEST_AT + layout.REQUEST_BYTES
UNIT_ROOM = 64
DECISION_AT = UNIT_AT + UNIT_ROOM
BUFFER_AT = DECISION_AT + layout.DECISION_BYTES
CLEARED_BYTES = 512

# What is remembered, at most, in all shapes and use cases together: texts of attributes, decisions;
# then use cases and shapes, and bytes of one text and of one decision. What reaches its limit is
# forgotten as a whole, so that nothing is looked after in the calls that find what they want.
TEXTS_MAX = 16384
DECISIONS_MAX = 16384
USE_CASES_MAX = 4096
SHAPES_MAX = 256
TEXT_BYTES_MAX = 256
RAW_BYTES_MAX = 4096


class Rare(Exception):
    """The request is not one for the short way."""


_NUMBER = Struct("=32s d 16x")


class _Blob(bytes):
    """An attribute as the library reads it. It holds the text that it points at."""

    text: bytes


def address_of(text: bytes) -> int:
    """Where the bytes stand, for as long as the object lives."""
    return ctypes.cast(ctypes.c_char_p(text), ctypes.c_void_p).value or 0


class _Values(Dict[str, bytes]):
    """The attributes of one name, by their value. Only texts are kept, since of keys that are
    equal, as True, 1 and 1.0 are, a dict knows one."""

    def __init__(self, memory: Memory, name: str) -> None:
        super().__init__()
        self._memory = memory
        self._name = text_bytes(name, "the name of an attribute")
        if len(self._name) > TEXT_BYTES_MAX:
            raise Rare
        handle = library.quick.turnout_name_of(layout.Text(self._name, len(self._name)))
        self._head = (address_of(self._name), len(self._name), handle.hash)
        booleans = ((layout.BOOLEAN, given, 0.0, 0, 0) for given in (0, 1))
        self._booleans = [layout.ATTRIBUTE.pack(*self._head, *row) for row in booleans]
        self._null = layout.ATTRIBUTE.pack(*self._head, layout.NULL, 0, 0.0, 0, 0)
        self._number = layout.ATTRIBUTE.pack(*self._head, layout.NUMBER, 0, 0.0, 0, 0)[:32]

    def __missing__(self, value: Any) -> bytes:
        kind = type(value)
        if kind is float or kind is int:
            number = float(value)
            if not isfinite(number):
                raise Rare
            return _NUMBER.pack(self._number, number)
        if kind is bool:
            return self._booleans[bool(value)]
        if value is None:
            return self._null
        if not isinstance(value, str):
            raise Rare
        text = value.encode()
        if len(text) > TEXT_BYTES_MAX:
            raise Rare
        row = (layout.STRING, 0, 0.0, address_of(text), len(text))
        blob = _Blob(layout.ATTRIBUTE.pack(*self._head, *row))
        blob.text = text
        self._memory.count_text()
        self[value] = blob
        return blob


class Shape:
    """The names of a request's attributes, and how such a request is written in one step."""

    __slots__ = ("at", "pack_into", "size", "values")

    def __init__(self, memory: Memory, names: Tuple[str, ...]) -> None:
        if len(names) > layout.ATTRIBUTES_MAX:
            raise Rare
        self.size = len(names)
        self.values = [_Values(memory, name) for name in names]
        self.at = REQUEST_AT - self.size * layout.ATTRIBUTE_BYTES
        # Each attribute; struct_size and use case; unit; no other units; attributes; no request id
        # and no assignments; now and flags; the unit's bytes; the decision's struct_size.
        form = f"{layout.ATTRIBUTE_BYTES}s " * self.size
        form += f"32s QQ 16x QQ 32x qQ {UNIT_ROOM}s Q {layout.DECISION_BYTES - 8 + CLEARED_BYTES}x"
        self.pack_into = Struct("=" + form).pack_into


class _Shapes(Dict[Tuple[str, ...], Shape]):
    def __init__(self, memory: Memory) -> None:
        super().__init__()
        self._memory = memory

    def __missing__(self, names: Tuple[str, ...]) -> Shape:
        shape = Shape(self._memory, names)
        if len(self) >= SHAPES_MAX:
            self._memory.forget_shapes()
        self[names] = shape
        return shape


class UseCase:
    """A use case's name as the library reads it, and the decisions seen of it, by their bytes."""

    __slots__ = ("_memory", "decisions", "head", "name", "text")

    def __init__(self, memory: Memory, name: str) -> None:
        self._memory = memory
        self.name = name
        self.text = text_bytes(name, "the use case")
        handle = library.quick.turnout_name_of(layout.Text(self.text, len(self.text)))
        words = (layout.REQUEST_BYTES, address_of(self.text), len(self.text), handle.hash)
        self.head = Struct("=4Q").pack(*words)
        self.decisions: Dict[bytes, Decision] = {}

    def remembered(self, raw: bytes, base: int) -> Decision:
        """The decision of these bytes, which stood at `base`."""
        decision = self.decisions.get(raw)
        if decision is None:
            decision = Decision(self.name, raw, base)
            if len(raw) <= RAW_BYTES_MAX:
                self._memory.count_decision()
                self.decisions[raw] = decision
        return decision


class _UseCases(Dict[str, UseCase]):
    def __init__(self, memory: Memory) -> None:
        super().__init__()
        self._memory = memory

    def __missing__(self, name: str) -> UseCase:
        made = UseCase(self._memory, name)
        if len(made.text) <= TEXT_BYTES_MAX:
            if len(self) >= USE_CASES_MAX:
                self._memory.forget_use_cases()
            self[name] = made
        return made


class Memory:
    """All of it, shared by an engine and its views. What is forgotten lives on as long as a call
    that uses it."""

    def __init__(self) -> None:
        self.forget_shapes()
        self.forget_use_cases()

    def forget_shapes(self) -> None:
        self.shapes = _Shapes(self)
        self._texts = 0

    def forget_use_cases(self) -> None:
        self.use_cases = _UseCases(self)
        self._decisions = 0

    def count_text(self) -> None:
        """One more is about to be kept. Threads that count at once may lose one: no harm."""
        self._texts += 1
        if self._texts > TEXTS_MAX:
            self.forget_shapes()

    def count_decision(self) -> None:
        """Likewise."""
        self._decisions += 1
        if self._decisions > DECISIONS_MAX:
            self.forget_use_cases()
