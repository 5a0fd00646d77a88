# SPDX-License-Identifier: Apache-2.0
"""What is wrong at the start is refused with the reason in the log; validating starts nothing."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from bootstrap import FILTER, SPECIFIER, Face, bootstrap, listener
from envoys import NEWEST, Envoy, binary, end_with_parent, environment, validated, wait_for
from fronts import KINDS, World, front, settings
from sites import Site

ALL = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(kind))


def written(kind: str, folder: Path, world: World, given: dict[str, Any]) -> Path:
    path = folder / "bootstrap.json"
    made = bootstrap([listener("main", Face(kind, given), folder / "a.log")], world.clusters())
    path.write_text(json.dumps(made))
    return path


def said_by(log: str) -> str:
    """What the module wrote."""
    return "\n".join(line for line in log.splitlines() if "turnout" in line.lower())


def check_refused(kind: tuple[str, str], folder: Path, world: World, given: dict[str, Any]) -> str:
    """By validating and by starting; gives what the module said."""
    path = written(kind[0], folder, world, given)
    done = validated(kind[1], path)
    assert done.returncode == 1, done.stderr[-2000:]
    called: list[str | Path] = [binary(kind[1]), "-c", path, "--disable-hot-restart"]
    started = subprocess.run(
        called,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=end_with_parent,
    )
    assert started.returncode == 1
    said = said_by(started.stderr)
    assert said_by(done.stderr), done.stderr[-2000:]
    return said


@ALL
def test_a_store_that_is_not_there_is_refused_with_the_reason(
    kind: tuple[str, str], site: Site, world: World, tmp_path: Path
) -> None:
    given = settings(site, store=str(tmp_path / "nowhere"))
    said = check_refused(kind, tmp_path, world, given)
    assert str(tmp_path / "nowhere") in said and "no store" in said.lower()


@ALL
def test_a_store_whose_table_is_damaged_is_refused_with_the_reason(
    kind: tuple[str, str], own_site: Site, world: World, tmp_path: Path
) -> None:
    (table,) = (own_site.directory / "tables").glob("*1.mdb")
    table.chmod(0o600)
    content = bytearray(table.read_bytes())
    for place in range(0, len(content), 64):
        content[place] ^= 0x55
    table.write_bytes(content)
    said = check_refused(kind, tmp_path, world, settings(own_site))
    assert str(own_site.directory) in said or "damaged" in said.lower(), said


@ALL
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("stores", "/x"),
        ("use_case", "Home"),
        ("shadow_slots", 9),
        ("mode", "guess"),
        ("attributes", {"kids": {"header": "x-kids", "type": "bool"}}),
        ("statuses", {"unknown_use_case": 200}),
        ("metadata", ["modell"]),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(
    kind: tuple[str, str], site: Site, world: World, tmp_path: Path, key: str, value: object
) -> None:
    path = written(kind[0], tmp_path, world, settings(site, **{key: value}))
    done = validated(kind[1], path)
    assert done.returncode == 1
    assert key in said_by(done.stderr), done.stderr[-2000:]


def test_settings_of_the_filter_are_refused_in_a_specifier(
    site: Site, world: World, tmp_path: Path
) -> None:
    path = written(SPECIFIER, tmp_path, world, settings(site, directory="/x"))
    done = validated(NEWEST, path)
    assert done.returncode == 1
    assert "directory" in said_by(done.stderr)


@pytest.fixture(scope="module")
def preloaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that notes the threads which Turnout's libraries start."""
    made = tmp_path_factory.mktemp("threads") / "threads.so"
    source = Path(__file__).with_name("threads.c")
    called: list[str | Path] = [
        "gcc",
        "-D_GNU_SOURCE",
        "-shared",
        "-fPIC",
        "-Wall",
        "-Werror",
        source,
        "-o",
        made,
    ]
    subprocess.run([*called, "-ldl"], check=True)
    return made


@ALL
def test_validating_accepts_what_starts_and_starts_no_thread(
    kind: tuple[str, str], site: Site, world: World, tmp_path: Path, preloaded: Path
) -> None:
    """Every thread of Turnout's is noted as it is started, so that none is too short to be seen."""
    path = written(kind[0], tmp_path, world, settings(site))
    noted = tmp_path / "noted"
    noted.touch()
    noting = {"LD_PRELOAD": str(preloaded), "THREADS_FILE": str(noted)}
    done = validated(kind[1], path, noting)
    assert done.returncode == 0, done.stderr[-2000:]
    assert noted.read_text() == ""
    # The same starts, and its one thread is noted: so there was something to see.
    with Envoy(kind[1], json.loads(path.read_text()), tmp_path / "started", noting) as envoy:
        wait_for("the keeper", noted.read_text)
        assert len(noted.read_text().splitlines()) == len(keepers(envoy)) == 1


def keepers(envoy: Envoy) -> list[str]:
    return [name for name in envoy.threads() if "turnout" in name.lower()]


def test_specifier_and_filter_of_one_envoy_share_one_engine(
    own_site: Site, world: World, tmp_path: Path
) -> None:
    """Four listeners over one store have one thread that looks after it."""
    others = {
        "second": Face(FILTER, settings(own_site)),
        "third": Face(SPECIFIER, settings(own_site, shadow_slots=2), slots=2),
        "fourth": Face(FILTER, settings(own_site, mode="routing_key")),
    }
    with front(SPECIFIER, NEWEST, own_site, world, others=others) as made:
        filtering = made.other("second", FILTER)
        assert made.ask("Home", "u_1").upstream == filtering.ask("Home", "u_1").upstream
        assert len(keepers(made.envoy)) == 1, made.envoy.threads()


def test_two_stores_have_two(own_site: Site, site: Site, world: World) -> None:
    others = {"second": Face(FILTER, settings(site))}
    with front(SPECIFIER, NEWEST, own_site, world, others=others) as made:
        assert made.ask("Home", "u_1").status == 200
        assert made.other("second", FILTER).ask("Home", "u_1").status == 200
        assert len(keepers(made.envoy)) == 2, made.envoy.threads()


@ALL
def test_sigterm_ends_it_cleanly(kind: tuple[str, str], site: Site, world: World) -> None:
    with front(*kind, site, world) as made, made.client() as client:
        for number in range(50):
            headers = {"x-turnout-use-case": "Home", "x-turnout-unit": f"u_{number}"}
            assert client.ask(headers).status == 200
        began = time.monotonic()
        assert made.envoy.end(signal.SIGTERM) == 0
        assert time.monotonic() - began < 20
        log = made.envoy.log()
        assert not re.search(r"\[(error|critical)\]|Caught |Segmentation", log), log[-2000:]
