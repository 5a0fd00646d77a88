"""The rows that the benchmarks print: `table<TAB>key<TAB>column=value...`."""

from dataclasses import dataclass, field
from pathlib import Path

Value = float | str

# Columns that are words, even where one looks like a number.
WORDS = ("text", "version")


@dataclass
class Table:
    """The rows of one table by key, in the order in which they came."""

    name: str
    title: str = ""
    rows: dict[str, dict[str, Value]] = field(default_factory=dict)

    def columns(self) -> list[str]:
        """Every column of any row, in the order in which they first stand."""
        return list(dict.fromkeys(column for row in self.rows.values() for column in row))


Results = dict[str, Table]


def value_of(text: str) -> Value:
    """A number where it is one."""
    try:
        return float(text)
    except ValueError:
        return text


def read(paths: list[Path]) -> Results:
    """All rows of the files. A row that comes twice adds its columns to the first."""
    results: Results = {}
    for path in paths:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            fields = line.split("\t")
            if len(fields) < 3:
                raise SystemExit(f"{path}:{number}: no row: {line!r}")
            name, key = fields[:2]
            if name == "title":
                results.setdefault(key, Table(key)).title = fields[2].removeprefix("text=")
                continue
            table = results.setdefault(name, Table(name))
            row = table.rows.setdefault(key, {})
            for cell in fields[2:]:
                column, equals, text = cell.partition("=")
                if not equals:
                    raise SystemExit(f"{path}:{number}: {cell!r} is no column=value")
                row[column] = text if column in WORDS else value_of(text)
    return results


def number(results: Results, table: str, key: str, column: str) -> float | None:
    """A number, if it was measured."""
    found = results[table].rows.get(key, {}).get(column) if table in results else None
    return found if isinstance(found, float) else None
