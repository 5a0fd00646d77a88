"""Many units, many use cases."""

from __future__ import annotations

import subprocess
import sys
from typing import List

import numpy
import pytest
from conftest import Store

import turnout

UNITS = [f"u_{i}" for i in range(3000)]


def test_a_batch_says_what_single_resolves_say(engine: turnout.Engine) -> None:
    for use_case in ("Watch", "Billboard", "Refusing"):
        batch = engine.resolve_batch(use_case, UNITS, country="US", config=True)
        single = [engine.resolve(use_case, unit, country="US", config=True) for unit in UNITS]
        assert list(batch) == single and len(batch) == len(UNITS)
        assert batch[7] == single[7] and batch[-1] == single[-1] and batch[5:9] == single[5:9]
        assert len(set(batch.distinct)) == len(batch.distinct)
        assert set(batch.distinct) == set(single)


@pytest.mark.parametrize("count", [0, 1, 2, 511, 512, 513, 1025, 2500])
def test_any_number_of_units(engine: turnout.Engine, count: int) -> None:
    batch = engine.resolve_batch("Billboard", UNITS[:count], config=True)
    assert len(batch) == count == len(batch.codes) == len(batch.model)
    assert list(batch) == [engine.resolve("Billboard", u, config=True) for u in UNITS[:count]]
    assert batch.revision == (1 if count else 0) and batch.all_ok
    assert sum(map(len, batch.routing_key.groups().values())) == count
    assert sum(batch.version.counts().values()) == count


def test_columns_are_codes_and_categories(engine: turnout.Engine) -> None:
    batch = engine.resolve_batch("Billboard", UNITS)
    for name in (
        "status",
        "model",
        "version",
        "cluster",
        "shard",
        "address",
        "routing_key",
        "traffic",
    ):
        column = getattr(batch, name)
        assert column is batch.column(name)
        assert list(column) == [getattr(decision, name) for decision in batch]
        assert len(set(column.categories)) == len(column.categories)
        assert isinstance(column.codes, numpy.ndarray) and column.codes.dtype == numpy.int32
        assert column[3] == getattr(batch[3], name) and column[3:5] == list(column)[3:5]
    cells = [{c.experiment: c.cell for c in decision.cells}.get("volume") for decision in batch]
    assert list(batch.cell("volume")) == cells and set(cells) == {None, "low", "high"}
    assert list(batch.column("fallback")) == [False] * len(batch)
    with pytest.raises(AttributeError):
        batch.column("modle")


def test_groups_are_what_goes_where(engine: turnout.Engine) -> None:
    batch = engine.resolve_batch("Watch", UNITS)
    groups = batch.routing_key.groups()
    assert set(groups) == {"main", "next"}
    units = numpy.array(UNITS)
    for key, positions in groups.items():
        assert list(positions) == [i for i, d in enumerate(batch) if d.routing_key == key]
        assert all(
            engine.resolve("Watch", u).routing_key == key for u in units[positions][:20].tolist()
        )
    assert batch.routing_key.counts() == {key: len(positions) for key, positions in groups.items()}


def test_units_come_in_any_shape(engine: turnout.Engine) -> None:
    wanted = list(engine.resolve_batch("Watch", UNITS[:100]))
    for units in (
        tuple(UNITS[:100]),
        iter(UNITS[:100]),
        numpy.array(UNITS[:100]),
        numpy.array(UNITS[:100], dtype=object),
        numpy.array([u.encode() for u in UNITS[:100]]),
        [u.encode() for u in UNITS[:100]],
        [bytearray(u.encode()) for u in UNITS[:100]],
    ):
        assert list(engine.resolve_batch("Watch", units)) == wanted  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="many units"):
        engine.resolve_batch("Watch", "u_1")
    with pytest.raises(TypeError, match=r"str\(number\)"):
        engine.resolve_batch("Watch", [1, 2])  # type: ignore[list-item]
    with pytest.raises(turnout.InvalidArgument, match="divide it"):
        engine.resolve_batch("Watch", ["u"] * 1048577)


