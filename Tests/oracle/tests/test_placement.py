"""Placement and the overlay by hand."""

from __future__ import annotations

import pytest
from asking import asked, off, table, target, with_states

from allocations import Table
from ring import arm_at, position

DOCUMENT = """
turnout: 1
unit: user
attributes: { region: string }
clusters:
  a: { address: 'a:1' }
  b: { address: 'b:1' }
  c: { address: 'c:1' }
  s:
    when_down: siblings
    routing_key: ss
    shards:
      one: { address: 's:1' }
      two: { address: 's:2' }
      none: { address: 's:3', weight: 0 }
  n: { shards: { one: { address: 'n:1', weight: 1 }, two: { address: 'n:2', weight: 0 } } }
models:
  m:
    list: { cluster: [a, b] }
    other: { cluster: a, otherwise: m@list, config: { k: other } }
    last: { cluster: c, otherwise: m@other, config: { k: last } }
    split: { cluster: { split: { a: 0, b: 1 }, then: [a, c] } }
    sharded: { cluster: [s, a] }
    next: { cluster: [n, a] }
    place:
      placement:
        - { when: { region: eu }, cluster: [b, a] }
        - { when: { region: us }, cluster: { split: { c: 1 }, then: b } }
        - { cluster: a }
      otherwise: m@sharded
use_cases:
  List: { rules: [{ route: m@list }] }
  Last: { rules: [{ route: m@last }] }
  Refuse: { when_all_down: refuse, rules: [{ route: m@last }] }
  Own: { rules: [{ route: m@last, cluster: [b, c] }] }
  Split: { rules: [{ route: m@split }] }
  OwnSplit: { rules: [{ name: r, route: m@list, cluster: { split: { c: 1 } } }] }
  Sharded: { rules: [{ route: m@sharded }] }
  Next: { rules: [{ route: m@next }] }
  Place: { rules: [{ route: m@place }] }
  Over: { overrides: { u: m@list }, when_all_down: refuse, rules: [{ route: m@last }] }
"""


@pytest.fixture(scope="module")
def this() -> Table:
    return table(DOCUMENT)


CASES = [
    ("List", {}, "m@list a"),
    ("List", {"a": "draining"}, "m@list b fallback"),
    ("List", {"a": "down", "b": "down"}, "m@list a degraded"),
    ("List", {"a": "down", "b": "draining"}, "m@list b degraded"),
    ("Last", {"c": "down"}, "m@other a fallback"),
    ("Last", {"c": "down", "a": "down"}, "m@list b fallback"),
    ("Last", {"c": "down", "a": "draining", "b": "down"}, "m@last c degraded"),
    ("Own", {"c": "down"}, "m@last b"),
    ("Own", {"b": "down", "c": "draining"}, "m@last c degraded"),
    ("Split", {}, "m@split b"),
    ("Split", {"b": "draining"}, "m@split a fallback"),
    ("Split", {"b": "down", "a": "down"}, "m@split c fallback"),
    ("Split", {"b": "down", "a": "draining", "c": "draining"}, "m@split a degraded"),
    ("OwnSplit", {}, "m@list c"),
    ("OwnSplit", {"c": "down"}, "m@list c degraded"),
    ("Next", {}, "m@next n/one"),
    ("Next", {"n_one": "draining"}, "m@next a fallback"),
    ("Next", {"n": "draining"}, "m@next a fallback"),
    ("Next", {"n_one": "draining", "a": "down"}, "m@next n/one degraded"),
    ("Next", {"n": "down", "n_one": "draining", "a": "draining"}, "m@next a degraded"),
    ("Next", {"n_two": "down"}, "m@next n/one"),
    ("Over", {"a": "down"}, "m@list b fallback"),
]


@pytest.mark.parametrize(("use_case", "states", "expected"), CASES)
def test_the_first_cluster_that_is_up(
    this: Table,
    use_case: str,
    states: dict[str, str],
    expected: str,
) -> None:
    assert target(asked(this, use_case, with_states(**states))) == expected


def test_the_version_that_came_otherwise_gives_its_config(this: Table) -> None:
    assert asked(this, "Last", with_states(c="down"))["config"] == {"k": "other"}
    assert asked(this, "Last", with_states(a="down", b="down", c="down"))["config"] == {"k": "last"}


def test_a_use_case_may_refuse(this: Table) -> None:
    down = with_states(a="down", b="draining", c="down")
    assert asked(this, "Refuse", down)["status"] == "unavailable"
    assert asked(this, "Over", down)["status"] == "unavailable"
    assert target(asked(this, "Refuse", with_states(c="down"))) == "m@other a fallback"


def test_placement_by_context(this: Table) -> None:
    def at(region: str, **states: str) -> str:
        answer = asked(this, "Place", with_states(**states), context={"region": region})
        return target(answer)

    assert at("eu") == "m@place b"
    assert at("us") == "m@place c"
    assert at("us", c="down") == "m@place b fallback"
    assert at("") == "m@place a"
    assert at("", a="down").startswith("m@sharded s/")
    assert at("eu", b="down") == "m@place a fallback"


def test_a_sibling_is_drawn_with_the_salts_of_the_shard_in_turn(this: Table) -> None:
    spec = this.document.clusters["s"].shards
    assert spec is not None
    intervals = this.of(spec).intervals

    def drawn(unit: str, salt: str) -> str | None:
        return arm_at(intervals, position(unit.encode(), salt))

    for unit in map(str, range(50)):
        first = drawn(unit, "shards:s")
        tries = [drawn(unit, f"shards:s#{index}") for index in range(1, 17)]
        assert first is not None and tries.count(first) < 16
        up = next(shard for shard in tries if shard != first)
        answer = asked(this, "Sharded", with_states(**{f"s_{first}": "down"}), unit=unit)
        assert target(answer) == f"m@sharded s/{up}"
        assert answer["routing_key"] == f"ss/{up}"
        answer = asked(this, "Sharded", with_states(s="draining"), unit=unit)
        assert target(answer) == "m@sharded a fallback"
        none = with_states(s_one="draining", s_two="down", s_none="down", a="down")
        answer = asked(this, "Sharded", none, unit=unit)
        expected = "s/one" if first == "one" else "s/two"
        assert target(answer) == f"m@sharded {expected} degraded"


def test_without_anything_to_draw_by_there_is_no_sibling(this: Table) -> None:
    assert target(asked(this, "Sharded", unit="")) == "m@sharded s/one"
    answer = asked(this, "Sharded", with_states(s_one="down"), unit="")
    assert target(answer) == "m@sharded a fallback"


def test_a_use_case_may_be_switched_off(this: Table) -> None:
    assert asked(this, "List", off("use-case", "List"))["status"] == "disabled"
    assert asked(this, "List", off("use-case", "Last"))["status"] == "ok"
