"""What the report makes of rows, of figures in pages, and of what callgrind dumped."""

from pathlib import Path

import page
import pages
import pytest
import report
import rows
import where

ROWS = """\
title\tgrowth.arms\ttext=Arms of one split.
growth.arms\t2\tresolve_ns=31.5\ttext=1.0
growth.arms\t10\tresolve_ns=42\ttable_bytes=1234567
resolve\tfull/100/texts\tengine_ns=150\tbaseline_ns=60
"""


@pytest.fixture
def results(tmp_path: Path) -> rows.Results:
    (tmp_path / "rows.tsv").write_text(ROWS)
    return rows.read([tmp_path / "rows.tsv"])


def test_rows_keep_their_order_and_words_stay_words(results: rows.Results) -> None:
    arms = results["growth.arms"]
    assert list(arms.rows) == ["2", "10"]
    assert arms.columns() == ["resolve_ns", "text", "table_bytes"]
    assert arms.title == "Arms of one split."
    assert arms.rows["2"]["text"] == "1.0"


@pytest.mark.parametrize("line", ["growth.arms\t2", "growth.arms\t2\tresolve_ns 31.5"])
def test_a_line_that_is_no_row_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "rows.tsv").write_text(line + "\n")
    with pytest.raises(SystemExit):
        rows.read([tmp_path / "rows.tsv"])


def test_a_suites_table_is_shown_with_its_title(results: rows.Results) -> None:
    shown = "\n".join(page.generic(results["growth.arms"]))
    assert "| 10 | 42 |  | 1,234,567 |" in shown


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("growth.arms 10 table_bytes", "1,234,567"),
        ("growth.arms 2 resolve_ns", "31.5"),
        ("resolve full/100/texts engine_ns / resolve full/100/texts baseline_ns", "2.50"),
        ("growth.arms 10 no_such_ns", "…"),
        ("growth.arms 2 text", "…"),
    ],
)
def test_a_figure_is_what_was_measured(results: rows.Results, key: str, says: str) -> None:
    assert pages.figure(results, key) == says


def test_a_figure_that_was_changed_by_hand_is_found(tmp_path: Path, results: rows.Results) -> None:
    text = tmp_path / "page.md"
    text.write_text("It takes <!-- figure: growth.arms 2 resolve_ns -->…<!-- /figure --> ns.\n")
    assert len(pages.check(results, text)) == 1
    assert pages.fill(results, text) == []
    assert "-->31.5<!--" in text.read_text()
    assert pages.check(results, text) == []
    text.write_text(text.read_text().replace("31.5", "13.5"))
    assert len(pages.check(results, text)) == 1


DUMP = """\
# callgrind format
desc: Trigger: Client Request: engine
positions: instr line
events: Ir D1mr
summary: 30 3

ob=(1) /lib/libturnout.so.0
fn=(1) turnout_resolve
0x1000 0 10 1
+4 0 5
cob=(2) /lib/libc.so.6
cfn=(2) memcpy
calls=1 0
+8 0 100 10
* 0 5
ob=(2)
fn=(2)
0x40 0 10 2
"""


def test_a_call_counts_for_the_callee_alone(tmp_path: Path) -> None:
    (tmp_path / "dump").write_text(DUMP)
    dump = where.read_dump(tmp_path / "dump")
    assert dump.name == "engine"
    assert dump.costs == {
        ("/lib/libturnout.so.0", 0x1000): [10, 1],
        ("/lib/libturnout.so.0", 0x1004): [5, 0],
        ("/lib/libturnout.so.0", 0x100C): [5, 0],
        ("/lib/libc.so.6", 0x40): [10, 2],
    }


@pytest.mark.parametrize(
    ("frames", "part"),
    [
        (["xxhash.h:XXH3_len_17to128_64b", "Draw.swift:draw", "Resolving.swift:resolve"], "hash"),
        (["Place.swift:u32", "Draw.swift:draw", "Resolving.swift:resolve"], "pick"),
        (["baseline_parts.h:equal", "baseline_parts.h:find_use_case"], "probe"),
        (["baseline_parts.h:equal", "baseline_full.c:holds", "baseline_full.c:both_hold"], "tests"),
        (["Place.swift:u32"], "other"),
    ],
)
def test_an_instruction_belongs_to_the_innermost_part(frames: list[str], part: str) -> None:
    assert where.part_of(frames) == part


def test_a_suite_that_is_run_by_itself_stands_beside_the_last_whole_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    (tmp_path / "rows.tsv").write_text("machine\tload\ttext=0.1\nresolve\ta\tengine_ns=5\n")
    whole = rows.read([tmp_path / "rows.tsv"])
    (tmp_path / "2026-01-02.json").write_text(report.saved(whole, "2026-01-02"))
    (tmp_path / "rows.tsv").write_text("machine\tload\ttext=9\nenvoy.cost\tplain\tratio=1.5\n")
    suite = rows.read([tmp_path / "rows.tsv"])
    (tmp_path / "2026-01-01-envoy.json").write_text(report.saved(suite, "2026-01-01"))
    found = report.newest()
    assert rows.number(found, "resolve", "a", "engine_ns") == 5
    assert rows.number(found, "envoy.cost", "plain", "ratio") == 1.5
    assert found["machine"].rows["load"]["text"] == "0.1"
    assert "## Cost" in page.of_suite(suite, "2026-01-01", "In Envoy")
