"""Words for names, values and units: few, so that documents and requests meet, and awkward."""

from __future__ import annotations

from random import Random

from trees import Node, Scalar

NAMES = [
    *("a", "A", "b", "B", "a.b", "a-b", "a_b", "a0", "canary", "x" * 128),
    *("on", "off", "yes", "NO", "null", "true", "False", "1", "01", "1.0", "0x1F", "1e3", "8.10"),
]
ATTRIBUTES = [*NAMES, "in", "exists", "prefix", "route", "country", "device", "default"]

STRINGS = [
    *("US", "NO", "us", "U", "on", "true", "null", "8.10", "8.1", "12", "12.0", "~", ""),
    *("\u00e9", "e\u0301", "\u65e5\u672c", "\U0001f600", "\uffee", " led", "a: b", "# c", "-"),
    *(
        "it's",
        'a "b"',
        "tab\there",
        "line\nline",
        "{}",
        "[x]",
        "*a",
        "&b",
        "!c",
        "%",
        "@d",
        "x" * 300,
    ),
]
NUMBERS = [
    *("0", "-0", "1", "1.0", "12", "0.1", "0.10", "1e3", "1000", "-2.5", "3.0E8", "300000000"),
    *("9007199254740992", "9007199254740993", "1e-300", "5e-324", "1.7976931348623157e308"),
    *("0.30000000000000004", "0.3", "18446744073709551616", "-1e18"),
]
VERSIONS = [
    *("8", "8.2", "8.2.0", "08.2", "8.10", "8.1", "8.2.0.0.1", "8.2.1", "0", "0.0"),
    *("8.2-rc", "8.2.0-rc.1", "8.2-rc.1+b5", "8.2-rc.2", "8.2-rc.10", "8.2-rc.1.0", "8.2-1"),
    *("8.2-alpha.beta", "8.2-alpha", "8.2-rc-1", "8.2--", "8.2-RC", "8.2+build", "8.2+b-1.2"),
    *("99999999999999999999.1", "99999999999999999998", "18446744073709551616"),
    *("8.2-99999999999999999999", "8.2-18446744073709551616", "4294967296.0"),
]
NO_VERSIONS = ["", "abc", "v8", "8..2", "8.", ".8", "8 ", "8.2.x", "\u0668", "-1", "8.2-", "8+"]
TRAFFIC = ["production", "artificial", "replay", "Production", ""]

UNITS = [
    *("u_17", "u_18", "0", "01", "1e3", "null", "\u00e9", "e\u0301", "\u7528\u6237", " u ", "#u"),
    *("\U0001f469\u200d\U0001f469\u200d\U0001f467", "x" * 255, "y" * 256),
    *(f"user-{index}" for index in range(40)),
]
ONLY_REQUESTED_UNITS = [
    "nul\x00in",
    "\ufeff",
    "\u2028",
    "\x7f",
    "\r\n",
    "z" * 4096,
    "\u00e9" * 2048,
]
NOT_TEXT = [b"\xff", b"\xc3", b"\xed\xa0\x80", bytes(range(256)), bytes(8), b"\x80" * 4096]

OF_NO_TYPE: list[Node] = [[], {}, [Scalar("US", plain=False)], {"a": Scalar("1")}]

POOLS = {
    "string": STRINGS,
    "number": NUMBERS,
    "version": VERSIONS,
    "boolean": ["true", "false"],
}


def word(dice: Random, text: str) -> Scalar:
    """Plain or in quotes: where it stands in a document, both are the same."""
    return Scalar(text, plain=text not in ("null", "~", "") and dice.random() < 0.8)


def value(dice: Random, kind: str) -> Scalar:
    """Of an attribute, as a document writes it."""
    return word(dice, dice.choice(POOLS[kind]))


def given(dice: Random, kind: str) -> Node:
    """Of an attribute, as a request gives it: seldom null, another type, or no version."""
    chance = dice.random()
    if chance < 0.05:
        return Scalar("null")
    if chance < 0.055:
        return Scalar("-1e999")
    if chance < 0.15:
        kind = dice.choice([*POOLS, "none"])
    if kind == "none":
        return dice.choice(OF_NO_TYPE)
    if kind == "version" and dice.random() < 0.1:
        return Scalar(dice.choice(NO_VERSIONS), plain=False)
    return Scalar(dice.choice(POOLS[kind]), plain=kind in ("number", "boolean"))


def chance(dice: Random, percentage: int) -> bool:
    return dice.random() * 100 < percentage


def some(dice: Random, texts: list[str], least: int, most: int) -> list[str]:
    return dice.sample(texts, min(len(texts), dice.randint(least, most)))


def notes(dice: Random) -> dict[str, Node]:
    """What may stand on every named thing and changes nothing."""
    result: dict[str, Node] = {}
    if chance(dice, 15):
        result["description"] = word(dice, dice.choice(["some words: and more", "v1", "true"]))
        result["owner"] = word(dice, "team-a")
        result["labels"] = {name: word(dice, "x") for name in some(dice, NAMES, 0, 2)}
    return result


def config(dice: Random, depth: int = 2) -> dict[str, Node]:
    keys = ["top_k", "a", "A", "null", "1", "\u00e9", "e\u0301", "\U0001f600", "\uffee", "", 'k"']
    return {key: _config_value(dice, depth) for key in some(dice, keys, 0, 4)}


def _config_value(dice: Random, depth: int) -> Node:
    if depth > 0 and chance(dice, 15):
        return config(dice, depth - 1)
    if depth > 0 and chance(dice, 15):
        return [_config_value(dice, depth - 1) for _ in range(dice.randint(0, 3))]
    if chance(dice, 40):
        return Scalar(dice.choice(STRINGS), plain=False)
    numbers = [number for number in NUMBERS if number != "08.2"]
    words = ["null", "~", "true", "True", "FALSE", "NO", "on", "wide", "8.2.0", "yes", "1_000"]
    words += ["+1", ".5", "-.5e3", "1.", "1.E2", "012", "-00.50", "0x1F", "0o17", "-0x1", "0b1"]
    return Scalar(dice.choice([*numbers, *words, "1.50", "1E5", "1e+05", "-0.0"]))


def address(dice: Random) -> Scalar:
    port = dice.randint(1, 65535)
    host = f"10.{dice.randrange(256)}.{dice.randrange(256)}.{dice.randrange(256)}"
    return word(dice, dice.choice([f"{host}:{port}", f"h{port}.internal:443", f"[::1]:{port}"]))
