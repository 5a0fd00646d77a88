# SPDX-License-Identifier: Apache-2.0
"""What the module reads in headers, odd ones too, as the evaluator reads the same values."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap import INTERNAL
from fronts import UNIT, USE_CASE, Front, asked, upstream_of, version_of

KIDS, TENURE, COUNTRY = "x-kids", "x-tenure", "x-country"
Pairs = list[tuple[str, str]]
READ: list[tuple[Pairs, dict[str, Any]]] = [
    ([(KIDS, "1")], {"kids": True}),
    ([(KIDS, "0")], {"kids": False}),
    ([(KIDS, "false")], {"kids": False}),
    ([(KIDS, "True")], {}),
    ([(KIDS, "yes")], {}),
    ([(KIDS, "")], {}),
    ([(KIDS, "true"), (KIDS, "false")], {"kids": True}),
    ([(KIDS, "false"), (KIDS, "true")], {"kids": False}),
    ([(TENURE, "29.99")], {"tenure_days": 29.99}),
    ([(TENURE, "30")], {"tenure_days": 30}),
    ([(TENURE, "-1e1")], {"tenure_days": -10}),
    ([(TENURE, "3e1")], {"tenure_days": 30}),
    ([(TENURE, "0x10")], {}),
    ([(TENURE, "12 days")], {}),
    ([(TENURE, "nan")], {}),
    ([(TENURE, "-inf")], {}),
    ([(TENURE, "")], {}),
    ([(COUNTRY, "SE")], {"country": "SE"}),
    ([(COUNTRY, "no")], {"country": "no"}),
    ([(COUNTRY, "NO,SE")], {"country": "NO,SE"}),
    ([(COUNTRY, "NO"), (KIDS, "1"), (TENURE, "1")], {"country": "NO", "kids": True}),
    ([("X-Country", "NO")], {"country": "NO"}),
    ([("x-countr", "NO"), ("x-country2", "NO")], {}),
]
UNITS = ["u", "u_1,u_2", "a b", "ünï", "x" * 4000, "0", "false", '"', "%41"]


@pytest.mark.parametrize(("given", "context"), READ, ids=str)
def test_attributes_are_read_as_they_are_declared(
    everywhere: Front, given: Pairs, context: dict[str, Any]
) -> None:
    """Of a user who would be sent elsewhere by each of them."""
    users = (f"asker-{number}" for number in range(1000))
    user = next(
        user
        for user in users
        if version_of(everywhere.site.decides("Home", user)) == ("ranker", "v1")
    )
    decision = everywhere.site.decides("Home", user, context=context)
    answer = everywhere.ask("Home", user, given)
    assert answer.upstream == upstream_of(decision)
    assert answer.seen("version") == version_of(decision)[1]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit[:8])
def test_any_bytes_are_a_unit(everywhere: Front, unit: str) -> None:
    with everywhere.client() as client:
        answer = client.ask([(USE_CASE, "Split"), (UNIT, unit)])
    assert answer.upstream == upstream_of(everywhere.site.decides("Split", unit))


def test_the_first_use_case_and_the_first_unit_count(everywhere: Front) -> None:
    decision = everywhere.site.decides("Split", "u_1")
    headers = [*asked("Split", "u_1"), *asked("Nothing", "u_2")]
    with everywhere.client() as client:
        assert client.ask(headers).upstream == upstream_of(decision)
        assert client.ask([*asked("Nothing", "u_2"), *asked("Split", "u_1")]).status == 404


def test_without_a_unit_the_id_of_the_request_draws(everywhere: Front) -> None:
    """Twenty of them; an empty unit is none."""
    seen = set()
    for number in range(20):
        headers = [("x-request-id", f"r-{number}"), (UNIT, "")]
        answer = everywhere.ask("Split", None, headers)
        decision = everywhere.site.decides("Split", request_id=f"r-{number}")
        assert answer.upstream == upstream_of(decision)
        seen.add(answer.upstream)
    assert len(seen) == 3


@pytest.mark.parametrize("count", [60, 120, 127, 128, 129, 260])
def test_many_headers_hide_none(everywhere: Front, count: int) -> None:
    """Those that are read come after all others; and forged ones behind these are still forged."""
    users = (f"hidden-{number}" for number in range(1000))
    site = everywhere.site
    user = next(
        user
        for user in users
        if not site.decides("Home", user).shadows
        and upstream_of(site.decides("Home", user)) != "gamma"
    )
    others = [(f"x-other-{number}", "value") for number in range(count)]
    forged = [(name, "gamma") for name in INTERNAL]
    with everywhere.client() as client:
        answer = client.ask([*others, *asked("Home", user), *forged])
        assert answer.upstream == upstream_of(site.decides("Home", user))
        refused = client.ask([*others, *asked("Nothing", user), *forged])
        assert (refused.status, refused.upstream) == (404, None)
    (seen,) = everywhere.world.http.seen()
    assert not [pair for pair in seen.headers if pair[1] == "gamma"]
    assert len([pair for pair in seen.headers if pair[1] == "value"]) == count


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "DELETE", "PATCH"])
def test_other_methods_are_routed_and_refused_alike(everywhere: Front, method: str) -> None:
    with everywhere.client() as client:
        for _ in range(2):
            refused = client.ask(asked("Nothing", "u_1"), method=method)
            assert refused.status == 404
            answer = client.ask(asked("Split", "u_1"), method=method)
            assert answer.upstream == upstream_of(everywhere.site.decides("Split", "u_1"))
