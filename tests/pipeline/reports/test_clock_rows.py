"""What came against each deadline, in words; a closed window accuses nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rendering_samples import sample_report

from pipeline.reports.clock_rows import clock_rows
from validators.report import Deadline

DUE = datetime(2026, 4, 9, 8, 20, tzinfo=UTC)
DAY = timedelta(days=1)


def row(kind: str, state: str, last_at: datetime | None = None, party: str | None = None, **changes: object):
    clock = Deadline(kind, DUE, "rule", "G0", party, state == "late", state, last_at)
    (made,) = clock_rows(replace(sample_report(), deadlines=(clock,), **changes))
    return made


@pytest.mark.parametrize(
    ("kind", "state", "days", "text"),
    [
        ("open_from", "met", 7, "Opened 16 Apr 2026 (allowed from 9 Apr 2026)"),
        ("open_from", "closed", -1, "Opened 8 Apr 2026, before the first day (9 Apr 2026)"),
        ("open_until", "met", -7, "Opened 2 Apr 2026 (allowed until 9 Apr 2026)"),
        ("open_until", "late", 2, "Opened 11 Apr 2026, 2 days after the last day (9 Apr 2026)"),
        ("seller_answer", "met", -1, "Seller answered 8 Apr 2026 (due by 9 Apr 2026)"),
        ("seller_answer", "late", 3, "Seller answered 12 Apr 2026, 3 days late (due by 9 Apr 2026)"),
        ("seller_answer", "not_known", None, "Seller’s answer: not known (due by 9 Apr 2026)"),
        ("evidence", "open", None, "Buyer: Evidence window open until 9 Apr 2026. Nothing uploaded yet"),
        ("evidence", "open", -7, "Buyer: Evidence window open until 9 Apr 2026. Last upload 2 Apr 2026"),
        ("evidence", "met", -7, "Buyer: Evidence window closed 9 Apr 2026. Last upload 2 Apr 2026, on time"),
        (
            "evidence",
            "late",
            1,
            "Buyer: Evidence window closed 9 Apr 2026. Last upload 10 Apr 2026, 1 day late",
        ),
        ("evidence", "late", -7, "Buyer: Evidence window closed 9 Apr 2026. Something required never came"),
        (
            "evidence_requested",
            "met",
            -7,
            "Buyer: Evidence was asked for by 9 Apr 2026. Last upload 2 Apr 2026, on time",
        ),
        ("protection", "closed", None, "Buyer protection ended 9 Apr 2026"),
        ("mediation", "open", None, "Mediation may take until 9 Apr 2026"),
    ],
)
def test_what_is_said(kind, state, days, text):
    party = "buyer" if kind.startswith("evidence") else None
    made = row(kind, state, None if days is None else DUE + days * DAY, party)
    assert made.text == text
    assert made.mark == {"met": "✓", "late": "!"}.get(state, "–")


def test_a_closed_window_of_a_party_that_sent_nothing_is_told_calmly():
    said = row("evidence", "closed", party="seller", evidence=())
    assert (said.text, said.mark) == (
        "Seller: Evidence window closed 9 Apr 2026. Nothing was uploaded",
        "–",
    )
    assert row("evidence", "closed", party="buyer").text.endswith("The times of the uploads are not known")


def test_withdrawal_stops_the_clock():
    dispute = replace(sample_report().dispute, withdrawn_at=DUE - DAY)
    made = row("evidence", "met", DUE - 7 * DAY, "buyer", dispute=dispute)
    assert made.text.endswith("on time. The clock is stopped: the dispute was withdrawn")
    assert made.mark == "–"


@pytest.mark.parametrize(
    ("late", "text"), [(True, "Evidence: due by 9 Apr 2026, late"), (False, "Evidence: due by 9 Apr 2026")]
)
def test_a_report_of_an_earlier_release_still_reads(late, text):
    clock = Deadline("evidence", DUE, "rule", "G4", "buyer", late)
    (made,) = clock_rows(replace(sample_report(), deadlines=(clock,)))
    assert made.text == f"Buyer: {text}"
