"""The case in time: every moment in the table, each mark where its time says, intervals as wide as is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from declared_kit import changed
from english import ENGLISH_LABELS
from hypothesis import given
from hypothesis import strategies as st
from rendering_samples import long_report, sample_report

from pipeline.reports.case_timeline import (
    CLOCK,
    DATED,
    EVENT,
    MESSAGES_SHOWN,
    ROWS_DRAWN,
    SAID,
    SENT,
    TAKEN,
    timeline,
)
from validators.evidence import TimeCandidate
from validators.report import CaptureTime, Chat, Message, OrderEventView

NOON = datetime(2026, 3, 8, 12, tzinfo=UTC)


def with_taken(earliest: datetime, latest: datetime):
    """The sample with one item only, taken then."""
    report = sample_report()
    taken = TimeCandidate("exif:DateTimeOriginal", "as written", earliest, latest, earliest == latest)
    item = changed(report.evidence[0], capture_time=CaptureTime(taken, (taken,)), submitted_at=NOON)
    return replace(report, evidence=(item,))


def marks_of(line, kind):
    return [mark for row in line.rows for mark in row.marks if mark.kind == kind]


def test_every_moment_stands_in_the_table_in_order():
    report = sample_report()
    line = timeline(report, {}, ENGLISH_LABELS)
    assert [e.at for e in line.entries] == sorted(e.at for e in line.entries)
    assert sum(e.kind == EVENT for e in line.entries) == len(report.dispute.order.events) + 1
    assert sum(e.kind == CLOCK for e in line.entries) == len(report.deadlines)


def test_what_is_not_known_has_its_width():
    narrow = marks_of(timeline(with_taken(NOON, NOON), {}, ENGLISH_LABELS), TAKEN)[0]
    wide = marks_of(
        timeline(with_taken(NOON - timedelta(days=3), NOON + timedelta(days=3)), {}, ENGLISH_LABELS), TAKEN
    )[0]
    assert narrow.length < 1
    assert wide.length > 10
    assert wide.start < narrow.start < wide.start + wide.length
    assert " to " in wide.words


def test_a_photo_of_years_ago_is_told_and_squeezes_nothing():
    old = timeline(with_taken(NOON.replace(year=2012), NOON.replace(year=2012)), {}, ENGLISH_LABELS)
    assert [mark.outside for mark in marks_of(old, TAKEN)] == ["before"]
    events = [mark.start for mark in marks_of(old, EVENT)]
    assert max(events) - min(events) > 20


def test_a_photo_of_years_to_come_is_told_too():
    late = timeline(with_taken(NOON.replace(year=2042), NOON.replace(year=2042)), {}, ENGLISH_LABELS)
    assert [mark.outside for mark in marks_of(late, TAKEN)] == ["after"]


@pytest.mark.parametrize(
    ("best_is", "drawn"), [("taken", [1, 0]), ("dated", [0, 1]), ("implausible", [0, 0])]
)
def test_only_a_capture_is_called_taken_and_nothing_implausible_is_drawn(best_is, drawn):
    report = with_taken(NOON, NOON)
    (item,) = report.evidence
    item = replace(item, capture_time=replace(item.capture_time, best_is=best_is))
    line = timeline(replace(report, evidence=(item,)), {}, ENGLISH_LABELS)
    assert [len(marks_of(line, TAKEN)), len(marks_of(line, DATED))] == drawn


def test_nothing_is_sent_at_a_time_that_no_record_states():
    report = with_taken(NOON, NOON)
    (item,) = report.evidence
    item = changed(item, submitted_at=None, received_at=None)
    item = replace(item, received_at=None)
    assert marks_of(timeline(replace(report, evidence=(item,)), {}, ENGLISH_LABELS), SENT) == []


def test_with_fewer_than_two_moments_there_is_no_line():
    report = sample_report()
    dispute = replace(report.dispute, opened_at=None, order=replace(report.dispute.order, events=()))
    empty = replace(report, dispute=dispute, deadlines=(), evidence=())
    assert timeline(empty, {}, ENGLISH_LABELS) is None
    event = OrderEventView("placed", NOON, "platform")
    one = replace(empty, dispute=replace(dispute, order=replace(dispute.order, events=(event,))))
    assert timeline(one, {}, ENGLISH_LABELS) is None


def test_of_many_items_the_rest_is_in_the_table():
    line = timeline(long_report(100), {}, ENGLISH_LABELS)
    assert line.left_out == len({e.what for e in line.entries if e.kind in (TAKEN, SENT)}) - ROWS_DRAWN > 0


@pytest.mark.parametrize("kind", [EVENT, CLOCK, TAKEN, DATED, SENT])
def test_each_kind_has_a_name_a_place_and_a_height(kind):
    line = timeline(sample_report(), {}, ENGLISH_LABELS)
    assert line.kinds[kind]
    assert 0 <= line.tops[kind] < line.tops[kind] + line.heights[kind] <= 12


@given(st.lists(st.datetimes(datetime(1971, 1, 1), datetime(2090, 1, 1)), min_size=2, max_size=2))
def test_marks_never_leave_the_line(times):
    earliest, latest = sorted(time.replace(tzinfo=UTC) for time in times)
    line = timeline(with_taken(earliest, latest), {}, ENGLISH_LABELS)
    for row in line.rows:
        for mark in row.marks:
            assert mark.start >= 0
            assert mark.start + mark.length <= 100.01


def with_chat(messages: int):
    """The sample with one item only, a chat with a message every two hours and one without a time."""
    said = [
        Message(name, "x", NOON + timedelta(hours=2 * n), NOON + timedelta(hours=2 * n + 1), "hello")
        for n, name in zip(range(messages), ["Anna", None] * messages, strict=False)
    ]
    chat = Chat("whatsapp", ("Anna",), (*said, Message("Anna", None, None, None, "no time")))
    report = sample_report()
    return replace(report, evidence=(replace(report.evidence[0], chat=chat),))


def test_messages_of_a_chat_stand_on_the_line_with_their_senders():
    line = timeline(with_chat(4), {}, ENGLISH_LABELS)
    said = [entry for entry in line.entries if entry.kind == SAID]
    assert [entry.source for entry in said] == ["Anna", "the chat program", "Anna", "the chat program"]
    assert len(marks_of(line, SAID)) == 4
    assert line.has_chat


def test_a_long_chat_stands_there_day_by_day():
    line = timeline(with_chat(MESSAGES_SHOWN + 8), {}, ENGLISH_LABELS)
    said = [entry for entry in line.entries if entry.kind == SAID]
    assert [entry.source for entry in said] == [
        "6 messages",
        "12 messages",
        "12 messages",
        "12 messages",
        "6 messages",
    ]
