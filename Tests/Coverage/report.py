# SPDX-License-Identifier: Apache-2.0
"""report.py JSON SUITE…: writes the tables of Docs/coverage.md from what llvm-cov exported.

A gap is the line on which code begins that never ran though what stands around it did. Each one in
Snapshots, Table and Store must be argued in Tests/Coverage/argued.txt (see arguments.py), and each
argument there must be about gaps, or this ends with 1.
"""

import json
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from arguments import Arguments, Sources

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "Docs/coverage.md"
ARGUED = ROOT / "Tests/Coverage/argued.txt"
LEFT_OUT = ROOT / "Tests/Coverage/left-out.txt"
PARTS = {
    "the engine": ("Turnout/", "TurnoutC/", "CThread/", "CEnvironment/"),
    "the compiler": ("TurnoutCompiler/",),
    "all": ("",),
}
CLOSED = ("Turnout/Snapshots", "Turnout/Table", "Turnout/Store")
BEGIN, END = "<!-- counted -->", "<!-- end of what was counted -->"
MEASURES = ("lines", "regions", "functions")


@dataclass
class File:
    name: str
    covered: dict[str, tuple[int, int]]
    gaps: dict[int, int]

    @property
    def folder(self) -> str:
        return "/".join(self.name.split("/")[:-1][:2])


def between(text: list[str], begin: tuple[int, int], end: tuple[int, int]) -> str:
    """The source from one line and column up to another."""
    lines = text[begin[0] - 1 : end[0]]
    lines[-1] = lines[-1][: end[1] - 1]
    lines[0] = lines[0][begin[1] - 1 :]
    return "\n".join(lines)


def gaps_of(segments: list[list[int]], text: list[str]) -> dict[int, int]:
    """First and last line of all code that never ran; what is nested in it is not a gap more."""
    gaps: dict[int, int] = {}
    begin: tuple[int, int] | None = None
    for line, column, count, has_count, is_entry, is_gap in segments:
        ran = not has_count or count > 0
        if begin and ran:
            code = between(text, begin, (line, column))
            # What follows a loop or an arm may be nothing but the braces around it, and of the dots
            # in `name[...]` the compiler makes a closure that is never called.
            if code.strip("} \n") not in ("", "..."):
                first = begin[0] + code[: len(code) - len(code.lstrip())].count("\n")
                gaps[first] = max(line if column > 1 else line - 1, gaps.get(first, 0))
            begin = None
        elif not begin and not ran and is_entry and not is_gap:
            begin = line, column
    return gaps


def read(exported: Path) -> list[File]:
    files = []
    for file in json.loads(exported.read_text("utf-8"))["data"][0]["files"]:
        summary = file["summary"]
        covered = {
            measure: (summary[measure]["covered"], summary[measure]["count"])
            for measure in (*MEASURES, "branches")
        }
        path = Path(file["filename"])
        name = str(path.relative_to(ROOT / "Sources"))
        text = path.read_text("utf-8").splitlines()
        files.append(File(name, covered, gaps_of(file["segments"], text)))
    return sorted(files, key=lambda file: file.name)


def share(files: list[File], measure: str) -> str:
    covered = sum(file.covered[measure][0] for file in files)
    count = sum(file.covered[measure][1] for file in files)
    return f"{100 * covered / count if count else 100:.1f} % of {count:,}"


def row(name: str, files: list[File]) -> str:
    return f"| {name} | " + " | ".join(share(files, measure) for measure in MEASURES) + " |"


def table_of_folders(files: list[File]) -> list[str]:
    folders: dict[str, list[File]] = defaultdict(list)
    for file in files:
        folders[file.folder].append(file)
    rows = [f"| folder | {' | '.join(MEASURES)} |", "|---" * (1 + len(MEASURES)) + "|"]
    rows += [row(f"`{folder}`", folders[folder]) for folder in sorted(folders)]
    for part, folders_of_it in PARTS.items():
        rows.append(row(part, [file for file in files if file.name.startswith(folders_of_it)]))
    return rows


def lines_of(gaps: dict[int, int]) -> str:
    return ", ".join(
        f"{begin}" if begin == end else f"{begin} to {end}" for begin, end in gaps.items()
    )


def table_of_gaps(files: dict[str, dict[int, int]]) -> list[str]:
    rows = [f"| `{name}` | {lines_of(gaps)} |" for name, gaps in files.items() if gaps]
    return ["| file | lines that nothing ran |", "|---|---|", *rows]


def table_of_arguments(arguments: Arguments, files: list[File]) -> list[str]:
    rows = ["| why | gaps | in |", "|---|---|---|"]
    for group, words in arguments.groups.items():
        members: Counter[str] = Counter()
        for file in files:
            argued = sum(arguments.group_of(file.name, line) == group for line in file.gaps)
            if argued:
                members[file.name.removeprefix("Turnout/").removesuffix(".swift")] = argued
        named = ", ".join(f"{name} {count}" for name, count in members.items())
        rows.append(f"| {words} | {members.total()} | {named} |")
    return rows


def suites(exported: Path, names: list[str]) -> list[str]:
    """When it was counted, and by which suites."""
    day = time.strftime("%Y-%m-%d", time.localtime(exported.stat().st_mtime))
    left_out = [
        line.split(": ", 1)
        for line in LEFT_OUT.read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    return [
        f"Counted on {day}, by the Swift tests and by {', '.join(names)}. Left out:",
        "",
        "| suite | why |",
        "|---|---|",
        *(f"| {name} | {why} |" for name, why in left_out),
    ]


def main() -> None:
    files = read(Path(sys.argv[1]))
    sources = Sources(ROOT / "Sources")
    closed = [file for file in files if file.folder in CLOSED]
    arguments = Arguments(ARGUED, sources, {file.name: set(file.gaps) for file in closed})
    unargued = {
        file.name: {
            begin: end
            for begin, end in file.gaps.items()
            if arguments.group_of(file.name, begin) is None
        }
        for file in closed
    }
    folders = table_of_folders(files)
    page = [*suites(Path(sys.argv[1]), sys.argv[2:]), "", *folders]
    page += ["", f"Of the branches of C, {share(files, 'branches')}."]
    page += ["", "## Gaps in Snapshots, Table and Store", ""]
    page += table_of_arguments(arguments, closed)
    if any(unargued.values()):
        page += ["", "Neither closed nor argued yet:", "", *table_of_gaps(unargued)]
    elsewhere = {file.name: file.gaps for file in files if file.folder not in CLOSED}
    page += ["", "## Gaps elsewhere", "", *table_of_gaps(elsewhere)]
    text = PAGE.read_text("utf-8")
    head, _, rest = text.partition(BEGIN)
    PAGE.write_text(f"{head}{BEGIN}\n" + "\n".join(page) + f"\n{END}{rest.partition(END)[2]}")

    print("\n".join(folders[2:]))
    complaints = [
        f"{lines_of({begin: end})}: {sources.entry(name, begin)}"
        for name, gaps in unargued.items()
        for begin, end in gaps.items()
    ]
    print("\n".join(complaints + arguments.faults))
    print(f"Gaps in {', '.join(CLOSED)} neither closed nor argued: {len(complaints)}")
    print(f"Arguments at fault: {len(arguments.faults)}")
    sys.exit(bool(complaints or arguments.faults))


if __name__ == "__main__":
    main()
