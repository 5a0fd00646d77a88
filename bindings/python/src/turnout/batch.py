"""Many decisions as columns."""

from __future__ import annotations

from array import array
from typing import Any, Dict, Hashable, Iterator, List, Optional, Sequence, Union, overload

from . import _arrays as arrays
from .decision import Decision


class Column(Sequence[Any]):
    """One field of every decision: ``categories`` are its values, without repetition, and
    ``codes[i]`` says which of them element ``i`` has. As a sequence it has the values.

    ``codes`` is an int32 array of NumPy's if that is installed, else an ``array.array``;
    ``pandas.Categorical.from_codes`` takes both.
    """

    __slots__ = ("categories", "codes")

    def __init__(self, codes: Any, categories: List[Any]) -> None:
        self.codes = codes
        self.categories = categories

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, i: Any) -> Any:
        if isinstance(i, slice):
            return [self.categories[code] for code in self.codes[i]]
        return self.categories[self.codes[i]]

    def __iter__(self) -> Iterator[Any]:
        return map(self.categories.__getitem__, self.codes)

    def counts(self) -> Dict[Any, int]:
        """How many elements have each value."""
        return dict(zip(self.categories, arrays.counts(self.codes, len(self.categories))))

    def groups(self) -> Dict[Any, Any]:
        """For each value the positions of its elements, ascending: what to send where."""
        return dict(zip(self.categories, arrays.positions(self.codes, len(self.categories))))

    def __repr__(self) -> str:
        return f"<Column of {len(self)}: {', '.join(map(repr, self.categories[:8]))}>"


class Batch(Sequence[Decision]):
    """The decisions of a batch, in the order of its units: a sequence of :class:`Decision`, and
    columns. Units with the same answer share one Decision: ``distinct`` has each once, and
    ``codes[i]`` says which of them element ``i`` has.

    ``batch.model``, ``.version``, ``.cluster``, ``.shard``, ``.address``, ``.routing_key``,
    ``.traffic``, ``.status`` are a :class:`Column` each; ``batch.column(name)`` gives one of any
    field of a Decision. Columns are made when asked for. Of a batch, all decisions have one
    revision.
    """

    __slots__ = ("_columns", "codes", "distinct")

    def __init__(self, codes: array[int], distinct: List[Decision]) -> None:
        self.codes: Any = arrays.adopted(codes)
        self.distinct = distinct
        self._columns: Dict[str, Column] = {}

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, i: int) -> Decision: ...
    @overload
    def __getitem__(self, i: slice) -> List[Decision]: ...
    def __getitem__(self, i: Union[int, slice]) -> Union[Decision, List[Decision]]:
        if isinstance(i, slice):
            return [self.distinct[code] for code in self.codes[i]]
        return self.distinct[int(self.codes[i])]

    def __iter__(self) -> Iterator[Decision]:
        return map(self.distinct.__getitem__, self.codes)

    @property
    def revision(self) -> int:
        """The revision that all decisions are of; 0 of an empty batch."""
        return max((decision.revision for decision in self.distinct), default=0)

    @property
    def all_ok(self) -> bool:
        """Whether every unit has a decision."""
        return all(decision.ok for decision in self.distinct)

    def column(self, field: str) -> Column:
        """The column of a field of :class:`Decision`."""
        column = self._columns.get(field)
        if column is None:
            values = [getattr(decision, field) for decision in self.distinct]
            column = self._columns[field] = self._column(values)
        return column

    def _column(self, values: List[Hashable]) -> Column:
        """The column in which every element has the value of its distinct decision."""
        categories: Dict[Any, int] = {}
        table = [categories.setdefault(value, len(categories)) for value in values]
        return Column(arrays.translated(self.codes, table), list(categories))

    @property
    def status(self) -> Column:
        """``"ok"``, or why there is no decision."""
        return self.column("status")

    @property
    def model(self) -> Column:
        """The model."""
        return self.column("model")

    @property
    def version(self) -> Column:
        """The model's version."""
        return self.column("version")

    @property
    def cluster(self) -> Column:
        """The cluster."""
        return self.column("cluster")

    @property
    def shard(self) -> Column:
        """The shard, or None."""
        return self.column("shard")

    @property
    def address(self) -> Column:
        """The address."""
        return self.column("address")

    @property
    def routing_key(self) -> Column:
        """The routing key: ``batch.routing_key.groups()`` is what to send where."""
        return self.column("routing_key")

    @property
    def traffic(self) -> Column:
        """The class of traffic."""
        return self.column("traffic")

    def cell(self, experiment: str) -> Column:
        """The cell of one experiment, or None for units that are in none of its cells."""
        cells: List[Optional[str]] = [
            next((cell.cell for cell in decision.cells if cell.experiment == experiment), None)
            for decision in self.distinct
        ]
        return self._column(cells)  # type: ignore[arg-type]

    def __repr__(self) -> str:
        return f"<Batch of {len(self)}, {len(self.distinct)} distinct, revision {self.revision}>"
