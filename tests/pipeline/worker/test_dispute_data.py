"""The dispute's own data before, after and again; listing images; what one dispute's upload means for another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from declared_kit import changed
from working_kit import NOON, codes, later, picture, wait_until

from pipeline.judgement.judge_due import judge_if_due
from validators.declared import Declared
from validators.dispute import DeclaredEvidence, Dispute, EvidenceRequest, Party

SAID = DeclaredEvidence(
    file="./seller\\lid.jpg",
    declared=Declared(
        party="buyer",
        evidence_type="photo",
        roles=("item",),
        description="the crack",
        submitted_at=later(-3600),
    ),
)
DECLARED = Dispute("D-1", buyer=Party("b-1"), seller=Party("s-1"), declared_evidence=(SAID,))
OTHER = Dispute("D-2", buyer=Party("b-2"), seller=Party("s-1"))
KEY = "D-1/seller/lid.jpg"


def as_said(item):
    said = item.declared
    return said.party, said.evidence_type, said.roles, said.description, said.submitted_at


SAID_OF_IT = ("buyer", "photo", ("item",), "the crack", later(-3600))


def weight(bench, dispute_id, file):
    """The kinds of the item's findings about reuse."""
    item = bench.items(dispute_id)[file]
    return [finding.kind for finding in item.findings if finding.code.startswith("DUP_")]


def test_data_put_before_the_upload_reaches_its_item(bench):
    assert bench.put_dispute(DECLARED) == 0
    bench.process(KEY, picture(1))
    assert bench.report().dispute.declared
    assert as_said(bench.items()["seller/lid.jpg"]) == SAID_OF_IT


def test_data_put_after_the_upload_gives_a_new_revision_of_a_stand_in(bench):
    bench.process(KEY, picture(1))
    assert not bench.report().dispute.declared
    assert bench.items()["seller/lid.jpg"].declared.party == "seller"
    assert bench.put_dispute(DECLARED) == 1
    assert bench.due() == ["D-1"]
    bench.maintenance.do()
    assert (bench.report().revision, bench.due()) == (2, [])
    assert as_said(bench.items()["seller/lid.jpg"]) == SAID_OF_IT
    assert len(bench.opener.opened) == 1


def test_data_put_again_gives_a_revision_only_where_it_changed(bench):
    bench.put_dispute(DECLARED)
    bench.process(KEY, picture(1))
    bench.maintenance.do()
    assert bench.report().revision == 1
    bench.put_dispute(DECLARED)
    bench.maintenance.do()
    assert bench.report().revision == 1
    bench.put_dispute(replace(DECLARED, declared_evidence=(changed(SAID, description="the lid"),)))
    bench.maintenance.do()
    assert bench.report().revision == 2
    assert bench.items()["seller/lid.jpg"].declared.description == "the lid"
    assert [event["revision"] for event in bench.events.taken] == [1, 2]


def test_a_redelivered_upload_keeps_what_the_dispute_says(bench):
    bench.put_dispute(DECLARED)
    bench.process(KEY, picture(1))
    bench.process(KEY, picture(1), version_id="another announcement of it")
    assert as_said(bench.items()["seller/lid.jpg"]) == SAID_OF_IT
    assert bench.report().revision == 1


def test_a_dispute_without_an_upload_has_a_report_too(bench):
    bench.put_dispute(DECLARED)
    bench.maintenance.do()
    assert (bench.report().revision, bench.report().evidence) == (1, ())


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("D-1/listing/1.jpg", {}),
        ("D-1/Listing/deep/1.jpg", {}),
        ("D-1/0001.jpg", {"on_listing": True}),
        ("D-1/0001.jpg", {"party": "listing"}),
        ("images/0001.jpg", {"dispute_id": "D-1", "on_listing": True}),
    ],
)
@pytest.mark.parametrize("listing_first", [True, False])
def test_an_image_of_the_listing_is_compared_with_and_never_judged(bench, key, changes, listing_first):
    steps = [
        lambda: bench.process(key, picture(1), **changes),
        lambda: bench.process(KEY, picture(1, copy=2)),
    ]
    for step in steps if listing_first else reversed(steps):
        step()
    assert set(bench.items()) == {"seller/lid.jpg"}
    assert "LST_MATCHES_LISTING" in codes(bench.items()["seller/lid.jpg"])


