# SPDX-License-Identifier: Apache-2.0
"""What is a gap, which line an entry of argued.txt means, and when it no longer holds."""

from pathlib import Path

import pytest
from arguments import Arguments, Sources
from report import gaps_of

SOURCE = """\
struct Bell {
  var isQuiet: Bool {
    guard rung else { return true }
    return false
  }

  func ring(_ times: Int) throws {
    guard times > 0 else { throw damaged }
    for each in 0..<times {
      guard let rope else { throw damaged }
      rope.pull(each)
    }
  }

  func repair(
    _ rope: Rope
  ) throws {
    // func another is not one.
    guard rope.isWhole else { throw damaged }
    guard times > 0 else { throw damaged }
  }
}
"""
FIRST, SECOND = "guard times > 0 else { throw damaged }", "guard let rope else { throw damaged }"


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    (tmp_path / "Bell.swift").write_text(SOURCE)
    return Sources(tmp_path)


def faults(sources: Sources, gaps: set[int], *entries: str) -> list[str]:
    path = sources.folder / "argued.txt"
    path.write_text("# Why.\nwhole: The rope is whole.\n" + "\n".join(entries))
    return Arguments(path, sources, {"Bell.swift": gaps}).faults


def test_a_line_is_in_the_declaration_around_it(sources: Sources) -> None:
    names = {line: sources.function("Bell.swift", line) for line in (1, 3, 8, 10, 19, 22)}
    assert names == {1: "", 3: "isQuiet", 8: "ring", 10: "ring", 19: "repair", 22: ""}


def test_the_shortest_entry_that_means_one_line(sources: Sources) -> None:
    assert sources.entry("Bell.swift", 10) == f"Bell.swift | {SECOND}"
    assert sources.entry("Bell.swift", 8) == f"Bell.swift#ring | {FIRST}"
    assert sources.entry("Bell.swift", 13) == "Bell.swift#ring:2 | }"


def test_an_entry_that_means_a_gap_holds(sources: Sources) -> None:
    assert faults(sources, {10}, f"whole | Bell.swift | {SECOND}") == []
    assert faults(sources, {8}, f"whole | Bell.swift#ring | {FIRST}") == []
    assert faults(sources, {8, 20}, f"whole | Bell.swift | {FIRST}") == []


def test_an_entry_whose_line_ran_is_at_fault(sources: Sources) -> None:
    entry = f"whole | Bell.swift | {FIRST}"
    assert faults(sources, {8}, entry) == [f"not a gap on line 20: {entry}"]
    assert faults(sources, set(), entry) == [f"not a gap on line 8, 20: {entry}"]


def test_an_entry_whose_line_is_gone_is_at_fault(sources: Sources) -> None:
    for entry in (
        "whole | Bell.swift | guard rung == 1 else { return true }",
        f"whole | Bell.swift#isQuiet | {FIRST}",
        f"whole | Bell.swift#ring:2 | {FIRST}",
        f"whole | Gone.swift | {FIRST}",
    ):
        assert f"there is no such line: {entry}" in faults(sources, {8}, entry)


def test_groups_and_entries_belong_together(sources: Sources) -> None:
    assert faults(sources, {8}) == ["nothing is argued with: whole"]
    entry = f"torn | Bell.swift#ring | {FIRST}"
    assert f"no words for the group: {entry}" in faults(sources, {8}, entry)


def test_what_is_nested_in_a_gap_is_none() -> None:
    segments = [
        [7, 34, 0, 1, 1, 0],  # ring, which nobody calls
        [8, 26, 0, 1, 1, 0],
        [8, 43, 0, 1, 0, 0],
        [13, 4, 0, 0, 0, 0],
    ]
    assert gaps_of(segments, SOURCE.splitlines()) == {7: 13}


def test_a_gap_begins_where_its_code_does() -> None:
    arm = [[7, 34, 5, 1, 1, 0], [10, 26, 0, 1, 1, 0], [10, 44, 5, 1, 0, 0], [13, 4, 0, 0, 0, 0]]
    assert gaps_of(arm, SOURCE.splitlines()) == {10: 10}
    after = [[7, 34, 5, 1, 1, 0], [10, 44, 0, 1, 1, 0], [12, 6, 5, 1, 0, 0], [13, 4, 0, 0, 0, 0]]
    assert gaps_of(after, SOURCE.splitlines()) == {11: 12}


def test_braces_alone_are_no_gap() -> None:
    after = [[7, 34, 5, 1, 1, 0], [12, 6, 0, 1, 1, 0], [13, 4, 0, 0, 0, 0]]
    assert gaps_of(after, SOURCE.splitlines()) == {}


def test_a_range_without_ends_is_no_gap() -> None:
    whole = [[1, 1, 5, 1, 1, 0], [1, 13, 0, 1, 1, 0], [1, 16, 5, 1, 0, 0], [1, 18, 0, 0, 0, 0]]
    assert gaps_of(whole, ["return name[...]"]) == {}
