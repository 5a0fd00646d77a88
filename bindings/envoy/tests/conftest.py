# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bootstrap import SPECIFIER
from fronts import KINDS, NEWEST_KINDS, Front, World, front
from sites import Site


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    with World() as made:
        yield made


@pytest.fixture(autouse=True)
def _forgets(world: World) -> None:
    """Every test finds upstreams that are well and remember nothing."""
    world.forget()


@pytest.fixture(scope="session")
def site(world: World, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A store that no test changes."""
    made = Site(tmp_path_factory.mktemp("site"))
    made.publish(world.document())
    return made


@pytest.fixture
def own_site(world: World, tmp_path: Path) -> Site:
    """A store of the test's own."""
    made = Site(tmp_path / "own")
    made.publish(world.document())
    return made


APART = [(*kind, "apart") for kind in NEWEST_KINDS]


@pytest.fixture(scope="session", params=[*KINDS, *APART], ids=lambda kind: "-".join(kind))
def everywhere(request: pytest.FixtureRequest, site: Site, world: World) -> Iterator[Front]:
    """Over the store that no test changes: wherever the module runs, and with mirrors apart."""
    kind, version, *apart = request.param
    more: dict[str, Any] = {}
    if apart and kind == SPECIFIER:
        more = {"shadow_overrides": True, "shadow_slots": 4}
    with front(kind, version, site, world, {"apart": bool(apart)}, **more) as made:
        yield made


@pytest.fixture(scope="session", params=NEWEST_KINDS, ids=lambda kind: kind[0])
def newest(request: pytest.FixtureRequest, site: Site, world: World) -> Iterator[Front]:
    """The same in the newest Envoy only."""
    kind, version = request.param
    with front(kind, version, site, world) as made:
        yield made
