"""A capture is "taken"; the date of a paper, a mail, a saving or a name is not, and one of an unset clock is not drawn."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from judging_cases import DELIVERED, PLACED, POLICY, case, dispute, document, evidence, photo, taken, video

from validators.disputes.judge import judge_item
from validators.evidence import Measurements

YEAR_2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)


def says(measured) -> str | None:
    return judge_item(case(evidence(), measured, dispute()), POLICY).capture_time.best_is


@pytest.mark.parametrize(
    ("make", "meaning", "best_is"),
    [
        (photo, "captured", "taken"),
        (photo, "gps", "taken"),
        (photo, "digitized", "taken"),
        (photo, "modified", "dated"),
        (photo, "named", "dated"),
        (video, "container", "taken"),
        (document, "container", "dated"),
        (document, "modified", "dated"),
    ],
)
def test_by_kind_and_meaning(make, meaning, best_is):
    assert says(make(times=(taken(DELIVERED, meaning=meaning),))) == best_is


def test_a_mails_own_date_is_no_capture():
    mail = Measurements(
        "1", "message/rfc822", kind="text", text="x", times=(taken(DELIVERED, meaning="container"),)
    )
    assert says(mail) == "dated"


def test_a_document_of_the_first_of_january_2000_is_implausible():
    midnight = taken(YEAR_2000.replace(hour=0), value="D:20000101000000Z", meaning="container")
    assert says(document(times=(midnight,))) == "implausible"
    assert says(document(times=(taken(YEAR_2000, meaning="container"),))) == "implausible"


def test_a_document_some_years_older_than_the_order_is_plausible():
    at = PLACED.replace(year=PLACED.year - 3)
    assert says(document(times=(taken(at, meaning="container"),))) == "dated"


def test_a_photo_of_years_ago_was_taken_then():
    assert says(photo(times=(taken(PLACED.replace(year=2012)),))) == "taken"


def test_without_a_statement_nothing_is_said():
    assert says(photo(times=())) is None
