"""OpenFeature's SDK over the flagd provider, which evaluates a file in the process."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openfeature import api
from openfeature.contrib.provider.flagd import FlagdProvider
from openfeature.contrib.provider.flagd.config import ResolverType
from openfeature.evaluation_context import EvaluationContext
from workload import Flag, User

from . import Question


def equals(attribute: str, value: str) -> dict:
    return {"==": [{"var": attribute}, value]}


def feature(flag: Flag) -> dict:
    split = {"fractional": [[version, weight] for version, weight in flag.arms]}
    steps: list[Any] = []
    for device, version in flag.rules:
        both = {"and": [equals("country", str(flag.country)), equals("device", device)]}
        steps += [both, version]
    return {
        "state": "ENABLED",
        "variants": {version: flag.value(version) for version, _ in flag.arms},
        "defaultVariant": flag.arms[0][0],
        "targeting": {"if": [*steps, split]} if steps else split,
    }


class Flagd:
    distribution = "openfeature-provider-flagd"
    mechanism = "file, looked at each 500 ms (its default)"

    @staticmethod
    def write(path: Path, flags: Sequence[Flag]) -> None:
        features = {flag.key: feature(flag) for flag in flags}
        path.write_text(json.dumps({"flags": features}, separators=(",", ":")))

    def __init__(self, path: Path) -> None:
        provider = FlagdProvider(
            resolver_type=ResolverType.FILE, offline_flag_source_path=str(path)
        )
        api.set_provider_and_wait(provider)
        self.client = api.get_client()

    def context(self, user: User) -> EvaluationContext:
        return EvaluationContext(user.id, {"country": user.country, "device": user.device})

    def answer(self, key: str, context: EvaluationContext) -> str:
        return self.client.get_string_value(key, "none", context)

    def evaluate(self, questions: Sequence[Question]) -> None:
        get_string_value = self.client.get_string_value
        for key, context in questions:
            get_string_value(key, "none", context)

    def refresh(self) -> None:
        pass

    def close(self) -> None:
        api.shutdown()
