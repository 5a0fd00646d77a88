"""Cells by hand: every share and weight is all or nothing, so that no position has to be known."""

from __future__ import annotations

import pytest
from asking import asked, cells, off, table, target

from allocations import Table

HEAD = """
turnout: 1
unit: user
units: { device: {}, session: { missing: user } }
attributes: { country: string }
clusters: { c: { address: 'h:1' } }
models:
  m:
    v1: { cluster: c, config: { from: v1 } }
    v2: { cluster: c, config: { from: v2 } }
"""
DOCUMENT = (
    HEAD
    + """
layers: { one: {}, two: { unit: device } }
holdouts:
  everyone: { share: 100%, layers: [two], unit: session, traffic: [held, production] }
  nobody: { share: 0%, layers: all }
  all: { share: 100%, layers: all, traffic: held }
experiments:
  whole:
    layer: one
    when: { not: { country: { prefix: X } } }
    traffic: [production, held, later]
    starts: 2031-01-01T00:00:00+01:00
    ends: 2031-02-01T00:00:00.5Z
    cells:
      a: { weight: 0, model: m@v2, config: { cell: a } }
      b: { config: { cell: b, from: b } }
      c: { weight: 0, model: { Other: m@v2 } }
  outside: { layer: one, assigned: outside, cells: { in: { model: m@v2 } } }
  beside: { layer: two, cells: { in: { model: m@v2 } } }
use_cases:
  Search:
    config: { from: search, use: case }
    overrides:
      pinned: m@v2
      tester: { whole: a, beside: in }
    rules:
      - { experiment: outside }
      - { name: named, when: { country: { "!=": none } }, experiment: whole }
      - { experiment: beside }
      - { route: m@v1, config: { from: rule, use: rule } }
  Other:
    rules:
      - { experiment: whole }
      - { route: m@v1 }
"""
)
JANUARY = "2031-01-15T00:00:00Z"


@pytest.fixture(scope="module")
def this() -> Table:
    return table(DOCUMENT)


def in_january(this: Table, /, **said: object) -> dict[str, object]:
    country = {"context": {"country": "GB"}}
    return asked(this, "Search", **({"now": JANUARY} | country | said))


def test_a_cell_without_a_model_adds_its_config_and_the_next_rule_is_tried(this: Table) -> None:
    answer = in_january(this)
    assert cells(answer) == ["whole/b hash"]
    assert answer["reason"] == {"kind": "route", "rule": None}
    assert answer["config"] == {"from": "b", "use": "rule", "cell": "b"}


def test_a_cell_with_a_model_decides(this: Table) -> None:
    answer = in_january(this, assignments={"whole": "a"})
    assert cells(answer) == ["whole/a assignment"]
    assert answer["reason"] == {"kind": "experiment", "rule": "whole"}
    assert target(answer) == "m@v2 c"
    assert answer["config"] == {"from": "search", "use": "case", "cell": "a"}


def test_a_cell_may_name_a_model_for_some_use_cases_only(this: Table) -> None:
    assignments = {"whole": "c"}
    assert target(in_january(this, assignments=assignments)) == "m@v1 c"
    answer = asked(this, "Other", now=JANUARY, assignments=assignments)
    assert answer["reason"] == {"kind": "experiment", "rule": "whole"}


@pytest.mark.parametrize(
    ("now", "runs"),
    [
        ("2030-12-31T22:59:59.999999999Z", False),
        ("2030-12-31T23:00:00Z", True),
        ("2031-02-01T01:00:00.499999999+01:00", True),
        ("2031-02-01T00:00:00.5Z", False),
    ],
)
def test_an_experiment_runs_from_its_start_until_before_its_end(
    this: Table,
    now: str,
    runs: bool,
) -> None:
    assert cells(in_january(this, now=now)) == (["whole/b hash"] if runs else [])


def test_traffic_of_another_class_is_in_no_experiment(this: Table) -> None:
    assert cells(in_january(this, context={"country": "GB", "traffic": "replay"})) == []
    later = in_january(this, context={"country": "GB", "traffic": "later"})
    assert cells(later) == ["whole/b hash"]
    assert later["holdouts"] == []


def test_the_experiments_condition_concerns_hashing_and_the_rules_all(this: Table) -> None:
    assert cells(in_january(this, context={"country": "XX"})) == []
    given = in_january(this, context={"country": "XX"}, assignments={"whole": "b"})
    assert cells(given) == ["whole/b assignment"]
    assert cells(in_january(this, context={}, assignments={"whole": "b"})) == []


