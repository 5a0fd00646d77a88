"""Units that change their arm when the weights change: ours by two publishes, the peers' by their
own libraries, and weighted rendezvous as another way of doing it."""

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import measure
import peers
import xxhash
from workload import Arms, Flag

UNITS = 200_000
QUICK_UNITS = 2_000
KEY = "split"
MODEL = "ranker-0000"


def arms(**weights: int) -> Arms:
    return tuple((f"v{name}", weight) for name, weight in weights.items())


@dataclass(frozen=True)
class Change:
    text: str
    before: Arms
    after: Arms

    @property
    def minimum(self) -> Fraction:
        """What the arms that grow gain: no way of dividing can move fewer."""
        shares = [
            {name: Fraction(weight, sum(w for _, w in side)) for name, weight in side}
            for side in (self.before, self.after)
        ]
        names = {*shares[0], *shares[1]}
        return sum(
            (max(shares[1].get(n, Fraction(0)) - shares[0].get(n, Fraction(0)), Fraction(0)))
            for n in names
        ) or Fraction(0)


CHANGES = (
    Change("a 4th equal arm is added", arms(a=33, b=33, c=33), arms(a=33, b=33, c=33, d=33)),
    Change("33/33/33 to 33/33/34", arms(a=33, b=33, c=33), arms(a=33, b=33, c=34)),
    Change(
        "one point from the last of four arms to the first",
        arms(a=25, b=25, c=25, d=25),
        arms(a=26, b=25, c=25, d=24),
    ),
    Change(
        "the second of four equal arms is removed",
        arms(a=25, b=25, c=25, d=25),
        arms(a=25, c=25, d=25),
    ),
    Change("90/10 to 80/20", arms(a=90, b=10), arms(a=80, b=20)),
)
DIVISIONS = list(dict.fromkeys(side for c in CHANGES for side in (c.before, c.after)))
SUBJECTS = {
    "flagd": "flagd",
    "yggdrasil": "unleash",
    "yggdrasil-raw": "unleash_as_written",
    "growthbook": "growthbook",
    "launchdarkly": "launchdarkly",
    "statsig": "statsig",
}


def units_of(count: int) -> list[str]:
    return [f"user-{i:06}" for i in range(count)]


def moved(before: str, after: str) -> float:
    return sum(a != b for a, b in zip(before, after, strict=True)) / len(before) * 100


def by_peer(name: str, count: int, work: Path) -> dict[Arms, str]:
    """The arm of each unit by each division, asked of the peer in a process of its own."""
    out = {}
    with measure.worker(name, work, 1, work / "workers.log") as one:
        for i, division in enumerate(DIVISIONS):
            data = work / f"{name}-{i}"
            peers.load(name).write(data, [Flag(KEY, MODEL, arms=division)])
            out[division] = one.ask(f"arms {data} {KEY} {count}")["arms"]
    return out


def chance(text: str) -> float:
    """Within 0 and 1, both left out."""
    return (xxhash.xxh3_64_intdigest(text.encode()) / 2 + 1) / (2**63 + 2)


def by_rendezvous(division: Arms, units: list[str]) -> str:
    """The arm of the highest score, where a score is -weight / ln(hash)."""
    names = [(name[-1], weight) for name, weight in division]
    out = []
    for unit in units:
        best = max(
            (-weight / math.log(chance(f"{unit}/{letter}")), letter) for letter, weight in names
        )
        out.append(best[1])
    return "".join(out)


def by_turnout(count: int, work: Path) -> list[tuple[float, float]]:
    """Percent moved of the units resolved in batches before and after the second publish, and what
    the publish itself said, for each change."""
    from peers import turnout_ctypes
    from workload import User

    store = work / "turnout"
    keys = [f"Change-{i}" for i in range(len(CHANGES))]
    units = [unit.encode() for unit in units_of(count)]
    answers: list[list[str]] = []
    published: dict = {}
    for side in ("before", "after"):
        published = turnout_ctypes.publish(
            store,
            [Flag(k, MODEL, arms=getattr(c, side)) for k, c in zip(keys, CHANGES, strict=True)],
        )
        batch = turnout_ctypes.Batch(store)
        asker = batch.context(User("", "US", "web"))
        size = turnout_ctypes.BATCH
        answers.append(
            [
                "".join(
                    answer[1][-1]
                    for i in range(0, count, size)
                    for answer in batch.units(key, asker, units[i : i + size])
                )
                for key in keys
            ]
        )
        batch.close()
    said = {m["owner"].partition("/")[0]: m["share"] * 100 for m in published["moved"]}
    return [
        (moved(before, after), said[key]) for before, after, key in zip(*answers, keys, strict=True)
    ]


def movement(quick: bool, work: Path) -> Iterator[str]:
    count = QUICK_UNITS if quick else UNITS
    work.mkdir(parents=True)
    measure.say(f"movement: {count} units, {len(DIVISIONS)} divisions, {len(SUBJECTS)} peers")
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(lambda name: by_peer(name, count, work), SUBJECTS)
        given = dict(zip(SUBJECTS, answers, strict=True))
    rendezvous = {division: by_rendezvous(division, units_of(count)) for division in DIVISIONS}
    ours = by_turnout(count, work)
    yield measure.title(
        "movement",
        f"Percent of {count} units that change their arm when weights change, beside the fewest "
        "that could; `published` is what `turnout publish` said.",
    )
    for change, (counted, said) in zip(CHANGES, ours, strict=True):
        columns = {
            "minimum_percent": float(change.minimum * 100),
            "turnout_percent": counted,
            "turnout_published_percent": said,
            "rendezvous_percent": moved(rendezvous[change.before], rendezvous[change.after]),
        }
        for name, column in SUBJECTS.items():
            arms_of = given[name]
            columns[f"{column}_percent"] = moved(arms_of[change.before], arms_of[change.after])
        yield measure.row("movement", change.text, **columns)
