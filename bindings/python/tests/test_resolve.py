"""One request, one decision."""

from __future__ import annotations

import copy
import enum
import json
import pickle
from datetime import datetime, timedelta, timezone
from typing import Any, Dict

import numpy
import pytest
from conftest import Store

import turnout


def test_a_decision_says_what_the_command_says(engine: turnout.Engine, published: Store) -> None:
    request = {"use_case": "Billboard", "unit": "u_1", "context": {"country": "US"}}
    decision = engine.resolve("Billboard", "u_1", country="US", config=True)
    assert decision.to_dict() == published.decisions([request])[0]
    assert decision.ok and decision.status == "ok" and decision.use_case == "Billboard"
    assert decision.cells and decision.cells[0].by == "hash"
    assert decision.shadows[0].name == "dark" and decision.shadows[0].model == "ranker"
    assert decision.reason == turnout.Reason("experiment", "trailers")


def test_config_only_where_it_is_asked_for(engine: turnout.Engine) -> None:
    assert engine.resolve("Watch", "u_1").config is None
    decision = engine.resolve("Watch", "u_1", tenure=5000, config=True)
    assert decision.config == {"input": "wide", "old": True, "surface": "home", "top_k": 60}
    assert decision.config_json == json.dumps(decision.config, separators=(",", ":"))


def test_a_config_is_the_callers_own(engine: turnout.Engine) -> None:
    decision = engine.resolve("Watch", "u_1", config=True)
    first = decision.config
    assert first is not None
    first["surface"] = "changed"
    assert engine.resolve("Watch", "u_1", config=True).config["surface"] == "home"  # type: ignore[index]


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"kids": True}, "kids"),
        ({"kids": 1}, "canary"),
        ({"kids": 1.0}, "canary"),
        ({"tenure": 1001}, "old"),
        ({"tenure": 1000.5}, "old"),
        ({"tenure": True}, "canary"),
        ({"tenure": "1001"}, "canary"),
        ({"tenure": None}, "canary"),
        ({"attributes": {"app.version": "8.10"}}, "new-app"),
        ({"attributes": {"app.version": "8.9"}}, "canary"),
        ({"attributes": {"kids": False}, "kids": True}, "kids"),
    ],
)
def test_an_attribute_has_the_type_that_it_was_given(
    engine: turnout.Engine, given: Dict[str, Any], rule: str
) -> None:
    # Twice, and behind each other: True, 1 and 1.0 are equal in Python.
    for _ in range(2):
        assert engine.resolve("Watch", "u_1", kids=False).reason.rule == "canary"  # type: ignore[union-attr]
        assert engine.resolve("Watch", "u_1", **given).reason.rule == rule  # type: ignore[union-attr]


def test_values_that_are_equal_in_python_are_not_one_attribute(engine: turnout.Engine) -> None:
    for kids, rule in 2 * [(True, "kids"), (1, "canary"), (1.0, "canary"), (True, "kids")]:
        reason = engine.resolve("Watch", "u_1", kids=kids).reason
        assert reason == turnout.Reason("split" if rule == "canary" else "route", rule)
    for tenure, rule in 2 * [(1001, "old"), (True, "canary"), (1001.0, "old"), ("1001", "canary")]:
        reason = engine.resolve("Watch", "u_1", tenure=tenure).reason
        assert reason is not None and reason.rule == rule


def test_scalars_of_numpy_and_subclasses(engine: turnout.Engine) -> None:
    class Country(str, enum.Enum):
        US = "US"

    def rule(**given: Any) -> Any:
        return engine.resolve("Watch", "u_1", **given).reason.rule  # type: ignore[union-attr]

    assert rule(tenure=numpy.float64(1001)) == rule(tenure=numpy.int32(1001)) == "old"
    assert rule(kids=numpy.bool_(True)) == "kids"
    assert engine.resolve("Fraud", country=Country.US).model == "ranker"
    assert engine.resolve("Fraud", country=numpy.str_("US")).model == "ranker"


