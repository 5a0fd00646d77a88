"""The structs of `Include/turnout.h` that a resolve needs, for ctypes."""

import ctypes
import os
from ctypes import (
    POINTER,
    Structure,
    c_char,
    c_char_p,
    c_double,
    c_int32,
    c_int64,
    c_size_t,
    c_uint8,
    c_uint32,
    c_uint64,
    c_void_p,
)

STRING = 1


class Text(Structure):
    """A text given to the engine."""

    _fields_ = [("data", c_char_p), ("size", c_size_t)]


class Found(Structure):
    """A text that the engine gives: the same, but it does not end in a NUL."""

    _fields_ = [("data", c_void_p), ("size", c_size_t)]


class Name(Structure):
    _fields_ = [("data", c_char_p), ("size", c_size_t), ("hash", c_uint64)]


class Error(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("status", c_int32),
        ("message_size", c_uint32),
        ("message", c_char * 1008),
    ]


class Attribute(Structure):
    _fields_ = [
        ("name", Name),
        ("type", c_uint32),
        ("boolean", c_uint32),
        ("number", c_double),
        ("text", Text),
    ]


class Request(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("use_case", Name),
        ("unit", Text),
        ("units", c_void_p),
        ("unit_count", c_size_t),
        ("attributes", POINTER(Attribute)),
        ("attribute_count", c_size_t),
        ("request_id", Text),
        ("assignments", c_void_p),
        ("assignment_count", c_size_t),
        ("now_ns", c_int64),
        ("flags", c_uint64),
    ]


class Decision(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("status", c_int32),
        ("flags", c_uint32),
        ("revision", c_uint64),
        ("digest", c_uint8 * 16),
        ("model", Found),
        ("version", Found),
        ("cluster", Found),
        ("shard", Found),
        ("address", Found),
        ("routing_key", Found),
        ("rule", Found),
        ("traffic", Found),
        ("config", Found),
        ("cells", c_void_p),
        ("cell_count", c_size_t),
        ("holdouts", c_void_p),
        ("holdout_count", c_size_t),
        ("shadows", c_void_p),
        ("shadow_count", c_size_t),
        ("reason", c_uint32),
        ("reserved", c_uint32),
        ("buffer_needed", c_size_t),
    ]


def library() -> ctypes.CDLL:
    """The library that TURNOUT_LIBRARY names, with the types of its functions."""
    turnout = ctypes.CDLL(os.environ["TURNOUT_LIBRARY"])
    turnout.turnout_abi_version.restype = c_uint32
    turnout.turnout_abi_version.argtypes = []
    turnout.turnout_version.restype = c_char_p
    turnout.turnout_name_of.restype = Name
    turnout.turnout_name_of.argtypes = [Text]
    turnout.turnout_engine_open.restype = c_int32
    turnout.turnout_engine_open.argtypes = [c_char_p, c_void_p, POINTER(Error), POINTER(c_void_p)]
    turnout.turnout_engine_close.restype = c_int32
    turnout.turnout_engine_close.argtypes = [c_void_p]
    # Pointers to structs pass as c_void_p: ctypes.byref() fits, and so does an address.
    turnout.turnout_resolve.restype = c_int32
    turnout.turnout_resolve.argtypes = [c_void_p, c_void_p, c_void_p, c_size_t, c_void_p]
    turnout.turnout_resolve_units.restype = c_int32
    turnout.turnout_resolve_units.argtypes = [
        c_void_p,
        c_void_p,
        c_void_p,
        c_size_t,
        c_void_p,
        c_size_t,
        c_void_p,
        c_size_t,
        c_void_p,
    ]
    return turnout
