#!/usr/bin/env python3
"""The ABI as text: what turnout.h declares, as clang reads it, and where every field lies, as a
program by each compiler says. Compared with abi.golden, so that it cannot change unseen.

    Tests/Library/abi.py WORK            compares; exits 1 and says what kind of change it is
    Tests/Library/abi.py WORK --renew    writes abi.golden anew
    Tests/Library/abi.py --page          holds the table of Docs/abi.md to abi.golden
"""

from __future__ import annotations

import difflib
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
GOLDEN = HERE / "abi.golden"
COMPILERS = (("gcc", "c11", "c"), ("clang", "c11", "c"), ("g++", "c++17", "c++"))
COMPILERS += (("clang++", "c++17", "c++"),)
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"]
PARSED = ["clang", "-std=c11", "-IInclude"]
Node = dict[str, Any]


def run(*command: str) -> str:
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit status {result.returncode}\n{result.stderr}")
    return result.stdout


def declarations(work: Path) -> list[Node]:
    """The top level of the header, without what it includes."""
    (work / "abi-header.c").write_text("#include <turnout.h>\n")
    source = str(work / "abi-header.c")
    tree = json.loads(run(*PARSED, "-fsyntax-only", "-Xclang", "-ast-dump=json", source))
    return [node for node in tree["inner"] if is_ours(node)]


def is_ours(node: Node) -> bool:
    if node["kind"] == "EnumDecl":
        return any(inner["name"].startswith("TURNOUT_") for inner in node.get("inner", []))
    return node.get("name", "").startswith("turnout_")


def spelled(node: Node) -> str:
    """The type, without clang's words about null, which other compilers do not see."""
    return re.sub(r" ?_(Nullable|Nonnull)\b", "", node["type"]["qualType"])


def macros() -> list[str]:
    """The header's macros that are no functions, but for those that only concern compilers."""
    names: set[str] = set()
    for line in run(*PARSED, "-dM", "-E", "-include", "turnout.h", "-xc", "/dev/null").split("\n"):
        match = re.match(r"#define (TURNOUT_\w+)(\(?)", line)
        if match and not match[2]:
            names.add(match[1])
    return sorted(names - {"TURNOUT_H", "TURNOUT_NULLABLE", "TURNOUT_NONNULL", "TURNOUT_NONE_"})


PREAMBLE = """#include <stdio.h>
#include <turnout.h>
#ifdef __cplusplus
#define ALIGNED alignof
#else
#define ALIGNED _Alignof
#endif
#define STRUCT(type) \\
  printf("struct " #type ": %zu bytes, aligned to %zu\\n", sizeof(type), ALIGNED(type))
#define FIELD(type, field, words) \\
  printf("  %4zu %4zu  " words " " #field "\\n", offsetof(type, field), sizeof((type *)NULL)->field)
#define VALUE(what, name) printf(what " " #name " = %lld\\n", (long long)(name))
static void initialiser(const char *name, const void *made, size_t size, size_t said) {
  size_t zeros = sizeof(size_t);
  while (zeros < size && ((const unsigned char *)made)[zeros] == 0)
    zeros++;
  printf("define %s: struct_size %zu, %s\\n", name, said, zeros == size ? "else zero" : "NOT ZERO");
}
int main(void) {
"""


def program(nodes: list[Node]) -> Iterator[str]:
    """A C and C++ program that prints sizes, places and values."""
    yield PREAMBLE
    for node in nodes:
        if node["kind"] == "RecordDecl" and node.get("completeDefinition"):
            yield f"STRUCT({node['name']});\n"
            for field in node["inner"]:
                if field["kind"] == "FieldDecl":
                    yield f'FIELD({node["name"]}, {field["name"]}, "{spelled(field)}");\n'
        elif node["kind"] == "EnumDecl":
            for constant in node["inner"]:
                yield f'VALUE("enum", {constant["name"]});\n'
    for name in macros():
        if name.endswith("_INIT"):
            yield f"{{ {name.removesuffix('_INIT').lower()} made = {name};\n"
            yield f'  initialiser("{name}", &made, sizeof made, made.struct_size); }}\n'
        else:
            yield f'VALUE("define", {name});\n'
    yield "return 0;\n}\n"