def test_units_are_texts_or_bytes(engine: turnout.Engine) -> None:
    assert engine.resolve("Watch", "ü") == engine.resolve("Watch", "ü".encode())
    assert engine.resolve("Watch", bytearray(b"x")) == engine.resolve("Watch", "x")
    assert engine.resolve("Watch", b"\xff\x00").ok
    for unit in ("x" * 64, "x" * 65, "x" * 65536):
        assert engine.resolve("Watch", unit) == engine.resolve("Watch", unit.encode())
    with pytest.raises(TypeError, match=r"str\(number\)"):
        engine.resolve("Watch", 17)  # type: ignore[arg-type]


def test_other_units_and_request_ids(engine: turnout.Engine, published: Store) -> None:
    accounts = [f"acc_{i}" for i in range(20)]
    wanted = published.decisions(
        [
            {"use_case": "Watch", "unit": "u", "units": {"account": a}, "context": {"kids": True}}
            for a in accounts
        ]
    )
    got = [engine.resolve("Watch", "u", units={"account": a}, kids=True) for a in accounts]
    assert [d.shard for d in got] == [w["shard"] for w in wanted]
    assert len({d.shard for d in got}) == 2
    by_id = {engine.resolve("Watch", request_id=f"r_{i}").version for i in range(50)}
    assert by_id == {"v1", "v2"}
    assert len({engine.resolve("Watch").version for _ in range(50)}) == 1


def test_assignments(engine: turnout.Engine) -> None:
    for cell in ("still", "moving"):
        decision = engine.resolve("Billboard", "u_1", assignments={"trailers": cell})
        assert turnout.Cell("trailers", cell, "assignment") in decision.cells
    out = engine.resolve("Billboard", "u_1", assignments={"trailers": None, "volume": None})
    assert out.cells == () and out.reason == turnout.Reason("route", None)


def test_now_is_an_instant(store: Store) -> None:
    document = """
turnout: 1
unit: user
clusters: { a: { address: "a:1" } }
models: { m: { v1: { cluster: a }, v2: { cluster: a } } }
layers: { l: {} }
experiments:
  e: { layer: l, starts: 2030-01-01T00:00:00Z, ends: 2031-01-01T00:00:00Z, cells: { c: { model: m@v2
  } } }
use_cases: { U: { rules: [{ experiment: e }, { route: m@v1 }] } }
"""
    store.publish(document)
    start = datetime(2030, 1, 1, tzinfo=timezone.utc)
    with turnout.Engine(store.path) as engine:
        assert engine.resolve("U", "u").version == "v1"
        assert engine.resolve("U", "u", now=start).version == "v2"
        assert engine.resolve("U", "u", now=start - timedelta(microseconds=1)).version == "v1"
        east = start.astimezone(timezone(timedelta(hours=9)))
        assert engine.resolve("U", "u", now=east).version == "v2"
        assert engine.resolve("U", "u", now=1893456000 * 10**9).version == "v2"
        assert engine.resolve("U", "u", now=1893456000 * 10**9 - 1).version == "v1"
        assert engine.resolve("U", "u", now=datetime(1970, 1, 1, tzinfo=timezone.utc)).ok
        with pytest.raises(TypeError, match="time zone"):
            engine.resolve("U", "u", now=datetime(2030, 1, 1))
        with pytest.raises(TypeError, match="nanoseconds"):
            engine.resolve("U", "u", now=1.5)  # type: ignore[arg-type]
        with pytest.raises(turnout.InvalidArgument, match="1678"):
            engine.resolve("U", "u", now=datetime(2300, 1, 1, tzinfo=timezone.utc))


def test_constants_hold_unless_the_request_says_otherwise(published: Store) -> None:
    with turnout.Engine(published.path, constants={"country": "US", "kids": True}) as engine:
        assert engine.resolve("Fraud", "u").ok
        assert engine.resolve("Watch", "u").version == "v3"
        assert engine.resolve("Watch", "u", kids=False).version != "v3"
        with pytest.raises(turnout.MissingRequired):
            engine.resolve("Fraud", "u", country=None)


