# SPDX-License-Identifier: Apache-2.0
"""limits.py [--all]: each limit of a document, at it and one beyond it, with the command as built.

At a limit nothing is said of it; beyond it the words name what is too much. Those that take more
than a moment are tried with --all. The table of Docs/reliability.md must be this one.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build/test/limits"
PAGE = ROOT / "Docs/reliability.md"
BASE = """turnout: 1
unit: user
attributes: { country: string, release: version }
clusters: { a: { address: "x:1" } }
models: { m: { v: { cluster: a } } }
layers: { l: {} }
"""


@dataclass(frozen=True)
class Limit:
    what: str
    most: int
    words: str  # with {} for the number beyond
    document: Callable[[int], str | dict[str, str]]  # one, or a folder's files
    is_quick: bool = True
    at: int | None = None  # where the limit itself cannot be met exactly, what still passes
    beyond: int | None = None

    @property
    def over(self) -> int:
        return self.beyond if self.beyond is not None else self.most + 1


def without(key: str) -> str:
    return "".join(line for line in BASE.splitlines(True) if not line.startswith(f"{key}:"))


def many(key: str, value: str, own: int = 0) -> Callable[[int], str]:
    """Names n0, n1 …, of which `own` are the base's."""

    def document(count: int) -> str:
        entries = "".join(f"  n{i}: {value}\n" for i in range(count - own))
        kept = "".join(f"  {name}\n" for name in KEPT.get(key, [])[:own])
        return f"{without(key)}{key}:\n{kept}{entries}"

    return document


KEPT = {
    "attributes": ["country: string", "release: version"],
    "clusters": ['a: { address: "x:1" }'],
    "models": ["m: { v: { cluster: a } }"],
    "layers": ["l: {}"],
}


def use_case(text: str) -> str:
    return f"{BASE}use_cases:\n  Home: {text}\n"


def listed(count: int, prefix: str = "n") -> str:
    return ", ".join(f"{prefix}{i}" for i in range(count))


def rules(count: int) -> str:
    rule = "{ when: { country: NO }, route: m@v }, "
    return use_case(f"{{ rules: [{rule * (count - 1)}{{ route: m@v }}] }}")


def shadows(count: int) -> str:
    made = ", ".join(f"{{ name: s{i}, model: m@v }}" for i in range(count))
    return use_case(f"{{ rules: [{{ route: m@v }}], shadows: [{made}] }}")


def lookup(count: int) -> str:
    routes = ", ".join(f"k{i}: m@v" for i in range(count))
    return use_case(
        f"{{ rules: [{{ lookup: country, routes: {{ {routes} }} }}, {{ route: m@v }}] }}"
    )


def overrides(count: int) -> str:
    made = ", ".join(f"u{i}: m@v" for i in range(count))
    return use_case(f"{{ rules: [{{ route: m@v }}], overrides: {{ {made} }} }}")


def requires(count: int) -> str:
    return use_case(f"{{ requires: [{listed(count)}], rules: [{{ route: m@v }}] }}")


def versions(count: int) -> str:
    made = "".join(f"    v{i}: {{ cluster: a }}\n" for i in range(count))
    return f"{without('models')}models:\n  m:\n{made}"


def otherwise(count: int) -> str:
    made = "".join(
        f"    v{i}: {{ cluster: a{f', otherwise: m@v{i + 1}' if i < count else ''} }}\n"
        for i in range(count + 1)
    )
    return f"{without('models')}models:\n  m:\n{made}"


def arms(count: int) -> str:
    cells = ", ".join(f"c{i}: {{}}" for i in range(count))
    return f"{BASE}experiments: {{ e: {{ layer: l, cells: {{ {cells} }} }} }}\n"


def experiments_named(count: int) -> str:
    cells = "{ layer: l, share: 1%, cells: { c: {} } }"
    made = ", ".join(f"e{i}: {cells}" for i in range(count))
    named = "".join(f"{{ experiment: e{i} }}, " for i in range(count))
    return (
        f"{BASE}experiments: {{ {made} }}\n"
        f"use_cases: {{ Home: {{ rules: [{named}{{ route: m@v }}] }} }}\n"
    )


def placement(count: int) -> str:
    entries = "{ when: { country: NO }, cluster: a }, " * (count - 1)
    version = f"{{ placement: [{entries}{{ cluster: a }}] }}"
    return f"{without('models')}models: {{ m: {{ v: {version} }} }}\n"


def placed_on(count: int) -> str:
    clusters = "".join(f'  n{i}: {{ address: "x:1" }}\n' for i in range(count))
    return (
        f"turnout: 1\nunit: user\nclusters:\n{clusters}"
        f"models: {{ m: {{ v: {{ cluster: [{listed(count)}] }} }} }}\n"
    )


def traffic(count: int) -> str:
    return f"{BASE}holdouts: {{ h: {{ share: 1%, layers: [l], traffic: [{listed(count)}] }} }}\n"


