"""Holds the steps of the models against the Swift source, by the tables of Docs/model.md."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SOURCES = ROOT / "Sources/Turnout"
PAGE = ROOT / "Docs/model.md"
# Where every access with an ordering is in one of the tables.
CORE = ["Core", "CoreIdentity", "Cores", "Keeper", "Line", "Lines", "Shelf", "Stripe", "View"]
BEGINS = re.compile(
    r"^\s*(?:[\w@()]+ )*(?:func (\w+)|(init|deinit)\b|var (\w+)\b[^=]*\{)|^void (cthread_\w+)\("
)


# A file, what it says, and what it must not say without being noticed.
Change = tuple[str, str, str]
CHANGES: list[Change] = [
    (
        "Snapshots/Core.swift",
        "line.value.announced.store(head, ordering: .sequentiallyConsistent)",
        "line.value.announced.store(head, ordering: .releasing)",
    ),
    ("Snapshots/Shelf.swift", "return isRead(snapshot)", "return false"),
    (
        "Snapshots/Lines.swift",
        "guard let process else { return }",
        "process.value.made.store(0, ordering: .relaxed)",
    ),
]
changed: list[Change] = []


def plain(text: str) -> str:
    """The text without what a formatter may change."""
    return re.sub(r"\s+", " ", text).strip()


def functions(path: Path) -> list[tuple[str, str]]:
    """The names of a file's functions in their order, with their text from one to the next."""
    found: list[tuple[str, list[str]]] = []
    text = path.read_text("utf-8")
    for file, old, new in changed:
        if path == SOURCES / file:
            text = text.replace(old, new)
    for line in text.splitlines():
        begin = BEGINS.match(line)
        if begin:
            found.append((begin[1] or begin[2] or begin[3] or begin[4], []))
        if found and not line.lstrip().startswith("//"):
            found[-1][1].append(line)
    return [(name, plain("\n".join(lines))) for name, lines in found]


def rows(heading: str, columns: int) -> list[list[str]]:
    """A table of the page, without its head."""
    section = PAGE.read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")][1:]
    read = [re.split(r" \| ", line.strip("| ")) for line in lines]
    assert all(len(row) == columns for row in read), read
    return [[cell.strip(" `") for cell in row] for row in read]


def check() -> tuple[int, int]:
    """How many rows, models' steps and accesses agree, and how many do not. Says which."""
    steps = rows("Step by step", 4)
    left_out = rows("Not in a model", 4)
    models = "".join(path.read_text("utf-8") for path in sorted(HERE.glob("*.pml")))
    there = set(re.findall(r"/\* ([A-Z]\d+) \*/", models)) - {"R4"}
    wrong = [f"{step} of Docs/model.md is in no model" for step in {r[0] for r in steps} - there]
    wrong += [
        f"{step} of a model is not in Docs/model.md" for step in there - {r[0] for r in steps}
    ]

    told: Counter[tuple[str, str, str]] = Counter()
    for file, function, access in [r[1:4] for r in steps] + [r[0:3] for r in left_out]:
        path = SOURCES / file
        name = function.split("(")[0]
        bodies = [body for found, body in functions(path) if found == name]
        if not any(plain(access) in body for body in bodies):
            wrong.append(f"{file}: {function} does not say {access}")
        told[file, name, plain(access)] += 1

    count = len(steps) + len(left_out) + len(there)
    for core in CORE:
        file = f"Snapshots/{core}.swift"
        for name, body in functions(SOURCES / file):
            rest = body
            for told_file, told_name, access in sorted(told, key=lambda key: -len(key[2])):
                if (told_file, told_name) == (file, name):
                    rest = rest.replace(access, "")
            count += body.count("ordering: .")
            # Each ordering that is left belongs to an access that no table has.
            for access in re.findall(r"[^;{}]{0,90}ordering: \.\w+", rest):
                wrong.append(f"{file}: {name}: no table of Docs/model.md has {access.strip()}")
    for line in sorted(wrong) if not changed else []:
        print(f"FAILED: {line}")
    return count - len(wrong), len(wrong)


def notices(change: Change) -> bool:
    """Whether the check would fail if the source were changed so."""
    changed.append(change)
    try:
        return check()[1] > 0
    finally:
        changed.clear()


if __name__ == "__main__":
    passed, failed = check()
    print(f"{passed} passed, {failed} failed")
