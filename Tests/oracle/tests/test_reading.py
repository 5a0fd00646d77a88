"""Units in conditions, files of units and times, by hand."""

from __future__ import annotations

import pytest
from asking import asked, table, target

import times
from reading import units_of_file

DOCUMENT = """
turnout: 1
unit: user
units: { session: { missing: user } }
clusters: { a: { address: 'a:1' } }
segments: { listed: { units: [u, v], not: { units: [v] } }, vip: { units_file: vip } }
models: { m: { v1: { cluster: a }, v2: { cluster: a }, v3: { cluster: a } } }
use_cases:
  Search:
    unit: session
    rules:
      - { when: { segment: listed }, route: m@v2 }
      - when: { any: [{ segment: vip }, { all: [{ units_file: vip, units: [x] }] }] }
        route: m@v3
      - { route: m@v1 }
"""


def test_a_list_of_units_is_a_condition_like_any_other() -> None:
    this = table(DOCUMENT, vip=["w", "\u00e9"])
    assert target(asked(this, "Search", unit="u")) == "m@v2 a"
    assert target(asked(this, "Search", unit="v")) == "m@v1 a"
    assert target(asked(this, "Search", unit="v", units={"session": "u"})) == "m@v2 a"
    assert target(asked(this, "Search", unit="w")) == "m@v3 a"
    assert target(asked(this, "Search", unit="\u00e9")) == "m@v3 a"
    assert target(asked(this, "Search", unit="e\u0301")) == "m@v1 a"
    assert target(asked(this, "Search", unit="")) == "m@v1 a"


def test_a_file_of_units_has_one_a_line() -> None:
    assert units_of_file("a\nb\r\n\r\n\n c\n") == ["a", "b", " c"]
    assert units_of_file("a\r\r\nb\u2028\u0085\nlast") == ["a\r", "b\u2028\u0085", "last"]


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:00.000000001Z", 1),
        ("1970-01-01T00:30:00.25+00:30", 250_000_000),
        ("1969-12-31T23:59:59.9Z", -100_000_000),
        ("2026-11-20T00:00:00-08:00", 1_795_161_600_000_000_000),
    ],
)
def test_times_are_exact(text: str, nanoseconds: int) -> None:
    assert times.parsed(text) == nanoseconds
    assert times.parsed(times.written(nanoseconds)) == nanoseconds


@pytest.mark.parametrize("text", ["", "2026-11-20", "2026-11-20T00:00:00", "2026-02-30T00:00:00Z"])
def test_these_are_no_times(text: str) -> None:
    assert times.parsed(text) is None
