"""The table of trust: every code has a row, and what is planted can be read and counted."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from trust import DECODABLE, NOT_PLANTED, OF_ALL_CLIPS, ORDINARY, Counts, rows
from trust_cases import Item, MadeDispute, saved
from trust_files import MAKERS
from trust_origins import manifests, recordings, stated
from trust_pictures import SPOILED
from trust_records import RECORDS

from pipeline.intake.dispute_file import parse_dispute_file
from validators.finding import CODES

PLAIN = np.random.default_rng(1).integers(0, 255, (240, 320, 3), np.uint8)
ELSEWHERE = {
    "CLR_TEXT_ILLEGIBLE",
    "DUP_SAME_FILE",
    "DUP_SAME_PHOTO",
    "DUP_COMMON",
    "LST_MATCHES_LISTING",
    "VID_NO_DECODE",
}
"""Planted by functions that make more than one dispute, or write videos."""


def test_every_code_is_planted_or_says_why_not():
    disputes = [make(PLAIN, np.random.default_rng(1), 0) for make in RECORDS]
    records = {one.group or one.items[0].group for one in disputes}
    photo = saved(PLAIN)
    origins = {
        code
        for code, _ in (*manifests(iter([photo] * 2), Random(1), 1), *stated(Random(1), 1), *recordings(1))
    }
    planted = {*origins, *MAKERS, *SPOILED, *records, *ELSEWHERE, *DECODABLE, *OF_ALL_CLIPS}
    assert planted | set(NOT_PLANTED) == CODES
    assert planted.isdisjoint(NOT_PLANTED)


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("code", sorted(MAKERS.keys() - {"FMT_TOO_LARGE"}))
def test_a_planted_file_is_no_longer_the_photo(code, number):
    photo = saved(PLAIN)
    name, data = MAKERS[code](photo, Random(1), number)
    assert "." in name
    assert data != photo or code == "FMT_TYPE_MISMATCH"


def test_a_made_dispute_is_read_as_it_was_meant(tmp_path):
    MadeDispute("D-1", (Item("a.jpg", b"1", "photos"), Item("b.jpg", None)), listing=b"2").write(tmp_path)
    read = parse_dispute_file((tmp_path / "D-1" / "dispute.json").read_bytes())
    assert [one.file for one in read.declared_evidence] == ["buyer/a.jpg", "buyer/b.jpg"]
    assert [event.type for event in read.order.events] == ["placed", "delivered"]
    there = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.jpg"))
    assert there == ["D-1/buyer/a.jpg", "D-1/listing/1.jpg"]


def test_a_row_gives_the_share_with_its_bounds():
    counts = Counts()
    for number in range(20):
        counts.add("CLR_BLUR", {"CLR_BLUR"} if number else set(), f"{number}")
        counts.add("CLR_BLUR pages", {"CLR_BLUR"}, f"{number}")
        counts.add("photos", {"CLR_BLUR"} if number == 7 else {"DESC_MISSING"}, f"{number}")
    by_code = {row[0]: row[1:] for row in rows(counts)}
    assert by_code["CLR_BLUR"] == ("95 (76–99) of 20", "5.0 (0.9–23.6)", "0", "0")
    assert by_code["CLR_BLUR pages"][0] == "100 (84–100) of 20"
    assert by_code["DESC_MISSING"][1] == "95.0 (76.4–99.1)"
    assert by_code["FMT_QUARANTINED"][0] == NOT_PLANTED["FMT_QUARANTINED"]
    assert len(ORDINARY) == 3
    assert counts.missed == ["CLR_BLUR: 0 got nothing"]
