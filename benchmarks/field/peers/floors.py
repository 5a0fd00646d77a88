"""What no answer in Python can be cheaper than."""

from collections.abc import Sequence
from pathlib import Path

import header
from workload import Flag, User

from . import Question


class Lookup:
    """A dict from the flag's name to a text."""

    distribution = "python"
    mechanism = "none"

    @staticmethod
    def write(path: Path, flags: Sequence[Flag]) -> None:
        path.write_text("\n".join(f"{flag.key} {flag.value('v1')}" for flag in flags))

    def __init__(self, path: Path) -> None:
        self.values = dict(line.split(" ") for line in path.read_text().splitlines())

    def context(self, user: User) -> User:
        return user

    def answer(self, key: str, context: User) -> str:
        return self.values[key]

    def evaluate(self, questions: Sequence[Question]) -> None:
        values = self.values
        for key, _ in questions:
            values[key]

    def refresh(self) -> None:
        pass

    def close(self) -> None:
        pass


class EmptyCall(Lookup):
    """A call through ctypes that takes nothing and gives a number."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.call = header.library().turnout_abi_version

    def evaluate(self, questions: Sequence[Question]) -> None:
        call = self.call
        for _, _ in questions:
            call()
