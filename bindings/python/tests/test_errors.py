"""What goes wrong is an exception that says what to do."""

from __future__ import annotations

import pickle
from typing import Any, Callable, Dict

import pytest
from conftest import Store

import turnout


@pytest.mark.parametrize(
    ("use_case", "kind", "status", "words"),
    [
        ("Nope", turnout.UnknownUseCase, "unknown_use_case", "Nope: .*no use case.*turnout export"),
        ("Off", turnout.Disabled, "disabled", "Off: .*turnout overlay"),
        ("Fraud", turnout.MissingRequired, "missing_required", "Fraud: .*`country`"),
        ("Refusing", turnout.Unavailable, "unavailable", "Refusing: .*turnout overlay"),
    ],
)
def test_a_refusal(store: Store, use_case: str, kind: Any, status: str, words: str) -> None:
    with turnout.Engine(store.path) as engine:
        engine.set_overlay("cluster", "next", "down")
        with pytest.raises(kind, match=words) as caught:
            engine.resolve(use_case, "u")
        assert isinstance(caught.value, turnout.Refused)
        assert caught.value.status == status
        decision = engine.try_resolve(use_case, "u")
        assert caught.value.decision == decision
        assert not decision.ok and decision.status == status and decision.revision == 1
        assert decision.model is decision.reason is decision.config is None
        assert decision.cells == () and decision.to_dict()["digest"] is None
        assert decision.to_dict() == store.decisions([{"use_case": use_case, "unit": "u"}])[0]
        assert use_case in repr(decision)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"tenure": float("nan")}, "'tenure' is nan.*None if there is none"),
        ({"tenure": float("-inf")}, "finite"),
        ({"tenure": 10**400}, "larger than any double"),
        ({"country": "\ud800"}, "'country' is not Unicode"),
        ({"country": "x" * 65537}, "country.*longer than 65536 bytes"),
        ({"attributes": {"": 1}}, "name is empty"),
        ({"attributes": {"\ud800": 1}}, "name of an attribute is not Unicode"),
        ({"attributes": {f"a{i}": i for i in range(121)}}, "more than 120"),
        ({"traffic": 5}, "traffic"),
        ({"traffic": "x" * 129}, "128 bytes"),
        ({"unit": "x" * 65537}, "the unit is longer than 65536"),
        ({"unit": "\udfff"}, "unit is not Unicode"),
        ({"request_id": b"x" * 65537}, "the request id is longer"),
        ({"units": {f"u{i}": "x" for i in range(17)}}, "more than 16"),
        ({"units": {"": "x"}}, "other unit 1 is none"),
        ({"assignments": {f"e{i}": "x" for i in range(257)}}, "more than 256"),
        ({"assignments": {"e": "\ud800"}}, "cell of 'e' is not Unicode"),
    ],
)
def test_an_invalid_argument(engine: turnout.Engine, given: Dict[str, Any], words: str) -> None:
    for call in (engine.resolve, engine.try_resolve):
        with pytest.raises(turnout.InvalidArgument, match=words) as caught:
            call("Watch", **given)
        assert isinstance(caught.value, ValueError) and caught.value.status == "invalid_argument"
    assert engine.resolve("Watch", "u").ok


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"country": ["US"]}, "'country' must be a str, a bool, a number or None, not list"),
        ({"country": b"US"}, "not bytes"),
        ({"unit": 1.5}, "unit must be a str or bytes, not float"),
        ({"request_id": 7}, "request_id must be"),
        ({"units": ["a"]}, "units must be a mapping"),
        ({"units": {"account": 4}}, "the unit 'account' must be"),
        ({"assignments": {"e": 4}}, "cell of 'e' must be a str"),
        ({"assignments": {"e": b"x"}}, "cell of 'e' must be a str"),
        ({"attributes": {5: "x"}}, "name of an attribute must be a str, not int"),
        ({"attributes": [1]}, "mapping"),
    ],
)
def test_a_wrong_type(engine: turnout.Engine, given: Dict[str, Any], words: str) -> None:
    with pytest.raises(TypeError, match=words):
        engine.resolve("Watch", **given)
    if "unit" not in given:
        with pytest.raises(TypeError, match=words):
            engine.resolve_batch("Watch", ["u"], **given)
    assert engine.resolve("Watch", "u").ok


def test_a_use_case_must_be_a_name(engine: turnout.Engine) -> None:
    with pytest.raises(TypeError, match="use case must be a str"):
        engine.resolve(5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="use case must be a str"):
        engine.resolve_batch(b"Watch", ["u"])  # type: ignore[arg-type]
    with pytest.raises(turnout.InvalidArgument, match="no use case is named"):
        engine.resolve("")
    with pytest.raises(turnout.InvalidArgument, match="not Unicode"):
        engine.resolve("\ud800")


def test_stores_that_cannot_be_opened(tmp_path: Any) -> None:
    with pytest.raises(turnout.OpenError, match="nowhere") as caught:
        turnout.Engine(tmp_path / "nowhere")
    assert caught.value.status == "no_store"
    with pytest.raises(turnout.OpenError) as caught:
        turnout.Engine(str(tmp_path))
    assert caught.value.status == "not_a_store"
    with pytest.raises(turnout.InvalidArgument, match="finite"):
        turnout.Engine(tmp_path, constants={"a": float("nan")})
    with pytest.raises(turnout.InvalidArgument, match="NUL"):
        turnout.Engine("a\0b")
    with pytest.raises(turnout.InvalidArgument, match="NUL"):
        turnout.set_overlay("a\0b", [])


def test_a_store_without_a_table(new_store: Callable[[], Store]) -> None:
    staged = new_store()
    staged.publish(stage=True)
    with turnout.Engine(staged.path) as engine:
        for call in (engine.resolve, engine.try_resolve):
            with pytest.raises(turnout.NoTable, match="turnout publish"):
                call("Watch", "u")
        with pytest.raises(turnout.NoTable):
            engine.resolve_batch("Watch", ["a", "b"])
        with pytest.raises(turnout.NoTable):
            engine.view()
        assert engine.explain_json("Watch", "u")["decision"]["status"] == "no_table"
        status = engine.status()
        assert status.revision == 0 and status.digest is status.adopted_at is None
        staged.run("activate", "1")
        engine.refresh()
        assert engine.resolve("Watch", "u").revision == 1


def test_exceptions_can_be_pickled(engine: turnout.Engine) -> None:
    with pytest.raises(turnout.Refused) as caught:
        engine.resolve("Nope", "u")
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is turnout.UnknownUseCase and str(again) == str(caught.value)
    assert again.decision == caught.value.decision
