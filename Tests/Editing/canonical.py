"""`turnout fmt`: what is said, digests and comments stay; a second time changes nothing."""

from __future__ import annotations

import os
import re
import stat
import tempfile
from pathlib import Path
from random import Random

import yaml
from checks import Checks
from sources import ROOT, generated, turnout, written
from trees import Node, Scalar, read_json, read_yaml

COMPILED_MAX = 6
FLOW = re.compile(r", |(?<=[\[{])(?=[^\]}])")
"""Where a flow can go on in another line."""


def run(checks: Checks, seed: int, count: int) -> None:
    examples(checks)
    with tempfile.TemporaryDirectory(prefix="turnout-fmt-") as place:
        texts(checks, Path(place), seed, count)
    with tempfile.TemporaryDirectory(prefix="turnout-fmt-") as place:
        files(checks, Path(place))


def examples(checks: Checks) -> None:
    paths = [
        p for p in sorted((ROOT / "Examples").rglob("*.yaml")) if "\nturnout: " in p.read_text()
    ]
    for path in paths:
        checked = turnout("fmt", "--check", str(path))
        checks.that(checked.returncode == 0, f"{path.name} is in canonical form", checked.stdout)
        first = path.read_text("utf-8").splitlines()[0]
        named = re.fullmatch(r"# yaml-language-server: \$schema=(.*)", first)
        checks.that(
            named is not None and (path.parent / named[1]).is_file(),
            f"{path.name} names the schema for editors",
            first,
        )


def texts(checks: Checks, place: Path, seed: int, count: int) -> None:
    dice = Random(f"comments {seed}")
    before: dict[Path, str] = {}
    for number, (_, text) in enumerate(written()):
        before[place / f"written-{number}.yaml"] = text
    for number, (_, made) in enumerate(generated(seed, count)):
        folder = place / f"{number}"
        folder.mkdir()
        for name, text in made.items():
            if name.endswith(".txt"):
                (folder / name).write_text(text, "utf-8", newline="")
            elif name.endswith(".yaml"):
                before[folder / name] = sprinkled(dice, text)
            else:
                before[folder / name] = text
    for path, text in before.items():
        path.write_text(text, "utf-8", newline="")
    compiled = [path for path in before if path.parent != place][: 2 * COMPILED_MAX]
    digests = {path: digest(path) for path in compiled}
    ran = turnout("fmt", "--in-place", str(place))
    checks.that(ran.returncode == 0, "all documents are formatted", ran.stderr)
    for path, text in before.items():
        name = str(path.relative_to(place))
        after = path.read_text("utf-8")
        reading = read_json if path.suffix == ".json" else read_yaml
        checks.that(meaning(reading(text)) == meaning(reading(after)), f"{name} says the same")
        if path.suffix != ".json":
            checks.that(comments(text) == comments(after), f"{name} keeps its comments")
    for path, was in digests.items():
        checks.that(digest(path) == was, f"{path.relative_to(place)} keeps its digest")
    again = turnout("fmt", "--check", str(place))
    checks.that(again.returncode == 0, "what was written is canonical", again.stdout[:2000])


def sprinkled(dice: Random, text: str) -> str:
    """With comments and empty lines in many places, and flows over several lines."""
    lines: list[str] = []
    for line in text.splitlines():
        while dice.random() < 0.12:
            lines.append(" " * dice.randint(0, 9) + f"# own {dice.random()}")
        if dice.random() < 0.06:
            lines.append("")
        if not re.search(r"['\"#]", line):
            line = FLOW.sub(lambda found: found[0] + broken(dice), line)
        lines.append(line + (f"  # behind {dice.random()}" if dice.random() < 0.1 else ""))
    lines.append("   # last")
    return "\n".join(lines) + dice.choice(["", "\n", "\n\n"])


def broken(dice: Random) -> str:
    return f"# in {dice.random()}\n{' ' * 40}" if dice.random() < 0.03 else ""


def comments(text: str) -> list[str]:
    """Found by another parser: whatever it takes for no part of a token."""
    found: list[str] = []
    end = 0
    for token in [*yaml.scan(text, Loader=yaml.BaseLoader)]:
        found += gap(text[end : token.start_mark.index])
        if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            found += gap(text[token.start_mark.index : token.end_mark.index].split("\n")[0])
        end = max(end, token.end_mark.index)
    return sorted(found + gap(text[end:]))


def gap(text: str) -> list[str]:
    return [found.rstrip() for found in re.findall(r"#.*", text)]


def meaning(node: Node) -> object:
    if isinstance(node, Scalar):
        if node.plain and node.text in ("", "~", "null", "Null", "NULL"):
            return None
        looks = node.plain and re.fullmatch(
            r"true|false|[-+.0-9].*|True|False|TRUE|FALSE", node.text
        )
        return (bool(looks), node.text) if looks and not harmless(node.text) else node.text
    if isinstance(node, list):
        return [meaning(item) for item in node]
    return {key: meaning(value) for key, value in node.items()}


def harmless(text: str) -> bool:
    """Addresses and percentages begin with a digit and are texts all the same."""
    return bool(re.fullmatch(r"(\d+\.){3}\d+:\d+|[\d.]+%", text))


def digest(path: Path) -> str:
    made = turnout("compile", str(path), "-o", str(path) + ".table", "--json")
    Path(str(path) + ".table").unlink(missing_ok=True)
    found = re.search(r'"digest":"([0-9a-f]+)"', made.stdout)
    return found[1] if found else f"none: {made.stderr}"


def files(checks: Checks, place: Path) -> None:
    """What becomes of the file itself."""
    ugly = "turnout: 1\nuse_cases: {}\nunit: 'user'\n"
    fine = "turnout: 1\nunit: user\nuse_cases: {}\n"
    path = place / "a.yaml"
    path.write_text(ugly)
    path.chmod(0o640)
    printed = turnout("fmt", str(path))
    checks.that(printed.stdout == fine and path.read_text() == ugly, "one goes to standard output")
    checked = turnout("fmt", "--check", "a.yaml", cwd=place)
    checks.that(
        checked.returncode == 1 and "-unit: 'user'\n" in checked.stdout, "--check shows a diff"
    )
    link = place / "link.yaml"
    link.symlink_to("a.yaml")
    refused = turnout("fmt", "-i", str(link))
    checks.that(
        refused.returncode == 1 and "symbolic link" in refused.stderr and path.read_text() == ugly,
        "no link is followed",
        refused.stderr,
    )
    turnout("fmt", "-i", str(path))
    mode = stat.S_IMODE(path.stat().st_mode)
    checks.that(path.read_text() == fine and mode == 0o640, "permissions stay", oct(mode))
    path.write_text(ugly)
    path.chmod(0o440)
    refused = turnout("fmt", "-i", str(path))
    checks.that(
        refused.returncode == 1 and "read-only" in refused.stderr and path.read_text() == ugly,
        "what is read-only stays",
        refused.stderr,
    )
    path.chmod(0o640)
    (place / "bad.yaml").write_text("turnout: 1\nunit: !t user\n")
    refused = turnout("fmt", "-i", str(path), str(place / "bad.yaml"))
    checks.that(
        refused.returncode == 1
        and ":2:7: error: the tag" in refused.stderr
        and path.read_text() == ugly,
        "where one is refused none is written",
        refused.stderr,
    )
    left = sorted(os.listdir(place))
    checks.that(left == ["a.yaml", "bad.yaml", "link.yaml"], "nothing is left behind", left)