def layout(work: Path, nodes: list[Node]) -> str:
    """What the program prints, by all compilers alike."""
    source = work / "abi-layout.c"
    source.write_text("".join(program(nodes)))
    printed: dict[str, str] = {}
    for compiler, standard, language in COMPILERS:
        binary = str(work / "abi-layout")
        run(
            compiler,
            f"-std={standard}",
            *WARNINGS,
            "-x",
            language,
            "-IInclude",
            str(source),
            "-o",
            binary,
        )
        printed[compiler] = run(binary)
    first = printed["gcc"]
    for compiler, text in printed.items():
        if text != first:
            sys.exit(
                f"{compiler} lays the structs out otherwise than gcc:\n{difference(first, text)}"
            )
    return first


def abi(work: Path) -> str:
    nodes = declarations(work)
    functions = [n for n in nodes if n["kind"] == "FunctionDecl"]
    types = [n for n in nodes if n["kind"] == "TypedefDecl" and "struct " not in spelled(n)]
    lines = [f"typedef {n['name']}: {spelled(n)}" for n in types]
    for node in functions:
        parameters = [
            f"{spelled(p)} {p.get('name', '')}"
            for p in node.get("inner", [])
            if p["kind"] == "ParmVarDecl"
        ]
        result = re.sub(r"\(.*", "", spelled(node)).strip()
        lines.append(f"function {result} {node['name']}({', '.join(parameters) or 'void'})")
    soname = re.search(r"SONAME.*\[(.*)\]", run("readelf", "-d", "build/lib/libturnout.so"))
    exported = run("nm", "-D", "--defined-only", "--extern-only", "build/lib/libturnout.so")
    lines.append(f"soname {soname[1] if soname else 'none'}")
    lines += sorted(f"export {line.split()[2]}" for line in exported.splitlines())
    text = (ROOT / "Include" / "turnout.map").read_text()
    listed = re.search(r"global:(.*?)local:", text, re.S)
    lines += sorted(f"map {name}" for name in re.findall(r"\w+", listed[1] if listed else ""))
    return "\n".join(lines) + "\n" + layout(work, nodes)


def difference(before: str, after: str) -> str:
    return "".join(
        difflib.unified_diff(
            before.splitlines(True), after.splitlines(True), "abi.golden", "now", n=1
        )
    )


def untrue(page: str, golden: str) -> Iterator[str]:
    """What the page's table says otherwise than the golden file, and structs that it leaves out."""
    found = re.findall(r"struct (\w+): (\d+) bytes.*\n((?:  .*\n)+)", golden)
    structs = {name: (size, fields) for name, size, fields in found}
    rows = re.findall(r"^\| `(turnout_\w+)` \| (\d+) \| (yes|no) \| (.*) \|$", page, re.M)
    told = {row[0] for row in rows}
    yield from (f"{name} is not there" for name in structs.keys() - told)
    for name, size, grows, words in rows:
        real_size, fields = structs[name]
        if size != real_size:
            yield f"{name} has {real_size} bytes"
        if (grows == "yes") != bool(re.search(r" 0 +8  size_t struct_size$", fields, re.M)):
            yield f"{name}: {grows} is wrong"
        for field, place in re.findall(r"([a-z_]+) (\d+)", words):
            if not re.search(rf"^ +{place} +\d+  .* {field}$", fields, re.M):
                yield f"{name}: {field} is not at {place}"


def main() -> int:
    if sys.argv[1] == "--page":
        page = (ROOT / "Docs" / "abi.md").read_text()
        wrong = list(untrue(page, GOLDEN.read_text()))
        print("\n".join(wrong))
        return 1 if wrong else 0
    work = Path(sys.argv[1]).resolve()
    now = abi(work)
    if "--renew" in sys.argv[2:]:
        GOLDEN.write_text(now)
        return 0
    golden = GOLDEN.read_text()
    if now == golden:
        return 0
    print(difference(golden, now))
    gone = Counter(golden.splitlines()) - Counter(now.splitlines())
    print(
        "The ABI has changed: lines went. Programs that are built already may break; Docs/abi.md."
        if gone
        else "The ABI has grown."
    )
    print(
        f"If it is meant: {Path(__file__).relative_to(ROOT)} WORK --renew, and a line in CHANGELOG."
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
