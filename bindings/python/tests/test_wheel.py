"""The wheels: built, installed in clean environments, used where there is no liblmdb."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from typing import Dict, List

import pytest
from conftest import ROOT, Store

PROGRAM = """
import ctypes, sys
try:
    ctypes.CDLL("liblmdb.so.0")
    sys.exit("this system has LMDB: nothing would be shown")
except OSError:
    pass
import turnout
assert turnout.__file__.startswith(sys.prefix) and turnout.library_path.startswith(sys.prefix)
with turnout.Engine(sys.argv[1]) as engine:
    assert engine.resolve("Watch", "u_1", country="US").model == "ranker"
    assert len(engine.resolve_batch("Watch", ["a", "b"])) == 2
    engine.set_overlay("cluster", "next", "up")
assert "liblmdb" not in open("/proc/self/maps").read()
print(turnout.backend)
"""


@pytest.fixture(scope="module")
def wheels() -> List[Path]:
    subprocess.run([ROOT / "bindings/python/build-wheel", sys.executable], check=True)
    return sorted((ROOT / "build/python/dist").glob("*.whl"))


def test_there_is_one_for_each_way(wheels: List[Path]) -> None:
    tags = [wheel.stem.split("-", 2)[2] for wheel in wheels]
    platform = tags[0].split("-")[-1]
    assert tags == [f"cp310-abi3-{platform}", f"py3-none-{platform}"]
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            names = set(archive.namelist())
        assert {"turnout/py.typed", "turnout/lib/libturnout.so.0"} <= names
        assert ("turnout/_fast.abi3.so" in names) == ("abi3" in wheel.name)
        assert any(name.endswith("LICENSE") for name in names)


@pytest.mark.parametrize("way", ["c", "ctypes"])
def test_a_clean_environment_without_lmdb(
    wheels: List[Path], way: str, published: Store, tmp_path: Path
) -> None:
    wheel = wheels[0 if way == "c" else 1]
    venv.create(tmp_path, with_pip=False, symlinks=True)
    # pip of this environment installs into the other: it need not be there.
    pip = [sys.executable, "-m", "pip", "--python", str(tmp_path), "install", "-q", "--no-index"]
    subprocess.run([*pip, "--disable-pip-version-check", str(wheel)], check=True)
    system = [p for p in Path("/usr/lib").glob("*/liblmdb.so.0*") if not p.is_symlink()]
    hide = " && ".join(f"mount --bind /dev/null {path}" for path in system) or "true"
    command = f'{hide} && exec "$0" -I -c "$1" "$2"'
    hidden = ["unshare", "--map-root-user", "--mount", "sh", "-c", command]
    environment: Dict[str, str] = {
        k: v for k, v in os.environ.items() if not k.startswith(("TURNOUT", "PYTHON"))
    }
    done = subprocess.run(
        [*hidden, str(tmp_path / "bin/python"), PROGRAM, published.path],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.stdout == f"{way}\n", done.stderr
