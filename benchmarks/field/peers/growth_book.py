"""GrowthBook: one object whose attributes change from request to request, and the client for many
users, which is asynchronous."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

from growthbook import GrowthBook, GrowthBookClient, Options, UserContext
from workload import Flag, User

from . import Question


def feature(flag: Flag) -> dict:
    rules: list[dict] = [
        {"condition": {"country": flag.country, "device": device}, "force": flag.value(version)}
        for device, version in flag.rules
    ]
    total = sum(weight for _, weight in flag.arms)
    rules.append(
        {
            "key": flag.key,
            "hashAttribute": "id",
            "hashVersion": 2,
            "seed": flag.key,
            "coverage": 1,
            "variations": [flag.value(version) for version, _ in flag.arms],
            "weights": [weight / total for _, weight in flag.arms],
        }
    )
    return {"defaultValue": "default", "rules": rules}


class OneObject:
    distribution = "growthbook"
    mechanism = "set_features of the file read again: from a file it watches nothing"

    @staticmethod
    def write(path: Path, flags: Sequence[Flag]) -> None:
        features = {flag.key: feature(flag) for flag in flags}
        path.write_text(json.dumps(features, separators=(",", ":")))

    def __init__(self, path: Path) -> None:
        self.path = path
        self.growthbook = GrowthBook()
        self.refresh()

    def context(self, user: User) -> dict:
        return {"id": user.id, "country": user.country, "device": user.device}

    def answer(self, key: str, context: dict) -> str:
        self.growthbook.set_attributes(context)
        return self.growthbook.get_feature_value(key, "none")

    def evaluate(self, questions: Sequence[Question]) -> None:
        set_attributes, value = self.growthbook.set_attributes, self.growthbook.get_feature_value
        for key, context in questions:
            set_attributes(context)
            value(key, "none")

    def refresh(self) -> None:
        self.growthbook.set_features(json.loads(self.path.read_bytes()))

    def close(self) -> None:
        self.growthbook.destroy()


class Client:
    distribution = "growthbook"
    mechanism = "set_features of the file read again: from a file it watches nothing"
    write = OneObject.write

    def __init__(self, path: Path) -> None:
        self.path = path
        self.loop = asyncio.new_event_loop()
        self.client = GrowthBookClient(Options())
        self.refresh()

    def context(self, user: User) -> UserContext:
        return UserContext(
            attributes={"id": user.id, "country": user.country, "device": user.device}
        )

    def answer(self, key: str, context: UserContext) -> str:
        return self.loop.run_until_complete(self.client.get_feature_value(key, "none", context))

    def evaluate(self, questions: Sequence[Question]) -> None:
        async def all_of_them() -> None:
            value = self.client.get_feature_value
            for key, context in questions:
                await value(key, "none", context)

        self.loop.run_until_complete(all_of_them())

    def refresh(self) -> None:
        features = json.loads(self.path.read_bytes())
        self.loop.run_until_complete(self.client.set_features(features))

    def close(self) -> None:
        self.loop.run_until_complete(self.client.close())
        self.loop.close()
