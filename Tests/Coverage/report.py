# SPDX-License-Identifier: Apache-2.0
"""report.py JSON: writes the tables of Docs/coverage.md from what llvm-cov exported.

A line is covered if something of it ran. A region is a piece of code that runs as a whole: each arm
of a condition, each case, the right side of `&&` and `??`; Swift counts no other branches. What is
not covered in Snapshots, Table and Store must be argued in Tests/Coverage/argued.txt, or this ends
with 1: lines `group: words`, then for each gap `group | file | code of its line`.
"""

import json
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "Docs/coverage.md"
ARGUED = ROOT / "Tests/Coverage/argued.txt"
CLOSED = ("Turnout/Snapshots", "Turnout/Table", "Turnout/Store")
BEGIN, END = "<!-- counted -->", "<!-- end of what was counted -->"


@dataclass
class File:
    name: str
    lines: tuple[int, int]
    regions: tuple[int, int]
    gaps: list[tuple[int, str]] = field(default_factory=list)

    @property
    def folder(self) -> str:
        parts = self.name.split("/")
        return "/".join(parts[:2]) if len(parts) > 2 else parts[0]


def gaps_of(segments: list[list[int]], text: list[str]) -> list[tuple[int, str]]:
    """The lines on which a region begins that never ran, with their code; nested ones once."""
    gaps: dict[int, str] = {}
    for line, _, count, has_count, is_entry, is_gap in segments:
        if has_count and is_entry and not is_gap and count == 0:
            gaps[line] = text[line - 1].strip()
    return sorted(gaps.items())


def read(exported: Path) -> list[File]:
    files = []
    for file in json.loads(exported.read_text("utf-8"))["data"][0]["files"]:
        path = Path(file["filename"])
        summary = file["summary"]
        files.append(
            File(
                str(path.relative_to(ROOT / "Sources")),
                (summary["lines"]["covered"], summary["lines"]["count"]),
                (summary["regions"]["covered"], summary["regions"]["count"]),
                gaps_of(file["segments"], path.read_text("utf-8").splitlines()),
            )
        )
    return sorted(files, key=lambda file: file.name)


def share(pairs: list[tuple[int, int]]) -> str:
    covered, count = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    return f"{100 * covered / count if count else 100:.1f} % of {count:,}"


def read_argued() -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    groups: dict[str, str] = {}
    argued: dict[tuple[str, str], str] = {}
    for line in ARGUED.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if " | " in line:
            group, file, code = line.split(" | ", 2)
            argued[file, code] = group
        else:
            group, words = line.split(": ", 1)
            groups[group] = words
    return groups, argued


def table_of_folders(files: list[File]) -> list[str]:
    folders: dict[str, list[File]] = defaultdict(list)
    for file in files:
        folders[file.folder].append(file)
    rows = ["| folder | lines | regions |", "|---|---|---|"]
    for folder in sorted(folders):
        these = folders[folder]
        lines, regions = share([f.lines for f in these]), share([f.regions for f in these])
        rows.append(f"| `{folder}` | {lines} | {regions} |")
    lines, regions = share([f.lines for f in files]), share([f.regions for f in files])
    return [*rows, f"| together | {lines} | {regions} |"]


def main() -> None:
    files = read(Path(sys.argv[1]))
    groups, argued = read_argued()
    members: dict[str, list[str]] = defaultdict(list)
    open_gaps = []
    for file in files:
        if file.folder not in CLOSED:
            continue
        for line, code in file.gaps:
            group = argued.get((file.name, code))
            if group is None:
                open_gaps.append(f"{file.name}:{line} | {code}")
            else:
                members[group].append(file.name.removeprefix("Turnout/").removesuffix(".swift"))
    page = table_of_folders(files)
    page += [
        "",
        "## Gaps in Snapshots, Table and Store",
        "",
        "| why | gaps | in |",
        "|---|---|---|",
    ]
    for group, words in groups.items():
        named = ", ".join(
            f"{name} {members[group].count(name)}" for name in dict.fromkeys(members[group])
        )
        page.append(f"| {words} | {len(members[group])} | {named} |")
    if open_gaps:
        page += [
            "",
            f"Neither closed nor argued yet, {len(open_gaps)} of them:",
            "",
            "| file | lines that nothing ran |",
            "|---|---|",
        ]
        lines: dict[str, list[str]] = {}
        for gap in open_gaps:
            name, line = gap.split(" | ")[0].split(":")
            lines.setdefault(name, []).append(line)
        page += [f"| `{name}` | {', '.join(found)} |" for name, found in lines.items()]
    page += ["", "## Gaps elsewhere", "", "| file | lines that nothing ran |", "|---|---|"]
    for file in files:
        if file.folder not in CLOSED and file.gaps:
            page.append(f"| `{file.name}` | {', '.join(str(line) for line, _ in file.gaps)} |")
    text = PAGE.read_text("utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    PAGE.write_text(f"{head}{BEGIN}\n" + "\n".join(page) + f"\n{END}{tail}")
    print("\n".join(table_of_folders(files)[2:]))
    if open_gaps:
        print(f"\nNeither covered nor argued in {', '.join(CLOSED)}: {len(open_gaps)}")
        print("\n".join(open_gaps))
    sys.exit(bool(open_gaps))


if __name__ == "__main__":
    main()