def test_a_decision_cannot_be_changed(engine: turnout.Engine) -> None:
    decision = engine.resolve("Watch", "u_1")
    with pytest.raises(AttributeError, match="cannot be changed"):
        decision.model = "mine"
    with pytest.raises(AttributeError):
        del decision.model
    with pytest.raises(AttributeError, match="no field"):
        decision.modle  # noqa: B018


def test_decisions_are_values(engine: turnout.Engine) -> None:
    decision = engine.resolve("Billboard", "u_1", config=True)
    for same in (copy.deepcopy(decision), pickle.loads(pickle.dumps(decision))):
        assert same == decision and hash(same) == hash(decision)
        assert same.to_dict() == decision.to_dict()
    assert decision != engine.resolve("Fraud", country="US") and decision != 1
    assert "ranker@v" in repr(decision)
    # A fresh one, of which nothing has been read yet.
    other = engine.resolve("Billboard", "u_1", config=True, device="tv")
    assert pickle.loads(pickle.dumps(other)).model == other.model


def test_many_different_attributes_and_use_cases(engine: turnout.Engine) -> None:
    """More than is remembered: what was forgotten is made again."""
    for i in range(3000):
        assert engine.resolve("Fraud", f"u_{i}", country=f"c_{i}").ok
    for i in range(600):
        assert engine.resolve("Watch", "u", **{f"name_{i}": i}).ok  # type: ignore[arg-type]
    for i in range(5000):
        assert engine.try_resolve(f"Nope_{i}", "u").status == "unknown_use_case"
    assert engine.resolve("Fraud", "u", country="x" * 1000).ok


def test_what_is_remembered_has_a_limit(published: Store) -> None:
    """Of the ctypes side, which both ways have; whatever comes, in however many shapes."""
    from turnout import _memory
    from turnout._caller import Caller

    with turnout.Engine(published.path) as engine:
        engine._caller = caller = Caller(engine._caller.hold())
        memory = caller.memory
        for i in range(40000):
            shape = {"country": f"c_{i}", f"name_{i % 40}": f"v_{i}"}
            assert engine.resolve("Fraud", "u", attributes=shape, traffic=f"t_{i}").ok
            if i % 4000 == 3999:
                kept = [values for known in memory.shapes.values() for values in known.values]
                assert sum(map(len, kept)) <= _memory.TEXTS_MAX
                decisions = [known.decisions for known in memory.use_cases.values()]
                assert sum(map(len, decisions)) <= _memory.DECISIONS_MAX
        for i in range(5000):
            engine.try_resolve(f"Nope_{i}")
        assert len(memory.use_cases) <= _memory.USE_CASES_MAX
        for i in range(300):
            engine.try_resolve("Watch", attributes={f"n_{i}": 1})
        assert len(memory.shapes) <= _memory.SHAPES_MAX
        count = len(memory.use_cases), len(memory.shapes)
        engine.try_resolve("x" * 60000, attributes={"y" * 60000: "z" * 60000})
        assert (len(memory.use_cases), len(memory.shapes)) == count


def test_a_decision_larger_than_any_buffer(store: Store) -> None:
    big = json.dumps({f"key_{i}": "x" * 1000 for i in range(200)})
    store.publish(
        f"""
turnout: 1
unit: user
clusters: {{ a: {{ address: "a:1" }} }}
models: {{ m: {{ v1: {{ cluster: a, config: {big} }} }} }}
use_cases: {{ U: {{ rules: [{{ route: m@v1 }}] }} }}
"""
    )
    with turnout.Engine(store.path) as engine:
        for _ in range(2):
            assert engine.resolve("U", "u", config=True).config == json.loads(big)
        batch = engine.resolve_batch("U", [f"u_{i}" for i in range(1200)], config=True)
        assert len(batch.distinct) == 1 and batch[700].config == json.loads(big)
        assert engine.resolve("U", "u").config is None
