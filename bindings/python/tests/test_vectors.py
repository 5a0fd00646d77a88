"""The shared vectors: whole decisions that any implementation must give."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest
from conftest import ROOT, Store

import turnout

CHAINS: List[Dict[str, Any]] = json.loads((ROOT / "Tests/vectors/decisions.json").read_text())[
    "chains"
]
SET = {"use_case": "use-case"}


def instant(text: str) -> int:
    """RFC 3339 as nanoseconds, by other means than the package's."""
    from datetime import datetime

    moment, _, fraction = text.partition(".")
    digits = ""
    if fraction:
        digits = "".join(c for c in fraction if c.isdigit()) if fraction[-1] == "Z" else ""
        if not digits:
            digits = fraction[: fraction.index(next(c for c in fraction if c in "+-Z"))]
        moment += fraction[len(digits) :]
    seconds = int(datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp())
    return seconds * 10**9 + int(digits.ljust(9, "0") or 0)


def given(request: Dict[str, Any]) -> Dict[str, Any]:
    """The request as arguments."""
    made: Dict[str, Any] = {"attributes": request.get("context", {}), "config": True}
    made["unit"] = request.get("unit")
    if "unit_base64" in request:
        made["unit"] = base64.b64decode(request["unit_base64"])
    for name in ("units", "assignments", "request_id"):
        if name in request:
            made[name] = request[name]
    if "now" in request:
        made["now"] = instant(request["now"])
    return made


def said(decision: turnout.Decision) -> Dict[str, Any]:
    told = decision.to_dict()
    del told["digest"]
    return told


@pytest.mark.parametrize("chain", CHAINS, ids=[c["name"] for c in CHAINS])
def test_a_chain(chain: Dict[str, Any], new_store: Callable[[], Store]) -> None:
    store = new_store()
    for step in chain["steps"]:
        for name, text in step.get("units_files", {}).items():
            Path(store.path).parent.joinpath(name).write_text(text)
        store.publish(step["document"])
        for entry in step.get("overlay", []):
            kind = SET.get(entry["kind"], entry["kind"])
            store.run("set", kind, entry["name"], entry["state"])
        with turnout.Engine(store.path, keeper=False) as engine, engine.view() as view:
            for case in step["decisions"]:
                arguments = given(case["request"])
                wanted = case["decision"]
                use_case = case["request"]["use_case"]
                if wanted["status"] == "invalid_argument":
                    with pytest.raises(turnout.InvalidArgument):
                        engine.try_resolve(use_case, **arguments)
                    continue
                decision = engine.try_resolve(use_case, **arguments)
                assert said(decision) == wanted, case["request"]
                if decision.ok:
                    assert decision == engine.resolve(use_case, **arguments)
                else:
                    with pytest.raises(turnout.Refused):
                        engine.resolve(use_case, **arguments)
                assert view.try_resolve(use_case, **arguments) == decision
                unit = arguments.pop("unit")
                if unit is not None:
                    batch = engine.resolve_batch(use_case, [unit, unit], **arguments)
                    assert list(batch) == [decision, decision] and len(batch.distinct) == 1
                assert engine.resolve_use_cases([use_case], unit, **arguments) == [decision]
