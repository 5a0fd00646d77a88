"""Any interpreter, with nothing but its own library: some of the shared vectors, threads, a fork.

interpreter.py Tests/vectors/decisions.json   # $TURNOUT is the command
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
import threading

import turnout

FIELDS = ("units", "assignments", "request_id")


def compare(engine: turnout.Engine, step: dict) -> int:
    """Resolves what a step asks for."""
    compared = 0
    for case in step["decisions"]:
        request, wanted = case["request"], case["decision"]
        if "now" in request or "unit_base64" in request:
            continue
        given = {name: request[name] for name in FIELDS if name in request}
        unit, context = request.get("unit"), request.get("context", {})
        name = request["use_case"]
        if wanted["status"] == "invalid_argument":
            continue
        got = engine.try_resolve(name, unit, attributes=context, config=True, **given)
        told = got.to_dict()
        del told["digest"]
        assert told == wanted, (request, told, wanted)
        assert pickle.loads(pickle.dumps(got)) == got
        if unit is not None:
            batch = engine.resolve_batch(name, [unit] * 3, attributes=context, config=True, **given)
            assert list(batch) == [got] * 3
        compared += 1
    return compared


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        chains = {chain["name"]: chain["steps"] for chain in json.load(file)["chains"]}
    compared = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in ("experiments", "shards", "units", "operators", "traffic", "statuses"):
            store = os.path.join(folder, name)
            document = store + ".yaml"
            step = chains[name][0]
            with open(document, "w", encoding="utf-8") as file:
                file.write(step["document"])
            command = [os.environ["TURNOUT"], "publish", document, "--store", store]
            subprocess.run(
                command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            if "overlay" in step:
                continue
            with turnout.Engine(store) as engine:
                compared += compare(engine, step)
                failures: list = []

                def use(engine: turnout.Engine = engine, step: dict = step) -> None:
                    try:
                        compare(engine, step)
                    except BaseException as failure:
                        failures.append(failure)  # noqa: B023

                users = [threading.Thread(target=use) for _ in range(3)]
                for user in users:
                    user.start()
                for user in users:
                    user.join()
                assert not failures, failures
                pid = os.fork()
                if pid == 0:
                    try:
                        compare(engine, step)
                        os._exit(0)
                    finally:
                        os._exit(1)
                assert os.waitpid(pid, 0)[1] == 0
    assert compared > 50, compared
    print(sys.version.split()[0], turnout.backend, compared)


main()
