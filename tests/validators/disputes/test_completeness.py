"""Completeness: filled, weak, missing; missing is no finding before its due date."""

from __future__ import annotations

from dataclasses import replace

import pytest
from judging_cases import AS_OF, DAY, OPENED, case, dispute, evidence

from validators.dispute import EvidenceRequest
from validators.disputes.completeness import completeness
from validators.disputes.judge import judge_item
from validators.evidence import Measurements, Problem
from validators.sentences.sentences import sentence

LATER = OPENED + 30 * DAY


def item(policy, id_, role, state="USABLE", **changes):
    plain = judge_item(case(evidence(id=id_, roles=(role,) if role else (), **changes)), policy)
    return replace(plain, state=state)


def states(found):
    return {(slot.party, slot.role): (slot.state, slot.required) for slot in found.slots}


def test_slots_of_a_damaged_item(policy):
    found = completeness(dispute(), [item(policy, "1", "item")], policy, AS_OF)
    assert states(found) == {
        ("buyer", "item"): ("filled", True),
        ("buyer", "packaging"): ("missing", True),
        ("buyer", "label"): ("missing", False),
        ("seller", "packing_photo"): ("missing", False),
    }
    assert found.findings == (), "before the due date a missing slot is an open item"


def test_after_the_due_date_required_slots_are_missing(policy):
    found = completeness(dispute(), [item(policy, "1", "item")], policy, LATER)
    assert [(f.code, f.severity, f.kind) for f in found.findings] == [("CMP_MISSING", "warning", "fail")]
    assert found.findings[0].params["role"] == "packaging"
    assert "The buyer has not sent the photo of the packaging" in sentence(found.findings[0])


@pytest.mark.parametrize(
    ("state", "slot"),
    [
        ("USABLE", "filled"),
        ("USABLE_WITH_WARNINGS", "filled"),
        ("NEEDS_RESUBMISSION", "weak"),
        ("UNREADABLE", "weak"),
        ("PROCESSING_FAILED", "weak"),
    ],
)
def test_weak_where_only_an_item_with_problems_is_there(policy, state, slot):
    bad = item(policy, "1", "item", state)
    found = completeness(dispute(), [bad], policy, LATER)
    assert states(found)["buyer", "item"][0] == slot
    assert [f.params["role"] for f in found.findings] == ["packaging"], "weak never blocks"


def test_a_usable_item_goes_before_a_weak_one(policy):
    items = [item(policy, "bad", "item", "UNREADABLE"), item(policy, "good", "item")]
    slot = completeness(dispute(), items, policy, AS_OF).slots[0]
    assert (slot.state, slot.by) == ("filled", ("good",))


@pytest.mark.parametrize("state", ["NEEDS_RESUBMISSION", "UNREADABLE"])
def test_an_item_that_a_mediator_accepted_fills_its_slot_and_is_named(policy, state):
    items = [item(policy, "bad", "item", state), item(policy, "other", "packaging", state)]
    slots = completeness(dispute(), items, policy, LATER, frozenset({"bad", "unknown"})).slots
    assert (slots[0].state, slots[0].by, slots[0].accepted) == ("filled", ("bad",), ("bad",))
    assert (slots[1].state, slots[1].by, slots[1].accepted) == ("weak", ("other",), ())


def test_accepting_a_usable_item_changes_nothing(policy):
    items = [item(policy, "1", "item"), item(policy, "2", "item", "UNREADABLE")]
    plain = completeness(dispute(), items, policy, LATER)
    assert completeness(dispute(), items, policy, LATER, frozenset({"1"})) == plain


def test_the_other_party_fills_no_slot_of_ones_own(policy):
    found = completeness(dispute(), [item(policy, "1", "item", party="seller")], policy, AS_OF)
    assert states(found)["buyer", "item"][0] == "missing"


def test_a_file_that_never_came_fills_no_slot(policy):
    absent = Measurements("1", "", problems=(Problem("missing"),))
    report = judge_item(case(evidence(roles=("item",), sha256="", bytes=0), absent), policy)
    found = completeness(dispute(), [report], policy, AS_OF)
    assert states(found)["buyer", "item"][0] == "missing"


def test_the_evidence_type_may_name_the_role(policy):
    found = completeness(dispute(), [item(policy, "1", None, evidence_type="item")], policy, AS_OF)
    assert states(found)["buyer", "item"][0] == "filled"


@pytest.mark.parametrize(
    "changes", [{"declared": False}, {"sub_reason": None}, {"reason": "OTHER", "sub_reason": "something_new"}]
)
def test_not_applicable_without_a_known_reason(policy, changes):
    found = completeness(dispute(**changes), [], policy, LATER)
    assert (found.applicable, found.slots, found.findings) == (False, (), ())


def test_without_an_opening_date_nothing_is_missing(policy):
    assert completeness(dispute(opened_at=None), [], policy, LATER).findings == ()


def test_withdrawal_stops_the_clock(policy):
    assert completeness(dispute(withdrawn_at=OPENED + DAY), [], policy, LATER).findings == ()


def test_once_a_return_is_agreed_its_receipt_is_required(policy):
    assert ("buyer", "return_receipt") not in states(completeness(dispute(), [], policy, AS_OF))
    found = completeness(dispute(return_agreed=True), [], policy, AS_OF)
    assert states(found)["buyer", "return_receipt"] == ("missing", True)


def test_what_a_mediator_asked_for_is_a_slot_with_its_own_date(policy):
    request = dispute(
        sub_reason=None, evidence_requests=(EvidenceRequest("seller", OPENED + 20 * DAY, ("invoice",)),)
    )
    assert completeness(request, [], policy, OPENED + 19 * DAY).findings == ()
    late = completeness(request, [], policy, OPENED + 21 * DAY)
    assert [f.params["party"] for f in late.findings] == ["seller"]


def test_every_reason_of_the_policy_names_roles(policy):
    for name, needs in policy.reasons.items():
        assert any(roles.required for roles in needs.needs.values()), name
        assert needs.reason in ("NOT_RECEIVED", "NOT_AS_DESCRIBED", "ANY"), name
