"""Runs the recipes of Docs/recipes and holds what they print against the pages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TURNOUT = ROOT / ".build/debug/TurnoutCommand"
PAGES = ROOT / "Docs/recipes"
COMMAND_SECONDS_MAX = 120

# What differs from run to run and from build to build.
LASTING = [
    (re.compile(r"\b[0-9a-f]{12}([0-9a-f]{20})?\b"), "DIGEST"),
    (re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?Z?"), "TIME"),
    (re.compile(r"\([^()]* ago\)"), "(AGE ago)"),
    (re.compile(r"[\d,]+ bytes"), "N bytes"),
    (re.compile(r'"bytes":\d+'), '"bytes":N'),
]

# What a slow machine says while it works.
PROGRESS = re.compile(r"^[\w ,]+ … \d+ s\n", re.MULTILINE)


class Page:
    """One recipe, in a folder of its own. `told` is the page with what the commands printed."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        self.folder = folder
        self.lines = path.read_text("utf-8").splitlines()
        self.told: list[str] = []

    def run(self) -> Iterator[tuple[str, str, str]]:
        """Each command with what the page says it prints and what it does print."""
        language = ""
        block: list[str] = []
        for line in self.lines:
            if not line.startswith("```"):
                block.append(line)
                if not language:
                    self.told.append(line)
                continue
            if not language:
                language = line.removeprefix("```") or "text"
                block = []
                self.told.append(line)
                continue
            if language == "yaml":
                self._write(block)
                self.told += block
            elif language == "console":
                yield from self._commands(block)
            else:
                self.told += block
            self.told.append(line)
            language = ""

    def _write(self, block: list[str]) -> None:
        name = block[0].removeprefix("#").split()[0]
        (self.folder / name).write_text("\n".join(block) + "\n", "utf-8")

    def _commands(self, block: list[str]) -> Iterator[tuple[str, str, str]]:
        commands: list[tuple[list[str], list[str]]] = []
        for line in block:
            if line.startswith("$ "):
                commands.append(([line.removeprefix("$ ")], []))
            elif line.startswith("> ") and commands and not commands[-1][1]:
                commands[-1][0].append(line.removeprefix("> "))
            elif commands:
                commands[-1][1].append(line)
        for command, said in commands:
            printed = self._printed("\n".join(command))
            self.told += ["$ " + command[0], *("> " + line for line in command[1:])]
            self.told += printed.splitlines()
            yield command[0], lasting("\n".join(said)), lasting(printed.rstrip("\n"))

    def _printed(self, command: str) -> str:
        environment = {
            "PATH": f"{self.folder.parent / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "USER": "ada",
            "LC_ALL": "C.UTF-8",
        }
        ran = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=COMMAND_SECONDS_MAX,
            check=False,
        )
        return PROGRESS.sub("", ran.stdout.decode("utf-8"))


def lasting(text: str) -> str:
    for pattern, word in LASTING:
        text = pattern.sub(word, text)
    return text


def run_page(path: Path, write: bool) -> tuple[int, int]:
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="turnout-recipe-") as place:
        folder = Path(place) / "here"
        folder.mkdir()
        (Path(place) / "bin").mkdir()
        (Path(place) / "bin/turnout").symlink_to(TURNOUT)
        page = Page(path, folder)
        for command, said, printed in page.run():
            if said == printed:
                passed += 1
                continue
            failed += 1
            if not write:
                print(
                    f"{path.name}: $ {command}\n--- the page says\n{said}\n--- it prints\n{printed}"
                )
        if write:
            path.write_text("\n".join(page.told) + "\n", "utf-8")
    return passed, failed


def main() -> int:
    write = "--write" in sys.argv[1:]
    named = [Path(argument) for argument in sys.argv[1:] if argument != "--write"]
    pages = named or sorted(PAGES.glob("*.md"))
    passed = failed = 0
    for page in pages:
        counts = run_page(page.resolve(), write)
        passed += counts[0]
        failed += counts[1]
    print(f"{passed} passed, {failed} failed")
    return 1 if failed and not write else 0


if __name__ == "__main__":
    sys.exit(main())
