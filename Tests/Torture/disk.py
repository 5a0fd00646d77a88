"""A disk that may lose power: what is surely on it, and what may or may not be.

A file's bytes are surely there once the file was synced, a name once its folder was. Until then
any of the changes may be missing while later ones are there; a write may be there in some of its
sectors only; and where the file's new size is there and its bytes are not, anything may stand.
Nothing is promised that POSIX does not promise: syncing a file says nothing of its name.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from recording import Call, opens_synced

SECTOR = 512


@dataclass(frozen=True)
class Change:
    """A change of a file or of a folder's names. `kind` says which of the fields count."""

    kind: str
    offset: int = 0
    size: int = 0
    data: bytes = b""
    # Written through a descriptor that syncs: these bytes are there, whatever else is not.
    is_sure: bool = False
    removes: tuple[str, ...] = ()
    adds: tuple[tuple[str, int], ...] = ()


@dataclass
class Node:
    """A file or a folder: what is surely there, and the changes since, in their order."""

    is_folder: bool
    bytes: bytearray = field(default_factory=bytearray)
    mode: int = 0o644
    names: dict[str, int] = field(default_factory=dict)
    pending: list[Change] = field(default_factory=list)

    def settled(self) -> dict[str, int]:
        """A folder's names if nothing is lost."""
        names = dict(self.names)
        for change in self.pending:
            apply_names(names, change)
        return names

    def sync(self) -> None:
        for change in self.pending:
            if change.kind == "chmod":
                self.mode = change.size
            elif self.is_folder:
                apply_names(self.names, change)
            else:
                apply_bytes(self.bytes, change, None)
        self.pending = []


# Which sectors of a write are there; None for all.
Sectors = set[int] | None
# What becomes of a change: it is lost, there, there in some sectors, or there in size alone.
Fate = Callable[[int, int, Change], "bool | set[int] | str"]
GARBAGE = "garbage"


def apply_names(names: dict[str, int], change: Change) -> None:
    for name in change.removes:
        names.pop(name, None)
    for name, node in change.adds:
        names[name] = node


def apply_bytes(content: bytearray, change: Change, sectors: Sectors) -> None:
    if change.kind == "truncate":
        del content[change.size :]
        content.extend(bytes(change.size - len(content)))
        return
    end = change.offset + (change.size if change.kind == "allocate" else len(change.data))
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if change.kind != "write":
        return
    if sectors is None:
        content[change.offset : end] = change.data
        return
    for sector in sectors:
        start = sector * SECTOR
        piece = change.data[start : start + SECTOR]
        content[change.offset + start : change.offset + start + len(piece)] = piece


