"""One module a peer. Each is imported only in a process that measures it."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from workload import Flag, User

Question = tuple[str, Any]


class Peer(Protocol):
    """A peer over one file of local data, through its public API."""

    # The distribution whose version stands in the report.
    distribution: str
    # How a change of the data comes to be seen, for the report.
    mechanism: str

    @staticmethod
    def write(path: Path, flags: Sequence[Flag]) -> None:
        """Writes the flags as the peer's own data."""

    def __init__(self, path: Path) -> None:
        """Loads the data; the first evaluation may follow."""

    def context(self, user: User) -> Any:  # noqa: ANN401
        """A user in the peer's own form, made once."""

    def answer(self, key: str, context: Any) -> str:  # noqa: ANN401
        """The flag's value for a user; a text that is no value if the peer fell back."""

    def evaluate(self, questions: Sequence[Question]) -> None:
        """`answer` for each, in a loop without anything between."""

    def refresh(self) -> None:
        """Takes over the changed data, where the peer does not watch it itself."""

    def close(self) -> None:
        """Ends threads."""


# The package of this repository is measured where it is: `run` installs it.
PACKAGED = (
    {
        "turnout-package": "turnout_package:Package",
        "turnout-package-batch": "turnout_package:PackageBatch",
    }
    if find_spec("turnout")
    else {}
)
MODULES = {
    **PACKAGED,
    "turnout-naive": "turnout_ctypes:Naive",
    "turnout-prepared": "turnout_ctypes:Prepared",
    "turnout-batch": "turnout_ctypes:Batch",
    "statsig": "statsig_core:Statsig",
    "yggdrasil": "unleash:Unleash",
    "yggdrasil-raw": "unleash:UnleashAsWritten",
    "growthbook": "growth_book:OneObject",
    "growthbook-client": "growth_book:Client",
    "launchdarkly": "launch_darkly:LaunchDarkly",
    "flagd": "flagd:Flagd",
    "ctypes": "floors:EmptyCall",
    "dict": "floors:Lookup",
}


def load(name: str) -> type[Peer]:
    module, _, kind = MODULES[name].partition(":")
    return getattr(import_module(f"peers.{module}"), kind)