def test_an_assignment_is_stronger_than_an_override_and_that_than_hashing(this: Table) -> None:
    assert cells(in_january(this, unit="tester")) == ["whole/a override"]
    by_both = in_january(this, unit="tester", assignments={"whole": "b"})
    assert cells(by_both) == ["whole/b assignment", "beside/in override"]


def test_null_and_unknown_cells_keep_the_unit_out(this: Table) -> None:
    for cell in (None, "no-such"):
        out = in_january(this, unit="tester", assignments={"whole": cell})
        assert cells(out) == ["beside/in override"]


def test_a_given_cell_closes_the_layer_to_others_wherever_its_rule_stands(this: Table) -> None:
    assert cells(in_january(this, context={}, assignments={"whole": "b"})) == []
    beside = in_january(this, assignments={"beside": "in"}, units={"device": "d"})
    assert cells(beside) == ["whole/b hash", "beside/in assignment"]
    assert beside["holdouts"] == []
    both = in_january(this, assignments={"outside": "in", "whole": "b"})
    assert cells(both) == ["outside/in assignment"]


def test_an_experiment_that_does_not_run_closes_no_layer(this: Table) -> None:
    said = {"assignments": {"outside": "no-such", "no-such": "a"}}
    assert cells(in_january(this, **said)) == ["whole/b hash"]
    answer = asked(
        this,
        "Search",
        off("experiment", "outside"),
        now=JANUARY,
        context={"country": "GB"},
        assignments={"outside": "in"},
    )
    assert cells(answer) == ["whole/b hash"]


def test_holdouts_keep_out_and_are_recorded_each_once(this: Table) -> None:
    answer = in_january(this, units={"device": "d"})
    assert cells(answer) == ["whole/b hash"]
    assert answer["holdouts"] == ["everyone"]
    held = in_january(this, context={"country": "GB", "traffic": "held"})
    assert cells(held) == []
    assert held["holdouts"] == ["all"]


def test_each_draw_looks_at_its_own_unit(this: Table) -> None:
    assert in_january(this)["holdouts"] == ["everyone"]
    nobody = in_january(this, unit="", request_id="r")
    assert (cells(nobody), nobody["holdouts"]) == ([], [])
    given = in_january(this, unit="", assignments={"whole": "b"})
    assert cells(given) == ["whole/b assignment"]
    session = in_january(this, unit="", units={"session": "s"})
    assert (cells(session), session["holdouts"]) == ([], ["everyone"])


def test_an_override_to_a_version_decides_before_all_rules(this: Table) -> None:
    answer = in_january(this, unit="pinned", assignments={"whole": "b"})
    assert answer["reason"] == {"kind": "override", "rule": None}
    assert (cells(answer), answer["holdouts"]) == ([], [])
    assert answer["config"] == {"from": "search", "use": "case"}
    replayed = in_january(this, unit="pinned", context={"traffic": "replay"})
    assert replayed["reason"] == {"kind": "route", "rule": None}


def test_layers_have_holes_and_renames_keep_what_they_hold() -> None:
    def document(experiments: str) -> str:
        return HEAD + f"layers: {{ l: {{}} }}\nexperiments: {{ {experiments} }}\nuse_cases: {{}}\n"

    first = table(
        document(
            "a: {layer: l, share: 25%, cells: {x: {}}}, b: {layer: l, share: 50%, cells: {x: {}}}"
        )
    )
    quarter = 2**30
    layer = first.document.layers["l"].spec
    found = [(part.low, part.high, part.arm) for part in first.of(layer).intervals]
    assert found == [(0, quarter, "cells:a"), (quarter, 3 * quarter, "cells:b")]
    renamed = "z: {layer: l, share: 60%, salt: 'cells:b', cells: {x: {}}}"
    second = table(document(f"{renamed}, n: {{layer: l, share: 30%, cells: {{x: {{}}}}}}"), first)
    found = [(part.low, part.high, part.arm) for part in second.of(layer).intervals]
    tenth = int(0.6 * 2**32) - 2 * quarter
    third = int(0.3 * 2**32)
    assert found == [
        (0, tenth, "cells:b"),
        (tenth, quarter, "cells:n"),
        (quarter, 3 * quarter, "cells:b"),
        (3 * quarter, 3 * quarter + third - (quarter - tenth), "cells:n"),
    ]
    assert second.document.layers["l"].experiments["cells:b"] == "z"
