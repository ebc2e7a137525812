"""The checklist of a case, from the folder to what the run says and leaves behind."""

from __future__ import annotations

from kit import declare
from pictures import save, scene

PLACED = {"type": "placed", "at": "2026-02-20T08:00:00Z"}


def declare_case(folder, reason, sub_reason, roles, events=(PLACED,)):
    declare(
        folder,
        "b-1",
        reason=reason,
        sub_reason=sub_reason,
        opened_at="2026-03-09T10:00:00Z",
        order={"id": "8100-2231-4403", "events": list(events)},
        evidence=[
            {
                "file": "a.jpg",
                "party": "buyer",
                "roles": roles,
                "description": "x",
                "submitted_at": "2026-03-09T10:05:00Z",
            }
        ],
    )
    save(scene(1), folder / "a.jpg", quality=90)


def test_a_still_fills_no_video_of_the_defect(tmp_path, evidence):
    declare_case(tmp_path / "case", "NOT_AS_DESCRIBED", "defective", ["video_of_defect"])
    done = evidence("check", tmp_path / "case")
    report = done.report()
    slot = report["completeness"]["slots"][0]
    assert (slot["role"], slot["state"]) == ("video_of_defect", "weak")
    assert report["summary"]["by_code"]["SLOT_MISMATCH"] == 1
    assert done.item("a.jpg")["state"] == "USABLE"
    said = "This is a photo. As the video of the defect, a video is expected."
    assert done.status == 1
    assert f"a.jpg: {said}" in done.text
    assert said in (done.out / "report.html").read_text("utf-8")


def test_an_unknown_sub_reason_is_said_everywhere(tmp_path, evidence):
    declare_case(tmp_path / "case", "NOT_RECEIVED", "shipping_delay", ["tracking_page"])
    done = evidence("check", tmp_path / "case")
    report = done.report()
    said = "The sub-reason “shipping_delay” is not one that the policy knows."
    assert {slot["role"] for slot in report["completeness"]["slots"] if slot["required"]} == {
        "tracking_page",
        "shipment_proof",
    }
    assert any(said in notice for notice in report["notices"])
    assert said in done.text
    assert said in (done.out / "report.html").read_text("utf-8")
