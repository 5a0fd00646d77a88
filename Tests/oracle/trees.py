"""YAML and JSON texts as trees whose scalars stay text: their place gives them a type, later."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias, cast

import yaml


@dataclass(frozen=True)
class Scalar:
    """A scalar as it is written. `plain` is false if it stood in quotes or in a block."""

    text: str
    plain: bool = True


Node: TypeAlias = "Scalar | list[Node] | dict[str, Node]"


@lru_cache(maxsize=32)
def read_yaml(text: str) -> Node:
    """What it gives is shared: nobody may change it."""
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    if root is None:
        raise ValueError("an empty document")
    return _from_yaml(root)


def read_json(text: str) -> Node:
    def plain(word: str) -> Scalar:
        return Scalar(word)

    loaded = json.loads(text, parse_int=plain, parse_float=plain, parse_constant=plain)
    return _from_json(loaded)


def mapping(node: Node) -> dict[str, Node]:
    if not isinstance(node, dict):
        raise TypeError(f"not a mapping: {node!r}")
    return node


def sequence(node: Node) -> list[Node]:
    if not isinstance(node, list):
        raise TypeError(f"not a list: {node!r}")
    return node


def text(node: Node) -> str:
    if not isinstance(node, Scalar):
        raise TypeError(f"not a scalar: {node!r}")
    return node.text


def texts(node: Node) -> list[str]:
    return [text(item) for item in sequence(node)]


def name_or_names(node: Node) -> list[str]:
    return texts(node) if isinstance(node, list) else [text(node)]


def boolean(node: Node) -> bool:
    return {"true": True, "false": False}[text(node)]


def _from_yaml(node: yaml.Node) -> Node:
    if isinstance(node, yaml.ScalarNode):
        return Scalar(cast(str, node.value), plain=node.style is None)
    if isinstance(node, yaml.SequenceNode):
        return [_from_yaml(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        pairs = [(text(_from_yaml(key)), _from_yaml(value)) for key, value in node.value]
        return _unique(pairs)
    raise TypeError(f"not a node of YAML: {node!r}")


def _from_json(value: object) -> Node:
    if isinstance(value, Scalar):
        return value
    if value is None or isinstance(value, bool):
        return Scalar(json.dumps(value))
    if isinstance(value, str):
        return Scalar(value, plain=False)
    if isinstance(value, list):
        return [_from_json(item) for item in value]
    if isinstance(value, dict):
        return {key: _from_json(item) for key, item in value.items()}
    raise TypeError(f"not a value of JSON: {value!r}")


def _unique(pairs: list[tuple[str, Node]]) -> dict[str, Node]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key stands twice")
    return result
