"""Any request as one block of memory, whatever it carries. `_caller` has a shorter way for most."""

from __future__ import annotations

import ctypes
from typing import Any, List, Mapping, Optional, Tuple

from . import _layout as layout
from ._values import AttributeValue, UnitValue, attribute_value, mapping, text_bytes, unit_bytes


class Block:
    """Memory that is filled once: structs in front, their texts behind them."""

    def __init__(self, structs_bytes: int) -> None:
        self._structs: List[Tuple[Any, int, Tuple[Any, ...]]] = []
        self._texts: List[bytes] = []
        self._end = structs_bytes

    def text(self, value: bytes) -> Tuple[int, int]:
        """Where the text will stand, from the block's start, and its size; (0, 0) is none."""
        start = self._end
        self._texts.append(value)
        self._end += len(value)
        return start, len(value)

    def put(self, form: Any, at: int, *values: Any) -> None:
        self._structs.append((form, at, values))

    def memory(self) -> ctypes.Array[ctypes.c_char]:
        """The block. A tuple among the values is a text, or the address of a struct, of this
        block."""
        memory = ctypes.create_string_buffer(self._end + 1)
        base = ctypes.addressof(memory)
        texts = b"".join(self._texts)
        ctypes.memmove(base + self._end - len(texts), texts, len(texts))
        for form, at, values in self._structs:
            words: List[Any] = []
            for value in values:
                if isinstance(value, tuple):
                    start, size = value
                    words += (base + start if start else 0, size)
                else:
                    words.append(value)
            form.pack_into(memory, at, *words)
        return memory


def put_attributes(block: Block, at: int, attributes: Mapping[str, AttributeValue]) -> None:
    for i, (name, value) in enumerate(attributes.items()):
        kind, boolean, number, text = attribute_value(name, value)
        names = block.text(text_bytes(name, "the name of an attribute"))
        row = (names, 0, kind, boolean, number, block.text(text))
        block.put(layout.ATTRIBUTE, at + i * layout.ATTRIBUTE_BYTES, *row)


def request(
    use_case: str,
    unit: Optional[UnitValue],
    attributes: Mapping[str, AttributeValue],
    units: Optional[Mapping[str, UnitValue]],
    assignments: Optional[Mapping[str, Optional[str]]],
    request_id: Optional[UnitValue],
    now: int,
    flags: int,
) -> ctypes.Array[ctypes.c_char]:
    """A turnout_request and all it points at."""
    units = mapping(units or {}, "units")
    assignments = mapping(assignments or {}, "assignments")
    attributes_at = layout.REQUEST_BYTES
    units_at = attributes_at + len(attributes) * layout.ATTRIBUTE_BYTES
    assignments_at = units_at + len(units) * layout.UNIT_BYTES
    block = Block(assignments_at + len(assignments) * layout.UNIT_BYTES)
    block.put(
        layout.REQUEST,
        0,
        layout.REQUEST_BYTES,
        block.text(text_bytes(use_case, "the use case")),
        0,
        block.text(unit_bytes(unit, "unit")),
        (units_at, len(units)),
        (attributes_at, len(attributes)),
        block.text(unit_bytes(request_id, "request_id")),
        (assignments_at, len(assignments)),
        now,
        flags,
    )
    put_attributes(block, attributes_at, attributes)
    for i, (name, value) in enumerate(units.items()):
        row = (
            block.text(text_bytes(name, "the name of a unit")),
            0,
            block.text(unit_bytes(value, f"the unit {name!r}")),
        )
        block.put(layout.NAMED_TEXT, units_at + i * layout.UNIT_BYTES, *row)
    for i, (name, cell) in enumerate(assignments.items()):
        chosen = (0, 0) if cell is None else block.text(text_bytes(cell, f"the cell of {name!r}"))
        row = (block.text(text_bytes(name, "the name of an experiment")), 0, chosen)
        block.put(layout.NAMED_TEXT, assignments_at + i * layout.UNIT_BYTES, *row)
    return block.memory()
