"""Routing documents of all kinds: examples, vectors, pages, generated ones; and how they read."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Hashable, Iterator
from pathlib import Path
from random import Random

import yaml

ROOT = Path(__file__).resolve().parents[2]
TURNOUT = ROOT / ".build/debug/TurnoutCommand"

sys.path.insert(0, str(ROOT / "Tests/oracle"))


class CoreLoader(yaml.SafeLoader):
    """Plain scalars by YAML 1.2's core schema, as language servers read them; keys stay texts."""

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, object]:
        return {
            str(key.value): self.construct_object(value, deep=True) for key, value in node.value
        }


def _whole(text: str) -> int:
    """`007` is 7 in YAML 1.2, and `0o17` is 15."""
    return int(text, 0) if text[:2] in ("0x", "0o") else int(text)


CoreLoader.yaml_implicit_resolvers = {}
_NUMBER = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
for _tag, _pattern in {
    "bool": r"true|True|TRUE|false|False|FALSE",
    "null": r"null|Null|NULL|~|",
    "int": r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+",
    "float": _NUMBER,
}.items():
    CoreLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), None
    )
CoreLoader.add_constructor("tag:yaml.org,2002:int", lambda _, node: _whole(node.value))
CoreLoader.add_constructor(
    "tag:yaml.org,2002:map", lambda loader, node: loader.construct_mapping(node)
)


def read(text: str) -> object:
    return yaml.load(text, Loader=CoreLoader)


def turnout(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TURNOUT, *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )


def written() -> Iterator[tuple[str, str]]:
    """Good documents that people wrote: name and text."""
    folders = ["Examples", "Tests/vectors/documents", "Tests/C", "Tests/Envoy", "Tests/EnvoyModule"]
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.yaml")):
            text = path.read_text("utf-8")
            if re.search(r"^turnout: ", text, re.MULTILINE):
                yield str(path.relative_to(ROOT)), text
    yield "base.yaml", (ROOT / "Tests/TurnoutCompilerTests/BadDocuments/base.yaml").read_text()
    for page in sorted([*ROOT.glob("*.md"), *(ROOT / "Docs").rglob("*.md")]):
        blocks = re.findall(
            r"^```yaml\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL
        )
        for number, block in enumerate(blocks):
            if re.search(r"^turnout: ", block, re.MULTILINE):
                yield f"{page.name} {number + 1}", block


def generated(seed: int, count: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Name and files of documents that the oracle's generator makes, in many ways of writing."""
    from generate.documents import document
    from generate.features import Feature
    from generate.writing import json_file, list_file, yaml_file
    from trees import mapping, texts

    for number in range(count):
        dice = Random(f"{seed} {number}")
        tree = document(dice, frozenset(Feature), 3)
        lists = mapping(tree.pop("lists", {}))
        files = {"routing.yaml": yaml_file(dice, tree), "routing.json": json_file(dice, tree)}
        files |= {name: list_file(dice, texts(units)) for name, units in lists.items()}
        yield f"generated {seed}.{number}", files
