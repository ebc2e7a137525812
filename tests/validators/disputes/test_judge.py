"""One item, and one dispute, from measurements to report."""

from __future__ import annotations

from dataclasses import replace

from declared_kit import changed
from judging_cases import (
    AS_OF,
    DAY,
    OPENED,
    PLACED,
    case,
    codes,
    dispute,
    evidence,
    match_side,
    photo,
    taken,
    video,
)

from validators.disputes.judge import judge_dispute, judge_item
from validators.evidence import Measurements, Problem
from validators.report import SCHEMA, DerivativeRecord, ToolStamp

TOOL = ToolStamp("0.1.0", {"pillow": "13"}, "full")


def judged(policy, *items, of=None):
    return judge_dispute(
        of or dispute(),
        items,
        policy,
        TOOL,
        as_of=AS_OF,
        created_at=AS_OF + DAY,
        revision=3,
        notices=("read as one",),
    )


def test_a_healthy_photo_has_nothing_above_a_note(policy):
    report = judge_item(case(), policy)
    assert report.findings == ()
    assert report.state == "USABLE"
    assert (report.width, report.height) == (3000, 4000)
    assert report.clarity.verdict == "sharp"
    assert report.capture_time.best.source == "exif:DateTimeOriginal"
    assert not report.late


def test_the_record_is_carried_over(policy):
    item = evidence(roles=("item",), evidence_type="photo", declared_type="image/jpeg")
    made = (DerivativeRecord("preview", "media/a.jpg", 10, 10, "d" * 64),)
    report = judge_item(case(item), policy, made)
    for name in ("id", "file", "sha256", "bytes", "declared"):
        assert getattr(report, name) == getattr(item, name)
    assert report.declared.description == "the crack in the lid"
    assert (report.declared.submitted_at, report.received_at) == (
        item.declared.submitted_at,
        None,
    ), "when a batch ran is no time of receipt"
    assert report.derivatives == made


def test_a_video_and_an_absent_file(policy):
    clip = judge_item(case(evidence(file="a.mp4"), video()), policy)
    assert (clip.width, clip.height, clip.duration_s) == (1920, 1080, 12.0)
    absent = judge_item(
        case(evidence(sha256="", bytes=0), Measurements("1", "", problems=(Problem("missing"),))), policy
    )
    assert (absent.sha256, absent.detected_type, absent.state) == (None, None, "UNREADABLE")
    assert codes(absent.findings) == ["FMT_MISSING"]


def test_reviews_and_lateness_leave_the_state(policy):
    seen = case(
        evidence(submitted_at=OPENED + 9 * DAY),
        photo(times=(taken(PLACED - 12 * DAY),)),
        match_sides=(match_side("sha256", 0),),
    )
    report = judge_item(seen, policy)
    assert codes(report.findings) == ["TIM_BEFORE_ORDER", "TIM_AFTER_DEADLINE", "DUP_SAME_FILE"]
    assert report.state == "USABLE"
    assert report.late
    assert report.matches[0].evidence_id == "E-9"


def test_both_parties_are_measured_alike(policy):
    def by(party):
        return judge_item(case(evidence(party=party)), policy)

    assert changed(by("seller"), party="buyer") == by("buyer")


def test_the_dispute(policy):
    report = judged(policy, judge_item(case(evidence(roles=("item",))), policy))
    assert report.schema == SCHEMA
    assert (report.revision, report.as_of, report.created_at) == (3, AS_OF, AS_OF + DAY)
    assert (report.policy.id, report.policy.sha256) == ("default", policy.sha256)
    assert report.tool is TOOL
    assert report.dispute.parties["buyer"].id == "b-1"
    assert [e.type for e in report.dispute.order.events] == ["placed", "delivered"]
    assert report.dispute.evidence_details[0].has_evidence
    assert report.completeness.applicable
    assert len(report.deadlines) == 5
    assert report.notices == ("read as one",)


def test_the_summary_counts_items_findings_and_people_needed(policy):
    before = photo(times=(taken(PLACED - 12 * DAY),))
    broken = Measurements("1", "image/jpeg", problems=(Problem("corrupt"),))
    items = [
        judge_item(case(evidence(id="1")), policy),
        judge_item(case(evidence(id="2"), before), policy),
        judge_item(case(evidence(id="3"), broken), policy),
    ]
    summary = judged(policy, *items).summary
    assert summary.items == 3
    assert summary.by_state == {"USABLE": 2, "UNREADABLE": 1}
    assert summary.by_code == {"FMT_CORRUPT": 1, "TIM_BEFORE_ORDER": 1}
    assert summary.reviews == 1


def test_an_inferred_dispute_asks_for_nothing(policy):
    inferred = dispute(declared=False, sub_reason=None, opened_at=None)
    report = judged(policy, judge_item(case(evidence(description=None), of=inferred), policy), of=inferred)
    assert report.evidence[0].findings == ()
    assert not report.completeness.applicable
    assert report.deadlines == ()


def test_judging_again_gives_the_same(policy):
    seen = case(match_sides=(match_side(), match_side("sha256", 0, id="E-8")))
    assert judge_item(seen, policy) == judge_item(seen, policy)
    backwards = replace(seen, match_sides=seen.match_sides[::-1])
    assert judge_item(backwards, policy) == judge_item(seen, policy)