def test_every_element_has_a_status_of_its_own(engine: turnout.Engine) -> None:
    units: List[str] = ["a", "x" * 65536, "y" * 65537, "z" * 70000, "", "b"]
    statuses = list(engine.resolve_batch("Watch", units).status)
    assert statuses == ["ok", "ok", "invalid_argument", "invalid_argument", "ok", "ok"]
    assert set(engine.resolve_batch("Nope", UNITS).status) == {"unknown_use_case"}
    assert not engine.resolve_batch("Fraud", UNITS[:5]).all_ok
    with pytest.raises(turnout.InvalidArgument, match="nan"):
        engine.resolve_batch("Watch", UNITS, tenure=float("nan"))
    with pytest.raises(turnout.InvalidArgument, match="traffic"):
        engine.resolve_batch("Watch", UNITS, traffic=5)
    with pytest.raises(turnout.InvalidArgument, match="not Unicode"):
        engine.resolve_batch("Watch", ["a", "\ud800"])


def test_the_rest_of_the_request_counts_in_a_batch(engine: turnout.Engine) -> None:
    given = {
        "units": {"account": "acc_3"},
        "assignments": {"trailers": "moving"},
        "request_id": "r",
    }
    batch = engine.resolve_batch("Billboard", UNITS[:50], **given)  # type: ignore[arg-type]
    assert list(batch) == [engine.resolve("Billboard", u, **given) for u in UNITS[:50]]  # type: ignore[arg-type]
    assert batch.cell("trailers").categories == ["moving"]


def test_many_use_cases(engine: turnout.Engine) -> None:
    names = ["Watch", "Nope", "Billboard", "Off", "Watch"]
    decisions = engine.resolve_use_cases(names, "u_1", country="US", config=True)
    wanted = [engine.try_resolve(name, "u_1", country="US", config=True) for name in names]
    assert decisions == wanted
    assert engine.resolve_use_cases([], "u_1") == []


def test_a_batch_has_one_revision_under_publishes(store: Store) -> None:
    """Of 40 batches, each larger than one call of the library, while 12 revisions come."""
    import threading

    stop = threading.Event()

    def publish() -> None:
        for i in range(12):
            store.publish_weights(40 + i)
        stop.set()

    with turnout.Engine(store.path) as engine:
        writer = threading.Thread(target=publish)
        writer.start()
        seen = set()
        rounds = 0
        while not stop.is_set() or rounds < 40:
            batch = engine.resolve_batch("Watch", UNITS)
            revisions = {decision.revision for decision in batch.distinct}
            assert revisions == {batch.revision}
            seen |= revisions
            page = engine.resolve_use_cases(["Watch", "Billboard"] * 20, "u")
            assert len({decision.revision for decision in page}) == 1
            rounds += 1
        writer.join()
        engine.refresh()
        assert engine.resolve_batch("Watch", UNITS).revision == 13
        assert len(seen) > 1 and engine.status().views_open == 0


def test_without_numpy(published: Store) -> None:
    program = f"""
import sys
sys.modules["numpy"] = None
import array, turnout
engine = turnout.Engine({published.path!r})
units = [f"u_{{i}}" for i in range(1500)]
batch = engine.resolve_batch("Watch", units)
single = [engine.resolve("Watch", unit) for unit in units]
assert list(batch) == single and isinstance(batch.codes, array.array)
assert list(batch.version) == [d.version for d in single]
groups = batch.routing_key.groups()
assert groups == {{k: [i for i, d in enumerate(single) if d.routing_key == k] for k in groups}}
assert batch.routing_key.counts() == {{k: len(v) for k, v in groups.items()}}
assert engine.resolve_batch("Watch", []).version.groups() == {{}}
print("done")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "done\n", done.stderr


def test_numpy_is_imported_by_the_first_batch_only(published: Store) -> None:
    program = f"""
import sys, turnout
engine = turnout.Engine({published.path!r})
engine.resolve("Watch", "u")
assert "numpy" not in sys.modules
engine.resolve_batch("Watch", ["u"])
assert "numpy" in sys.modules
print("done")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "done\n", done.stderr
