"""Rows of the benchmarks as results, pictures and figures in pages.

`report.py write DATE ROWS...` writes benchmarks/results/DATE.{md,json}, pictures under
Docs/pictures and the figures of the pages below. With `--suite NAME`, for a suite that is run by
itself, it writes DATE-NAME.{md,json}. `report.py fill` draws and fills from the newest JSON of the
whole and of each such suite. `report.py check` ends in status 1 if a figure of a page is none of
theirs. `--png FOLDER` draws each picture as PNG, too.
"""

import argparse
import json
from pathlib import Path

import page
import pages
import rows

RESULTS = Path("benchmarks/results")
PICTURES = Path("Docs/pictures")
# Suites that are run by themselves, and what their pages are called.
SUITES = {"envoy": "In Envoy"}
PAGES = [Path("Docs/performance.md"), Path("README.md"), Path("benchmarks/README.md")]


def saved(results: rows.Results, date: str) -> str:
    """As JSON, a row a line."""
    tables = []
    for table in results.values():
        lines = ",\n".join(
            f"   {json.dumps(key)}: {json.dumps(row)}" for key, row in table.rows.items()
        )
        tables.append(
            f'  {json.dumps(table.name)}: {{\n   "title": {json.dumps(table.title)},\n'
            f'   "rows": {{\n{lines}\n   }}}}'
        )
    return f'{{\n "date": {json.dumps(date)},\n "tables": {{\n{",".join(tables)}\n }}\n}}\n'


def loaded(path: Path) -> rows.Results:
    """The results of a run that was written down."""
    tables = json.loads(path.read_text()).get("tables", {})
    return {
        name: rows.Table(
            name,
            table["title"],
            {
                key: {c: float(v) if isinstance(v, int) else v for c, v in row.items()}
                for key, row in table["rows"].items()
            },
        )
        for name, table in tables.items()
    }


def newest() -> rows.Results:
    """The last run of the whole, and of each suite by itself its own tables."""
    results = loaded(max(RESULTS.glob("????-??-??.json")))
    for suite in SUITES:
        for path in sorted(RESULTS.glob(f"????-??-??-{suite}.json"))[-1:]:
            found = loaded(path).items()
            results |= {name: table for name, table in found if name.startswith(f"{suite}.")}
    return results


def publish(results: rows.Results, png: Path | None) -> None:
    """Pictures, and figures in pages."""
    # matplotlib is there for `make bench` only, and a check needs none.
    import envoy_pictures
    import pictures

    pictures.draw(results, PICTURES, png, pictures.PICTURES | envoy_pictures.PICTURES)
    for one in PAGES:
        if one.exists():
            for key in pages.fill(results, one):
                print(f"{one}: {key}: not measured")


def main() -> None:
    """See above."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--png", type=Path)
    verbs = parser.add_subparsers(dest="verb", required=True)
    write = verbs.add_parser("write")
    write.add_argument("--suite", choices=list(SUITES))
    write.add_argument("date")
    write.add_argument("rows", type=Path, nargs="+")
    show = verbs.add_parser("show")
    show.add_argument("--suite", choices=list(SUITES))
    show.add_argument("rows", type=Path, nargs="+")
    verbs.add_parser("fill")
    verbs.add_parser("check")
    asked = parser.parse_args()
    if asked.verb == "show":
        results = rows.read(asked.rows)
        suite = SUITES.get(asked.suite or "")
        text = page.of_suite(results, "now", suite) if suite else page.page(results, "now")
        print(text, end="")
    elif asked.verb == "write":
        results = rows.read(asked.rows)
        RESULTS.mkdir(parents=True, exist_ok=True)
        name = f"{asked.date}-{asked.suite}" if asked.suite else asked.date
        text = page.page(results, asked.date)
        if asked.suite:
            text = page.of_suite(results, asked.date, SUITES[asked.suite])
        (RESULTS / f"{name}.md").write_text(text)
        (RESULTS / f"{name}.json").write_text(saved(results, asked.date))
        publish(newest(), asked.png)
    elif asked.verb == "fill":
        publish(newest(), asked.png)
    else:
        results = newest()
        wrong = [words for one in PAGES if one.exists() for words in pages.check(results, one)]
        print("\n".join(wrong) if wrong else "every figure is that of the last run")
        raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
