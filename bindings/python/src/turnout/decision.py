"""The answer to one request."""

from __future__ import annotations

import json
from typing import Any, Dict, NamedTuple, NoReturn, Optional, Tuple

from . import _layout as layout
from .errors import status_name


class Cell(NamedTuple):
    """A cell that the unit is in. ``by`` is ``"hash"``, ``"override"`` or ``"assignment"``."""

    experiment: str
    cell: str
    by: str


class Reason(NamedTuple):
    """What decided: ``kind`` is ``"override"``, ``"route"``, ``"split"``, ``"lookup"`` or
    ``"experiment"``, ``rule`` the rule's or the experiment's name, None if it has none."""

    kind: str
    rule: Optional[str]


class Shadow(NamedTuple):
    """Where a copy of the request should go, too; its answer is thrown away."""

    name: str
    model: str
    version: str
    cluster: str
    shard: Optional[str]
    address: str
    routing_key: str
    config_json: Optional[str]

    @property
    def config(self) -> Optional[Dict[str, Any]]:
        """The model version's own config, parsed anew at each use; None unless asked for."""
        return None if self.config_json is None else json.loads(self.config_json)


class Decision:
    """The answer to one request, whole: every field comes from one table.

    Immutable, and safe to keep and to share between threads: it owns its texts, which are read from
    the engine's bytes when first looked at. Two requests with one answer may be given one and the
    same object. Compares by what it says.

    With any ``status`` but ``"ok"`` (``ok`` is then False) there are no texts: all fields but
    ``status``, ``use_case``, ``revision`` and ``digest`` are None, empty or False.
    """

    __slots__ = (
        "__weakref__",
        "_base",
        "_hash",
        "_raw",
        "address",
        "cells",
        "cluster",
        "config_json",
        "degraded",
        "digest",
        "fallback",
        "holdouts",
        "model",
        "ok",
        "reason",
        "revision",
        "routing_key",
        "shadows",
        "shard",
        "status",
        "traffic",
        "use_case",
        "version",
    )

    ok: bool
    status: str
    use_case: str
    revision: int
    digest: str
    model: Optional[str]
    version: Optional[str]
    cluster: Optional[str]
    shard: Optional[str]
    address: Optional[str]
    routing_key: Optional[str]
    traffic: Optional[str]
    config_json: Optional[str]
    cells: Tuple[Cell, ...]
    holdouts: Tuple[str, ...]
    shadows: Tuple[Shadow, ...]
    reason: Optional[Reason]
    fallback: bool
    degraded: bool
    _raw: bytes
    _base: int
    _hash: int

    def __init__(self, use_case: str, raw: bytes, base: int) -> None:
        """Of the bytes of a turnout_decision and of its buffer behind it, which stood at `base`."""
        fill = object.__setattr__
        fill(self, "use_case", use_case)
        fill(self, "_raw", raw)
        fill(self, "_base", base)
        fill(self, "ok", raw[8:12] == b"\0\0\0\0")

    def __getattr__(self, name: str) -> Any:
        # Only reached for a field that is not filled in yet.
        if name not in Decision.__slots__ or name.startswith("_"):
            raise AttributeError(f"a Decision has no field {name!r}")
        self._read()
        return object.__getattribute__(self, name)

    def _read(self) -> None:
        raw, base = self._raw, self._base
        status, flags, revision, digest, *words = layout.DECISION.unpack_from(raw)
        texts, lists, reason = words[:18], words[18:24], words[24]

        def text(address: int, size: int) -> Optional[str]:
            if not address:
                return None
            return raw[address - base : address - base + size].decode()

        def rows(form: Any, address: int, count: int) -> Any:
            return (form.unpack_from(raw, address - base + i * form.size) for i in range(count))

        fill = object.__setattr__
        fill(self, "status", status_name(status))
        fill(self, "revision", revision)
        fill(self, "digest", digest.hex())
        fields: Tuple[str, ...] = (
            "model",
            "version",
            "cluster",
            "shard",
            "address",
            "routing_key",
            "rule",
        )
        fields += ("traffic", "config_json")
        values = {f: text(*texts[2 * i : 2 * i + 2]) for i, f in enumerate(fields)}
        kind = layout.REASONS[reason] if reason < len(layout.REASONS) else "unknown"
        rule = values.pop("rule")
        fill(self, "reason", None if kind is None else Reason(kind, rule))
        for field, value in values.items():
            fill(self, field, value)
        fill(self, "fallback", bool(flags & layout.FALLBACK))
        fill(self, "degraded", bool(flags & layout.DEGRADED))
        cells = (
            Cell(text(a, b) or "", text(c, d) or "", layout.CELL_BY[by] or "")
            for a, b, c, d, by in rows(layout.CELL, *lists[0:2])
        )
        fill(self, "cells", tuple(cells))
        holdouts = (text(*row) or "" for row in rows(layout.TEXT, *lists[2:4]))
        fill(self, "holdouts", tuple(holdouts))
        shadows = (
            Shadow(*(text(*row[2 * i : 2 * i + 2]) for i in range(8)))  # type: ignore[arg-type]
            for row in rows(layout.SHADOW, *lists[4:6])
        )
        fill(self, "shadows", tuple(shadows))

    @property
    def config(self) -> Optional[Dict[str, Any]]:
        """The merged config, parsed anew at each use, so that changing it changes nothing else.
        None unless the resolve was given ``config=True``."""
        return None if self.config_json is None else json.loads(self.config_json)

    def to_dict(self) -> Dict[str, Any]:
        """What ``turnout resolve --json`` prints, for logs and for JSON."""
        ok = self.ok
        reason = self.reason
        return {
            "status": self.status,
            "use_case": self.use_case if ok else None,
            "revision": self.revision if ok else None,
            "digest": self.digest if ok else None,
            "model": self.model,
            "version": self.version,
            "cluster": self.cluster,
            "shard": self.shard,
            "address": self.address,
            "routing_key": self.routing_key,
            "config": self.config,
            "cells": [cell._asdict() for cell in self.cells],
            "holdouts": list(self.holdouts),
            "shadows": [_shadow_dict(shadow) for shadow in self.shadows],
            "reason": None if reason is None else reason._asdict(),
            "traffic": self.traffic,
            "fallback": self.fallback,
            "degraded": self.degraded,
        }

    def _said(self) -> Tuple[Any, ...]:
        names: Tuple[str, ...] = (
            "use_case",
            "status",
            "revision",
            "digest",
            "model",
            "version",
            "cluster",
            "shard",
        )
        names += (
            "address",
            "routing_key",
            "traffic",
            "config_json",
            "cells",
            "holdouts",
            "shadows",
        )
        return tuple(getattr(self, n) for n in (*names, "reason", "fallback", "degraded"))

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return self._said() == other._said() if isinstance(other, Decision) else NotImplemented

    def __hash__(self) -> int:
        try:
            return self._hash
        except AttributeError:
            object.__setattr__(self, "_hash", hash(self._said()))
            return self._hash

    def __repr__(self) -> str:
        if not self.ok:
            return f"<Decision {self.use_case}: {self.status}, revision {self.revision}>"
        return (
            f"<Decision {self.use_case} → {self.model}@{self.version} "
            f"at {self.address}, routing key {self.routing_key}, revision {self.revision}>"
        )

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a Decision cannot be changed: {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a Decision cannot be changed: {name}")

    def __reduce__(self) -> Tuple[Any, ...]:
        return Decision, (self.use_case, self._raw, self._base)


def _shadow_dict(shadow: Shadow) -> Dict[str, Any]:
    made = shadow._asdict()
    del made["config_json"]
    made["config"] = shadow.config
    return made
