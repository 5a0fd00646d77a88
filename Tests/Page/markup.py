"""A page read without a browser: whether its elements are closed, and what stands where."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "input", "br", "hr", "img", "link"}


class Markup(HTMLParser):
    """`faults` is empty if every element is closed in order and no id stands twice."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.open: list[str] = []
        self.counts: dict[str, int] = {}
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.policy = ""
        self.raw: dict[str, str] = {}
        self.feed(text)
        self.close()
        if self.open:
            self.faults.append(f"never closed: {self.open}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.counts[tag] = self.counts.get(tag, 0) + 1
        given = dict(attrs)
        if len(given) != len(attrs):
            self.faults.append(f"{self.getpos()}: <{tag}> has an attribute twice")
        self.attributes |= given.keys()
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given.get("content") or ""
        name = given.get("id")
        if name is not None:
            if name in self.ids:
                self.faults.append(f"{self.getpos()}: the id {name} stands twice")
            self.ids.add(name)
        if tag == "a":
            self.links.append(given.get("href") or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"{self.getpos()}: </{tag}> closes {self.open[-1:]}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("style", "script"):
            self.raw[self.open[-1]] = self.raw.get(self.open[-1], "") + data
