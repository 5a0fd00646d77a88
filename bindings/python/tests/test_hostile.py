"""Hostile requests, against what the command answers to the same as JSON."""

from __future__ import annotations

import base64
from typing import Any, Dict, List

from conftest import Store
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import turnout

TEXT = st.one_of(
    st.sampled_from(
        ["", "US", "u_1", "8.10", "deep", "\0", "a\0b", "é", "é", "😀" * 17, '"\\\n', "x" * 300]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=70),
)
NAME = st.one_of(
    st.sampled_from(["country", "device", "tenure", "kids", "app.version", "traffic"]),
    TEXT.filter(bool),
)
NUMBER = st.one_of(
    st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False), st.just(-0.0)
)
VALUE = st.one_of(st.none(), st.booleans(), NUMBER, TEXT)
UNIT = st.one_of(TEXT, st.binary(max_size=80))
USE_CASE = st.sampled_from(["Watch", "Billboard", "Fraud", "Off", "Refusing", "Nope"])


@st.composite
def requests(draw: st.DrawFn) -> Dict[str, Any]:
    made: Dict[str, Any] = {"use_case": draw(USE_CASE)}
    made["attributes"] = draw(st.dictionaries(NAME, VALUE, max_size=6))
    if isinstance(made["attributes"].get("traffic", ""), (bool, int, float)):
        del made["attributes"]["traffic"]
    if draw(st.booleans()):
        made["unit"] = draw(UNIT)
    if draw(st.integers(0, 3)) == 0:
        made["units"] = draw(
            st.dictionaries(st.sampled_from(["account", "user", "x"]), TEXT, max_size=3)
        )
    if draw(st.integers(0, 3)) == 0:
        cells = st.one_of(st.none(), st.sampled_from(["still", "low", "none"]))
        experiments = st.sampled_from(["trailers", "volume", "other"])
        made["assignments"] = draw(st.dictionaries(experiments, cells, max_size=3))
    if draw(st.integers(0, 3)) == 0:
        made["request_id"] = draw(TEXT)
    return made


def as_json(request: Dict[str, Any]) -> Dict[str, Any]:
    made = dict(request)
    made["context"] = made.pop("attributes")
    if isinstance(made.get("unit"), bytes):
        made["unit_base64"] = base64.b64encode(made.pop("unit")).decode()
    return made


def answer(engine: turnout.Engine, request: Dict[str, Any]) -> Dict[str, Any]:
    arguments = dict(request)
    use_case = arguments.pop("use_case")
    try:
        decision = engine.try_resolve(use_case, config=True, **arguments)
    except turnout.InvalidArgument as refusal:
        return {"status": refusal.status}
    unit = arguments.pop("unit", None)
    if unit is not None:
        # Other ways lead to the same answer.
        batch = engine.resolve_batch(use_case, [b"other", unit, unit], config=True, **arguments)
        assert batch[1] == batch[2] == decision
    return decision.to_dict()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(st.lists(requests(), min_size=1, max_size=25))
def test_the_command_says_the_same(published: Store, asked: List[Dict[str, Any]]) -> None:
    wanted = published.decisions([as_json(request) for request in asked])
    with turnout.Engine(published.path, keeper=False) as engine:
        for request, want in zip(asked, wanted):
            got = answer(engine, request)
            if want["status"] == "invalid_argument":
                want = {"status": "invalid_argument"}
            assert got == want, request
    assert len(wanted) == len(asked)
