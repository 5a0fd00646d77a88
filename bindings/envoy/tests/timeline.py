# SPDX-License-Identifier: Apache-2.0
"""What was head, and what the overlay said, at which time; and whether an answer fits that."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from overlay import Overlay

from fronts import upstream_of, version_of
from load import Told
from sites import Site

LATENESS = 5.0
"""Generous seconds in which a change may still not be obeyed."""


@dataclass
class Span:
    """From before the change to it was begun until the change to the next was done."""

    began: float
    ended: float = float("inf")

    def meets(self, told: Told) -> bool:
        return self.began <= told.ended and told.began <= self.ended + LATENESS


@dataclass
class Timeline:
    """Changes go through it, so that it knows when they were."""

    site: Site
    revisions: dict[int, Span] = field(default_factory=dict)
    overlays: list[tuple[Overlay, Span]] = field(default_factory=list)

    def __post_init__(self) -> None:
        assert self.site.head is not None
        self.revisions[self.site.head.number] = Span(0.0)
        self.overlays.append((self.site.overlay, Span(0.0)))

    def publish(self, text: str) -> None:
        assert self.site.head is not None
        before, began = self.site.head.number, time.monotonic()
        number = self.site.publish(text).number
        assert number != before, "a publish that changes nothing shows nothing"
        self.revisions[number] = Span(began)
        self.revisions[before].ended = time.monotonic()

    def set(self, kind: str, name: str, state: str) -> None:
        began = time.monotonic()
        overlay = self.site.set(kind, name, state)
        self.overlays[-1][1].ended = time.monotonic()
        self.overlays.append((overlay, Span(began)))

    def wrong(self, use_case: str, answers: list[Told]) -> list[str]:
        """Of each answer that fits no state of then, what is wrong."""
        return list(self._wrong(use_case, answers))

    def _wrong(self, use_case: str, answers: list[Told]) -> Iterator[str]:
        @cache
        def expected(user: str, revision: int, overlay: int) -> tuple[str, str, str]:
            state = self.overlays[overlay][0]
            decision = self.site.decides(use_case, user, at=revision, overlay=state)
            return upstream_of(decision), *version_of(decision)

        for told in answers:
            if told.status != 200:
                yield f"status {told.status}, {told.upstream}: {told.user}"
                continue
            revision = int(told.revision or 0)
            if revision not in self.revisions or not self.revisions[revision].meets(told):
                yield f"revision {told.revision} was not head then: {told}"
                continue
            given = told.upstream, told.model, told.version
            # The latest first: it is nearly always that one.
            if not any(
                expected(told.user, revision, number) == given
                for number in range(len(self.overlays) - 1, -1, -1)
                if self.overlays[number][1].meets(told)
            ):
                yield f"not what revision {revision} says: {told}"