def segment(test: str) -> str:
    return f"{BASE}segments: {{ s: {test} }}\n"


def tests_of_a_condition(count: int) -> str:
    # The `any` is one.
    tests = ", ".join(f"{{ country: c{i} }}" for i in range(count - 1))
    return segment(f"{{ any: [{tests}] }}")


def chain(count: int) -> str:
    made = "".join(f"  s{i}: {{ segment: s{i - 1} }}\n" for i in range(1, count + 1))
    return f"{BASE}segments:\n  s0: {{ country: NO }}\n{made}"


def config(text: str) -> str:
    return f"{without('models')}models: {{ m: {{ v: {{ cluster: a, config: {text} }} }} }}\n"


def depth(levels: int) -> str:
    # The document, models, m, v and config are five.
    return config("{ k: " + "[" * (levels - 5) + "]" * (levels - 5) + " }")


def aliases(count: int) -> str:
    thousand = ", ".join(["1"] * 999)
    return f"{BASE}labels:\n  a: &a [{thousand}]\n  b: [{', '.join(['*a'] * count)}]\n"


def aliased_bytes(count: int) -> str:
    return f"{BASE}description: &a {'x' * 65_536}\nlabels: {{ b: [{', '.join(['*a'] * count)}] }}\n"


def directives(count: int) -> str:
    return "".join(f"%TAG !t{i}! tag:x\n" for i in range(count)) + "---\n" + BASE


def files(count: int) -> dict[str, str]:
    return {f"n{i}.yaml": BASE if i == 0 else "turnout: 1\n" for i in range(count)}


