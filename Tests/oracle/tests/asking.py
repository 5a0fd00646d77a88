"""Questions to the oracle, and the parts of its answers that a test is about."""

from __future__ import annotations

import json

import reading
import request
from allocations import Table, compiled
from configs import json_text
from decision import tree
from evaluate import resolve
from overlay import NOTHING, Overlay
from trees import read_yaml

Answer = dict[str, object]


def table(document: str, against: Table | None = None, **files: list[str]) -> Table:
    return compiled(reading.document(read_yaml(document), files), against)


def asked(table: Table, use_case: str, overlay: Overlay = NOTHING, /, **said: object) -> Answer:
    line = json.dumps({"use_case": use_case, "unit": "u"} | said)
    decided = resolve(table, request.read(line, table.document.unit), overlay)
    return {name: json.loads(json_text(node)) for name, node in tree(decided, 1, "").items()}


def with_states(**states: str) -> Overlay:
    """Of clusters and, with `_` for `/`, of shards."""
    overlay = NOTHING
    for name, state in states.items():
        overlay = overlay.with_entry("cluster", name.replace("_", "/"), state)
    return overlay


def off(kind: str, name: str) -> Overlay:
    return NOTHING.with_entry(kind, name, "off")


def cells(answer: Answer) -> list[str]:
    """As `experiment/cell by whom`."""
    taken = answer["cells"]
    assert isinstance(taken, list)
    return [f"{cell['experiment']}/{cell['cell']} {cell['by']}" for cell in taken]


def target(answer: Answer) -> str:
    """As `model@version cluster/shard`, with what is unusual."""
    shard = f"/{answer['shard']}" if answer["shard"] else ""
    marks = [mark for mark in ("fallback", "degraded") if answer[mark]]
    words = [f"{answer['model']}@{answer['version']}", f"{answer['cluster']}{shard}", *marks]
    return " ".join(words)
