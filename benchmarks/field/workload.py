"""What is measured: flags of three targeting rules and a split, the users who ask for them, and the
order of the questions. `call.c` repeats names, users and order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

COUNTRIES = tuple("US CA DE FR NO SE JP KR BR MX IN GB IT ES PL NL AU NZ ZA AR".split())  # noqa: SIM905
# The rules ask for the first three; the last is in no rule, so that the split decides.
DEVICES = ("tv", "phone", "tablet", "web")
USERS = 1000
MODELS = 1000
# A step through the flags that meets each of them once, in no order that memory could foresee.
STRIDE = 7919
# Questions that are not timed, at the start of a round: another process has just run.
WARM = 500

Arms = tuple[tuple[str, int], ...]
SPLIT: Arms = (("v1", 34), ("v2", 33), ("v3", 33))


@dataclass(frozen=True)
class Flag:
    """A flag; without a country it has no rules. Its answers are texts, `model@version`."""

    key: str
    model: str
    country: str | None = None
    arms: Arms = SPLIT

    @property
    def rules(self) -> tuple[tuple[str, str], ...]:
        """The device that a rule asks for, beside the country, and the version it answers."""
        if self.country is None:
            return ()
        return tuple(zip(DEVICES, ("v1", "v2", "v3"), strict=False))

    def value(self, version: str) -> str:
        return f"{self.model}@{version}"


@dataclass(frozen=True)
class User:
    id: str
    country: str
    device: str


def flags_of(count: int) -> list[Flag]:
    return [
        Flag(f"HomePageRanking-{i:06}", f"ranker-{i % MODELS:04}", COUNTRIES[i % len(COUNTRIES)])
        for i in range(count)
    ]


def changed(flags: Sequence[Flag]) -> list[Flag]:
    """The same flags, of which the first answers another model everywhere."""
    return [replace(flags[0], model="ranker-0999"), *flags[1:]]


def users() -> list[User]:
    return [User(f"user-{i:06}", COUNTRIES[i % len(COUNTRIES)], DEVICES[-1]) for i in range(USERS)]


def questions(flags: int, count: int) -> Iterator[tuple[int, int]]:
    """Indexes of a flag and of a user whose country its rules ask for: every condition of the flag
    is tested, none of its rules fits, the split decides."""
    countries = len(COUNTRIES)
    for i in range(count):
        flag = i * STRIDE % flags
        yield flag, flag % countries + countries * (i % (USERS // countries))


def scaled(weights: Sequence[int], total: int) -> list[int]:
    """Weights as whole numbers that sum to `total`, by largest remainder; ties: the first."""
    whole = sum(weights)
    out = [w * total // whole for w in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(weights[i] * total % whole), i))
    for i in by_remainder[: total - sum(out)]:
        out[i] += 1
    return out
