"""files.csv and the terminal: safe to open, safe to print."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from english import ENGLISH_LABELS
from hypothesis import given
from hypothesis import strategies as st
from rendering_items import HOSTILE, item
from rendering_samples import long_report, sample_report
from rich.console import Console

from pipeline.commands.output.detail import NORMAL, QUIET, VERBOSE
from pipeline.commands.output.terminal import WORST, print_outcome, print_reading, worst_items
from pipeline.intake.found import FoundDispute, FoundFile, Reading
from pipeline.reports.csv_table import COLUMNS, safe_cell, write_csv
from pipeline.reports.quantities import distance, quantity, scale
from pipeline.reports.workbook import write_workbook
from validators.dispute import Dispute

STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n")


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_table_has_one_row_a_file_and_the_named_columns(tmp_path):
    report = sample_report()
    rows = rows_of(write_csv([report, report], tmp_path / "files.csv"))
    assert len(rows) == 2 * len(report.evidence)
    assert tuple(rows[0]) == COLUMNS
    first = rows[0]
    assert first["codes_above_notes"] == "TIM_BEFORE_ORDER DUP_SAME_PHOTO"
    assert first["codes"] == "TIM_BEFORE_ORDER DUP_SAME_PHOTO PII_GPS"
    assert (first["sharpness"], first["verdict"], first["late"]) == ("0.7312", "sharp", "no")
    assert (first["captured_earliest"], first["matches"]) == (
        "2026-02-08T16:20:00Z",
        "SAME_PHOTO D-0977/IMG_2231.jpg",
    )


def test_excel_is_told_that_the_table_is_utf_8(tmp_path):
    report = replace(sample_report(), evidence=(item("крышка 盖子.jpg"),))
    data = write_csv([report], tmp_path / "files.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfdispute,")
    assert "крышка 盖子.jpg".encode() in data


def test_the_workbook_holds_texts_and_numbers_and_no_formula(tmp_path):
    report = replace(
        sample_report(), evidence=(item("крышка 盖子.jpg"), item("=1+1"), *sample_report().evidence)
    )
    with zipfile.ZipFile(write_workbook([report], tmp_path / "files.xlsx")) as book:
        texts = book.read("xl/sharedStrings.xml").decode()
        sheets = [book.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2)]
    assert "крышка 盖子.jpg" in texts
    assert "TIM_BEFORE_ORDER" in texts
    assert all("<f>" not in sheet and "<hyperlink" not in sheet for sheet in sheets)
    assert sheets[0].count("<row ") == 1 + len(report.evidence)


@pytest.mark.parametrize("name", [*HOSTILE, "=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "a;=1", 'a,"=1'])
def test_no_cell_is_a_formula(tmp_path, name):
    report = replace(sample_report(), evidence=(item(name, roles=(name,), kind=name),))
    report = replace(report, dispute=replace(report.dispute, id=name))
    path = write_csv([report], tmp_path / "files.csv")
    for separator in (",", ";", "\t"):
        for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=separator):
            assert not any(cell.strip(" \"'").startswith(STARTERS) and cell[:1] != "'" for cell in row), row


@given(st.text(st.characters(exclude_categories=()) | st.sampled_from("=+-@\t\r;,\"' ")))
def test_any_text_is_one_safe_line(text):
    cell = safe_cell(text)
    cell.encode("utf-8")
    assert "\n" not in cell
    assert not cell.lstrip(" ").startswith(STARTERS)


def console(encoding: str = "utf-8", terminal: bool = False) -> tuple[Console, io.BytesIO]:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding=encoding, write_through=True)
    return Console(file=out, width=80, color_system=None, force_terminal=terminal), raw


def outcome(reports, encoding="utf-8", terminal=False, detail=NORMAL, **reading) -> str:
    shown, raw = console(encoding, terminal)
    print_outcome(reports, Path("evidence-reports/report.html"), Reading(**reading), shown, detail)
    return raw.getvalue().decode(encoding)


def test_the_worst_come_first_and_only_twenty(tmp_path):
    report = long_report(120)
    worst = worst_items([report])
    assert len(worst) == WORST
    assert worst[0][1].state == "PROCESSING_FAILED"
    assert {one.file for _, one in worst_items([sample_report()]) if one.state == "USABLE"} == {
        "photos/crack-in-the-lid.jpg",
        "lamp-white-background.jpg",
    }


def test_the_outcome_fits_a_dumb_terminal_and_carries_no_control_characters():
    text = outcome([sample_report(), long_report(40)], terminal=True)
    assert max(map(len, text.splitlines())) <= 80
    assert not {c for c in text if (ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0 or c == "\u202e"}
    assert "invoice\\u202egpj.exe" in text.replace("\n", "")
    assert "To review: 14 items." in text
    assert "Missing: 1 piece of required evidence." in text
    assert "Report: evidence-reports/report.html" in text


def test_quiet_leaves_where_the_report_is_and_verbose_lists_every_item():
    assert outcome([long_report(40)], detail=QUIET) == "Report: evidence-reports/report.html\n"
    assert "Incomplete:" in outcome([long_report(40)], detail=QUIET, incomplete=True)
    few, every = (outcome([long_report(120)], detail=detail) for detail in (NORMAL, VERBOSE))
    assert "need somebody: the report lists them" in few
    assert "the report lists" not in every
    assert len(every.splitlines()) > len(few.splitlines()) + 20


def test_totals_by_state_are_told():
    told = "1 not checked; 2 can't be opened; 1 needs re-upload; 1 usable, with issues; 7 usable."
    assert f"12 items: {told}" in outcome([sample_report()])


def test_a_terminal_that_knows_only_ascii_gets_escapes():
    text = outcome(
        [replace(sample_report(), evidence=(item("фото.jpg", state="UNREADABLE"),))], encoding="ascii"
    )
    assert "\\u0444" in text


def test_an_incomplete_run_says_so():
    assert "Incomplete:" in outcome([sample_report()], incomplete=True)


def test_the_reading_is_told_with_what_was_inferred_and_skipped():
    shown, raw = console()
    found = FoundDispute(Dispute("holiday\x1b[2J", declared=False), "/x/holiday", [FoundFile("a.jpg", None)])
    declared = FoundDispute(Dispute("D-1"), "/x/d1", [FoundFile("b.jpg", None)], skipped=["Thumbs.db"])
    print_reading(
        Reading([found, declared], skipped=[f"s{i}" for i in range(12)], notices=["read\nme"]), shown
    )
    text = raw.getvalue().decode()
    assert "2 disputes, 2 files." in text
    assert "Read as one dispute without dispute data: holiday\\x1b[2J (1 file)." in text
    assert "Skipped 13 files that are not evidence: s0, s1," in text
    assert "and 3 more." in text
    assert "Note: read\\nme" in text


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.345, "share of tiles", "34.5%"),
        (34.0, "luma 0..255", "34 luma"),
        (0.21, "0..1", "0.21"),
        (1, "bytes", "1 byte"),
        (104_857_600, "bytes", "100 MB"),
        (16320, "px", "16,320 px"),
        (float("nan"), "px", "not a number"),
        (-12.0, "days", "-12 days"),
    ],
)
def test_quantities_read_well(value, unit, words):
    assert quantity(value, unit, ENGLISH_LABELS) == words


@given(
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9),
    st.none() | st.floats(-1e9, 1e9),
    st.sampled_from(("px", "0..1", "share of tiles", "luma 0..255", None)),
)
def test_the_bar_and_the_tick_stay_on_their_track(measured, threshold, unit):
    made = scale(measured, threshold, unit, ENGLISH_LABELS)
    assert 0 <= made.start <= 100
    assert made.length > 0
    assert made.start + made.length <= 101
    assert (made.tick is None) == (threshold is None)
    assert made.tick is None or 0 <= made.tick <= 100


def test_a_longer_bar_means_more_and_the_threshold_lies_between():
    low, high = (scale(measured, 0.3, "0..1", ENGLISH_LABELS) for measured in (0.1, 0.6))
    assert low.length < low.tick == high.tick < high.length


def test_distances_in_time():
    now = datetime(2026, 3, 9, 10, tzinfo=UTC)
    assert distance(now.replace(day=12), now, ENGLISH_LABELS) == "in 3 days"
    assert distance(now.replace(hour=9), now, ENGLISH_LABELS) == "1 hour ago"
    assert distance(now.replace(day=7, hour=23), now, ENGLISH_LABELS) == "1 day ago"
    assert distance(now, now, ENGLISH_LABELS) == "in less than an hour"
