"""Keys tell places, places have keys, and reports lie beside the evidence."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from pipeline.intake.messages.key_layout import DEFAULT_PATTERN, KeyLayout, LayoutError, Place
from storage.objects.keys import checked_key

PLAIN = KeyLayout.parse(DEFAULT_PATTERN)
TENANTS = KeyLayout.parse("{tenant}/cases/{dispute}/{party}/{file}")
BELOW = KeyLayout.parse("in/{dispute}/evidence/{party}/{file}")
FLAT = KeyLayout.parse("{dispute}/{file}")
LAYOUTS = [PLAIN, TENANTS, BELOW, FLAT]


@pytest.mark.parametrize(
    ("layout", "key", "place"),
    [
        (PLAIN, "D-1/buyer/a.jpg", Place("default", "D-1", "buyer", False, "buyer/a.jpg")),
        (PLAIN, "D-1/Seller/x/a.jpg", Place("default", "D-1", "seller", False, "Seller/x/a.jpg")),
        (PLAIN, "D-1/LISTING/a.jpg", Place("default", "D-1", None, True, "LISTING/a.jpg")),
        (PLAIN, "D-1/a.jpg", Place("default", "D-1", None, False, "a.jpg")),
        (PLAIN, "D-1/photos/buyer/a.jpg", Place("default", "D-1", None, False, "photos/buyer/a.jpg")),
        (PLAIN, "D-1/buyer", Place("default", "D-1", None, False, "buyer")),
        (PLAIN, "D%2F1%25/a%2F.jpg", Place("default", "D/1%", None, False, "a%2F.jpg")),
        (PLAIN, "%2E%2E/a.jpg", Place("default", "..", None, False, "a.jpg")),
        (PLAIN, "100%/a.jpg", Place("default", "100%", None, False, "a.jpg")),
        (PLAIN, "%FF/a.jpg", Place("default", "%FF", None, False, "a.jpg")),
        (TENANTS, "acme/cases/7/buyer/a.jpg", Place("acme", "7", "buyer", False, "buyer/a.jpg")),
        (BELOW, "in/7/evidence/buyer/a", Place("default", "7", "buyer", False, "evidence/buyer/a")),
        (FLAT, "D-1/buyer/a.jpg", Place("default", "D-1", None, False, "buyer/a.jpg")),
    ],
)
def test_what_a_key_tells(layout, key, place):
    assert layout.place(key) == place
    assert layout.place(layout.key(place)) == place


@pytest.mark.parametrize(
    ("layout", "key"),
    [
        (PLAIN, "a.jpg"),
        (PLAIN, ""),
        (PLAIN, "/a.jpg"),
        (PLAIN, "D-1/"),
        (PLAIN, "D-1/buyer/"),
        (PLAIN, "D-1/a\0.jpg"),
        (PLAIN, "D%00/a.jpg"),
        (PLAIN, "D-1/\ud800"),
        (PLAIN, f"{'x' * 256}/a.jpg"),
        (TENANTS, "acme/other/7/a.jpg"),
        (TENANTS, "acme/cases/7"),
        (TENANTS, "/cases/7/a.jpg"),
        (BELOW, "in/7/a.jpg"),
        (BELOW, "in/7/evidence/"),
        (BELOW, "out/7/evidence/a.jpg"),
    ],
)
def test_a_key_that_does_not_fit(layout, key):
    with pytest.raises(LayoutError, match=r"^[^\n]{1,250}\.$"):
        layout.place(key)


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "{file}",
        "{dispute}",
        "{dispute}/{party}",
        "{file}/{dispute}",
        "{dispute}/{file}/x",
        "{party}/{dispute}/{file}",
        "{dispute}/{tenant}/{file}",
        "{dispute}/{dispute}/{file}",
        "{dispute}/{party}/x/{file}",
        "{dispute}/{name}/{file}",
        "case-{dispute}/{file}",
        "/{dispute}/{file}",
        "a//{dispute}/{file}",
        "../{dispute}/{file}",
        "{dispute/{file}",
    ],
)
def test_a_bad_pattern_is_told_in_a_sentence(pattern):
    with pytest.raises(ValueError, match=r"^The key layout .*\.$"):
        KeyLayout.parse(pattern)


def test_reports_lie_beside_the_evidence_and_are_known():
    assert PLAIN.report_key("default", "D/1") == "D%2F1/evidence-report/report.json"
    assert TENANTS.report_key("acme", "7") == "acme/cases/7/evidence-report/report.json"
    assert BELOW.report_key("default", "7") == "in/7/evidence-report/report.json"
    assert not PLAIN.is_report("D-1/buyer/evidence-report/report.json")
    assert not PLAIN.is_report("D-1/evidence-report/photo.jpg")
    assert not PLAIN.is_report("evidence-report/report.json")
    assert not TENANTS.is_report("D-1/evidence-report/report.json")


def test_without_tenants_in_the_layout_there_is_one():
    with pytest.raises(LayoutError, match=r"no \{tenant\}"):
        PLAIN.report_key("acme", "D-1")


@pytest.mark.parametrize("dispute_id", ["", "x" * 256, "\n" * 86, "a\0", "\ud800"])
def test_ids_that_no_key_can_tell(dispute_id):
    with pytest.raises(LayoutError, match=r"\.$"):
        PLAIN.report_key("default", dispute_id)


@pytest.mark.parametrize(
    "place",
    [
        Place("default", "D-1", "buyer", False, "a.jpg"),
        Place("default", "D-1", None, False, "buyer/a.jpg"),
        Place("default", "D-1", None, True, "a.jpg"),
        Place("default", "D-1", None, False, ""),
        Place("default", "D-1", None, False, "x" * 1024),
        Place("acme", "D-1", None, False, "a.jpg"),
    ],
)
def test_a_place_that_no_key_tells(place):
    with pytest.raises(LayoutError):
        PLAIN.key(place)


TEXT = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
IDS = st.text(st.one_of(st.sampled_from("%/\\.+ ~\n"), TEXT), min_size=1, max_size=20)
FILES = st.lists(
    st.one_of(
        st.sampled_from(["buyer", "SELLER", "Listing", "evidence", "..", "a.jpg"]), st.text(TEXT, max_size=8)
    ),
    min_size=1,
    max_size=4,
).map("/".join)


@given(layout=st.sampled_from(LAYOUTS), tenant=IDS, dispute_id=IDS, file=FILES)
@example(layout=TENANTS, tenant=".tmp-x", dispute_id="..", file="buyer/a.jpg")
@example(layout=TENANTS, tenant="%41", dispute_id="D%2F1", file="a.jpg")
def test_places_and_keys_are_inverse(layout, tenant, dispute_id, file):
    assume(file and not file.endswith("/"))
    tenant = tenant if layout is TENANTS else "default"
    file = f"evidence/{file}" if layout is BELOW else file
    report = layout.report_key(tenant, dispute_id)
    assert checked_key(report) == report
    assert layout.is_report(report)
    key = report.removesuffix("evidence-report/report.json") + file
    place = layout.place(key)
    assert (place.tenant, place.dispute_id, place.file) == (tenant, dispute_id, file)
    assert layout.key(place) == key
    assert not layout.is_report(key)


@given(layout=st.sampled_from(LAYOUTS), key=st.text(st.characters(), max_size=40))
def test_any_text_is_told_or_refused(layout, key):
    try:
        place = layout.place(key)
    except LayoutError as error:
        assert str(error).isprintable()
        return
    assert layout.place(layout.key(place)) == place
    assert layout.is_report(layout.report_key(place.tenant, place.dispute_id))
