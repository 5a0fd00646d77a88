# SPDX-License-Identifier: Apache-2.0
"""What Tests/Coverage/argued.txt says of gaps, held against the sources and the gaps there are.

Its lines are `group: words`, once for each reason, and `group | place | code` for the gaps that
have it. The code is that of the line on which the gap begins, so that an entry survives what
changes above it. The place is a file, `file#function`, or `file#function:2` for the second such
line in functions of that name. Every line of that code in the place must be a gap, or the entry is
at fault.
"""

import re
from pathlib import Path

DECLARED = re.compile(r"\b(?:func ([^\s(<]+)|(init|deinit|subscript)\b|var (\w+).*\{$)")


class Sources:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.texts: dict[str, list[str]] = {}

    def lines(self, name: str) -> list[str]:
        if name not in self.texts:
            path = self.folder / name
            self.texts[name] = path.read_text("utf-8").splitlines() if path.exists() else []
        return self.texts[name]

    def code(self, name: str, line: int) -> str:
        return self.lines(name)[line - 1].strip()

    def function(self, name: str, line: int) -> str:
        """The innermost declaration around a line, or on it."""
        text = self.lines(name)[line - 1]
        indent = len(text) - len(text.lstrip()) + 1
        for text in reversed(self.lines(name)[:line]):
            its_indent = len(text) - len(text.lstrip())
            declared = DECLARED.search(text)
            if declared and its_indent < indent and not text.lstrip().startswith("//"):
                return next(group for group in declared.groups() if group)
            indent = min(indent, its_indent + 1) if text.strip() else indent
        return ""

    def picked(self, place: str, code: str) -> list[int]:
        """The lines that a place and a code mean."""
        name, _, rest = place.partition("#")
        function, _, number = rest.partition(":")
        found = [n for n, text in enumerate(self.lines(name), 1) if text.strip() == code]
        if function:
            found = [line for line in found if self.function(name, line) == function]
        return found[int(number) - 1 : int(number)] if number else found

    def entry(self, name: str, line: int) -> str:
        """The shortest entry that means this line alone."""
        code, function = self.code(name, line), self.function(name, line)
        places = [name, f"{name}#{function}"]
        alike = self.picked(places[1], code)
        places.append(f"{name}#{function}:{alike.index(line) + 1}")
        place = next(place for place in places if self.picked(place, code) == [line])
        return f"{place} | {code}"


class Arguments:
    def __init__(self, path: Path, sources: Sources, gaps: dict[str, set[int]]) -> None:
        self.groups: dict[str, str] = {}
        self.faults: list[str] = []
        self.argued: dict[tuple[str, int], str] = {}
        for text in path.read_text("utf-8").splitlines():
            if not text or text.startswith("#"):
                continue
            if " | " not in text:
                group, words = text.split(": ", 1)
                self.groups[group] = words
                continue
            group, place, code = text.split(" | ", 2)
            name = place.partition("#")[0]
            picked = sources.picked(place, code)
            ran = [str(line) for line in picked if line not in gaps.get(name, set())]
            if not picked:
                self.faults.append(f"there is no such line: {text}")
            elif ran:
                self.faults.append(f"not a gap on line {', '.join(ran)}: {text}")
            if group not in self.groups:
                self.faults.append(f"no words for the group: {text}")
            self.argued |= {(name, line): group for line in picked}
        for group in self.groups.keys() - set(self.argued.values()):
            self.faults.append(f"nothing is argued with: {group}")

    def group_of(self, name: str, line: int) -> str | None:
        return self.argued.get((name, line))
