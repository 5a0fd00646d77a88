"""The README as a newcomer would run it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import List

from conftest import COMMAND, ROOT

README = (ROOT / "bindings/python/README.md").read_text()


def blocks(language: str) -> List[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.S | re.M)


def test_the_readme_runs(tmp_path: Path) -> None:
    commands = tmp_path / "bin"
    commands.mkdir()
    (commands / "turnout").symlink_to(COMMAND)
    path = f"{commands}:{os.environ['PATH']}"
    source = str(ROOT / "bindings/python/src")
    environment = {**os.environ, "PATH": path, "PYTHONPATH": source}

    def run(*words: str) -> str:
        done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    (shell,) = blocks("sh")
    first, second = blocks("python")
    run("sh", "-eu", "-c", shell)
    assert run(sys.executable, "-c", first) == "ranker@v1 at 10.0.1.1:8080\n"
    out = run(sys.executable, "-c", second).splitlines()
    assert out[0] == "main 40 canary"
    counts = {line.split()[0]: int(line.split()[1]) for line in out[1:3]}
    assert sum(counts.values()) == 10000 and 400 < counts["next"] < 600
    assert out[3] == "['ok', 'unknown_use_case']"
    assert out[4].startswith("TopPicks: the table has no use case of this name")
    assert out[5] == "ContinueWatching → ranker@v1"
