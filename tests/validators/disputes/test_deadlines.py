"""Clocks: every one from policy with its source, stopped by withdrawal, in the reading that is kindest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging_cases import AS_OF, DAY, DELIVERED, OPENED, PLACED, POLICY, case, dispute, evidence

from pipeline.setup.policies import load_policy
from validators.dispute import EvidenceRequest, Order, OrderEvent
from validators.disputes.deadlines import NOTHING_SENT, Sent, deadlines, evidence_details
from validators.disputes.judge import judge_dispute, judge_item
from validators.due_dates import is_late
from validators.report import ToolStamp

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


def judged(*changes):
    return [judge_item(case(evidence(id=str(i), **change)), POLICY) for i, change in enumerate(changes)]


def missing(role, party="buyer", rule="deadlines.evidence.days"):
    return SimpleNamespace(params={"role": role, "party": party, "due_rule": rule})


def stands(sent, of=None, at=OPENED + 16 * DAY):
    found = by_kind(deadlines(of or dispute(), POLICY, at, sent))
    return {key: (d.state, d.past_due, d.last_at) for key, d in found.items()}


def test_a_window_that_closed_is_no_fault():
    found = stands(Sent(judged({"submitted_at": OPENED}, {"submitted_at": OPENED + DAY})))
    assert found["evidence", "buyer"] == ("met", False, OPENED + DAY)
    assert found["evidence", "seller"] == ("closed", False, None)
    assert found["open_until", "buyer"] == ("met", False, OPENED)
    assert found["open_from", "buyer"] == ("met", False, OPENED)


def test_an_open_window_is_open_whatever_came():
    found = stands(Sent(judged({"submitted_at": OPENED})), at=OPENED + 2 * DAY)
    assert found["evidence", "buyer"] == ("open", False, OPENED)
    assert found["seller_answer", "seller"] == ("open", False, None)


def test_late_is_what_came_late_or_was_required_and_never_came():
    late = stands(Sent(judged({"submitted_at": OPENED}, {"submitted_at": OPENED + 8 * DAY})))
    assert late["evidence", "buyer"] == ("late", True, OPENED + 8 * DAY)
    never = stands(Sent(judged({"submitted_at": OPENED}), [missing("packaging")]))
    assert never["evidence", "buyer"] == ("late", True, OPENED)
    assert never["evidence", "seller"] == ("closed", False, None)


def test_without_submission_times_a_closed_window_says_no_more():
    found = stands(Sent(judged({"submitted_at": None})))
    assert found["evidence", "buyer"] == ("closed", False, None)


def answered(*events):
    return dispute(order=Order(events=tuple(OrderEvent(name, at) for name, at in events)))


def test_the_sellers_answer_is_an_event_and_without_one_not_known():
    answer = ("seller_answered", OPENED + 3 * DAY)
    assert stands(NOTHING_SENT, answered(answer))["seller_answer", "seller"] == (
        "met",
        False,
        OPENED + 3 * DAY,
    )
    late = ("seller_answered", OPENED + 16 * DAY)
    assert stands(NOTHING_SENT, answered(late))["seller_answer", "seller"] == (
        "late",
        True,
        OPENED + 16 * DAY,
    )
    for others in ((), (("buyer_answered", OPENED + DAY),), (("seller_answered", OPENED - DAY),)):
        found = stands(NOTHING_SENT, answered(*others))
        assert found["seller_answer", "seller"] == ("not_known", False, None)


@pytest.mark.parametrize(("sub_reason", "days"), [("delivered_to_other", 5), ("marked_delivered", 15)])
def test_another_persons_parcel_has_five_days(policy, sub_reason, days):
    of = dispute(reason="NOT_RECEIVED", sub_reason=sub_reason, opened_at=DELIVERED + 6 * DAY)
    found = by_kind(deadlines(of, policy, AS_OF))["open_until", "buyer"]
    assert found.due_by == DELIVERED + days * DAY
    assert found.source.startswith("G2" if days == 5 else "G0")
    assert found.rule == f"deadlines.open_until.{'other_recipient_days' if days == 5 else 'days'}"
    assert (found.state, found.past_due) == (("late", True) if days == 5 else ("met", False))


def test_a_request_is_met_late_or_never_answered():
    of = dispute(evidence_requests=(EvidenceRequest("buyer", OPENED + 10 * DAY, ("label",)),))
    at = OPENED + 20 * DAY
    own = ("evidence_requested", "buyer")
    came = judged({"submitted_at": OPENED + 9 * DAY, "roles": ("label",)})
    assert stands(Sent(came), of, at)[own] == ("met", False, OPENED + 9 * DAY)
    late = judged({"submitted_at": OPENED + 12 * DAY, "roles": ("label",)})
    assert stands(Sent(late), of, at)[own] == ("late", True, OPENED + 12 * DAY)
    asked = [missing("label", rule="dispute.evidence_requests")]
    never = stands(Sent(judged({"submitted_at": OPENED, "roles": ("item",)}), asked), of, at)
    assert never[own] == ("late", True, None)
    assert never["evidence", "buyer"] == ("met", False, OPENED), "that was not asked for by then"


@given(
    st.lists(st.tuples(st.sampled_from(["buyer", "seller"]), st.integers(-3, 30)), max_size=5),
    st.integers(-3, 40),
    st.booleans(),
)
def test_details_and_deadlines_never_contradict(sent, now, required):
    items = judged(*({"party": party, "submitted_at": OPENED + day * DAY} for party, day in sent))
    at = OPENED + now * DAY
    of = dispute() if required else dispute(reason="OTHER", sub_reason=None)
    report = judge_dispute(of, items, POLICY, ToolStamp("1", {}, "full"), as_of=at, created_at=at, revision=1)
    for details in report.dispute.evidence_details:
        own = [d for d in report.deadlines if d.party == details.party and d.kind.startswith("evidence")]
        assert details.past_due == any(d.past_due for d in own)
    assert all(d.past_due == (d.state == "late") for d in report.deadlines)


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
    at = OPENED + 30 * DAY
    item = evidence(submitted_at=None)
    item = replace(item, received_at=at, declared=replace(item.declared, received_at=at))
    assert not is_late(item, dispute(), policy)
    strict = tmp_path / "strict.toml"
    strict.write_text("[rules.deadlines.evidence.received_counts]\nvalue = true\n", "utf-8")
    assert is_late(item, dispute(), load_policy(str(strict)))
    ran = replace(item, declared=replace(item.declared, received_at=None))
    assert not is_late(ran, dispute(), load_policy(str(strict))), "when the tool ran says nothing"


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
    clocks = deadlines(dispute(), policy, OPENED + 9 * DAY, Sent(items))
    buyer, seller = evidence_details(dispute(), items, policy, clocks)
    assert (buyer.has_evidence, buyer.submission_count, buyer.past_due) == (True, 2, True)
    assert (seller.has_evidence, seller.submission_count, seller.past_due) == (False, 0, False)
    assert buyer.due_by == seller.due_by == OPENED + 7 * DAY


def test_a_file_that_never_came_is_no_submission(policy):
    absent = replace(judge_item(case(), policy), sha256=None)
    buyer, _ = evidence_details(dispute(), [absent], policy, ())
    assert not buyer.has_evidence


@given(st.integers(-500, 500), st.integers(1, 500))
def test_coming_later_never_makes_an_item_less_late(hours, more):
    policy = POLICY
    early, later = (evidence(submitted_at=OPENED + timedelta(hours=h)) for h in (hours, hours + more))
    assert is_late(later, dispute(), policy) >= is_late(early, dispute(), policy)
