"""Where a resolve's instructions and cache misses go.

`where.py SCENARIO/USE_CASES LEVEL RESOLVES FILE OBJECT=ELF...` reads what callgrind dumped with
`--dump-instr=yes` and tells for each part of a resolve what it took: of an instruction, the part is
that of the innermost inlined function that belongs to one. OBJECT is how the name of an object
ends; ELF the same with debug information; LEVEL what the last cache stood for that was simulated.
"""

import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

# Parts of a resolve, and of which functions they consist: `file:function`, as the compiler named
# it. The first line that fits counts.
PARTS: list[tuple[str, str]] = [
    ("hash", r"^xxhash\.h:|^shim\.h:|^XXH3\.swift:|^Position\.swift:|:position$|4position4seed"),
    ("probe", r"^Image\w*\.swift:.*(useCase|probe|index)|:find_use_case$"),
    ("pick", r"^Image\w*\.swift:.*(interval|target|heaviest|draw)|^Draw\.swift:|:arm$"),
    ("tests", r"^Condition\.swift:|^Guards?\.swift:|^VersionOrder\.swift:|:(both_)?holds$"),
    ("tests", r"^Resolver\.swift:.*(search|decide|try)"),
    ("cells", r"^Experiments\.swift:|^Givens\.swift:|:assigned$"),
    ("shadows", r"^Shadows\.swift:"),
    ("place", r"^Placing\.swift:"),
    ("copy", r"^OutputBuffer\.swift:|^Pen\.swift:|:put(_destination)?$|mem(cpy|move)"),
    ("leave", r"leave|7Reading.*count|clearLine"),
    ("enter", r"^(Entry|Arguments|Cores?|Lines?|Handle|RequestMemory|Snapshot|View)\.swift:"),
    ("enter", r":(is_within_limits|is_sized|fits|lists_are_valid|unit_of|unit_by_name)$"),
    ("bind", r"^(Binding|Slots|AttributeIndex)\.swift:|isUTF8"),
    ("bind", r":(bind|bind_other|find_attribute|is_utf8)$"),
    ("fill", r"^(DecisionReference|DecisionLists|Answering)\.swift:|:(write_answer|refuse)$"),
    ("fill", r"^baseline_(simple|full)\.c:"),
    # What the compiler merged or outlined has no file, only its name.
    ("bind", r"7ContextV\d+bind"),
    ("fill", r"7ContextV\d+(takeLists|writeLists|writeSlowly|room)"),
    ("cells", r"7ContextV\d+(gather|isRunning|hasTraffic|enter|cell|isHeldOut)"),
    ("shadows", r"7ContextV\d+(addShadows|isSampled|placeShadow)"),
    ("place", r"7ContextV\d+(attempt|place|cluster|shard)"),
    ("tests", r"7ContextV\d+(holds|search|decide)"),
    ("enter", r"^(Resolving|Trail|Frame|Resolver|Resolve)\.swift:"),
]
# As a resolve comes to them.
ORDER = ["enter", "bind", "hash", "probe", "tests", "pick", "cells", "shadows", "place"]
ORDER += ["copy", "fill", "leave", "other"]
COMPILED = [(part, re.compile(pattern)) for part, pattern in PARTS]


@dataclass
class Dump:
    """Costs by object and address, and what was counted."""

    events: list[str]
    costs: dict[tuple[str, int], list[int]]
    name: str


def read_dump(path: Path) -> Dump:
    """Reads one part that callgrind dumped."""
    events: list[str] = []
    name = ""
    objects: dict[str, str] = {}
    costs: dict[tuple[str, int], list[int]] = {}
    current, address, is_call = "", 0, False
    for line in path.read_text().splitlines():
        if line.startswith("events: "):
            events = line.split()[1:]
        elif line.startswith("desc: Trigger: Client Request: "):
            name = line.rsplit(": ", 1)[1]
        elif line.startswith("ob="):
            number, _, text = line[3:].partition(" ")
            if text:
                objects[number] = text
            current = objects[number]
        elif line.startswith("cob="):
            number, _, text = line[4:].partition(" ")
            if text:
                objects[number] = text
        elif line.startswith("calls="):
            is_call = True
        elif line[:1] in "+-*0" and line:
            fields = line.split()
            if fields[0].startswith("0x"):
                address = int(fields[0], 16)
            elif fields[0] != "*":
                address += int(fields[0], 0)
            # The line behind `calls=` has what the callee took, which the callee tells, too.
            if not is_call:
                sums = costs.setdefault((current, address), [0] * len(events))
                for i, count in enumerate(fields[2:]):
                    sums[i] += int(count)
            is_call = False
    return Dump(events, costs, name)


def part_of(frames: list[str]) -> str:
    """The part that a stack of inlined functions belongs to, the innermost first."""
    for frame in frames:
        for part, pattern in COMPILED:
            if pattern.search(frame):
                return part
    return "other"


def parts_of(elf: str, addresses: list[int]) -> dict[int, str]:
    """The part of each address of an object."""
    asked = "\n".join(hex(address) for address in addresses)
    told = subprocess.run(
        ["addr2line", "-a", "-i", "-f", "-e", elf],
        input=asked,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    # An address, then a function and its place for each frame, the innermost first.
    frames: dict[int, list[str]] = {}
    address = 0
    lines = iter(told)
    for line in lines:
        if line.startswith("0x"):
            address = int(line, 16)
            frames[address] = []
        else:
            place = next(lines).rsplit(":", 1)[0].rsplit("/", 1)[-1]
            frames[address].append(f"{place}:{line}")
    return {address: part_of(stack) for address, stack in frames.items()}


def main() -> None:
    """Prints a row for each kind of event."""
    key, level, resolves, dumped = sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])
    elves = dict(argument.split("=", 1) for argument in sys.argv[5:])
    dump = read_dump(dumped)
    sums: dict[str, list[int]] = defaultdict(lambda: [0] * len(dump.events))
    by_object: dict[str, list[int]] = defaultdict(list)
    for name, address in dump.costs:
        by_object[name].append(address)
    for name, addresses in by_object.items():
        elf = next((elf for end, elf in elves.items() if name.endswith(end)), None)
        parts = parts_of(elf, addresses) if elf else {}
        outside = "copy" if "libc" in name else "other"
        for address in addresses:
            row = sums[parts.get(address, outside)]
            for i, count in enumerate(dump.costs[name, address]):
                row[i] += count

    def shown(*events: str) -> str:
        chosen = [dump.events.index(event) for event in events if event in dump.events]
        by_part = {p: sum(sums[p][i] for i in chosen) / resolves for p in ORDER}
        total = sum(by_part.values())
        fields = [f"{part}={count:.2f}" for part, count in by_part.items()]
        return "\t".join([f"total={total:.2f}", *fields])

    where = f"{key}/{dump.name}"
    if level == "L2":
        print(f"parts\t{where}/instructions\t{shown('Ir')}")
        print(f"parts\t{where}/beyond-L1\t{shown('D1mr', 'D1mw')}")
    print(f"parts\t{where}/beyond-{level}\t{shown('DLmr', 'DLmw')}")


if __name__ == "__main__":
    main()
