"""Clocks: every one from policy with its source, stopped by withdrawal, in the reading that is kindest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging_cases import AS_OF, DAY, DELIVERED, OPENED, PLACED, POLICY, case, dispute, evidence

from pipeline.setup.policies import load_policy
from validators.dispute import EvidenceRequest, Order, OrderEvent
from validators.disputes.deadlines import deadlines, evidence_details
from validators.disputes.judge import judge_item
from validators.due_dates import is_late

SECOND = timedelta(seconds=1)


def by_kind(found):
    return {(d.kind, d.party): d for d in found}


def test_each_clock_with_its_rule_and_source(policy):
    found = by_kind(deadlines(dispute(), policy, AS_OF))
    expected = {
        ("open_from", "buyer"): (PLACED + 6 * DAY, "G2"),
        ("open_until", "buyer"): (DELIVERED + 15 * DAY, "G0"),
        ("seller_answer", "seller"): (OPENED + 15 * DAY, "G2"),
        ("evidence", "buyer"): (OPENED + 7 * DAY, "G4"),
        ("evidence", "seller"): (OPENED + 7 * DAY, "G4"),
    }
    assert set(found) == set(expected)
    for key, (due, source) in expected.items():
        assert found[key].due_by == due
        assert found[key].source.startswith(source)
        assert found[key].rule == f"deadlines.{key[0]}.days"
        assert not found[key].past_due


def test_past_due_by_the_clock(policy):
    found = by_kind(deadlines(dispute(), policy, OPENED + 16 * DAY))
    assert found["seller_answer", "seller"].past_due
    assert found["evidence", "buyer"].past_due
    assert not found["open_until", "buyer"].past_due, "it was opened in time"
    assert not found["open_from", "buyer"].past_due


def test_mediation_and_protection_run_from_their_events(policy):
    events = (
        OrderEvent("escalated", OPENED),
        OrderEvent("protection_ends", OPENED),
        OrderEvent("protection_ends", AS_OF),
    )
    found = by_kind(deadlines(dispute(order=Order(events=events)), policy, AS_OF))
    assert found["mediation", None].due_by == OPENED + 90 * DAY
    assert found["protection", None].due_by == AS_OF, "the extended date counts"


def test_without_dispute_data_no_clock_runs(policy):
    assert deadlines(dispute(declared=False), policy, AS_OF) == ()
    assert deadlines(dispute(opened_at=None, order=Order()), policy, AS_OF) == ()


def test_withdrawal_stops_the_clocks(policy):
    withdrawn = dispute(withdrawn_at=OPENED + 2 * DAY)
    assert not any(d.past_due for d in deadlines(withdrawn, policy, OPENED + 400 * DAY))
    assert not is_late(evidence(submitted_at=OPENED + 30 * DAY), withdrawn, policy)
    too_late = dispute(withdrawn_at=OPENED + 10 * DAY)
    assert is_late(evidence(submitted_at=OPENED + 30 * DAY), too_late, policy)


@pytest.mark.parametrize(("after", "late"), [(7 * DAY, False), (7 * DAY + SECOND, True), (-DAY, False)])
def test_late_is_after_the_due_date(policy, after, late):
    assert is_late(evidence(submitted_at=OPENED + after), dispute(), policy) is late


def test_without_a_submission_time_nothing_is_late_unless_the_policy_says_so(policy, tmp_path):
    item = evidence(submitted_at=None, received_at=OPENED + 30 * DAY)
    assert not is_late(item, dispute(), policy)
    strict = tmp_path / "strict.toml"
    strict.write_text("[rules.deadlines.evidence.received_counts]\nvalue = true\n", "utf-8")
    assert is_late(item, dispute(), load_policy(str(strict)))


def test_what_was_asked_for_has_its_own_date(policy):
    request = dispute(evidence_requests=(EvidenceRequest("buyer", OPENED + 20 * DAY, ("label",)),))
    at = OPENED + 15 * DAY
    assert not is_late(evidence(submitted_at=at, roles=("label",)), request, policy)
    assert not is_late(evidence(submitted_at=at), request, policy), "undeclared, it may be what was asked for"
    assert is_late(evidence(submitted_at=at, roles=("item",)), request, policy)
    assert is_late(evidence(submitted_at=at, roles=("label",), party="seller"), request, policy)
    own = by_kind(deadlines(request, policy, AS_OF))["evidence_requested", "buyer"]
    assert (own.due_by, own.source) == (OPENED + 20 * DAY, "G3")


def test_evidence_details_of_both_parties(policy):
    items = [
        judge_item(case(evidence(id=str(i), submitted_at=at)), policy)
        for i, at in enumerate((OPENED, OPENED, OPENED + 8 * DAY))
    ]
    buyer, seller = evidence_details(dispute(), items, policy)
    assert (buyer.has_evidence, buyer.submission_count, buyer.past_due) == (True, 2, True)
    assert (seller.has_evidence, seller.submission_count, seller.past_due) == (False, 0, False)
    assert buyer.due_by == seller.due_by == OPENED + 7 * DAY


def test_a_file_that_never_came_is_no_submission(policy):
    absent = replace(judge_item(case(), policy), sha256=None)
    buyer, _ = evidence_details(dispute(), [absent], policy)
    assert not buyer.has_evidence


@given(st.integers(-500, 500), st.integers(1, 500))
def test_coming_later_never_makes_an_item_less_late(hours, more):
    policy = POLICY
    early, later = (evidence(submitted_at=OPENED + timedelta(hours=h)) for h in (hours, hours + more))
    assert is_late(later, dispute(), policy) >= is_late(early, dispute(), policy)
