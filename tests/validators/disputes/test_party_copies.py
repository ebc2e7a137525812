"""What leaves for one party: nothing of another dispute, and of the other side's files only what was sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from declared_kit import changed
from party_reports import OTHER_DISPUTE_WORDS, THEIR_WORDS, report_of_two

from validators.disputes.party_copy import PARTIES, party_copy
from validators.evidence import TimeCandidate
from validators.report import CaptureTime


@pytest.mark.parametrize("party", PARTIES)
def test_nothing_of_another_dispute_is_left(party):
    assert all(word in str(report_of_two()) for word in OTHER_DISPUTE_WORDS)
    copy = str(party_copy(report_of_two(), party))
    assert [word for word in OTHER_DISPUTE_WORDS if word in copy] == []


def test_the_other_sides_files_say_nothing_of_themselves():
    report = report_of_two()
    assert all(word in str(report) for word in THEIR_WORDS)
    copy = str(party_copy(report, "buyer"))
    assert [word for word in THEIR_WORDS if word in copy] == []


def test_ones_own_items_stay_whole_but_for_what_lies_elsewhere():
    report = report_of_two()
    whole, copy = report.evidence[0], party_copy(report, "buyer").evidence[0]
    assert copy.metadata == whole.metadata
    assert (copy.id, copy.file, copy.sha256) == (whole.id, whole.file, whole.sha256)
    assert [f.code for f in copy.findings] == [f.code for f in whole.findings]
    assert [f.measured for f in copy.findings] == [f.measured for f in whole.findings]
    assert [m.evidence_id for m in copy.matches] == ["own-2"]


def test_the_other_side_is_shown_by_what_it_sent():
    theirs = party_copy(report_of_two(), "buyer").evidence[2]
    assert theirs.file == "seller-1"
    assert theirs.declared.description == "packed with care"
    assert theirs.text == "their letter"
    assert [one.kind for one in theirs.derivatives] == ["preview"]
    assert theirs.derivatives[0].path == f"media/{'f' * 32}.jpg"
    assert theirs.findings == ()


def test_an_item_of_nobody_known_counts_as_the_other_sides():
    report = report_of_two()
    nameless = changed(report.evidence[0], id="x", party=None)
    copy = party_copy(replace(report, evidence=(nameless,)), "buyer")
    assert copy.evidence[0].file == "other-1"
    assert copy.evidence[0].metadata == {}


def test_slots_name_the_items_as_the_copy_does():
    slots = party_copy(report_of_two(), "buyer").completeness.slots
    assert [slot.by for slot in slots] == [("own-1",), ("seller-1",)]
    assert [slot.accepted for slot in slots] == [(), ("seller-1",)]


def test_what_is_missing_is_told_to_who_has_to_send_it():
    report = report_of_two()
    assert [f.params["party"] for f in party_copy(report, "seller").completeness.findings] == ["seller"]
    assert party_copy(report, "buyer").completeness.findings == ()


def test_counts_are_of_the_copy():
    copy = party_copy(report_of_two(), "seller")
    assert copy.summary.items == 3
    assert "DUP_SAME_PHOTO" not in copy.summary.by_code


def test_a_time_the_other_side_did_not_tell_is_not_told():
    report = report_of_two()
    at = datetime(2026, 3, 1, tzinfo=UTC)
    taken = CaptureTime(TimeCandidate("exif:DateTimeOriginal", "2026:03:01", at, at, True), ())
    theirs = replace(report.evidence[2], capture_time=taken)
    copy = party_copy(replace(report, evidence=(theirs,)), "buyer")
    assert copy.evidence[0].capture_time is None


def test_a_copy_is_for_a_party():
    with pytest.raises(ValueError, match="not for 'mediator'"):
        party_copy(report_of_two(), "mediator")
