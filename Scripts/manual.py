#!/usr/bin/env python3
"""Makes turnout.1 from the command's own help: manual.py VERSION <HELP.json >turnout.1

HELP.json is what `turnout --experimental-dump-help` prints."""

from __future__ import annotations

import json
import re
import sys
from typing import Any

Node = dict[str, Any]


def escaped(text: str) -> str:
    """Text for roff: its backslashes, hyphens and quotes as themselves, no line a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga")
    text = text.replace("'", "\\(aq").replace("^", "\\(ha").replace("~", "\\(ti")
    return "\n".join("\\&" + line if line.startswith(".") else line for line in text.split("\n"))


def bold(text: str) -> str:
    return f"\\fB{escaped(text)}\\fR"


def italic(text: str) -> str:
    return f"\\fI{escaped(text)}\\fR"


def prose(text: str) -> str:
    """Paragraphs; what stands between backquotes is bold."""
    parts = re.split(r"`([^`]+)`", text)
    return "".join(bold(part) if index % 2 else escaped(part) for index, part in enumerate(parts))


def discussion(text: str) -> list[str]:
    """Paragraphs, and examples, which are indented in the help."""
    lines: list[str] = []
    for paragraph in text.split("\n\n"):
        if paragraph.startswith("  "):
            example = [escaped(line.removeprefix("  ")) for line in paragraph.split("\n")]
            lines += [".PP", ".RS 4", ".EX", *example, ".EE", ".RE"]
        else:
            lines += [".PP", prose(paragraph)]
    return lines


def spelled(argument: Node) -> str:
    """An argument as it is typed: `-o, --output dir`."""
    value = italic(argument.get("valueName", ""))
    if argument["kind"] == "positional":
        return value + (" ..." if argument["isRepeating"] else "")
    dashes = {"short": "-", "long": "--", "longWithSingleDash": "-"}
    names = ", ".join(bold(dashes[name["kind"]] + name["name"]) for name in argument["names"])
    return f"{names} {value}" if argument["kind"] == "option" else names


def arguments(command: Node, without: set[str]) -> list[str]:
    lines: list[str] = []
    for argument in command.get("arguments", []):
        if not argument["shouldDisplay"] or argument.get("valueName") in without:
            continue
        lines += [".TP", spelled(argument), prose(argument.get("abstract", ""))]
    return lines


def synopsis(path: str, command: Node) -> str:
    words = [bold(path)]
    options = [a for a in command.get("arguments", []) if a["kind"] != "positional"]
    if any(a.get("valueName") not in ("help", "version") for a in options):
        words.append("[" + italic("options") + "]")
    for argument in command.get("arguments", []):
        if argument["kind"] == "positional":
            word = spelled(argument)
            words.append(f"[{word}]" if argument["isOptional"] else word)
    return " ".join(words)


def verb(path: str, command: Node) -> list[str]:
    """The section of a verb; of one that has verbs of its own, theirs follow."""
    lines = [f'.SS "{escaped(path)}"', synopsis(path, command) if "arguments" in command else ""]
    lines += [".PP", prose(command["abstract"])]
    lines += discussion(command.get("discussion", ""))
    lines += arguments(command, {"help", "version"})
    for child in command.get("subcommands", []):
        lines += verb(f"{path} {child['commandName']}", child)
    return lines


def manual(version: str, command: Node) -> str:
    name = command["commandName"]
    abstract = command["abstract"].rstrip(".")
    lines = [
        f'.TH {name.upper()} 1 "" "Turnout {version}" "Turnout"',
        ".SH NAME",
        f"{name} \\- {prose(abstract[0].lower() + abstract[1:])}",
        ".SH SYNOPSIS",
        f"{bold(name)} {italic('verb')} [{italic('options')}]",
        ".SH DESCRIPTION",
        *discussion(command["discussion"])[1:],
        *arguments(command, set()),
        ".SH VERBS",
    ]
    for child in command["subcommands"]:
        if child["commandName"] != "help":
            lines += verb(f"{name} {child['commandName']}", child)
    lines += [
        ".SH ENVIRONMENT",
        ".TP",
        bold("TURNOUT_STORE"),
        f"The store, where {bold('--store')} does not name one.",
        ".TP",
        bold("NO_COLOR"),
        "If set, no colour on a terminal either.",
    ]
    return "\n".join(line for line in lines if line) + "\n"


if __name__ == "__main__":
    sys.stdout.write(manual(sys.argv[1], json.load(sys.stdin)["command"]))
