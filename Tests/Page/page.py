"""Claims about the page of `turnout diff --html`, held against Chromium and against its JSON."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from browser import Browser
from markup import Markup
from tables import AFTER, BEFORE, HOSTILE_FILE, hostile, large, usual

ROOT = Path(__file__).resolve().parents[2]
TURNOUT = ROOT / "build/bin/turnout"
WORK = ROOT / "build/test/page"
NOW = "2026-11-21T12:00:00Z"
LARGE_COUNT = 10_000
LARGE_BYTES_MAX = 6_000_000
LOAD_SECONDS_MAX = 60

# Rows of the page as texts, and the contrast of every text with what is behind it.
ROWS = """(selector) => [...document.querySelectorAll(selector)].map(
  (row) => [...row.cells].map((cell) => cell.innerText))"""
CONTRAST = """(() => {
  const light = (text) => {
    const [r, g, b] = text.match(/[0-9.]+/g).map(Number).map((c) => c / 255)
      .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const page = light(getComputedStyle(document.body).backgroundColor);
  let worst = [99, ""];
  for (const element of document.querySelectorAll("body *")) {
    if (["SCRIPT", "TITLE"].includes(element.tagName.toUpperCase())) continue;
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own) continue;
    const text = light(getComputedStyle(element).color);
    const ratio = (Math.max(page, text) + 0.05) / (Math.min(page, text) + 0.05);
    if (ratio < worst[0]) worst = [ratio, element.outerHTML.slice(0, 80)];
  }
  return [page, ...worst];
})()"""


def compare(name: str, before: str, after: str, file: str = "after.yaml") -> tuple[Path, Any]:
    """The page and the JSON of one difference."""
    folder = WORK / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "before.yaml").write_text(before, "utf-8")
    (folder / file).write_text(after, "utf-8")
    ran = subprocess.run(
        [TURNOUT, "diff", "before.yaml", file, "--now", NOW, "--json", "--html", "page.html"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    if ran.returncode != 0:
        raise AssertionError(ran.stderr.decode())
    return folder / "page.html", json.loads(ran.stdout)


def percent(text: str) -> float:
    """The first figure of a cell, in parts of 1."""
    found = re.search(r"([0-9.]+) %", text)
    assert found, f"no percentage in {text!r}"
    return float(found.group(1)) / 100


def near(shown: float, exact: float) -> bool:
    """Four digits that count, and no zero that is none."""
    return abs(shown - exact) <= max(exact * 0.00051, 1e-12) and (shown == 0) == (exact == 0)


class Tests:
    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.page, self.json = compare("usual", usual(BEFORE), usual(AFTER))
        self.text = self.page.read_text("utf-8")

    # What the file is.

    def its_elements_are_closed_and_its_links_lead_somewhere(self) -> None:
        markup = Markup(self.text)
        assert not markup.faults, markup.faults
        assert self.text.startswith("<!doctype html>\n")
        dead = [link for link in markup.links if link[0] != "#" or link[1:] not in markup.ids]
        assert markup.links and not dead, dead

    def it_names_nothing_from_elsewhere(self) -> None:
        markup = Markup(self.text)
        loads = {"link", "img", "iframe", "object", "embed", "base", "form", "video", "audio"}
        assert not loads & markup.counts.keys(), markup.counts
        assert not {"src", "style", "srcset", "action"} & markup.attributes
        assert not any(name.startswith("on") for name in markup.attributes)
        assert not re.search(r"https?:|url\(|@import", self.text)

    def its_policy_forbids_all_but_its_own_style_and_script(self) -> None:
        markup = Markup(self.text)
        allowed = {}
        for tag, rule in (("style", "style-src"), ("script", "script-src")):
            digest = hashlib.sha256(markup.raw[tag].encode()).digest()
            allowed[rule] = f"'sha256-{base64.b64encode(digest).decode()}'"
        assert markup.policy == (
            f"default-src 'none'; style-src {allowed['style-src']}; "
            f"script-src {allowed['script-src']}; base-uri 'none'; form-action 'none'"
        ), f"the policy should allow {allowed}"

    def equal_tables_give_equal_bytes(self) -> None:
        again, _ = compare("again", usual(BEFORE), usual(AFTER))
        assert again.read_bytes() == self.page.read_bytes()

    # What a browser makes of it.

    def nothing_is_asked_for_and_nothing_complains(self) -> None:
        self.browser.look(1400, 1000, "light")
        self.browser.open(self.page)
        self.browser.picture(WORK / "wide-light.png")
        assert self.browser.requests() == [self.page.as_uri()], self.browser.requests()
        assert not self.browser.complaints(), self.browser.complaints()

    def what_moves_is_what_the_json_says(self) -> None:
        self.browser.open(self.page)
        rows = self.browser.ask(f"({ROWS})('.index tbody tr')")
        shown = {row[0]: row for row in rows}
        assert shown.keys() == {case["name"] for case in self.json["use_cases"]}
        for case in self.json["use_cases"]:
            moved = max((found["moved"] for found in case["classes"]), default=0)
            assert near(percent(shown[case["name"]][2]), moved), shown[case["name"]]
        figures = self.browser.ask("document.querySelector('.lead').innerText")
        changed = [c for c in self.json["use_cases"] if c["change"] == "changed"]
        largest = max(found["moved"] for case in changed for found in case["classes"])
        assert near(percent(figures), largest), figures

    def flows_are_those_of_the_json_and_add_up(self) -> None:
        self.browser.open(self.page)
        tables = self.browser.ask(
            "[...document.querySelectorAll('article')].map((article) => ["
            "[...article.querySelectorAll('h3 bdi')].map((name) => name.textContent),"
            "[...article.querySelectorAll(':scope > .flows tbody tr, :scope > details > .flows "
            "tbody tr')].map((row) => row.cells[2].textContent),"
            "article.querySelectorAll(':scope > .flow path').length])"
        )
        assert tables
        for names, shares, bands in tables:
            case = next(c for c in self.json["use_cases"] if c["name"] == names[0])
            largest = max(case["classes"], key=lambda c: (c["moved"], c["begun"]))
            exact = sorted(flow["share"] for flow in largest["flows"])
            if not shares:
                assert largest["moved"] == 0 and largest["begun"] == 0, names
                continue
            shown = sorted(percent(share) for share in shares)
            assert len(shown) == len(exact) == bands, (names, shown, exact, bands)
            assert all(near(one, other) for one, other in zip(shown, exact, strict=True)), (
                shown,
                exact,
            )
            assert abs(sum(shown) - 1) < 0.0005 * len(shown), (names, sum(shown))

    def loads_and_experiments_are_those_of_the_json(self) -> None:
        self.browser.open(self.page)
        self.browser.ask("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        rows = self.browser.ask(f"({ROWS})('.loads tbody tr')")
        shown = {}
        cluster = ""
        for row in rows:
            cluster = cluster if row[0].startswith("/") else row[0]
            shown[cluster + (row[0] if row[0].startswith("/") else "")] = row
        for load in self.json["loads"]:
            name = load["cluster"] + (f"/{load['shard']}" if load["shard"] else "")
            if name not in shown:
                assert load["shard"] and load["before"] == load["after"], name
                continue
            for cell, when in ((2, "before"), (3, "after")):
                whole = load[when]["primary"] + load[when]["shadow"]
                assert abs(float(shown[name][cell].split("\n")[0]) - whole) <= 0.0051, shown[name]
        rows = self.browser.ask(f"({ROWS})('.experiments tbody tr')")
        assert len(rows) == len(self.json["experiments"]) == 1
        assert "mixes units" in rows[0][0]
        assert near(percent(rows[0][4]), self.json["experiments"][0]["between_cells"])

    def it_is_seen_in_light_and_dark_wide_and_narrow(self) -> None:
        for scheme in ("light", "dark"):
            for width in (400, 800, 1400):
                self.browser.look(width, 1000, scheme)
                self.browser.open(self.page)
                name = f"{width}-{scheme}"
                # Of a blank picture each line is as the one above, which PNG stores as zeros.
                png = self.browser.picture(WORK / f"{name}.png")
                data = b"".join(re.findall(rb"IDAT(.*?)(?=.{8}IDAT|.{8}IEND)", png, re.S))
                pixels = zlib.decompressobj().decompress(data)
                assert sum(byte != 0 for byte in pixels) > len(pixels) / 50, f"{name} is blank"
                wide = self.browser.ask("document.documentElement.scrollWidth")
                assert wide <= width, f"{name} is {wide} wide"
                page, ratio, text = self.browser.ask(CONTRAST)
                assert (page > 0.9) if scheme == "light" else (page < 0.1), (name, page)
                assert ratio >= 4.5, f"{name}: contrast {ratio:.2f} of {text}"

    def the_filter_shows_only_what_fits(self) -> None:
        self.browser.open(self.page)
        seen = (
            "[...document.querySelectorAll('.index tbody tr')].filter((row) => "
            "row.offsetParent !== null).map((row) => row.cells[0].innerText)"
        )
        everything = self.browser.ask(seen)
        typed = (
            "(() => { const box = document.getElementById('filter'); box.value = %s;"
            "box.dispatchEvent(new Event('input')); })()"
        )
        self.browser.ask(typed % "'tRAIL'")
        assert self.browser.ask(seen) == ["Trailers"]
        articles = "[...document.querySelectorAll('article')].filter((a) => !a.hidden).length"
        assert self.browser.ask(articles) == 1
        counted = self.browser.ask("document.getElementById('found').textContent")
        assert counted == f"1 of {len(everything)}", counted
        self.browser.ask(typed % "''")
        assert self.browser.ask(seen) == everything

    def it_works_without_its_script(self) -> None:
        self.browser.call("Emulation.setScriptExecutionDisabled", value=True)
        try:
            self.browser.open(self.page)
            markup = self.browser.call("DOM.getDocument", depth=-1)
            assert "ContinueWatching" in json.dumps(markup)
            label = self.browser.call(
                "DOM.querySelector", nodeId=markup["root"]["nodeId"], selector=".filter[hidden]"
            )
            assert label["nodeId"] != 0, "the box is there and does nothing"
        finally:
            self.browser.call("Emulation.setScriptExecutionDisabled", value=False)

    def it_prints(self) -> None:
        self.browser.open(self.page)
        printed = self.browser.call("Page.printToPDF", printBackground=True)
        assert base64.b64decode(printed["data"]).startswith(b"%PDF-")

    # What is not usual.

    def hostile_texts_stay_texts(self) -> None:
        page, difference = compare("hostile", hostile(BEFORE), hostile(AFTER), HOSTILE_FILE)
        text = page.read_text("utf-8")
        markup = Markup(text)
        assert not markup.faults, markup.faults
        assert markup.counts["script"] == 1 and markup.counts["style"] == 1
        assert "img" not in markup.counts and "onerror" not in markup.attributes
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f]", text)
        self.browser.open(page)
        assert not self.browser.complaints(), self.browser.complaints()
        assert self.browser.requests() == [page.as_uri()]
        shown = self.browser.ask("document.body.innerText")
        assert "<img src=x onerror=alert(1)>" in shown and "é" in shown
        name = difference["after"]["name"].replace("\u202e", "\\u{202e}")
        assert name in shown and name in self.browser.ask("document.title")

    def nothing_to_say_is_said(self) -> None:
        page, _ = compare("none", usual(BEFORE), usual(BEFORE))
        self.browser.open(page)
        assert not self.browser.complaints()
        shown = self.browser.ask("document.body.innerText")
        assert "No unit moves." in shown and "Every use case answers as before." in shown

    def ten_thousand_use_cases_stay_loadable(self) -> None:
        page, difference = compare("large", large(LARGE_COUNT, False), large(LARGE_COUNT, True))
        size = page.stat().st_size
        assert size <= LARGE_BYTES_MAX, size
        self.browser.look(1400, 1000, "light")
        seconds = self.browser.open(page)
        assert seconds < LOAD_SECONDS_MAX, seconds
        assert not self.browser.complaints(), self.browser.complaints()[:3]
        rows = self.browser.ask("document.querySelectorAll('.index tbody tr').length")
        assert rows == len(difference["use_cases"]) > LARGE_COUNT * 0.9, rows
        shown = self.browser.ask("document.body.innerText")
        assert "Pictures are drawn of the" in shown
        print(f"large: {size:,} bytes, loaded in {seconds:.2f} s")


def main() -> int:
    wanted = sys.argv[1:]
    WORK.mkdir(parents=True, exist_ok=True)
    browser = Browser()
    passed = failed = 0
    try:
        tests = Tests(browser)
        claims: list[Callable[[], None]] = [
            getattr(tests, name)
            for name in vars(Tests)
            if not name.startswith("_") and (not wanted or name in wanted)
        ]
        for claim in claims:
            try:
                claim()
                passed += 1
            except AssertionError as fault:
                failed += 1
                print(f"FAILED: {claim.__name__.replace('_', ' ')}\n    {fault}")
    finally:
        browser.close()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
