"""Shadows by hand."""

from __future__ import annotations

import pytest
from asking import asked, off, table, with_states

from allocations import Table

DOCUMENT = """
turnout: 1
unit: user
units: { device: {} }
attributes: { region: string }
clusters:
  a: { address: 'a:1' }
  b: { address: 'b:1' }
  s: { when_down: siblings, shards: { one: { address: 's:1' }, two: { address: 's:2' } } }
models:
  m:
    v1: { cluster: a }
    v2: { cluster: [b, a], otherwise: m@v1, config: { k: 2.50 } }
    v3: { cluster: s }
use_cases:
  Search:
    config: { k: 1 }
    overrides: { pinned: m@v1 }
    when_all_down: first
    shadows:
      - { name: plain, model: m@v2 }
      - { name: device, model: m@v2, unit: device, when: { region: eu } }
      - { name: request, model: m@v3, by: request, sample: 100%, traffic: [production, replay] }
      - { name: nobody, model: m@v1, sample: 0.0% }
      - { name: narrow, model: m@v1, sample: 10%, salt: cohort, shared_salt: true, traffic: nested }
      - { name: wide, model: m@v1, sample: 30%, salt: cohort, shared_salt: true, traffic: nested }
    rules: [{ route: m@v1 }]
"""


@pytest.fixture(scope="module")
def this() -> Table:
    return table(DOCUMENT)


def names(answer: dict[str, object]) -> list[str]:
    sent = answer["shadows"]
    assert isinstance(sent, list)
    return [shadow["name"] for shadow in sent]


def test_each_has_its_own_version_address_and_config(this: Table) -> None:
    answer = asked(this, "Search")
    assert answer["shadows"] == [
        {
            "name": "plain",
            "model": "m",
            "version": "v2",
            "cluster": "b",
            "shard": None,
            "address": "b:1",
            "routing_key": "b",
            "config": {"k": 2.5},
        }
    ]
    assert answer["config"] == {"k": 1}


def test_each_is_drawn_by_its_own_unit(this: Table) -> None:
    context = {"region": "eu"}
    assert names(asked(this, "Search", context=context)) == ["plain"]
    answer = asked(this, "Search", context=context, units={"device": "d"})
    assert names(answer) == ["plain", "device"]
    assert names(asked(this, "Search", units={"device": "d"})) == ["plain"]
    assert names(asked(this, "Search", request_id="r")) == ["plain", "request"]
    assert names(asked(this, "Search", unit="", request_id="r")) == ["request"]


def test_production_only_unless_it_says_otherwise(this: Table) -> None:
    answer = asked(this, "Search", request_id="r", context={"traffic": "replay"})
    assert names(answer) == ["request"]


def test_a_shadow_takes_no_fallback(this: Table) -> None:
    assert names(asked(this, "Search", with_states(b="draining"), request_id="r")) == ["request"]
    one = asked(this, "Search", with_states(s_one="down"), request_id="r")["shadows"]
    assert isinstance(one, list)
    assert one[1]["shard"] == "two"
    both = with_states(s_one="down", s_two="draining")
    assert names(asked(this, "Search", both, request_id="r")) == ["plain"]
    switched = off("shadow", "Search/plain")
    assert names(asked(this, "Search", switched, request_id="r")) == ["request"]


def test_degraded_and_overridden_decisions_have_their_shadows(this: Table) -> None:
    degraded = asked(this, "Search", with_states(a="down"))
    assert (degraded["degraded"], names(degraded)) == (True, ["plain"])
    assert names(asked(this, "Search", unit="pinned")) == ["plain"]


def test_cohorts_that_share_a_salt_are_nested(this: Table) -> None:
    found = [
        names(asked(this, "Search", unit=str(unit), context={"traffic": "nested"}))
        for unit in range(400)
    ]
    assert {tuple(sent) for sent in found} == {(), ("wide",), ("narrow", "wide")}
    assert 20 < found.count(["narrow", "wide"]) < 60