def test_a_party_told_by_the_message_outranks_the_listing_folder(bench):
    bench.process("D-1/listing/1.jpg", picture(1), party="seller")
    assert bench.items()["listing/1.jpg"].declared.party == "seller"


def test_a_copy_in_another_dispute_gives_the_first_exactly_one_new_revision(bench):
    for dispute in (DECLARED, OTHER):
        bench.put_dispute(dispute)
    bench.process("D-1/buyer/a.jpg", picture(1))
    bench.maintenance.do()
    assert (bench.report("D-1").revision, bench.report("D-2").revision, bench.due()) == (1, 1, [])
    bench.process("D-2/buyer/b.jpg", picture(1, copy=2), submitted_at=later(60))
    assert bench.due() == ["D-1"]
    for _ in range(3):
        bench.maintenance.do()
    assert (bench.report("D-1").revision, bench.report("D-2").revision) == (2, 2)
    assert weight(bench, "D-1", "buyer/a.jpg") == ["pass"]
    assert weight(bench, "D-2", "buyer/b.jpg") == ["review"]
    bench.process("D-2/buyer/b.jpg", picture(1, copy=2), submitted_at=later(60), version_id="again")
    assert bench.due() == []


def test_earlier_is_who_submitted_earlier_whoever_came_first(bench):
    for dispute in (DECLARED, OTHER):
        bench.put_dispute(dispute)
    bench.process("D-1/buyer/a.jpg", picture(1))
    bench.process("D-2/buyer/old.jpg", picture(1, copy=2), submitted_at=later(-3600))
    bench.maintenance.do()
    assert weight(bench, "D-1", "buyer/a.jpg") == ["review"]
    assert weight(bench, "D-2", "buyer/old.jpg") == ["pass"]


@pytest.mark.parametrize("ended", [{"closed_at": NOON}, {"withdrawn_at": NOON}])
def test_a_dispute_that_has_ended_is_not_revised_by_others(bench, ended):
    bench.put_dispute(replace(DECLARED, **ended))
    bench.process("D-1/buyer/a.jpg", picture(1), submitted_at=later(60))
    bench.maintenance.do()
    bench.process("D-2/buyer/b.jpg", picture(1, copy=2))
    bench.put_dispute(OTHER)
    assert bench.due() == ["D-2"]
    bench.maintenance.do()
    assert bench.report("D-1").revision == 1
    assert weight(bench, "D-2", "buyer/b.jpg") == ["pass"]


def test_disputes_that_share_a_picture_are_judged_again_when_one_becomes_declared(bench):
    bench.put_dispute(DECLARED)
    bench.process("D-1/buyer/a.jpg", picture(1), submitted_at=later(60))
    bench.process("D-2/buyer/b.jpg", picture(1, copy=2))
    bench.process("D-3/buyer/c.jpg", picture(3))
    bench.maintenance.do()
    assert weight(bench, "D-1", "buyer/a.jpg") == ["pass"]
    revision = bench.report("D-1").revision
    bench.put_dispute(OTHER)
    assert sorted(bench.due()) == ["D-1", "D-2"]
    bench.maintenance.do()
    assert weight(bench, "D-1", "buyer/a.jpg") == ["review"]
    assert bench.report("D-1").revision == revision + 1


def test_the_next_clock_judges_the_dispute_at_its_time(bench):
    soon = datetime.now(UTC) + timedelta(seconds=0.4)
    requests = (
        EvidenceRequest("seller", soon, ("invoice",)),
        EvidenceRequest("seller", soon + timedelta(hours=1), ("label",)),
    )
    bench.put_dispute(Dispute("D-1", evidence_requests=requests))
    bench.maintenance.do()
    assert (bench.report().revision, bench.due()) == (1, [])
    assert not any(clock.past_due for clock in bench.report().deadlines)
    assert bench.due(soon) == ["D-1"]
    wait_until(lambda: bench.maintenance.do() and bench.report().revision == 2)
    assert [clock.past_due for clock in bench.report().deadlines] == [True, False]
    assert bench.due() == []
    assert bench.due(soon + timedelta(hours=1)) == ["D-1"]


def test_of_two_workers_that_see_a_mark_one_judges(bench):
    bench.put_dispute(DECLARED)
    now = datetime.now(UTC)
    assert judge_if_due("default", "D-1", bench.context, now).report.revision == 1
    assert judge_if_due("default", "D-1", bench.context, now) is None
    assert bench.audit() == ["report_attached"]