def in_two_files(size: int) -> dict[str, str]:
    return {"a.yaml": BASE + " " * (size // 2 - len(BASE)), "b.yaml": " " * (size - size // 2)}


def units_file(size: int) -> dict[str, str]:
    return {"a.yaml": segment("{ units_file: units }"), "units": "unit-1\n" + "\n" * (size - 7)}


def units_of_a_file(count: int) -> dict[str, str]:
    return {"a.yaml": segment("{ units_file: units }"), "units": "\n".join(map(str, range(count)))}


def units_files(size: int) -> dict[str, str]:
    named = "".join(f"  s{i}: {{ units_file: units-{i} }}\n" for i in range(5))
    made = {
        f"units-{i}": f"unit-{i}\n" + "\n" * (size // 5 + i // 4 * (size % 5) - 7) for i in range(5)
    }
    return {"a.yaml": f"{BASE}segments:\n{named}", **made}


def expected(count: int) -> str:
    cases = "{ use_case: Home, model: m }," * count
    return f"{use_case('{ rules: [{ route: m@v }] }')}expect: [{cases}]\n"


def a_text(build: Callable[[str], str], what: str, most: int) -> Limit:
    words = "a name has at most 128" if what.startswith("a name") else "has {} bytes"
    return Limit(what, most, words, lambda size: build("x" * size))


def addressed(site: str) -> str:
    return f"{without('clusters')}clusters: {{ a: {{ {site} }} }}\n"


LIMITS = [
    Limit("levels of nesting", 64, "nested more than 64 levels deep", depth),
    Limit("lines that begin with `%`", 64, "more than 64 lines begin with", directives),
    Limit(
        "values that aliases stand for",
        8_000_000,
        "aliases stand for",
        aliases,
        at=7_000,
        beyond=9_000,
    ),
    Limit(
        "bytes that aliases stand for",
        256 << 20,
        "aliases stand for",
        aliased_bytes,
        at=4_000,
        beyond=4_200,
    ),
    Limit(
        "bytes of a file",
        1 << 30,
        "is larger than",
        lambda size: BASE + " " * (size - len(BASE)),
        False,
    ),
    Limit("files", 10_000, "is one file too many: at most 10000", files),
    Limit("bytes of all files", 1 << 30, "above 1073741824 bytes in all", in_two_files, False),
    Limit("bytes of a file of units", 64 << 20, "is larger than 67108864 bytes", units_file),
    Limit("bytes of all files of units", 256 << 20, "above 268435456 bytes", units_files, False),
    Limit("units of a file of units", 4_000_000, "is one unit too many", units_of_a_file, False),
    Limit("cases of `expect`", 10_000, "have {} cases of `expect`", expected),
    a_text(lambda t: f"{BASE}segments: {{ {t}: {{ country: NO }} }}\n", "a name: characters", 128),
    a_text(lambda t: segment(f"{{ country: {t} }}"), "a value of a condition: bytes", 4_096),
    a_text(lambda t: addressed(f'address: "{t[:-2]}:1"'), "an address: bytes", 320),
    a_text(lambda t: addressed(f'address: "x:1", routing_key: {t}'), "a routing key: bytes", 256),
    a_text(
        lambda t: use_case(f"{{ rules: [{{ name: r, split: {{ m@v: 1 }}, salt: {t} }}] }}"),
        "a salt: bytes",
        1_024,
    ),
    a_text(lambda t: f"{BASE}description: {t}\n", "a description or label: bytes", 65_536),
    Limit("units", 16, "the documents define {} of `units`", many("units", "{}")),
    Limit(
        "attributes",
        999,
        "the documents define {} of `attributes`",
        many("attributes", "string", 2),
    ),
    Limit("segments", 65_536, "define {} of `segments`", many("segments", "{ country: NO }")),
    Limit(
        "clusters",
        65_536,
        "define {} of `clusters`",
        many("clusters", '{ address: "x:1" }', 1),
        False,
    ),
    Limit(
        "models", 65_536, "define {} of `models`", many("models", "{ v: { cluster: a } }", 1), False
    ),
    Limit("versions of a model", 4_096, "at most 4096 are possible", versions),
    Limit("versions in a row by `otherwise`", 16, "more than 16 versions may be tried", otherwise),
    Limit("layers", 4_096, "define {} of `layers`", many("layers", "{}", 1)),
    Limit(
        "holdouts", 64, "define {} of `holdouts`", many("holdouts", "{ share: 0.1%, layers: [l] }")
    ),
    Limit(
        "experiments",
        65_536,
        "define {} of `experiments`",
        many("experiments", "{ layer: l, share: 0.001%, cells: { c: {} } }"),
        False,
    ),
    Limit(
        "use cases",
        2_097_152,
        "define {} of `use_cases`",
        many("use_cases", "{ rules: [{ route: m@v }] }"),
        False,
    ),
    Limit("rules of a use case", 64, "`rules` has {} entries", rules),
    Limit("experiments of a use case", 16, "names more than 16 experiments", experiments_named),
    Limit("shadows of a use case", 8, "`shadows` has {} entries", shadows),
    Limit("what a use case requires", 64, "`requires` has {} entries", requires),
    Limit("overrides of a use case", 1_000_000, "`overrides` has {} entries", overrides, False),
    Limit("routes of a lookup", 1_000_000, "`routes` has {} entries", lookup, False),
    Limit("arms of a split, cells of an experiment", 4_096, "at most 4096 are possible", arms),
    Limit("entries of a placement", 64, "`placement` has {} entries", placement),
    Limit("clusters of a version", 64, "at most 64", placed_on),
    Limit("classes of traffic", 64, "`traffic` has {} entries", traffic),
    Limit("tests of a condition", 1_024, "the condition has {} tests", tests_of_a_condition),
    Limit("segments that name segments, in a row", 64, "at most 64 in a row", chain),
    Limit(
        "values of a list",
        100_000,
        "has {} entries",
        lambda count: segment(f"{{ country: [{listed(count)}] }}"),
    ),
    Limit(
        "units of a list",
        1_000_000,
        "`units` has {} entries",
        lambda count: segment(f"{{ units: [{listed(count)}] }}"),
        False,
    ),
    Limit(
        "keys of a config",
        4_096,
        "at most 4096",
        lambda count: config("{ " + ", ".join(f"k{i}: 1" for i in range(count)) + " }"),
    ),
    Limit(
        "bytes of a config as JSON",
        1 << 20,
        "the config is larger than 1048576 bytes",
        # {"k":"…"} and the comma and colon that it is counted with.
        lambda size: config('{ k: "' + "x" * size + '" }'),
        at=(1 << 20) - 16,
    ),
]


def row(limit: Limit) -> str:
    return f"| {limit.what} | {limit.most:,} |"


def said(document: str | dict[str, str]) -> str:
    folder = WORK / "documents"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, text in ({"a.yaml": document} if isinstance(document, str) else document).items():
        (folder / name).write_text(text)
    done = subprocess.run(
        [ROOT / "build/bin/turnout", "check", folder],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    if done.returncode not in (0, 1):
        return f"exit status {done.returncode}: {done.stderr[-400:]}"
    return done.stdout + done.stderr


def fault(limit: Limit) -> str | None:
    words = limit.words.replace("{}", str(limit.over))
    at = said(limit.document(limit.at if limit.at is not None else limit.most))
    if words in at or "exit status" in at:
        return f"at {limit.most}: {at[:400]}"
    over = said(limit.document(limit.over))
    return None if words in over else f"at {limit.over}, no words like {words!r}: {over[:400]}"


def main() -> None:
    WORK.mkdir(parents=True, exist_ok=True)
    passed = failed = 0
    page = PAGE.read_text("utf-8")
    for limit in LIMITS:
        if row(limit) in page:
            passed += 1
        else:
            failed += 1
            print(f"FAILED: Docs/reliability.md has the row {row(limit)}")
        if not limit.is_quick and "--all" not in sys.argv:
            continue
        begin = time.monotonic()
        wrong = fault(limit)
        if "--all" in sys.argv:
            print(f"{time.monotonic() - begin:6.1f} s  {limit.what}: {limit.most:,}")
        if wrong is None:
            passed += 1
        else:
            failed += 1
            print(f"FAILED: {limit.what}, {limit.most:,}\n    {wrong}")
    shutil.rmtree(WORK / "documents", ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
