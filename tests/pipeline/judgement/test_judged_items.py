"""An item is judged again where anything changed that its report depends on, and only there."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.judgement import judged_items
from pipeline.judgement.judged_items import JudgedItems
from pipeline.setup.policies import load_policy
from validators.case import Case
from validators.dispute import Dispute
from validators.evidence import Evidence, MatchSide, Measurements
from validators.report import DerivativeRecord

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
POLICY = load_policy()
ITEM = Evidence("E-1", "D-1", "buyer/a.jpg", "a" * 64, 5, NOON)
CASE = Case(ITEM, Measurements("9", "image/jpeg", "photo"), Dispute("D-1"), NOON)
OTHER = MatchSide(
    replace(ITEM, id="E-2", dispute_id="D-2"),
    None,
    other_declared=True,
    method="sha256",
    distance=0,
    orientation=1,
)
CHANGES = {
    "evidence": replace(ITEM, bytes=6),
    "measurements": replace(CASE.measurements, kind="screenshot"),
    "dispute": Dispute("D-1", status="CLOSED"),
    "match_sides": (OTHER,),
    "bytes_before": 1,
}


@pytest.fixture
def judged(monkeypatch):
    """A memory of three, and the ids that were judged."""
    came = []
    before = judged_items.judge_item

    def judge_item(case, *rest):
        came.append(case.evidence.id)
        return before(case, *rest)

    monkeypatch.setattr(judged_items, "judge_item", judge_item)
    return JudgedItems(3), came


def test_the_same_inputs_at_another_time_are_not_judged_again(judged):
    items, came = judged
    first = items.judge(CASE, POLICY, ())
    assert items.judge(replace(CASE, as_of=NOON + timedelta(days=400)), POLICY, ()) is first
    assert came == ["E-1"]


@pytest.mark.parametrize("changed", [*CHANGES, "policy", "derivatives"])
def test_whatever_changes_is_judged_again(judged, changed):
    items, came = judged
    items.judge(CASE, POLICY, ())
    case = replace(CASE, **{changed: CHANGES[changed]}) if changed in CHANGES else CASE
    policy = load_policy("paypal") if changed == "policy" else POLICY
    pictures = (
        (DerivativeRecord("preview", "media/a.jpg", 1, 2, "d" * 64),) if changed == "derivatives" else ()
    )
    items.judge(case, policy, pictures)
    assert came == ["E-1", "E-1"]


def test_every_input_is_looked_at():
    assert {field.name for field in fields(Case) if field.init} == {*CHANGES, "as_of"}


def test_tenants_are_apart_and_the_oldest_is_forgotten(judged):
    items, came = judged
    for number in (1, 2, 3, 4, 1):
        items.judge(replace(CASE, evidence=replace(ITEM, id=f"E-{number}")), POLICY, ())
    assert came == ["E-1", "E-2", "E-3", "E-4", "E-1"]
    items.judge(replace(CASE, evidence=replace(ITEM, id="E-1", tenant="other")), POLICY, ())
    assert came[-1] == "E-1"


def test_what_a_check_of_ours_failed_on_is_not_remembered(judged, monkeypatch):
    items, came = judged
    with monkeypatch.context() as patch:
        patch.setattr("validators.disputes.judge.clarity_block", lambda *_: 1 / 0)
        assert items.judge(CASE, POLICY, ()).report.findings[-1].code == "SYS_INCONCLUSIVE"
    assert "SYS_INCONCLUSIVE" not in {one.code for one in items.judge(CASE, POLICY, ()).report.findings}
    assert len(came) == 2
