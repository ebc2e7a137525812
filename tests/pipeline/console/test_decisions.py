"""Decisions: put on the record with their audit entries, seen on the pages, never lost, and counted."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from console_access import HERE, LOCAL
from console_store import BLURRED, DAY, NOW, OPENED, ORDER, Filling, photo
from starlette.testclient import TestClient

from pipeline.console.app import make_app
from pipeline.console.core.console_context import Console
from pipeline.judgement.queue_line import fill_lines
from pipeline.judgement.report_json import from_json
from pipeline.setup.policies import load_policy
from storage.database.audit import verify_chain
from storage.interfaces.dispute_queue import QueueQuery
from validators.disputes.party_copy import party_copy
from validators.evidence import Problem

BLUR = {
    "dispute": "D-1",
    "evidence": "blurred",
    "finding": "CLR_BLUR",
    "anchor": "item-blurred-f0",
    "back": "case",
}


def decide(client, **fields):
    return client.post("/decide", data={"dispute": "D-1"} | fields)


def decided(context, dispute="D-1"):
    with context.database.reading() as records:
        return [
            (one.act, one.evidence_id, one.finding, one.by, one.note)
            for one in records.decisions("default", dispute)
        ]


def line(context, dispute="D-1"):
    with context.database.reading() as records:
        return next(one for one in records.queue("default", QueueQuery()).lines if one.dispute_id == dispute)


def test_a_decision_is_recorded_told_and_leads_back_to_its_finding(client, context):
    answer = decide(client, **BLUR, act="agree")
    assert (answer.status_code, answer.headers["location"]) == (303, "/case/D-1#item-blurred-f0")
    assert decided(context) == [("agree", "blurred", "CLR_BLUR", "ann", "")]
    text = client.get("/case/D-1").text
    assert "<b>Agreed</b>" in text
    assert "Nothing to review" in text
    assert "Everything that needed a review is decided." in text
    assert (line(context).needs, line(context).undecided) == (1, 0)
    assert "</span> 1 decided" in client.get("/").text
    with context.database.reading() as records:
        entries, start = records.audit("default", "D-1"), records.audit_start("default", "D-1")
    assert [entry.action for entry in entries] == ["report_attached", "decision", "report_attached"]
    assert verify_chain(entries, start) is None


def test_from_an_item_it_leads_back_to_the_item(client):
    answer = decide(client, **(BLUR | {"back": "item"}), act="seen")
    assert answer.headers["location"] == "/item/blurred#item-blurred-f0"


@pytest.mark.parametrize("anchor", ["//evil.example", "x\r\nSet-Cookie: a=b", "a" * 300, ""])
def test_no_address_is_taken_from_a_form(client, anchor):
    answer = decide(client, **(BLUR | {"anchor": anchor}), act="agree")
    assert answer.headers["location"] == "/case/D-1"


@pytest.mark.parametrize(
    "fields",
    [
        {"act": "erase"},
        {"act": ""},
        {"act": "agree", "evidence": "blurred"},
        {"act": "agree", "evidence": "blurred", "finding": "CLR_DARK"},
        {"act": "agree", "evidence": "reused", "finding": "CLR_BLUR"},
        {"act": "agree", "evidence": "none", "finding": "CLR_BLUR"},
        {"act": "disagree", "evidence": "blurred", "finding": "CLR_BLUR", "note": "  "},
        {"act": "seen", "evidence": "blurred", "note": "x" * 4001},
        {"act": "accept_weak"},
        {"act": "accept_weak", "evidence": "blurred", "finding": "CLR_BLUR"},
        {"act": "ask"},
        {"act": "ask", "slot": "buyer:nothing"},
        {"act": "agree", "evidence": "blurred", "finding": "CLR_BLUR", "slot": "buyer:packaging"},
        {"act": "seen", "evidence": "blurred", "slot": "buyer:packaging"},
    ],
)
def test_what_does_not_fit_the_case_is_refused_and_leaves_no_trace(client, context, fields):
    answer = decide(client, **fields)
    assert answer.status_code == 400
    assert decided(context) == []


def test_of_no_case_or_of_another_tenants_it_is_404(client, context):
    assert decide(client, **(BLUR | {"dispute": "none"}), act="agree").status_code == 404
    assert decide(client, dispute="D-9", evidence="other-D-9", act="seen").status_code == 404
    with context.database.reading() as records:
        assert records.decisions("other", "D-9") == []


def test_accepting_a_weak_item_fills_its_slot_and_can_be_taken_back(client, context):
    decide(client, act="accept_weak", evidence="blurred")
    text = client.get("/case/D-1").text
    assert re.search(r"Photo of the packaging:</b> received", text)
    assert "accepted by a mediator as it is" in text
    assert "Withdraw the acceptance" in text
    report = json.loads(client.get("/v1/disputes/D-1/report").text)
    slot = next(one for one in report["completeness"]["slots"] if one["role"] == "packaging")
    assert (slot["state"], slot["accepted"], report["revision"]) == ("filled", ["blurred"], 2)
    assert (report["skipped"], report["notices"]) == (["Thumbs.db"], ["Read."]), (
        "what the batch remarked stays"
    )
    assert line(context).undecided == 0
    decide(client, act="unaccept", evidence="blurred")
    assert re.search(r"Photo of the packaging:</b> weak", client.get("/case/D-1").text)
    assert line(context).undecided == 1


def test_accepting_never_judges_by_another_policy(context):
    other = replace(context, policy=load_policy("paypal"))
    app = make_app(Console(other, LOCAL, lambda: NOW))
    client = TestClient(app, HERE, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False)
    answer = decide(client, act="accept_weak", evidence="blurred")
    assert (answer.status_code, "judged by the policy default" in answer.text) == (409, True)
    assert decided(context) == []
    assert decide(client, **BLUR, act="agree").status_code == 303


def test_judging_again_keeps_what_was_accepted(client, context):
    decide(client, act="accept_weak", evidence="blurred")
    Filling(context).judge("D-1")
    assert re.search(r"Photo of the packaging:</b> received", client.get("/case/D-1").text)


def test_seen_of_an_item_is_seen_of_each_finding_that_asks(client, context):
    client.post("/decide", data={"dispute": "D-2", "evidence": "broken", "act": "seen"})
    assert decided(context, "D-2") == [("seen", "broken", "FMT_EMPTY", "ann", "")]


def test_an_item_that_asks_without_a_finding_is_settled_by_having_been_seen(client, context):
    failed = photo(clarity=None, problems=(Problem("tool_missing"),))
    Filling(context).item("good", "D-1", failed, file="buyer/good.jpg")
    Filling(context).judge("D-1")
    assert line(context).undecided == 2
    text = client.get("/item/good").text
    assert '<button name="act" value="seen">Seen</button>' in text
    decide(client, evidence="good", act="seen")
    assert decided(context) == [("seen", "good", None, "ann", "")]
    assert line(context).undecided == 1


def test_asking_is_written_down_for_each_item_with_its_text(client, context):
    answer = client.post(
        "/ask/D-1", data={"party": "buyer", "item": "", "text": "Please send a sharp one.\r\nToday."}
    )
    assert answer.headers["location"] == "/case/D-1"
    assert decided(context) == [("ask", "blurred", None, "ann", "Please send a sharp one.\nToday.")]
    assert line(context).undecided == 0
    assert client.post("/ask/D-1", data={"party": "seller", "text": "?"}).status_code == 400


def test_two_mediators_at_once_lose_no_note(client_of, context):
    def write(number):
        with client_of(Sec_Fetch_Site="same-origin") as one:
            return decide(one, **BLUR, act="disagree", note=f"note {number}").status_code

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(write, range(40))) == [303] * 40
    notes = [note for *_, note in decided(context)]
    assert sorted(notes) == sorted(f"note {n}" for n in range(40))
    with context.database.reading() as records:
        assert verify_chain(records.audit("default", "D-1"), records.audit_start("default", "D-1")) is None


def test_agreement_shows_the_last_word_on_each_finding(client):
    decide(client, **BLUR, act="agree")
    decide(client, **BLUR, act="disagree", note="It is sharp.")
    client.post(
        "/decide", data={"dispute": "D-2", "evidence": "broken", "finding": "FMT_EMPTY", "act": "agree"}
    )
    text = client.get("/agreement").text
    rows = re.findall(r"CLR_BLUR</span></th><td>(\d)</td><td>(\d)", text)
    assert rows == [("0", "1")]
    assert client.get("/v1/agreement").json()["codes"] == [
        {"code": "CLR_BLUR", "agreed": 0, "disagreed": 1, "seen": 0, "share": 0.0},
        {"code": "FMT_EMPTY", "agreed": 1, "disagreed": 0, "seen": 0, "share": 1.0},
    ]


def test_agreement_is_not_multiplied_by_naming_entries_of_the_checklist(client):
    decide(client, **BLUR, act="agree")
    slots = client.get("/v1/disputes/D-1/report").json()["completeness"]["slots"]
    given = {"act": "disagree", "evidence_id": "blurred", "finding": "CLR_BLUR", "note": "No."}
    for slot in slots:
        named = {"slot": f"{slot['party']}:{slot['role']}"}
        assert client.post("/v1/disputes/D-1/decisions", json=given | named).status_code == 400
    (code,) = client.get("/v1/agreement").json()["codes"]
    assert (code["agreed"], code["disagreed"]) == (1, 0)


def test_a_finding_of_the_checklist_is_decided_of_its_own_entry_alone(client, context):
    Filling(context).dispute("D-2", sub_reason="wrong_item", order=ORDER)
    Filling(context).judge("D-2", OPENED + 300 * DAY)
    report = client.get("/v1/disputes/D-2/report").json()["completeness"]
    entries = [f"{f['params']['party']}:{f['params']['role']}" for f in report["findings"]]
    slots = [f"{slot['party']}:{slot['role']}" for slot in report["slots"]]
    code = report["findings"][0]["code"]

    def agree(**of):
        given = {"act": "agree", "finding": code} | of
        return client.post("/v1/disputes/D-2/decisions", json=given).status_code

    assert [slot for slot in slots if agree(slot=slot) == 201] == [slot for slot in slots if slot in entries]
    assert agree() == (201 if len(entries) == 1 else 400)
    (counted,) = client.get("/v1/agreement").json()["codes"]
    assert counted["agreed"] == len(entries)


def report_of(client, dispute="D-1"):
    return client.get(f"/v1/disputes/{dispute}/report").json()


def slot_of(report, role):
    return next(slot for slot in report["completeness"]["slots"] if slot["role"] == role)


def test_what_is_confirmed_stays_in_the_report_its_slot_and_the_queue(client, context):
    before = report_of(client)
    decide(client, **BLUR, act="agree")
    after = report_of(client)
    (found,) = after["confirmed"]
    assert (found["code"], found["evidence_id"], found["slot"]) == ("CLR_BLUR", "blurred", None)
    assert slot_of(after, "packaging")["flagged"] == ["blurred"]
    assert slot_of(after, "item")["flagged"] == []
    assert after["revision"] == before["revision"] + 1
    assert (line(context).undecided, line(context).confirmed) == (0, 1)
    same = ("created_at", "revision", "confirmed", "completeness")
    assert {k: v for k, v in after.items() if k not in same} == {
        k: v for k, v in before.items() if k not in same
    }
    Filling(context).judge("D-1")
    assert report_of(client)["revision"] == after["revision"], "judging again says the same"


@pytest.mark.parametrize(("act", "note"), [("disagree", "It is sharp."), ("seen", "")])
def test_only_agreeing_confirms(client, act, note):
    before = report_of(client)
    decide(client, **BLUR, act=act, note=note)
    assert report_of(client) == before


@pytest.mark.parametrize(("act", "note"), [("agree", ""), ("disagree", "It is sharp."), ("seen", "")])
def test_what_was_said_of_a_finding_can_be_taken_back_and_both_stay(client, context, act, note):
    decide(client, **BLUR, act=act, note=note)
    assert line(context).undecided == 0
    assert decide(client, **BLUR, act="undo").status_code == 303
    assert [one[0] for one in decided(context)] == [act, "undo"]
    assert (line(context).undecided, line(context).confirmed) == (1, 0)
    report = report_of(client)
    assert report["confirmed"] == []
    assert slot_of(report, "packaging")["flagged"] == []
    assert client.get("/v1/agreement").json()["codes"] == []
    with context.database.reading() as records:
        entries, start = records.audit("default", "D-1"), records.audit_start("default", "D-1")
    assert [json.loads(e.detail)["act"] for e in entries if e.action == "decision"] == [act, "undo"]
    assert verify_chain(entries, start) is None
    decide(client, **BLUR, act="agree")
    assert len(report_of(client)["confirmed"]) == 1


def test_nothing_is_taken_back_that_was_not_said(client, context):
    assert decide(client, **BLUR, act="undo").status_code == 400
    decide(client, **BLUR, act="agree")
    decide(client, **BLUR, act="undo")
    assert decide(client, **BLUR, act="undo").status_code == 400
    assert [one[0] for one in decided(context)] == ["agree", "undo"]


def test_seen_of_a_whole_item_can_be_taken_back(client, context):
    decide(client, evidence="blurred", act="seen")
    decide(client, evidence="blurred", act="undo")
    assert [one[:3] for one in decided(context)] == [
        ("seen", "blurred", "CLR_BLUR"),
        ("undo", "blurred", "CLR_BLUR"),
    ]
    assert line(context).undecided == 1


def test_confirming_needs_no_judging_under_the_policy_of_the_console(context):
    app = make_app(Console(replace(context, policy=load_policy("paypal")), LOCAL, lambda: NOW))
    client = TestClient(app, HERE, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False)
    assert decide(client, **BLUR, act="agree").status_code == 303
    report = report_of(client)
    assert (report["policy"]["id"], len(report["confirmed"])) == (context.policy.id, 1)


def test_a_confirmed_finding_is_seen_on_the_case_the_item_and_the_queue(client):
    decide(client, **BLUR, act="agree")
    case = client.get("/case/D-1").text
    assert "1 finding confirmed by a mediator" in case
    assert re.search(r'<b>([^<]+):</b> <a href="#item-blurred"><bdi>buyer/box.jpg</bdi></a>', case)
    for text in (case, client.get("/item/blurred").text):
        assert "<b>Confirmed: " in text
        assert 'value="undo"' in text
    assert "1 confirmed" in client.get("/").text
    decide(client, **BLUR, act="undo")
    for path in ("/case/D-1", "/item/blurred", "/"):
        text = client.get(path).text
        assert "confirmed" not in text.lower(), path
        assert 'value="undo"' not in text, path


def test_a_usable_item_with_a_confirmed_finding_ticks_nothing(client):
    item = next(one for one in report_of(client, "D-2")["evidence"] if one["id"] == "reused")
    (code,) = [finding["code"] for finding in item["findings"] if finding["severity"] != "note"]
    given = {"dispute": "D-2", "evidence": "reused", "finding": code, "act": "agree"}
    assert client.post("/decide", data=given).status_code == 303
    assert "A finding on it is confirmed." in client.get("/item/reused").text
    slot = slot_of(report_of(client, "D-2"), "item")
    assert (slot["state"], slot["flagged"]) == ("filled", ["reused"])
    case = client.get("/case/D-2").text
    assert "received, but flagged" in case
    assert "A mediator confirmed a finding on it." in case


def test_a_copy_for_a_party_does_not_say_what_a_mediator_confirmed(client, context):
    decide(client, **BLUR, act="agree")
    with context.database.reading() as records:
        report = from_json(records.report("default", "D-1").body)
    for party in ("buyer", "seller"):
        copy = party_copy(report, party)
        assert copy.confirmed == ()
        assert all(slot.flagged == () for slot in copy.completeness.slots)


def test_a_new_finding_on_a_decided_item_waits_again(client, context):
    decide(client, **BLUR, act="agree")
    assert line(context).undecided == 0
    worse = photo(clarity=BLURRED, problems=(Problem("truncated"),))
    Filling(context).item("blurred", "D-1", worse, roles=("packaging",), file="buyer/box.jpg")
    Filling(context).judge("D-1")
    assert line(context).undecided == 1


def test_lines_of_older_reports_are_made_once(context):
    with context.database.transaction() as records:
        report = records.report("default", "D-2")
        records.attach_report("default", "D-2", report.body, "edited", "p", report.attached_at)
    assert fill_lines(context.database) == 1
    assert fill_lines(context.database) == 0


def test_a_report_that_cannot_be_read_still_has_its_line_and_the_log_names_it(context, caplog):
    with context.database.transaction() as records:
        records.attach_report("default", "D-2", "{}", "edited", "p", NOW)
    assert fill_lines(context.database) == 1
    assert "dispute D-2 cannot be read" in caplog.text
    assert line(context, "D-2").revision == 2
    assert fill_lines(context.database) == 0
