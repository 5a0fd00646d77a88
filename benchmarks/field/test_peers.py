"""Each peer evaluates rules and split as the workload says; `run` asks before it measures."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import peers
import pytest
import workload
from workload import Flag, User

NAMES = [name for name in peers.MODULES if name not in ("ctypes", "dict")]
FLAGS = workload.flags_of(40)
UNITS = 2000
# More than five standard deviations of a share near a third.
TOLERANCE = 0.053


@pytest.fixture(scope="module", params=NAMES)
def peer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    kind = peers.load(request.param)
    path = tmp_path_factory.mktemp(request.param) / "data"
    kind.write(path, FLAGS)
    peer = kind(path)
    yield peer
    peer.close()


def ask(peer: Any, flag: Flag, user: User) -> str:  # noqa: ANN401
    return peer.answer(flag.key, peer.context(user))


@pytest.mark.parametrize("flag", [FLAGS[0], FLAGS[17], FLAGS[39]], ids=lambda flag: flag.key)
def test_each_rule_gives_its_version_to_every_user(peer: Any, flag: Flag) -> None:  # noqa: ANN401
    assert len(flag.rules) == 3
    for device, version in flag.rules:
        for i in range(50):
            user = User(f"user-{i:06}", str(flag.country), device)
            assert ask(peer, flag, user) == flag.value(version)


@pytest.mark.parametrize(
    ("country", "device"), [("US", "web"), ("CA", "tv"), ("", ""), ("US", "TV")]
)
def test_where_no_rule_fits_the_split_decides_by_user(
    peer: Any,  # noqa: ANN401
    country: str,
    device: str,
) -> None:
    flag = FLAGS[0]
    assert flag.country == "US"
    shares: Counter[str] = Counter()
    for i in range(UNITS):
        user = User(f"user-{i:06}", country, device)
        shares[ask(peer, flag, user)] += 1
    assert set(shares) == {flag.value(version) for version, _ in flag.arms}
    for version, weight in flag.arms:
        assert shares[flag.value(version)] / UNITS == pytest.approx(weight / 100, abs=TOLERANCE)


def test_a_user_stays_and_flags_draw_independently(peer: Any) -> None:  # noqa: ANN401
    """Were the flag's name not in the hash, two flags would split users alike."""
    user_ids = [f"user-{i:06}" for i in range(1000)]
    versions = []
    for flag in (FLAGS[0], FLAGS[20], FLAGS[0]):
        users = [User(unit, str(flag.country), "web") for unit in user_ids]
        versions.append([ask(peer, flag, user).rpartition("@")[2] for user in users])
    assert versions[0] == versions[2]
    alike = sum(a == b for a, b in zip(versions[0], versions[1], strict=True)) / len(user_ids)
    assert alike == pytest.approx(1 / 3, abs=0.08)


def test_a_flag_without_rules_splits_by_its_weights(tmp_path: Path) -> None:
    """What the table of movement stands on, of all peers in turn."""
    arms = (("va", 80), ("vb", 20))
    for name in NAMES:
        kind = peers.load(name)
        path = tmp_path / name
        kind.write(path, [Flag("split", "ranker-0000", arms=arms)])
        one = kind(path)
        user_ids = (f"user-{i:06}" for i in range(UNITS))
        given = Counter(
            one.answer("split", one.context(User(u, "US", "web")))[-1] for u in user_ids
        )
        one.close()
        assert given["a"] / UNITS == pytest.approx(0.8, abs=TOLERANCE), name
        assert given["a"] + given["b"] == UNITS, name
