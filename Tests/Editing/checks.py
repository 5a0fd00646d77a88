"""Counts what holds and says what does not."""

from __future__ import annotations


class Checks:
    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0

    def that(self, holds: bool, claim: str, why: object = "") -> None:
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {claim}{f': {why}' if why else ''}")
