"""From the trees of files to the records of a document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import times
from documents import (
    NOTES,
    PRODUCTION,
    Cell,
    Cluster,
    Clusters,
    Condition,
    Document,
    Experiment,
    Holdout,
    Layer,
    ModelVersion,
    Place,
    Rule,
    Shadow,
    UseCase,
)
from specs import of_layer, part, share, weighed
from trees import (
    Node,
    Scalar,
    boolean,
    mapping,
    name_or_names,
    read_json,
    read_yaml,
    sequence,
    text,
)

DOCUMENTS = (".json", ".yaml", ".yml")


def of_files(files: Mapping[str, str]) -> Document:
    """Of a folder: documents, and files of units beside them."""
    trees = [read(name, content) for name, content in files.items() if is_document(name)]
    others = {
        name: units_of_file(content) for name, content in files.items() if not is_document(name)
    }
    return document(merged(trees), others)


def is_document(name: str) -> bool:
    return name.endswith(DOCUMENTS)


def read(name: str, content: str) -> Node:
    return read_json(content) if name.endswith(".json") else read_yaml(content)


def units_of_file(content: str) -> list[str]:
    """Line ends are LF or CRLF, empty lines count for nothing."""
    lines = content.split("\n")
    lines = [line.removesuffix("\r") for line in lines[:-1]] + lines[-1:]
    return [line for line in lines if line]


def merged(trees: Iterable[Node]) -> dict[str, Node]:
    """Files as one: sections are joined name by name, and `models` version by version."""
    result: dict[str, Node] = {}
    for tree in trees:
        for key, value in mapping(tree).items():
            if isinstance(value, dict) and key in result:
                result[key] = {**mapping(result[key]), **value}
            else:
                result[key] = value
    return result


def document(tree: Node, unit_files: Mapping[str, Sequence[str]] | None = None) -> Document:
    top = mapping(tree)
    primary = text(top["unit"])
    experiments = _section(top, "experiments")
    return Document(
        unit=primary,
        missing={primary: None}
        | {name: _text(unit, "missing") for name, unit in _section(top, "units").items()},
        attributes={name: text(type_) for name, type_ in _section(top, "attributes").items()},
        segments={name: _segment(said) for name, said in _section(top, "segments").items()},
        unit_files=unit_files or {},
        clusters={name: _cluster(name, said) for name, said in _section(top, "clusters").items()},
        models={
            f"{model}@{version}": _version(f"{model}@{version}", mapping(said))
            for model, versions in _section(top, "models").items()
            for version, said in mapping(versions).items()
            if version not in NOTES
        },
        layers={
            name: _layer(name, mapping(said), experiments)
            for name, said in _section(top, "layers").items()
        },
        holdouts={
            name: _holdout(name, mapping(said)) for name, said in _section(top, "holdouts").items()
        },
        experiments={name: _experiment(name, mapping(said)) for name, said in experiments.items()},
        use_cases={
            name: _use_case(name, mapping(said), primary)
            for name, said in _section(top, "use_cases").items()
        },
    )


def _section(top: Mapping[str, Node], key: str) -> dict[str, Node]:
    return mapping(top.get(key, {}))


def _text(node: Node, key: str) -> str | None:
    value = mapping(node).get(key)
    return None if value is None else text(value)


def _true(said: Mapping[str, Node], key: str, omitted: bool) -> bool:
    return boolean(said[key]) if key in said else omitted


def _traffic(said: Mapping[str, Node]) -> list[str]:
    return name_or_names(said["traffic"]) if "traffic" in said else [PRODUCTION]


def _segment(node: Node) -> Condition:
    said = mapping(node)
    return {key: said[key] for key in said if key not in NOTES}


def _cluster(name: str, node: Node) -> Cluster:
    said = mapping(node)
    shards = mapping(said.get("shards", {}))
    weights = {shard: mapping(shards[shard]).get("weight") for shard in shards}
    return Cluster(
        name=name,
        routing_key=_text(node, "routing_key") or name,
        address=_text(node, "address"),
        shards=weighed("shards", name, said, weights) if shards else None,
        shard_addresses={shard: text(mapping(shards[shard])["address"]) for shard in shards},
        siblings=_text(node, "when_down") == "siblings",
    )


def _clusters(owner: str, node: Node) -> Clusters:
    if not isinstance(node, dict):
        return Clusters(None, name_or_names(node))
    then = name_or_names(node["then"]) if "then" in node else []
    return Clusters(weighed("placement", owner, node, {**mapping(node["split"])}), then)


def _version(name: str, said: Mapping[str, Node]) -> ModelVersion:
    if "placement" in said:
        places = [mapping(place) for place in sequence(said["placement"])]
    else:
        places = [{"cluster": said["cluster"]}]
    return ModelVersion(
        places=[
            Place(mapping(place.get("when", {})), _clusters(name, place["cluster"]))
            for place in places
        ],
        otherwise=text(said["otherwise"]) if "otherwise" in said else None,
        config=mapping(said.get("config", {})),
    )


def _layer(name: str, said: Mapping[str, Node], experiments: Mapping[str, Node]) -> Layer:
    own = {
        experiment: mapping(node)
        for experiment, node in experiments.items()
        if _text(node, "layer") == name
    }
    salts = {experiment: _cells_salt(experiment, node) for experiment, node in own.items()}
    shares = {experiment: _share(node) for experiment, node in own.items()}
    spec = of_layer(name, said, shares, salts)
    return Layer(spec, {salt: experiment for experiment, salt in salts.items()})


def _cells_salt(name: str, said: Mapping[str, Node]) -> str:
    return text(said["salt"]) if "salt" in said else f"cells:{name}"


def _share(said: Mapping[str, Node]) -> Fraction:
    return share(said, "share", "0%" if _is_outside(said) else "100%")


def _is_outside(said: Mapping[str, Node]) -> bool:
    return "assigned" in said and text(said["assigned"]) == "outside"


def _holdout(name: str, said: Mapping[str, Node]) -> Holdout:
    layers = said["layers"]
    return Holdout(
        spec=part("holdout", name, said, "share"),
        layers=None if isinstance(layers, Scalar) and layers.text == "all" else texts_of(layers),
        traffic=_traffic(said),
    )


def texts_of(node: Node) -> list[str]:
    return [text(item) for item in sequence(node)]


def _experiment(name: str, said: Mapping[str, Node]) -> Experiment:
    cells = {cell: mapping(node) for cell, node in mapping(said["cells"]).items()}
    weights = {cell: node.get("weight") for cell, node in cells.items()}
    return Experiment(
        layer=text(said["layer"]),
        spec=weighed("cells", name, said, weights),
        cells={cell: _cell(node) for cell, node in cells.items()},
        when=mapping(said.get("when", {})),
        starts=_time(said, "starts"),
        ends=_time(said, "ends"),
        enabled=_true(said, "enabled", True),
        traffic=_traffic(said),
        outside=_is_outside(said),
    )


def _cell(said: Mapping[str, Node]) -> Cell:
    model = said.get("model")
    config = mapping(said.get("config", {}))
    if isinstance(model, dict):
        return Cell({case: text(version) for case, version in model.items()}, config)
    return Cell(None if model is None else text(model), config)


def _time(said: Mapping[str, Node], key: str) -> int | None:
    if key not in said:
        return None
    time = times.parsed(text(said[key]))
    if time is None:
        raise ValueError(f"no time: {said[key]}")
    return time


def _use_case(name: str, said: Mapping[str, Node], primary: str) -> UseCase:
    return UseCase(
        enabled=_true(said, "enabled", True),
        unit=text(said["unit"]) if "unit" in said else primary,
        requires=texts_of(said.get("requires", [])),
        config=mapping(said.get("config", {})),
        rules=[_rule(name, mapping(rule)) for rule in sequence(said["rules"])],
        refuses="when_all_down" in said and text(said["when_all_down"]) == "refuse",
        overrides={
            unit: _override(given) for unit, given in mapping(said.get("overrides", {})).items()
        },
        shadows=[_shadow(name, mapping(node)) for node in sequence(said.get("shadows", []))],
    )


def _override(node: Node) -> str | dict[str, str]:
    if isinstance(node, dict):
        return {experiment: text(cell) for experiment, cell in node.items()}
    return text(node)


def _rule(use_case: str, said: Mapping[str, Node]) -> Rule:
    name = text(said["name"]) if "name" in said else None
    owner = f"{use_case}/{name}"
    routes = mapping(said.get("routes", {}))
    split = {**mapping(said["split"])} if "split" in said else None
    return Rule(
        name=name,
        when=mapping(said.get("when", {})),
        route=text(said["route"]) if "route" in said else None,
        split=None if split is None else weighed("split", owner, said, split),
        lookup=text(said["lookup"]) if "lookup" in said else None,
        routes={value: text(target) for value, target in routes.items()},
        experiment=text(said["experiment"]) if "experiment" in said else None,
        clusters=_clusters(owner, said["cluster"]) if "cluster" in said else None,
        config=mapping(said.get("config", {})),
    )


def _shadow(use_case: str, said: Mapping[str, Node]) -> Shadow:
    name = text(said["name"])
    return Shadow(
        name=name,
        model=text(said["model"]),
        sample=part("sample", f"{use_case}/{name}", said, "sample"),
        by_request="by" in said and text(said["by"]) == "request",
        when=mapping(said.get("when", {})),
        traffic=_traffic(said),
    )
