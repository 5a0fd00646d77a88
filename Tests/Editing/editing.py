"""`turnout schema`, `turnout fmt` and the shells' completion, by the command itself."""

from __future__ import annotations

import os
import sys

import canonical
import schema
import shells
from checks import Checks

PARTS = {"schema": schema.run, "fmt": canonical.run, "shells": shells.run}


def main() -> int:
    checks = Checks()
    seed = int(os.environ.get("SEED", "11"))
    count = int(os.environ.get("DOCUMENTS", "12"))
    for name in sys.argv[1:] or list(PARTS):
        PARTS[name](checks, seed, count)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
