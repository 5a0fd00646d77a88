"""Versions by hand."""

from __future__ import annotations

from itertools import pairwise

import pytest

from versions import parsed

ASCENDING = [
    *("0", "1.0-1", "1.0-2", "1.0-10", "1.0-18446744073709551616", "1.0-RC", "1.0-alpha"),
    *("1.0-alpha.1", "1.0-alpha.beta", "1.0-beta", "1.0-beta.2", "1.0-beta.11", "1.0-rc.1"),
    *("1", "1.0.0.1", "1.2", "1.10", "18446744073709551616.1"),
]


def test_these_ascend() -> None:
    keys = [parsed(text) for text in ASCENDING]
    assert None not in keys
    assert all(low < high for low, high in pairwise(keys) if low and high)


@pytest.mark.parametrize("other", ["8.2.0", "08.2", "8.2+b1", "8.2.0.0+x.y"])
def test_missing_numbers_are_zero_and_builds_are_ignored(other: str) -> None:
    assert parsed("8.2") == parsed(other)


@pytest.mark.parametrize("text", ["", "v8", "8..2", "8.", ".8", "8.2 ", "8.x", "-1", "8.2-", "8+"])
def test_these_are_no_versions(text: str) -> None:
    assert parsed(text) is None
