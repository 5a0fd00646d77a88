"""The package itself: structs, names, and that every claim of the header's arrived."""

from __future__ import annotations

import ctypes
import ctypes.util
import re
import subprocess
import sys
from pathlib import Path
from typing import Dict, Tuple

from conftest import ROOT

import turnout
from turnout import _layout as layout
from turnout import errors

HEADER = (ROOT / "Include/turnout.h").read_text()


def golden() -> Dict[str, Tuple[int, Dict[str, Tuple[int, int]]]]:
    """The places of the fields as C compilers see them."""
    found: Dict[str, Tuple[int, Dict[str, Tuple[int, int]]]] = {}
    fields: Dict[str, Tuple[int, int]] = {}
    for line in (ROOT / "Tests/Library/abi.golden").read_text().splitlines():
        head = re.match(r"struct (turnout_\w+): (\d+) bytes", line)
        field = re.match(r" +(\d+) +(\d+)  .*?(\w+)$", line)
        if head:
            fields = {}
            found[head[1]] = int(head[2]), fields
        elif field:
            fields[field[3]] = int(field[1]), int(field[2])
    return found


def test_ctypes_structs_lie_as_in_c() -> None:
    structs = {
        "turnout_text": layout.Text,
        "turnout_name": layout.Name,
        "turnout_error": layout.Error,
        "turnout_open_options": layout.OpenOptions,
        "turnout_engine_info": layout.EngineInfo,
        "turnout_overlay_entry": layout.OverlayEntry,
        "turnout_overlay": layout.Overlay,
        "turnout_destination": layout.Destination,
    }
    found = golden()
    for name, struct in structs.items():
        size, fields = found[name]
        assert ctypes.sizeof(struct) == size
        names = [field[0] for field in struct._fields_]
        places = {n: (getattr(struct, n).offset, getattr(struct, n).size) for n in names}
        assert places == fields, name


def test_packed_structs_lie_as_in_c() -> None:
    found = golden()
    forms = {
        "turnout_request": layout.REQUEST,
        "turnout_attribute": layout.ATTRIBUTE,
        "turnout_unit": layout.NAMED_TEXT,
        "turnout_assignment": layout.NAMED_TEXT,
        "turnout_decision": layout.DECISION,
        "turnout_cell": layout.CELL,
        "turnout_shadow": layout.SHADOW,
        "turnout_text": layout.TEXT,
    }
    for name, form in forms.items():
        assert form.size == found[name][0], name
    decision = found["turnout_decision"][1]
    order = [
        "model",
        "version",
        "cluster",
        "shard",
        "address",
        "routing_key",
        "rule",
        "traffic",
        "config",
    ]
    assert [decision[name][0] for name in order] == list(range(40, 184, 16))
    assert decision["status"] == (8, 4) and decision["revision"] == (16, 8)
    assert decision["cells"][0] == 184 and decision["holdouts"][0] == 200
    assert decision["shadows"][0] == 216 and decision["reason"] == (232, 4)
    assert decision["buffer_needed"] == (240, 8)
    request = found["turnout_request"][1]
    assert request["unit"][0] == 32 and request["now_ns"][0] == 112 and request["flags"][0] == 120


def test_statuses_are_the_headers() -> None:
    in_header = {
        int(number): name.lower()
        for name, number in re.findall(r"  TURNOUT_(\w+) = (-?\d+),? +/\*", HEADER)
        if name.lower() in errors.STATUS_NAMES.values()
    }
    in_header[0] = "ok"
    assert in_header == errors.STATUS_NAMES
    library = ctypes.CDLL(turnout.library_path)
    library.turnout_status_name.restype = ctypes.c_char_p
    for number, name in errors.STATUS_NAMES.items():
        assert library.turnout_status_name(number).decode() == name


def test_limits_are_the_headers() -> None:
    for name in ("ATTRIBUTES_MAX", "BATCH_MAX", "BYTES_MAX", "OVERLAY_MAX", "DESTINATION_BYTES"):
        assert f"#define TURNOUT_{name} {getattr(layout, name)}" in HEADER
    assert f"#define TURNOUT_ABI_VERSION {layout.ABI_VERSION}" in HEADER


def test_versions_agree() -> None:
    assert turnout.__version__ == turnout.library_version()
    project = (ROOT / "bindings/python/pyproject.toml").read_text()
    assert f'version = "{turnout.__version__}"' in project


def test_everything_public_is_documented() -> None:
    for name in turnout.__all__:
        thing = getattr(turnout, name)
        if not isinstance(thing, str):
            assert thing.__doc__, name
        if isinstance(thing, type):
            for member, value in vars(thing).items():
                if not member.startswith("_") and callable(value):
                    assert value.__doc__, f"{name}.{member}"


def run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )


def test_a_library_that_is_not_there(tmp_path: Path) -> None:
    done = run("import turnout", TURNOUT_LIBRARY=str(tmp_path / "none.so"))
    assert done.returncode == 1 and "make lib install" in done.stderr and "none.so" in done.stderr
    done = run("import turnout", TURNOUT_LIBRARY=ctypes.util.find_library("c") or "libc.so.6")
    assert done.returncode == 1 and "turnout_abi_version" in done.stderr


def test_the_way_can_be_chosen() -> None:
    assert (
        run("import turnout; print(turnout.backend)", TURNOUT_BACKEND="ctypes").stdout == "ctypes\n"
    )
    done = run("import turnout", TURNOUT_BACKEND="rust")
    assert done.returncode == 1 and "c or ctypes" in done.stderr
