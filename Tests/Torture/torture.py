"""`make torture` and the short variant that every test run has: KILLS, SEED, parts by name."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backups import back_up
from damage import damage_running
from faults import fail_everything
from kills import kill_writers
from power import power
from readers import hold_readers
from stores import Broken, say

PARTS = ("kills", "power", "faults", "readers", "damage", "backups", "golden")


def check_golden() -> str:
    """Stores of every format that was kept answer as they did, and take a publish."""
    done = subprocess.run(
        [Path(__file__).with_name("golden"), "check"], capture_output=True, text=True
    )
    if done.returncode != 0 or not done.stdout.strip():
        raise Broken(f"golden check:\n{done.stdout}{done.stderr}")
    return done.stdout.strip().splitlines()[-1]


def parts(seed: int, kills: int, is_short: bool) -> dict[str, Callable[[], Any]]:
    if is_short:
        return {
            "kills": lambda: kill_writers(seed, kills),
            "power": lambda: power(seed, drawn=1, is_short=True),
            "faults": lambda: fail_everything(every=29),
            "readers": lambda: hold_readers(seed, publishes=20),
            "damage": lambda: damage_running(seed),
            "backups": lambda: back_up(seed, times=1, every=17),
            "golden": check_golden,
        }
    return {
        "kills": lambda: kill_writers(seed, kills),
        "power": lambda: power(seed, drawn=4, is_short=False),
        "faults": lambda: fail_everything(),
        "readers": lambda: hold_readers(seed),
        "damage": lambda: damage_running(seed),
        "backups": lambda: back_up(seed, times=10, every=1),
    }


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("parts", nargs="*", choices=[*PARTS, []], default=[])
    words.add_argument("--short", action="store_true", help="at most a minute")
    words.add_argument("--kills", type=int, help="default 2000, short 40")
    words.add_argument("--seed", type=int, default=0, help="0 draws one")
    given = words.parse_args()
    seed = given.seed or time.time_ns() % 1_000_000_007
    kills = given.kills or (40 if given.short else 2000)
    say(f"torture: SEED={seed} KILLS={kills}")
    passed = failed = 0
    for name, part in parts(seed, kills, given.short).items():
        if given.parts and name not in given.parts:
            continue
        begin = time.monotonic()
        try:
            tally = part()
            passed += 1
            say(f"{name}: {time.monotonic() - begin:.0f} s: {tally}")
        except Broken as broken:
            failed += 1
            say(f"FAILED: {name}, SEED={seed}: {broken}")
    say(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
