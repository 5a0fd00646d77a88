"""The schema against documents: good ones pass, bad ones fail, but for those that none can see."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import jsonschema
import yaml
from checks import Checks
from sources import ROOT, generated, read, turnout, written

FOLDER = ROOT / "Tests/TurnoutCompilerTests/BadDocuments"
UNSEEN = ROOT / "Tests/Editing/unseen.txt"


def run(checks: Checks, seed: int, count: int) -> None:
    printed = turnout("schema").stdout
    kept = (ROOT / "Examples/turnout.schema.json").read_text("utf-8")
    checks.that(printed == kept, "Examples/turnout.schema.json is what `turnout schema` prints")
    schema = json.loads(printed)
    validator = jsonschema.Draft202012Validator
    try:
        validator.check_schema(schema)
        checks.that(True, "the schema is one")
    except jsonschema.SchemaError as error:
        checks.that(False, "the schema is one", error.message)
    asked = validator(schema)
    older = jsonschema.Draft7Validator(schema)
    for name, text in good(seed, count):
        fault = jsonschema.exceptions.best_match(asked.iter_errors(read(text)))
        checks.that(fault is None, f"{name} fits the schema", fault and fault.message)
        if not name.startswith("generated"):
            checks.that(older.is_valid(read(text)), f"{name} fits the schema as of draft 7")
    seen = unseen()
    for claim, text in bad():
        try:
            is_refused = not asked.is_valid(read(text))
        except (yaml.YAMLError, TypeError, ValueError):
            is_refused = True
        if claim in seen:
            checks.that(not is_refused, f"unseen.txt need not name: {claim}")
        else:
            checks.that(is_refused, f"the schema refuses: {claim}")
    stale = seen - {claim for claim, _ in bad()}
    checks.that(not stale, "unseen.txt names bad documents that there are", stale)


def good(seed: int, count: int) -> Iterator[tuple[str, str]]:
    yield from written()
    for name, files in generated(seed, count):
        yield f"{name} as YAML", files["routing.yaml"]
        yield f"{name} as JSON", files["routing.json"]


def bad() -> Iterator[tuple[str, str]]:
    for path in sorted(FOLDER.glob("*.txt")):
        if path.name == "warnings.txt":
            continue
        for case in path.read_text("utf-8").replace("⇥", "\t").split("=== ")[1:]:
            claim, rest = case.split("\n", 1)
            yield f"{path.stem}: {claim}", re.split(r"^--------.*\n", rest, flags=re.MULTILINE)[0]


def unseen() -> set[str]:
    """What a schema cannot see, by claim; lines that begin with `#` say why."""
    lines = UNSEEN.read_text("utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}