class Disk:
    """The files below one folder. Feed it the calls; then ask for what a loss of power leaves."""

    def __init__(self, root: Path) -> None:
        self.root = str(root)
        self.nodes: list[Node] = [Node(is_folder=True, mode=0o755)]
        self.open: dict[int, tuple[int, bool]] = {}
        # Files that are written through a mapping, where no call is seen.
        self.mapped: set[str] = set()
        if root.exists():
            self._take(root, 0)

    def _take(self, folder: Path, node: int) -> None:
        for path in sorted(folder.iterdir()):
            child = self._new(path.is_dir(), path.stat().st_mode & 0o7777)
            self.nodes[node].names[path.name] = child
            if path.is_dir():
                self._take(path, child)
            else:
                self.nodes[child].bytes = bytearray(path.read_bytes())

    def _new(self, is_folder: bool, mode: int) -> int:
        self.nodes.append(Node(is_folder=is_folder, mode=mode))
        return len(self.nodes) - 1

    def _place(self, path: str) -> tuple[int, str]:
        """The folder's node, and the name in it. `..` is only ever the last word."""
        words = [word for word in path[len(self.root) :].split("/") if word]
        if words and words[-1] == "..":
            words = words[:-2]
        node = 0
        for word in words[:-1]:
            node = self.nodes[node].settled()[word]
        return node, words[-1] if words else ""

    def _find(self, path: str) -> int | None:
        folder, name = self._place(path)
        return folder if not name else self.nodes[folder].settled().get(name)

    def start_program(self) -> None:
        self.open = {}

    def feed(self, call: Call) -> None:
        """Follows one call that succeeded."""
        feed = getattr(self, f"_{call.name.replace('-', '_')}", None)
        if feed is None:
            raise ValueError(f"a call that the model does not know: {call.name}")
        feed(call)

    def _open(self, call: Call) -> None:
        descriptor, flags, mode = call.numbers
        node = self._find(call.path)
        if node is None:
            folder, name = self._place(call.path)
            node = self._new(False, mode & ~0o022)
            self.nodes[folder].pending.append(Change("names", adds=((name, node),)))
        elif flags & os.O_TRUNC:
            self.nodes[node].pending.append(Change("truncate"))
        self.open[descriptor] = (node, opens_synced(flags))

    def _open_read(self, call: Call) -> None:
        node = self._find(call.path)
        if node is not None:
            self.open[call.numbers[0]] = (node, False)

    def _close(self, call: Call) -> None:
        self.open.pop(call.numbers[0], None)

    def _pread(self, call: Call) -> None:
        pass

    _writev = _pread

    def _mmap(self, call: Call) -> None:
        descriptor, writes = call.numbers
        if writes:
            node = self.open[descriptor][0]
            self.mapped.update(path for path, found in self.walk() if found == node)

    def _pwrite(self, call: Call) -> None:
        descriptor, offset = call.numbers
        node, is_synced = self.open[descriptor]
        self.nodes[node].pending.append(Change("write", offset, data=call.data, is_sure=is_synced))

    def _truncate(self, call: Call) -> None:
        node = self.nodes[self.open[call.numbers[0]][0]]
        node.pending.append(Change("truncate", size=call.numbers[1]))

    def _allocate(self, call: Call) -> None:
        descriptor, offset, size = call.numbers
        node = self.nodes[self.open[descriptor][0]]
        node.pending.append(Change("allocate", offset, size))

    def _chmod(self, call: Call) -> None:
        self.nodes[self.open[call.numbers[0]][0]].pending.append(
            Change("chmod", size=call.numbers[1])
        )

    def _sync(self, call: Call) -> None:
        self.nodes[self.open[call.numbers[0]][0]].sync()

    def _mkdir(self, call: Call) -> None:
        folder, name = self._place(call.path)
        node = self._new(True, call.numbers[0] & ~0o022)
        self.nodes[folder].pending.append(Change("names", adds=((name, node),)))

    def _unlink(self, call: Call) -> None:
        folder, name = self._place(call.path)
        self.nodes[folder].pending.append(Change("names", removes=(name,)))

    def _rename(self, call: Call) -> None:
        self._move(call, keeps=False)

    def _link(self, call: Call) -> None:
        self._move(call, keeps=True)

    def _move(self, call: Call, keeps: bool) -> None:
        source, target = call.paths
        folder, name = self._place(source)
        other, new = self._place(target)
        if folder != other:
            raise ValueError(f"moved between folders: {source}, {target}")
        node = self.nodes[folder].settled()[name]
        removes = () if keeps else (name,)
        self.nodes[folder].pending.append(Change("names", removes=removes, adds=((new, node),)))

    def walk(self, node: int = 0, path: str = "") -> Iterator[tuple[str, int]]:
        for name, child in self.nodes[node].settled().items():
            yield f"{path}{name}", child
            if self.nodes[child].is_folder:
                yield from self.walk(child, f"{path}{name}/")

    def unsettled(self) -> list[tuple[int, int, Change]]:
        """All changes that a loss of power may take: node, place, change."""
        return [
            (number, index, change)
            for number, node in enumerate(self.nodes)
            for index, change in enumerate(node.pending)
            if not change.is_sure
        ]

    def after(self, fate: Fate) -> dict[str, tuple[int, bytes | None]]:
        """What is there if each change meets its fate: path → mode and bytes, None for folders."""
        found: dict[str, tuple[int, bytes | None]] = {}
        self._after(0, "", fate, found)
        return found

    def _after(
        self, number: int, path: str, fate: Fate, found: dict[str, tuple[int, bytes | None]]
    ) -> None:
        node = self.nodes[number]
        if not node.is_folder:
            content, mode = bytearray(node.bytes), node.mode
            for index, change in enumerate(node.pending):
                meets = change.is_sure or fate(number, index, change)
                if meets is False:
                    continue
                if change.kind == "chmod":
                    mode = change.size
                elif meets == GARBAGE:
                    end = change.offset + len(change.data)
                    content.extend(b"\xa5" * (end - len(content)))
                else:
                    apply_bytes(content, change, meets if isinstance(meets, set) else None)
            found[path] = (mode, bytes(content))
            return
        names, mode = dict(node.names), node.mode
        for index, change in enumerate(node.pending):
            if fate(number, index, change) is not False:
                if change.kind == "chmod":
                    mode = change.size
                apply_names(names, change)
        if path:
            found[path] = (mode, None)
        for name, child in names.items():
            self._after(child, f"{path}/{name}" if path else name, fate, found)


def name_of(files: dict[str, tuple[int, bytes | None]]) -> str:
    """The same for the same files, and for no others."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(files):
        mode, content = files[path]
        digest.update(f"{path}\0{mode}\0{-1 if content is None else len(content)}\0".encode())
        digest.update(content or b"")
    return digest.hexdigest()


def put(files: dict[str, tuple[int, bytes | None]], folder: Path) -> None:
    """Writes the files into a new folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in sorted(files):
        mode, content = files[path]
        if content is None:
            (folder / path).mkdir(mode=mode)
        else:
            (folder / path).write_bytes(content)
            (folder / path).chmod(mode)


def torn(change: Change, dice: random.Random) -> set[int]:
    """Some of a write's sectors: the first, the last, or any."""
    count = (len(change.data) + SECTOR - 1) // SECTOR
    cut = dice.randrange(count + 1)
    return dice.choice(
        [
            set(range(cut)),
            set(range(cut, count)),
            {sector for sector in range(count) if dice.random() < 0.5},
        ]
    )
