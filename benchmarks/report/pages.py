"""Figures in pages of text: `<!-- figure: KEY -->value<!-- /figure -->`, filled from the results.

KEY is `TABLE ROW COLUMN`, or `A / B` of two such for a ratio; a row may have spaces in it, and
`:ms` behind a column of nanoseconds shows milliseconds. What was not measured is `…`.
"""

import re
from pathlib import Path

from rows import Results, number
from shown import plain

MARK = re.compile(r"(<!-- figure: (.+?) -->)(.*?)(<!-- /figure -->)", re.DOTALL)


UNKNOWN = "…"


def figure(results: Results, key: str) -> str:
    """What stands there."""
    found: list[float] = []
    for part in key.split(" / "):
        fields = part.split()
        if len(fields) < 3:
            raise SystemExit(f"figure {key!r}: not TABLE ROW COLUMN")
        column, _, unit = fields[-1].partition(":")
        value = number(results, fields[0], " ".join(fields[1:-1]), column)
        if value is None:
            return UNKNOWN
        found.append(value / 1e6 if unit == "ms" else value)
    return plain(round(found[0] / found[1], 2)) if len(found) == 2 else plain(found[0])


def fill(results: Results, page: Path) -> list[str]:
    """Fills a page; gives the keys of which nothing was measured."""
    missing: list[str] = []

    def filled(match: re.Match[str]) -> str:
        value = figure(results, match[2])
        if value == UNKNOWN:
            missing.append(match[2])
        return match[1] + value + match[4]

    page.write_text(MARK.sub(filled, page.read_text()))
    return missing


def check(results: Results, page: Path) -> list[str]:
    """What is wrong with the figures of a page."""
    found = [(match[2], match[3]) for match in MARK.finditer(page.read_text())]
    values = [(key, says, figure(results, key)) for key, says in found]
    return [
        f"{page}: {key}: says {says}, measured {value}"
        for key, says, value in values
        if says != value
    ]
