"""Turnout through ctypes: built anew at each call; with structs prepared; and a thousand units in
one call. None of them is the Python binding."""

import ctypes
import json
import os
import struct
import subprocess
from collections.abc import Sequence
from ctypes import byref
from pathlib import Path
from typing import NamedTuple

import header
from workload import Flag, User

from . import Question

CLUSTERS = 40
BUFFER_BYTES = 32768
BATCH = 1000
Answer = tuple[str, str, str, str]

turnout = header.library()


def version_of(flag: Flag, index: int) -> int:
    return (int(flag.model.rpartition("-")[2]) * 3 + index) % CLUSTERS


def document(flags: Sequence[Flag]) -> str:
    """The routing document; JSON is YAML too, but people write this."""
    versions: dict[str, dict[str, int]] = {}
    for flag in flags:
        of_model = versions.setdefault(flag.model, {})
        for version in sorted({v for v, _ in flag.arms} | {v for _, v in flag.rules}):
            of_model.setdefault(version, version_of(flag, len(of_model)))
    lines = ["turnout: 1", "unit: user", "attributes: { country: string, device: string }"]
    lines.append("clusters:")
    for i in range(CLUSTERS):
        lines.append(f'  cluster-{i:02}: {{ address: "10.20.{i // 8}.{10 + i % 8}:8080" }}')
    lines.append("models:")
    for model, of_model in versions.items():
        lines.append(f"  {model}:")
        lines += [
            f"    {v}: {{ cluster: cluster-{cluster:02}, config: {{ top_k: {20 + i} }} }}"
            for i, (v, cluster) in enumerate(of_model.items())
        ]
    lines.append("use_cases:")
    for flag in flags:
        lines += [f"  {flag.key}:", "    rules:"]
        lines += [
            f"      - {{ name: {device}, when: {{ country: {flag.country}, device: {device} }},"
            f" route: {flag.value(version)} }}"
            for device, version in flag.rules
        ]
        arms = ", ".join(f"{flag.value(version)}: {weight}" for version, weight in flag.arms)
        lines.append(f"      - {{ name: canary, split: {{ {arms} }} }}")
    return "\n".join(lines) + "\n"


def command(*arguments: str | Path) -> str:
    program = os.environ["TURNOUT_COMMAND"]
    done = subprocess.run([program, *arguments], check=True, capture_output=True, text=True)
    return done.stdout


def publish(store: Path, flags: Sequence[Flag]) -> dict:
    source = store.with_suffix(".yaml")
    source.write_text(document(flags))
    return json.loads(command("publish", source, "--store", store, "--json"))


def text(value: header.Found) -> str:
    return ctypes.string_at(value.data, value.size).decode()


def spell(value: bytes) -> header.Text:
    return header.Text(value, len(value))


def naming(value: bytes) -> header.Name:
    return header.Name(value, len(value), 0)


class Turnout:
    distribution = "turnout"
    mechanism = "the store, watched by the engine"
    write = staticmethod(publish)

    def __init__(self, path: Path) -> None:
        error = header.Error(struct_size=ctypes.sizeof(header.Error))
        self.engine = ctypes.c_void_p()
        status = turnout.turnout_engine_open(bytes(path), None, byref(error), byref(self.engine))
        if status:
            raise RuntimeError(error.message.decode())

    def refresh(self) -> None:
        pass

    def close(self) -> None:
        turnout.turnout_engine_close(self.engine)


class Naive(Turnout):
    """As a caller would write it who reads the header and thinks of nothing else."""

    def context(self, user: User) -> User:
        return user

    def resolve(self, key: str, user: User) -> Answer:
        given = {"country": user.country, "device": user.device}
        attributes = (header.Attribute * len(given))()
        for attribute, (name, value) in zip(attributes, given.items(), strict=True):
            attribute.name = naming(name.encode())
            attribute.type = header.STRING
            attribute.text = spell(value.encode())
        request = header.Request(
            struct_size=ctypes.sizeof(header.Request),
            use_case=naming(key.encode()),
            unit=spell(user.id.encode()),
            attributes=attributes,
            attribute_count=len(given),
        )
        buffer = ctypes.create_string_buffer(BUFFER_BYTES)
        decision = header.Decision(struct_size=ctypes.sizeof(header.Decision))
        status = turnout.turnout_resolve(
            self.engine, byref(request), buffer, len(buffer), byref(decision)
        )
        if status:
            raise LookupError(status)
        return (
            text(decision.model),
            text(decision.version),
            text(decision.address),
            text(decision.routing_key),
        )

    def answer(self, key: str, context: User) -> str:
        model, version, _, _ = self.resolve(key, context)
        return f"{model}@{version}"

    def evaluate(self, questions: Sequence[Question]) -> None:
        resolve = self.resolve
        for key, context in questions:
            resolve(key, context)


