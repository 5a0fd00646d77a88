"""The structs of turnout.h as they lie in memory; a test compares them with the C compiler's."""

from __future__ import annotations

import ctypes
from ctypes import c_char, c_char_p, c_double, c_int32, c_int64, c_size_t, c_uint32, c_uint64
from struct import Struct

ABI_VERSION = 0

REQUEST_BYTES = 128
ATTRIBUTE_BYTES = 56
UNIT_BYTES = 40
DECISION_BYTES = 248
DESTINATION_BYTES = 1024
ATTRIBUTES_MAX = 120
BATCH_MAX = 1048576
BYTES_MAX = 65536
OVERLAY_MAX = 4096

WANT_CONFIG = 1
NO_THREAD = 1
PRIVATE_TABLES = 2
NULL, STRING, NUMBER, BOOLEAN = range(4)
FALLBACK, DEGRADED = 1, 2

REASONS = (None, "override", "route", "split", "lookup", "experiment")
CELL_BY = (None, "hash", "override", "assignment")
KINDS = (None, "cluster", "use_case", "experiment", "shadow")
STATES = (None, "up", "draining", "down", "on", "off")
EXPLAIN_TEXT, EXPLAIN_JSON = 1, 2

# turnout_request: struct_size, use_case, unit, units, attributes, request_id, assignments, now,
# flags
REQUEST = Struct("=Q QQQ QQ QQ QQ QQ QQ qQ")
# turnout_attribute: name, type, boolean, number, text
ATTRIBUTE = Struct("=QQQ II d QQ")
# turnout_unit and turnout_assignment: name, value
NAMED_TEXT = Struct("=QQQ QQ")
# turnout_decision: struct_size is left out of what is read; nine texts; three lists
DECISION = Struct("=8x iI Q 16s 18Q 6Q I4x Q")
CELL = Struct("=QQ QQ I4x")
SHADOW = Struct("=16Q")
TEXT = Struct("=QQ")


class Text(ctypes.Structure):
    _fields_ = [("data", c_char_p), ("size", c_size_t)]


class Name(ctypes.Structure):
    _fields_ = [("data", c_char_p), ("size", c_size_t), ("hash", c_uint64)]


class Error(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("status", c_int32),
        ("message_size", c_uint32),
        ("message", c_char * 1008),
    ]

    @property
    def words(self) -> str:
        return bytes(self.message).decode("utf-8", "replace")


class OpenOptions(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("constants", ctypes.c_void_p),
        ("constant_count", c_size_t),
        ("flags", c_uint64),
    ]


class Attribute(ctypes.Structure):
    _fields_ = [
        ("name", Name),
        ("type", c_uint32),
        ("boolean", c_uint32),
        ("number", c_double),
        ("text", Text),
    ]


class EngineInfo(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("revision", c_uint64),
        ("head_revision", c_uint64),
        ("overlay_generation", c_uint64),
        ("digest", ctypes.c_uint8 * 16),
        ("image_bytes", c_uint64),
        ("adopted_at_ns", c_int64),
        ("head_status", c_int32),
        ("keeper_running", c_uint32),
        ("views_open", c_uint64),
        ("views_oldest_ns", c_uint64),
        ("views_bytes", c_uint64),
        ("resolves", c_uint64),
        ("refused", c_uint64),
        ("attributes_undeclared", c_uint64),
        ("attributes_mistyped", c_uint64),
        ("shadows_left_out", c_uint64),
        ("assignments_unknown", c_uint64),
    ]


class RawText(ctypes.Structure):
    """A text that the library gives: an address, which may be NULL, and a size."""

    _fields_ = [("data", ctypes.c_void_p), ("size", c_size_t)]


class Destination(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("revision", c_uint64),
        ("cluster", RawText),
        ("shard", RawText),
        ("address", RawText),
        ("routing_key", RawText),
        ("state", c_uint32),
        ("reserved", c_uint32),
        ("buffer_needed", c_size_t),
    ]


class OverlayEntry(ctypes.Structure):
    _fields_ = [
        ("kind", c_uint32),
        ("state", c_uint32),
        ("name", Text),
        ("until_ns", c_int64),
    ]


class Overlay(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("generation", c_uint64),
        ("entries", ctypes.POINTER(OverlayEntry)),
        ("entry_count", c_size_t),
        ("buffer_needed", c_size_t),
    ]
