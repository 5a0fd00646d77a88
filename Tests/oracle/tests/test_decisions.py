"""Decisions by hand, over one document."""

from __future__ import annotations

import json

import pytest

import make_vectors
import reading
import request
from allocations import Table, compiled
from configs import json_text
from decision import tree
from evaluate import resolve
from trees import Scalar, read_yaml

DOCUMENT = """
turnout: 1
unit: user
units: { session: { missing: user }, device: {} }
attributes: { country: string, app: version, age: number, kids: boolean }
segments:
  north: { country: [NO, SE] }
  beta: { units: [u_17, 42] }
clusters:
  a: { address: 10.0.0.1:80 }
  g:
    unit: session
    routing_key: gg
    shards: { s0: { address: h:1, weight: 0 }, s1: { address: h:2 } }
models:
  m:
    v1: { cluster: [a, g], config: { k: 1.50, n: null, "a": [true, ~] } }
    v2: { cluster: g }
use_cases:
  Off: { enabled: false, rules: [{ route: m@v1 }] }
  Search:
    requires: [country, session]
    config: { k: 2, z: "1" }
    rules:
      - { name: north, when: { segment: north, not: { age: { "<": 18 } } }, route: m@v2 }
      - { name: beta, when: { segment: beta }, route: m@v1, cluster: g, config: { k: ~ } }
      - { name: by, lookup: country, routes: { DE: m@v2 } }
      - { name: canary, unit: device, split: { m@v1: 0, m@v2: 1 }, when: { app: { ">=": 8.10 } } }
      - { when: { any: [{ kids: true }, { country: { exists: false } }] }, route: m@v2 }
      - { route: m@v1 }
"""


@pytest.fixture(scope="module")
def table() -> Table:
    return compiled(reading.document(read_yaml(DOCUMENT)), None)


def asked(table: Table, /, **said: object) -> dict[str, str]:
    line = json.dumps({"use_case": "Search", "unit": "u", "units": {"session": "s"}} | said)
    decided = tree(resolve(table, request.read(line, "user")), 1, "")
    return {name: json_text(node) for name, node in decided.items()}


def reason(table: Table, /, unit: str = "u", **context: object) -> str:
    return asked(table, unit=unit, context={"country": "US"} | context)["reason"]


def test_the_order_of_statuses(table: Table) -> None:
    assert asked(table, use_case="No", context={"traffic": 1})["status"] == '"invalid_argument"'
    assert asked(table, use_case="No")["status"] == '"unknown_use_case"'
    assert asked(table, use_case="Off")["status"] == '"disabled"'
    assert asked(table)["status"] == '"missing_required"'
    assert asked(table, context={"country": 1})["status"] == '"missing_required"'
    assert asked(table, context={"country": "NO"}, units={})["status"] == '"missing_required"'


def test_rules_top_down(table: Table) -> None:
    assert reason(table, country="NO") == '{"kind":"route","rule":"north"}'
    assert reason(table, country="NO", age=17) == '{"kind":"route","rule":null}'
    assert reason(table, country="NO", age="17") == '{"kind":"route","rule":"north"}'
    assert reason(table, unit="42") == '{"kind":"route","rule":"beta"}'
    assert reason(table, country="DE") == '{"kind":"lookup","rule":"by"}'
    assert reason(table, app="8.9") == '{"kind":"route","rule":null}'
    assert reason(table, app="8.10.0") == '{"kind":"split","rule":"canary"}'
    assert reason(table, app=8.10) == '{"kind":"route","rule":null}'


def test_configs_are_merged_and_written_as_said(table: Table) -> None:
    decided = asked(table, context={"country": "US"})
    assert decided["config"] == '{"a":[true,null],"k":2,"n":null,"z":"1"}'
    decided = asked(table, unit="u_17", context={"country": "US"})
    assert decided["config"] == '{"a":[true,null],"k":null,"n":null,"z":"1"}'
    assert decided["routing_key"] == '"gg/s1"'
    assert decided["address"] == '"h:2"'


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *[("1.50", "1.50"), ("+1", "1"), (".5", "0.5"), ("1.E2", "1.0E2"), ("-00.50", "-0.50")],
        *[("012", "12"), ("0x1F", "31"), ("0o17", "15"), ("-0x1", '"-0x1"'), ("1_0", '"1_0"')],
        *[("~", "null"), ("True", "true"), ("yes", '"yes"'), (".", '"."'), ("1e", '"1e"')],
    ],
)
def test_plain_scalars_of_a_config_follow_the_core_schema(written: str, meant: str) -> None:
    assert json_text(Scalar(written)) == meant


def test_the_vectors_are_what_the_oracle_makes_of_them_now() -> None:
    assert make_vectors.FILE.read_text("utf-8") == make_vectors.text()
