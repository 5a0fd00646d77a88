"""LaunchDarkly's server SDK with its file data source."""

import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

# Another peer brings PyYAML. Were it there, LaunchDarkly would parse its JSON with it, for minutes.
yaml = sys.modules.get("yaml")
sys.modules["yaml"] = None  # type: ignore[assignment]

from ldclient.client import LDClient  # noqa: E402
from ldclient.config import Config  # noqa: E402
from ldclient.context import Context  # noqa: E402
from ldclient.integrations import Files  # noqa: E402

del sys.modules["yaml"]
if yaml is not None:
    sys.modules["yaml"] = yaml

from workload import Flag, User, scaled  # noqa: E402

from . import Question  # noqa: E402

logging.getLogger("ldclient").setLevel(logging.ERROR)

WEIGHTS = 100_000


def clause(attribute: str, value: str) -> dict:
    return {
        "contextKind": "user",
        "attribute": attribute,
        "op": "in",
        "values": [value],
        "negate": False,
    }


def feature(flag: Flag) -> dict:
    versions = [version for version, _ in flag.arms]
    shares = scaled([weight for _, weight in flag.arms], WEIGHTS)
    rollout = [{"variation": i, "weight": share} for i, share in enumerate(shares)]
    return {
        "key": flag.key,
        "version": 1,
        "on": True,
        "salt": flag.key,
        "variations": [flag.value(version) for version in versions],
        "rules": [
            {
                "id": device,
                "clauses": [clause("country", str(flag.country)), clause("device", device)],
                "variation": versions.index(version),
            }
            for device, version in flag.rules
        ],
        "fallthrough": {"rollout": {"contextKind": "user", "variations": rollout}},
        "offVariation": 0,
        "prerequisites": [],
        "targets": [],
    }


class LaunchDarkly:
    distribution = "launchdarkly-server-sdk"
    mechanism = "file data source, auto_update: looks at the file each second (its default)"

    @staticmethod
    def write(path: Path, flags: Sequence[Flag]) -> None:
        features = {flag.key: feature(flag) for flag in flags}
        path.write_text(json.dumps({"flags": features}, separators=(",", ":")))

    def __init__(self, path: Path) -> None:
        config = Config(
            "sdk-none",
            # By watchdog, were it there, each reading would be a change, and reloading never end.
            update_processor_class=Files.new_data_source(
                [str(path)], auto_update=True, force_polling=True
            ),
            # Not `offline`: it would answer the default for every flag.
            send_events=False,
            diagnostic_opt_out=True,
        )
        self.client = LDClient(config)
        if not self.client.is_initialized():
            raise RuntimeError("launchdarkly: not initialized")

    def context(self, user: User) -> Context:
        builder = Context.builder(user.id)
        return builder.set("country", user.country).set("device", user.device).build()

    def answer(self, key: str, context: Context) -> str:
        return self.client.variation(key, context, "none")

    def evaluate(self, questions: Sequence[Question]) -> None:
        variation = self.client.variation
        for key, context in questions:
            variation(key, context, "none")

    def refresh(self) -> None:
        pass

    def close(self) -> None:
        self.client.close()
