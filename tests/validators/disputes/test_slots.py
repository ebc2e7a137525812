"""What fills an entry of the checklist: the right kind of item, and each item one entry."""

from __future__ import annotations

from dataclasses import replace

import pytest
from judging_cases import AS_OF, OPENED, POLICY, case, dispute, evidence, photo, video

from pipeline.setup.policies import load_policy
from validators.disputes.completeness import completeness
from validators.disputes.judge import judge_item
from validators.evidence import ContentMeasures
from validators.report import EvidenceReport

SHARP_PAGE = ContentMeasures(0.02, 0.1, 0.02, 0.4, printed_fraction=0.6)


def item(
    id_: str, *roles: str, kind: str = "photo", state: str = "USABLE", **changes: object
) -> EvidenceReport:
    measured = video() if kind == "video" else photo(kind=kind)
    plain = judge_item(case(evidence(id=id_, roles=roles, **changes), measured), POLICY)
    return replace(plain, state=state)


def checklist(sub_reason: str, *items: EvidenceReport, accepted: frozenset[str] = frozenset()):
    return completeness(dispute(sub_reason=sub_reason), items, POLICY, AS_OF, accepted)


def slots(sub_reason: str, *items: EvidenceReport, accepted: frozenset[str] = frozenset()):
    found = checklist(sub_reason, *items, accepted=accepted).slots
    return {(slot.party, slot.role): (slot.state, slot.by) for slot in found}


def test_a_still_makes_a_video_role_weak_and_is_told_so():
    found = checklist("defective", item("1", "video_of_defect"))
    assert (found.slots[0].state, found.slots[0].by) == ("weak", ("1",))
    (said,) = found.findings
    assert (said.code, said.severity, said.kind, said.rule) == (
        "SLOT_MISMATCH",
        "warning",
        "fail",
        "slots.kinds",
    )
    assert said.params["role"] == "video_of_defect"
    assert said.params["evidence_id"] == "1"
    assert (said.params["item_kind"], said.params["expected"]) == ("photo", "video")


def test_a_video_fills_it_and_nothing_is_said_of_the_still_beside_it():
    found = checklist("defective", item("1", "video_of_defect"), item("2", "video_of_defect", kind="video"))
    assert (found.slots[0].state, found.slots[0].by) == ("filled", ("2",))
    assert found.findings == ()


@pytest.mark.parametrize("role", ["tracking_page", "order_page"])
@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("photo", "weak"),
        ("video", "weak"),
        ("screenshot", "filled"),
        ("document", "filled"),
        ("text", "filled"),
    ],
)
def test_page_roles_take_screens_documents_and_text(role, kind, state):
    assert slots("late", item("1", role, kind=kind))["buyer", role][0] == state


def test_a_photo_of_a_page_does_for_a_page():
    page = judge_item(case(evidence(id="1", roles=("tracking_page",)), photo(content=SHARP_PAGE)), POLICY)
    assert page.mostly_text
    assert slots("late", page)["buyer", "tracking_page"] == ("filled", ("1",))


def test_the_items_own_state_stays():
    one = item("1", "video_of_defect")
    assert checklist("defective", one).findings
    assert one.state == "USABLE"
    assert "SLOT_MISMATCH" not in {finding.code for finding in one.findings}


def test_of_an_item_that_is_weak_by_itself_no_kind_is_said():
    found = checklist("defective", item("1", "video_of_defect", state="UNREADABLE"))
    assert (found.slots[0].state, found.findings) == ("weak", ())


def test_a_mediator_may_accept_a_still_as_it_is():
    found = checklist("defective", item("1", "video_of_defect"), accepted=frozenset({"1"}))
    slot = found.slots[0]
    assert (slot.state, slot.by, slot.accepted, found.findings) == ("filled", ("1",), ("1",), ())


def test_one_photo_fills_one_of_three():
    found = slots("wrong_item", item("1", "item", "packaging", "order_page"))
    assert found["buyer", "item"] == ("filled", ("1",))
    assert found["buyer", "packaging"] == found["buyer", "order_page"] == ("missing", ())


def test_two_photos_that_were_sent_for_both_fill_both():
    found = slots("damaged", item("1", "packaging", "item"), item("2", "item", "packaging"))
    assert found["buyer", "item"] == ("filled", ("1",))
    assert found["buyer", "packaging"] == ("filled", ("2",))


def test_a_blurred_photo_of_the_item_does_not_cost_the_packaging_its_overview():
    found = slots("damaged", item("1", "item", state="NEEDS_RESUBMISSION"), item("2", "item", "packaging"))
    assert found["buyer", "item"] == ("weak", ("1",))
    assert found["buyer", "packaging"] == ("filled", ("2",))


def test_further_items_of_a_filled_entry_are_named_too():
    assert slots("damaged", *(item(str(n), "item") for n in range(3)))["buyer", "item"][1] == ("0", "1", "2")


def test_the_policy_pairs_what_one_item_may_fill():
    found = slots("damaged", item("1", "packaging", "label"))
    assert found["buyer", "packaging"] == found["buyer", "label"] == ("filled", ("1",))


def test_an_item_fills_two_of_a_pair_at_most(tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text(
        '[rules.slots.pairs]\nvalue = [["item", "packaging"], ["packaging", "label"], ["item", "label"]]\n'
    )
    found = completeness(dispute(), [item("1", "item", "packaging", "label")], load_policy(str(mine)), AS_OF)
    assert [slot.state for slot in found.slots if slot.party == "buyer"] == ["filled", "filled", "missing"]


def test_the_policy_may_narrow_any_role(tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text('[rules.slots.kinds.value]\nitem = ["video"]\n')
    found = completeness(dispute(), [item("1", "item")], load_policy(str(mine)), AS_OF)
    assert (found.slots[0].state, found.findings[0].code) == ("weak", "SLOT_MISMATCH")


@pytest.mark.parametrize(
    ("reason", "sub_reason", "roles"),
    [
        (
            "NOT_RECEIVED",
            "shipping_delay",
            {"tracking_page", "communication", "order_page", "shipment_proof"},
        ),
        (
            "NOT_AS_DESCRIBED",
            "smells_odd",
            {"item", "packaging", "order_page", "listing_snapshot", "packing_photo"},
        ),
    ],
)
def test_an_unknown_sub_reason_gets_the_reasons_general_checklist_and_is_told(reason, sub_reason, roles):
    found = completeness(dispute(reason=reason, sub_reason=sub_reason), [], POLICY, OPENED)
    assert {slot.role for slot in found.slots} == roles
    assert (found.applicable, found.unknown_sub_reason, found.general) == (True, True, True)


def test_an_unknown_sub_reason_of_an_unknown_reason_asks_for_nothing_and_is_told():
    found = completeness(dispute(reason="OTHER", sub_reason="smells_odd"), [], POLICY, OPENED)
    assert (found.applicable, found.slots, found.unknown_sub_reason) == (False, (), True)


def test_a_known_sub_reason_is_not_told_of():
    found = checklist("damaged")
    assert (found.unknown_sub_reason, found.general) == (False, False)
