#!/usr/bin/env python3
"""Writes positions.json: where units stand on the ring, by the `xxhash` package of PyPI.

    python3 -m venv venv && venv/bin/pip install xxhash
    venv/bin/python Tests/vectors/make_positions.py

With --check it compares instead of writing and exits 1 if the file differs.
"""

from __future__ import annotations

import base64
import json
import pathlib
import sys

import xxhash

FILE = pathlib.Path(__file__).with_name("positions.json")

SALTS = [
    "",
    "split:Search/canary",
    "cells:cw-depth",
    "shards:chat",
    "shards:chat#1",
    "shards:chat#16",
    "placement:cw-ranker@v2",
    "holdout:global-2026",
    "Größe",  # composed
    "Gro\u0308\u00dfe",  # decomposed: other bytes, another seed
    "x" * 300,
]

# Every length across XXH3's own cases for short, middle and long inputs, and some blocks of 1 KiB.
LENGTHS = [*range(301), 511, 512, 513, 1023, 1024, 1025, 2048, 4095, 4096]

TEXTS = [
    "u_17",
    "u_18",
    "user-000000001",
    "b2f6c1a0-9d1e-4b8e-8f5e-0a3c1f0e7d11",
    "éclair",
    "e\u0301clair",
    "用户四十二",
    "👩‍👩‍👧‍👦",
    'tab\tnewline\nquote"backslash\\',
    "nul\x00inside",
    "\u2028\ufeff\u200b",
]

NOT_TEXT = [bytes([0xFF]), bytes([0xC3]), bytes([0xED, 0xA0, 0x80]), bytes(range(256)), bytes(8)]


def pattern(length: int) -> bytes:
    """Bytes that no two places share by accident: 31·i + 7 modulo 251."""
    return bytes((31 * i + 7) % 251 for i in range(length))


def vector(unit: bytes, salt: str) -> dict[str, object]:
    seed = xxhash.xxh3_64_intdigest(salt.encode("utf-8"))
    digest = xxhash.xxh3_64_intdigest(unit, seed=seed)
    try:
        entry: dict[str, object] = {"unit": unit.decode("utf-8")}
    except UnicodeDecodeError:
        entry = {"unit_base64": base64.b64encode(unit).decode("ascii")}
    return entry | {"salt": salt, "seed": f"{seed:016x}", "position": digest >> 32}


def vectors() -> list[dict[str, object]]:
    found = [vector(text.encode("utf-8"), salt) for text in TEXTS for salt in SALTS]
    found += [vector(unit, salt) for unit in NOT_TEXT for salt in SALTS[:3]]
    found += [vector(pattern(length), SALTS[1]) for length in LENGTHS]
    found += [vector(pattern(length), SALTS[0]) for length in (0, 3, 16, 128, 240, 241)]
    return found


def main() -> int:
    lines = ",\n".join("    " + json.dumps(entry) for entry in vectors())
    text = '{\n  "positions": 4294967296,\n  "vectors": [\n' + lines + "\n  ]\n}\n"
    if "--check" in sys.argv[1:]:
        return 0 if FILE.read_text("utf-8") == text else 1
    FILE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