class Asker(NamedTuple):
    """A user's attributes and unit in memory that stays."""

    unit: header.Text
    attributes: ctypes.Array
    kept: list[bytes]


# From the decision's start: where the texts of model, version, address and routing key stand.
PLACES = struct.Struct("=QQ QQ 32x QQ QQ")


class Prepared(Turnout):
    """One request, one decision and one buffer, reused; names and users made once."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.names: dict[str, header.Name] = {}
        self.kept: list[bytes] = []
        self.device = self.name("device")
        self.country = self.name("country")
        self.request = header.Request(struct_size=ctypes.sizeof(header.Request), attribute_count=2)
        self.decision = header.Decision(struct_size=ctypes.sizeof(header.Decision))
        self.buffer = bytearray(BUFFER_BYTES)
        self.room = (ctypes.c_char * BUFFER_BYTES).from_buffer(self.buffer)

    def name(self, key: str) -> header.Name:
        """The name's handle, kept: the engine need not hash it."""
        known = self.names.get(key)
        if known is None:
            self.kept.append(key.encode())
            known = self.names[key] = turnout.turnout_name_of(spell(self.kept[-1]))
        return known

    def context(self, user: User) -> Asker:
        kept = [user.country.encode(), user.device.encode(), user.id.encode()]
        attributes = (header.Attribute * 2)()
        for attribute, name, value in zip(
            attributes, (self.country, self.device), kept, strict=False
        ):
            attribute.name = name
            attribute.type = header.STRING
            attribute.text = spell(value)
        return Asker(spell(kept[2]), attributes, kept)

    def answers(self, questions: Sequence[Question]) -> list[Answer]:
        out: list[Answer] = []
        resolve, engine, request = turnout.turnout_resolve, self.engine, self.request
        room, buffer, decision = self.room, self.buffer, self.decision
        asked, decided, names = byref(request), byref(decision), self.names
        start, offset = ctypes.addressof(room), header.Decision.model.offset
        view = memoryview(decision).cast("B")
        for key, (unit, attributes, _) in questions:
            request.use_case = names.get(key) or self.name(key)
            request.unit = unit
            request.attributes = attributes
            status = resolve(engine, asked, room, BUFFER_BYTES, decided)
            if status:
                raise LookupError(status)
            m, mn, v, vn, a, an, k, kn = PLACES.unpack_from(view, offset)
            m, v, a, k = m - start, v - start, a - start, k - start
            out.append(
                (
                    buffer[m : m + mn].decode(),
                    buffer[v : v + vn].decode(),
                    buffer[a : a + an].decode(),
                    buffer[k : k + kn].decode(),
                )
            )
        return out

    def answer(self, key: str, context: Asker) -> str:
        model, version, _, _ = self.answers([(key, context)])[0]
        return f"{model}@{version}"

    def evaluate(self, questions: Sequence[Question]) -> None:
        self.answers(questions)


class Batch(Prepared):
    """A thousand units in one call, for one use case; the same four texts of each are read."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.large = bytearray(BATCH * 256)
        self.larger = (ctypes.c_char * len(self.large)).from_buffer(self.large)
        self.decisions = (header.Decision * BATCH)()
        for decision in self.decisions:
            decision.struct_size = ctypes.sizeof(header.Decision)

    def units(self, key: str, asker: Asker, units: Sequence[bytes]) -> list[Answer]:
        """The answers for units that share an asker's attributes."""
        array = (header.Text * len(units))(*[(unit, len(unit)) for unit in units])
        self.request.use_case = self.name(key)
        self.request.attributes = asker.attributes
        resolved = ctypes.c_size_t()
        status = turnout.turnout_resolve_units(
            self.engine,
            byref(self.request),
            array,
            len(units),
            self.larger,
            len(self.large),
            self.decisions,
            ctypes.sizeof(header.Decision),
            byref(resolved),
        )
        if status or resolved.value != len(units):
            raise LookupError(status)
        start, buffer = ctypes.addressof(self.larger), self.large
        out: list[Answer] = []
        view, step = memoryview(self.decisions).cast("B"), ctypes.sizeof(header.Decision)
        first = header.Decision.model.offset
        for at in range(first, first + step * len(units), step):
            m, mn, v, vn, a, an, k, kn = PLACES.unpack_from(view, at)
            m, v, a, k = m - start, v - start, a - start, k - start
            out.append(
                (
                    buffer[m : m + mn].decode(),
                    buffer[v : v + vn].decode(),
                    buffer[a : a + an].decode(),
                    buffer[k : k + kn].decode(),
                )
            )
        return out

    def evaluate(self, questions: Sequence[Question]) -> None:
        for i in range(0, len(questions), BATCH):
            key, asker = questions[i]
            self.units(key, asker, [context.kept[2] for _, context in questions[i : i + BATCH]])
