"""Statsig's core (Rust) with a data store of ours that reads a file."""

import json
import time
from collections.abc import Sequence
from pathlib import Path

from statsig_python_core import (
    DataStore,
    ExperimentEvaluationOptions,
    SpecAdapterConfig,
    StatsigOptions,
    StatsigUser,
)
from statsig_python_core import Statsig as Core
from statsig_python_core.data_store import DataStoreResponse
from workload import Flag, User, scaled

from . import Question

# The shortest that is taken: below it the default of ten seconds holds, without a word.
SYNC_MS = 1000
BUCKETS = 1000
EQUAL = "any_case_sensitive"


class FileStore(DataStore):
    """Reads only. What `get_bytes` gives would be read as Protobuf, so that JSON comes as text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    def get(self, key: str) -> DataStoreResponse:
        return DataStoreResponse(self.path.read_text(), self.path.stat().st_mtime_ns)

    def support_polling_updates_for(self, key: str) -> bool:
        return True


def condition(kind: str, field: str | None, operator: str, target: object, salt: str = "") -> dict:
    return {
        "type": kind,
        "field": field,
        "operator": operator,
        "targetValue": target,
        "additionalValues": {"salt": salt} if salt else {},
        "idType": "userID",
    }


def rule(name: str, conditions: list[str], model: str) -> dict:
    return {
        "name": name,
        "id": name,
        "salt": name,
        "groupName": name,
        "idType": "userID",
        "passPercentage": 100,
        "conditions": conditions,
        "returnValue": {"model": model},
        "isExperimentGroup": True,
    }


def spec(flag: Flag, conditions: dict[str, dict]) -> dict:
    """An experiment: rules in order, then groups by the user's bucket of a thousand. Conditions are
    shared by name, as the service shares them by hash."""
    rules = []
    for device, version in flag.rules:
        names = [f"country={flag.country}", f"device={device}"]
        conditions[names[0]] = condition(
            "user_field", "country", "any_case_sensitive", [flag.country]
        )
        conditions[names[1]] = condition("user_field", "device", "any_case_sensitive", [device])
        rules.append(rule(device, names, flag.value(version)))
    end = 0
    for (version, _), share in zip(
        flag.arms, scaled([w for _, w in flag.arms], BUCKETS), strict=True
    ):
        end += share
        name = f"{flag.key}<{end}"
        conditions[name] = condition("user_bucket", None, "lt", end, salt=flag.key)
        rules.append(rule(f"group-{version}", [name], flag.value(version)))
    return {
        "type": "dynamic_config",
        "entity": "experiment",
        "salt": flag.key,
        "enabled": True,
        "isActive": True,
        "hasSharedParams": False,
        "idType": "userID",
        "version": 1,
        "defaultValue": {"model": "default"},
        "rules": rules,
    }


class Statsig:
    distribution = "statsig-python-core"
    mechanism = "data store, read again each second (the shortest)"

    @staticmethod
    def write(path: Path, flags: Sequence[Flag]) -> None:
        conditions: dict[str, dict] = {}
        specs = {
            "has_updates": True,
            "time": time.time_ns() // 1_000_000,
            "dynamic_configs": {flag.key: spec(flag, conditions) for flag in flags},
            "condition_map": conditions,
            "feature_gates": {},
            "layer_configs": {},
            "layers": {},
            "experiment_to_layer": {},
            "id_lists": {},
            "param_stores": {},
            "sdk_configs": {},
            "diagnostics": {},
        }
        path.write_text(json.dumps(specs, separators=(",", ":")))

    def __init__(self, path: Path) -> None:
        options = StatsigOptions(
            data_store=FileStore(path),
            spec_adapter_configs=[SpecAdapterConfig("data_store")],
            specs_sync_interval_ms=SYNC_MS,
            disable_network=True,
            disable_all_logging=True,
            disable_country_lookup=True,
            disable_disk_access=True,
            enable_id_lists=False,
            output_log_level="none",
        )
        self.core = Core("secret-none", options)
        self.core.initialize().wait()
        self.options = ExperimentEvaluationOptions(disable_exposure_logging=True)

    def context(self, user: User) -> StatsigUser:
        return StatsigUser(user.id, country=user.country, custom={"device": user.device})

    def answer(self, key: str, context: StatsigUser) -> str:
        return self.core.get_experiment(context, key, self.options).get_string("model", "none")

    def evaluate(self, questions: Sequence[Question]) -> None:
        get_experiment, options = self.core.get_experiment, self.options
        for key, context in questions:
            get_experiment(context, key, options).get_string("model", "none")

    def refresh(self) -> None:
        pass

    def close(self) -> None:
        self.core.shutdown().wait()
