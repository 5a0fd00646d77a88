"""Turnout by its own package for Python, as its README calls it: by the C extension if that was
built, else by ctypes."""

from collections.abc import Sequence
from pathlib import Path

import turnout
from workload import User

from . import Question
from .turnout_ctypes import BATCH, publish


class Package:
    distribution = "turnout"
    mechanism = "the store, watched by the engine"
    write = staticmethod(publish)

    def __init__(self, path: Path) -> None:
        self.engine = turnout.Engine(str(path))

    def context(self, user: User) -> User:
        return user

    def answer(self, key: str, context: User) -> str:
        decision = self.engine.resolve(
            key, unit=context.id, country=context.country, device=context.device
        )
        return f"{decision.model}@{decision.version}"

    def evaluate(self, questions: Sequence[Question]) -> None:
        resolve = self.engine.resolve
        for key, user in questions:
            decision = resolve(key, unit=user.id, country=user.country, device=user.device)
            # Texts are decoded when they are looked at.
            _ = decision.model, decision.version, decision.address, decision.routing_key

    def refresh(self) -> None:
        pass

    def close(self) -> None:
        self.engine.close()


class PackageBatch(Package):
    """One flag and a thousand users a call; the same four texts, as columns."""

    def evaluate(self, questions: Sequence[Question]) -> None:
        for i in range(0, len(questions), BATCH):
            key, user = questions[i]
            units = [one.id for _, one in questions[i : i + BATCH]]
            batch = self.engine.resolve_batch(key, units, country=user.country, device=user.device)
            for column in (batch.model, batch.version, batch.address, batch.routing_key):
                _ = column.codes, column.categories
