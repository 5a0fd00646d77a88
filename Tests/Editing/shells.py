"""Completion from the store, in real shells that think that they have a terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import tempfile
import time
from pathlib import Path

from checks import Checks
from sources import ROOT, TURNOUT, turnout

SECONDS_MAX = 30

# What is typed before the tabulator, and what must be offered; what is typed may be left out.
CASES = [
    ("turnout resolve C", ["Chat", "ContinueWatching"]),
    ("turnout set cluster search/", ["s0", "s1", "s2"]),
    ("turnout set shadow --store pages TopPicks/", ["large-dark", "other-dark"]),
    ("turnout set experiment --store=pages row-", ["row-count", "row-order"]),
    ("turnout activate ", ["1", "2"]),
]
# The completions of bash and zsh know options only with their values in a word of their own.
LEFT_OUT = {(shell, "turnout set experiment --store=pages row-") for shell in ("bash", "zsh")}


def run(checks: Checks, _seed: int, _count: int) -> None:
    with tempfile.TemporaryDirectory(prefix="turnout-shells-") as place:
        folder = Path(place)
        prepare(folder)
        quiet(checks, folder)
        for shell, start in STARTS.items():
            Terminal(shell, start, folder).ask(checks)


def prepare(folder: Path) -> None:
    home = (ROOT / "Examples/home.yaml").read_text("utf-8")
    (folder / "home.yaml").write_text(home)
    (folder / "more.yaml").write_text(home + "\n  Chat:\n    rules: [{ route: fraud@v5 }]\n")
    pages = (ROOT / "Examples/home-page.yaml").read_text("utf-8")
    pages = pages.replace(
        "      - { name: large-dark,",
        "      - { name: other-dark, model: picks@large }\n      - { name: large-dark,",
        1,
    ).replace(
        "  row-count:\n",
        "  row-order:\n    layer: page\n    share: 1%\n    cells: { a: {} }\n  row-count:\n",
    )
    (folder / "pages.yaml").write_text(pages)
    for document, store in [("home", "store"), ("more", "store"), ("pages", "pages")]:
        made = turnout("publish", f"{document}.yaml", "--store", store, cwd=folder)
        if made.returncode:
            raise RuntimeError(made.stderr)
    (folder / "bin").mkdir()
    (folder / "bin/turnout").symlink_to(TURNOUT)
    (folder / "functions").mkdir()
    for shell, name in [("bash", "t.bash"), ("zsh", "functions/_turnout"), ("fish", "t.fish")]:
        script = turnout("--generate-completion-script", shell).stdout
        (folder / name).write_text(script)


def quiet(checks: Checks, folder: Path) -> None:
    """Where nothing can be offered nothing is said."""
    (folder / "damaged").mkdir()
    (folder / "damaged/head").write_bytes(b"TURNHEAD" + bytes(200))
    for store in ["nowhere", "damaged", "home.yaml"]:
        words = ["turnout", "resolve", "--store", store, ""]
        asked = ["---completion", "resolve", "--", "positional@0", "4", "0", *words]
        said = turnout(*asked, cwd=folder)
        checks.that(
            said.stdout.strip() == "" and said.stderr == "",
            f"of `{store}` nothing is offered",
            said,
        )


STARTS = {
    "bash": (["bash", "--norc", "-i"], "PS1='> '; bind 'set show-all-if-ambiguous on'; . ./t.bash"),
    "zsh": (
        ["zsh", "-f", "-i"],
        "PS1='> '; fpath=($PWD/functions $fpath); autoload -U compinit; compinit -u -D;"
        " unsetopt listambiguous",
    ),
    "fish": (["fish", "-N", "-i"], "source t.fish"),
}


class Terminal:
    def __init__(self, shell: str, start: tuple[list[str], str], folder: Path) -> None:
        self.shell = shell
        self.output = b""
        self.process, self.descriptor = pty.fork()
        if self.process == 0:
            environment = {
                "PATH": f"{folder}/bin:/usr/bin:/bin",
                "HOME": str(folder),
                "TERM": "dumb",
                "TURNOUT_STORE": "store",
                "LC_ALL": "C.UTF-8",
            }
            os.chdir(folder)
            os.execvpe(start[0][0], start[0], environment)
        # Quotes, so that the shell's echo of the line is not taken for its answer.
        self.type(start[1] + '; echo REA""DY\n')
        self.ready = self.wait(rb"READY\r?\n")

    def ask(self, checks: Checks) -> None:
        try:
            checks.that(self.ready, f"{self.shell} takes the completions", self.output[-500:])
            for line, offers in CASES if self.ready else []:
                if (self.shell, line) in LEFT_OUT:
                    continue
                self.output = b""
                self.type(self.keys(line))
                found = [self.wait(rb"(?<![\w-])" + o.encode() + rb"(?![\w-])") for o in offers]
                checks.that(all(found), f"{self.shell}: {line}", self.output[-500:])
                # Away with what is typed.
                self.type("\x15\x0b\n" if self.shell != "fish" else "")
        finally:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
            os.close(self.descriptor)

    def keys(self, line: str) -> str:
        # In fish a command lists them.
        return f"complete -C '{line}'\n" if self.shell == "fish" else line + "\t"

    def type(self, keys: str) -> None:
        os.write(self.descriptor, keys.encode())

    def wait(self, pattern: bytes) -> bool:
        end = time.monotonic() + SECONDS_MAX
        while not re.search(pattern, self.output):
            ready, _, _ = select.select([self.descriptor], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                return False
            try:
                more = os.read(self.descriptor, 65536)
            except OSError:
                return False
            # What a terminal answers that is asked for its kind and for the cursor.
            if re.search(rb"\x1b\[0?c", more):
                os.write(self.descriptor, b"\x1b[?62c")
            if b"\x1b[6n" in more:
                os.write(self.descriptor, b"\x1b[1;1R")
            self.output += more
        return True
