"""Unleash's engine (Rust, through ctypes), which its server SDKs for Python evaluate with."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workload import Flag, User, scaled
from yggdrasil_engine.engine import UnleashEngine

from . import Question


def variant(flag: Flag, version: str, weight: int) -> dict:
    return {
        "name": version,
        "weight": weight,
        "weightType": "fix",
        "stickiness": "userId",
        "payload": {"type": "string", "value": flag.value(version)},
    }


def constraint(name: str, value: str) -> dict:
    return {"contextName": name, "operator": "IN", "values": [value], "inverted": False}


def toggle(flag: Flag, weights: Sequence[int]) -> dict:
    """One strategy a rule; the first that is enabled gives the variant."""
    strategies: list[dict[str, Any]] = [
        {
            "name": "default",
            "parameters": {},
            "constraints": [constraint("country", str(flag.country)), constraint("device", device)],
            "variants": [variant(flag, version, 1000)],
        }
        for device, version in flag.rules
    ]
    split = [variant(flag, v, w) for (v, _), w in zip(flag.arms, weights, strict=True)]
    strategies.append({"name": "default", "parameters": {}, "constraints": [], "variants": split})
    return {"name": flag.key, "type": "release", "enabled": True, "strategies": strategies}


class Unleash:
    distribution = "yggdrasil-engine"
    mechanism = "take_state of the file read again: the engine itself watches nothing"

    # The server insists on weights that sum to this.
    total: int | None = 1000

    @classmethod
    def write(cls, path: Path, flags: Sequence[Flag]) -> None:
        features = []
        for flag in flags:
            weights = [w for _, w in flag.arms]
            features.append(toggle(flag, scaled(weights, cls.total) if cls.total else weights))
        path.write_text(json.dumps({"version": 2, "features": features}, separators=(",", ":")))

    def __init__(self, path: Path) -> None:
        self.path = path
        self.engine = UnleashEngine()
        self.refresh()

    def context(self, user: User) -> dict:
        return {
            "userId": user.id,
            "properties": {"country": user.country, "device": user.device},
        }

    def answer(self, key: str, context: dict) -> str:
        payload = self.engine.check_variant(key, context).variant.payload
        return payload["value"] if payload else "none"

    def evaluate(self, questions: Sequence[Question]) -> None:
        check_variant = self.engine.check_variant
        for key, context in questions:
            check_variant(key, context).variant.payload  # noqa: B018

    def refresh(self) -> None:
        self.engine.take_state(self.path.read_text())

    def close(self) -> None:
        pass


class UnleashAsWritten(Unleash):
    """The engine given weights as the document has them, which its server would not store."""

    total = None
