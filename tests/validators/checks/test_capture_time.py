"""Capture time: only whole intervals conclude, and only for exhibits that show the received goods."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging_cases import (
    DAY,
    DELIVERED,
    OPENED,
    PLACED,
    POLICY,
    SUBMITTED,
    case,
    codes,
    dispute,
    document,
    evidence,
    only,
    photo,
    taken,
    video,
)

from validators.checks.capture_time import best_candidate, capture_time
from validators.dispute import Order, OrderEvent
from validators.sentences.sentences import sentence

HOUR = timedelta(hours=1)
BEFORE = ("TIM_BEFORE_ORDER", "TIM_BEFORE_DELIVERY")


def judged(policy, *times, item=None, of=None, **changes):
    return tuple(capture_time(case(item, photo(times=times, **changes), of), policy))


def before(findings):
    return [code for code in codes(findings) if code in BEFORE]


def test_a_photo_taken_after_delivery_yields_nothing(policy):
    assert codes(capture_time(case(), policy)) == []


def test_taken_before_the_order(policy):
    found = judged(policy, taken(PLACED - 12 * DAY))
    assert codes(found) == ["TIM_BEFORE_ORDER"]
    assert sentence(found[0]).startswith("Taken 12 days before the order was placed")
    assert (found[0].severity, found[0].kind) == ("warning", "review")
    assert found[0].measured == 12 * 24


def test_taken_before_delivery(policy):
    found = judged(policy, taken(DELIVERED - 3 * DAY))
    assert codes(found) == ["TIM_BEFORE_DELIVERY"]
    assert sentence(found[0]).startswith("Taken 3 days before the goods were delivered")


def test_an_interval_that_reaches_the_event_concludes_nothing(policy):
    assert judged(policy, taken(PLACED - 20 * HOUR, PLACED + 6 * HOUR), of=placed_only()) == ()


def test_an_interval_wholly_before_says_at_least(policy):
    found = judged(policy, taken(PLACED - 5 * DAY, PLACED - 4 * DAY + HOUR))
    assert "it may be longer" in sentence(only(found, "TIM_BEFORE_ORDER"))


def placed_only(source="platform"):
    return dispute(order=Order("O-1", events=(OrderEvent("placed", PLACED, source),)))


@pytest.mark.parametrize("source", ["auto_timer", "seller"])
def test_events_of_timers_and_of_the_seller_conclude_nothing(policy, source):
    assert judged(policy, taken(PLACED - 12 * DAY), of=placed_only(source)) == ()


@pytest.mark.parametrize("source", ["platform", "carrier", "buyer"])
def test_events_that_count(policy, source):
    assert before(judged(policy, taken(PLACED - 12 * DAY), of=placed_only(source))) == ["TIM_BEFORE_ORDER"]


OLD = PLACED - 12 * DAY


@pytest.mark.parametrize("role", ["item", "packaging", "unboxing_video", "video_of_defect", "size_label"])
def test_roles_that_show_the_goods(policy, role):
    assert before(judged(policy, taken(OLD), item=evidence(roles=(role,)))) == ["TIM_BEFORE_ORDER"]


@pytest.mark.parametrize(
    "changes",
    [
        {"roles": ("order_page",)},
        {"roles": ("communication",)},
        {"roles": ("tracking_page",)},
        {"roles": ("item", "listing_snapshot")},
        {"roles": ("something_new",)},
        {"roles": ("packing_photo",), "party": "seller"},
        {"roles": ("item",), "party": "seller"},
        {"roles": (), "party": "seller"},
        {"roles": (), "party": None},
        {"roles": (), "evidence_type": "communication"},
    ],
)
def test_exhibits_that_may_be_older_than_the_order(policy, changes):
    assert before(judged(policy, taken(OLD), item=evidence(**changes))) == []


@pytest.mark.parametrize("kind", ["screenshot", "document", "text", "unknown"])
def test_undeclared_screens_and_documents_are_never_measured_by_the_order(policy, kind):
    assert before(judged(policy, taken(OLD), kind=kind)) == []


def test_an_undeclared_video_of_the_buyer_counts(policy):
    clip = video(times=(taken(OLD, source="quicktime:CreateDate", meaning="container"),))
    found = tuple(capture_time(case(evidence(file="a.mp4"), clip), policy))
    assert sentence(only(found, "TIM_BEFORE_ORDER")).startswith("Recorded 12 days before")


def test_where_nothing_was_received_an_undeclared_photo_may_precede_the_delivery(policy):
    empty_box = dispute(reason="NOT_RECEIVED", sub_reason="marked_delivered")
    assert before(judged(policy, taken(DELIVERED - 2 * DAY), of=empty_box)) == []
    item = evidence(roles=("item",))
    assert before(judged(policy, taken(DELIVERED - 2 * DAY), item=item, of=empty_box)) == [BEFORE[1]]


def test_a_file_name_is_shown_but_concludes_nothing(policy):
    assert before(judged(policy, taken(OLD, source="file_name", meaning="named"))) == []


@pytest.mark.parametrize("value", ["2025:01:01 00:00:12", "2024-01-01"])
def test_a_clock_that_lost_its_power_concludes_nothing(policy, value):
    assert before(judged(policy, taken(OLD, value=value))) == []


def test_a_clock_that_was_never_set_is_no_capture_time(policy):
    found = judged(policy, taken(PLACED.replace(year=1980), value="1980:02:03 00:00:00"))
    assert codes(found) == ["TIM_NO_CAPTURE_TIME"]


def test_the_best_statement(policy):
    changed = taken(PLACED, source="exif:DateTime", meaning="modified")
    local = taken(PLACED, PLACED + DAY, source="xmp:DateTimeOriginal")
    known = taken(PLACED, source="exif:DateTimeOriginal")
    satellite = taken(PLACED, source="exif:GPSDateTime", meaning="gps")
    name = taken(PLACED, source="file_name", meaning="named")
    assert best_candidate((name, changed, satellite, local, known), policy) is known
    assert best_candidate((name, changed, satellite, local), policy) is local
    assert best_candidate((name, changed, satellite), policy) is satellite
    assert best_candidate((name, changed), policy) is changed
    assert best_candidate((), policy) is None


def test_in_the_future_names_both_times(policy):
    found = judged(policy, taken(SUBMITTED + 5 * DAY))
    assert codes(found) == ["TIM_FUTURE"]
    assert found[0].params["source"] == "exif:DateTimeOriginal"
    assert "5 days after it was submitted (9 Mar 2026, 10:05 UTC)" in sentence(found[0])
    assert judged(policy, taken(SUBMITTED + 20 * HOUR)) == ()


def test_two_moments_of_capture_far_apart(policy):
    one = taken(DELIVERED + HOUR, source="exif:DateTimeOriginal")
    other = taken(DELIVERED - 30 * DAY, source="xmp:DateTimeOriginal")
    found = only(judged(policy, one, other), "TIM_INCONSISTENT")
    assert "29 days" in sentence(found) or "30 days" in sentence(found)
    assert found.params["source"] == "xmp:DateTimeOriginal"
    assert found.params["other_source"] == "exif:DateTimeOriginal"
    assert ":" not in sentence(found).partition("apart:")[0]
    assert (found.severity, found.kind) == ("warning", "review")


def test_what_editors_write_contradicts_no_camera(policy):
    edited = taken(DELIVERED - 30 * DAY, source="xmp:DateCreated")
    assert "TIM_INCONSISTENT" not in codes(judged(policy, taken(DELIVERED + HOUR), edited))


def test_statements_of_different_meaning_never_contradict(policy):
    one = taken(DELIVERED + HOUR)
    other = taken(DELIVERED + 900 * DAY, source="exif:GPSDateTime", meaning="gps")
    assert "TIM_INCONSISTENT" not in codes(judged(policy, one, other))


def test_saved_again_is_a_note(policy):
    later = taken(DELIVERED + 2 * DAY, source="exif:DateTime", meaning="modified")
    found = judged(policy, taken(DELIVERED + HOUR), later)
    assert codes(found) == ["TIM_EDITED_AFTER_CAPTURE"]
    assert (found[0].severity, found[0].kind) == ("note", "pass")


def test_no_capture_time_is_a_note_of_pictures_only(policy):
    for measured in (photo(times=()), photo(times=(), kind="screenshot"), video(times=())):
        found = tuple(capture_time(case(measured=measured), policy))
        assert codes(found) == ["TIM_NO_CAPTURE_TIME"]
        assert (found[0].severity, found[0].kind) == ("note", "pass")
    assert codes(capture_time(case(measured=document()), policy)) == []


def test_late_evidence_is_noted(policy):
    item = evidence(submitted_at=OPENED + 9 * DAY)
    found = only(judged(policy, taken(DELIVERED + DAY), item=item), "TIM_AFTER_DEADLINE")
    assert sentence(found).startswith("It was sent 2 days after it was due (16 Mar 2026, 10:00 UTC)")


def test_saved_before_it_was_taken_is_inconsistent(policy):
    shot = taken(DELIVERED + 9 * DAY, DELIVERED + 10 * DAY)
    saved = taken(DELIVERED + DAY, DELIVERED + 2 * DAY, source="exif:DateTime", meaning="modified")
    found = only(judged(policy, shot, saved), "TIM_INCONSISTENT")
    assert "last saved 7 days before it was taken" in sentence(found)
    assert (found.params["source"], found.params["other_source"]) == (
        "exif:DateTime",
        "exif:DateTimeOriginal",
    )
    assert (found.severity, found.kind) == ("warning", "review")


@pytest.mark.parametrize(
    ("source", "after"),
    [
        ("exif:DateTime", timedelta(days=8)),
        ("exif:DateTime", timedelta(days=20)),
        ("png:tIME", timedelta(0)),
        ("exif:DateTimeDigitized", timedelta(0)),
    ],
)
def test_what_ordinary_photos_hold_is_not_inconsistent(policy, source, after):
    """Within the margin, or saved afterwards, or a source whose disagreements are common."""
    shot = taken(DELIVERED + 9 * DAY)
    other = taken(DELIVERED + after, source=source, meaning="modified")
    assert "TIM_INCONSISTENT" not in codes(judged(policy, shot, other))


@pytest.mark.parametrize("value", ["2002:12:08 12:00:00", "2002:12:08 12:00:00.00"])
def test_what_firmware_writes_for_want_of_a_clock_is_never_used(policy, value):
    factory = taken(PLACED - 3000 * DAY, value=value)
    other = taken(DELIVERED + HOUR, source="gps:DateTime", meaning="gps")
    assert best_candidate((factory, other), policy) is other
    assert codes(judged(policy, factory, other)) == []


def test_a_future_time_is_told_and_another_gone_by(policy):
    future = taken(SUBMITTED + 400 * DAY)
    other = taken(PLACED - 12 * DAY, source="gps:DateTime", meaning="gps")
    assert best_candidate((future, other), policy, SUBMITTED) is other
    assert best_candidate((future,), policy, SUBMITTED) is None
    assert codes(judged(policy, future)) == ["TIM_FUTURE"]
    assert codes(judged(policy, future, other)) == ["TIM_FUTURE", "TIM_BEFORE_ORDER"]


times = st.integers(-60 * 24, 30 * 24).map(lambda hours: PLACED + timedelta(hours=hours))
statements = st.builds(
    lambda at, width, meaning: replace(taken(at, at + timedelta(hours=width)), meaning=meaning),
    times,
    st.integers(0, 40),
    st.sampled_from(["captured", "gps", "digitized", "modified", "named"]),
)


@given(st.lists(statements, min_size=1, max_size=4), st.data())
def test_widening_an_interval_never_adds_a_before(candidates, data):
    policy = POLICY
    which = data.draw(st.integers(0, len(candidates) - 1))
    left, right = data.draw(st.integers(0, 400)), data.draw(st.integers(0, 400))
    narrow = candidates[which]
    wider = replace(
        narrow,
        earliest=narrow.earliest - timedelta(hours=left),
        latest=narrow.latest + timedelta(hours=right),
    )
    widened = [*candidates[:which], wider, *candidates[which + 1 :]]
    first, second = (before(judged(policy, *each)) for each in (candidates, widened))
    # Widening may weaken "before the order" into "before the delivery", never strengthen it.
    assert len(second) <= len(first)
    assert second in ([], first, ["TIM_BEFORE_DELIVERY"])
