"""An upload from its message to its report: which item is current, what is no upload, what is no message."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from working_kit import codes, failing, later, picture, s3_event

from pipeline.intake.messages.key_layout import KeyLayout
from pipeline.intake.messages.notice import DELETED
from pipeline.intake.messages.own import own_message
from pipeline.worker.disposition import ACKNOWLEDGE, DEAD_LETTER, DONE, RELEASE

KEY = "D-1/buyer/lid.jpg"
REPORT = "D-1/evidence-report/report.json"


def test_an_upload_gives_a_report_with_its_item_and_one_event_for_each_revision(bench):
    bench.upload(KEY, picture(1))
    bench.run(once=True)
    (item,) = bench.report().evidence
    assert (item.file, item.declared.party, item.bytes) == ("buyer/lid.jpg", "buyer", len(picture(1)))
    assert (item.declared.declared_type, item.declared.submitted_at) == ("image/jpeg", later(0))
    assert bench.upload_states() == ["done"]
    assert json.loads(bench.objects.get(REPORT))["revision"] == 1
    bench.stopping.clear()
    bench.upload("D-1/seller/box.jpg", picture(2))
    bench.run(once=True)
    assert set(bench.items()) == {"buyer/lid.jpg", "seller/box.jpg"}
    with bench.context.database.reading() as records:
        assert bench.objects.get(REPORT).decode() == records.report("default", "D-1").body
    assert [event["revision"] for event in bench.events.taken] == [1, 2]
    assert len({event["idempotency_key"] for event in bench.events.taken}) == 2
    assert (bench.queue.depth().total, bench.queue.dead_count()) == (0, 0)
    assert b"evidence_revisions_total 2.0" in bench.metrics.text()


def test_the_same_message_twice_is_one_upload(bench):
    notice = bench.upload(KEY, picture(1))
    bench.queue.send([own_message(notice)])
    assert [bench.deliver(), bench.deliver()] == [DONE, DONE]
    assert (len(bench.opener.opened), bench.outcomes(), bench.report().revision) == (1, ["finished"], 1)
    assert bench.audit() == ["report_attached"]
    assert len(bench.posted()) == 1


def test_two_messages_of_one_object_version_are_one_upload(bench):
    notice = bench.upload(KEY, picture(1), sequencer="01")
    bench.queue.send([s3_event(KEY, eTag=notice.etag, size=notice.size, sequencer="01")])
    assert [bench.deliver(), bench.deliver()] == [DONE, DONE]
    assert (len(bench.opener.opened), bench.report().revision) == (1, 1)


def test_a_version_id_goes_before_etag_and_size(bench):
    for version in ("v1", "v2"):
        bench.process(KEY, picture(1), version_id=version)
    assert bench.upload_states() == ["done", "done"]
    assert len(bench.opener.opened) == 1  # the very same bytes are measured once
    assert len(bench.report().evidence) == 1


def test_a_newer_sequencer_replaces_the_item(bench):
    bench.process(KEY, picture(1), sequencer="0A")
    bench.process(KEY, picture(2), sequencer="0B", event_at=later(-5))
    assert [item.bytes for item in bench.report().evidence] == [len(picture(2))]
    assert bench.report().revision == 2


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ({"sequencer": "0A", "event_at": later(5)}, {"sequencer": "0B"}),
        ({"sequencer": "0A"}, {"sequencer": "0A1"}),
        ({"event_at": later(-1)}, {}),
        ({"sequencer": "0F", "event_at": later(-1)}, {}),
    ],
)
def test_an_older_version_that_arrives_later_changes_nothing(bench, older, newer):
    bench.process(KEY, picture(2), **newer)
    before = bench.report()
    assert bench.process(KEY, picture(1), **older) == DONE
    assert bench.report() == before
    assert bench.upload_states() == ["done", "superseded"]
    assert bench.opener.opened == [picture(2)]


def test_without_sequencers_the_later_event_is_current(bench):
    bench.process(KEY, picture(1), event_at=later(0))
    bench.process(KEY, picture(22), event_at=later(1))
    assert [item.bytes for item in bench.report().evidence] == [len(picture(22))]


def test_a_version_overtaken_while_it_is_opened_is_not_reported(bench):
    def overtake(_deadline):
        bench.process(KEY, picture(22), sequencer="0B")

    bench.opener.script = [overtake]
    assert bench.process(KEY, picture(1), sequencer="0A") == DONE
    assert [item.bytes for item in bench.report().evidence] == [len(picture(22))]
    assert bench.report().revision == 1


def test_an_object_that_is_gone_is_recorded_and_acknowledged(bench):
    bench.upload(KEY, picture(1))
    bench.objects.delete(KEY)
    assert bench.deliver() == DONE
    assert bench.upload_states() == ["gone"]
    item = bench.items()["buyer/lid.jpg"]
    assert codes(item) >= {"FMT_MISSING"}
    assert (item.state, item.sha256) == ("UNREADABLE", None)


def test_a_deletion_leaves_the_report_and_is_written_down_once(bench):
    bench.process(KEY, picture(1))
    before = bench.report()
    bench.objects.delete(KEY)
    for at in (later(60), later(60), later(90)):
        bench.queue.send([own_message(bench.notice(KEY, kind=DELETED, event_at=at, version_id="v1"))])
        assert bench.deliver() == DONE
    assert bench.report() == before
    assert bench.audit() == ["report_attached", "object_removed", "object_removed"]
    with bench.context.database.reading() as records:
        removed = [json.loads(entry.detail) for entry in records.audit("default", "D-1")][1:]
    assert removed[0] == {"key": KEY, "version": "v1", "at": later(60).isoformat()}


def test_a_deletion_may_come_before_everything_else(bench):
    bench.queue.send([own_message(bench.notice(KEY, kind=DELETED))])
    assert bench.deliver() == DONE
    assert bench.audit() == ["object_removed"]


@pytest.mark.parametrize(
    "key",
    [
        REPORT,
        "D-1/dispute.json",
        "D-1/buyer/.DS_Store",
        "D-1/.hidden/lid.jpg",
        "D-1/buyer/Thumbs.db",
        "D-1/__MACOSX/lid.jpg",
        "D-1/buyer/",
    ],
)
def test_what_is_no_evidence_is_ignored(bench, key):
    bench.queue.send([own_message(bench.notice(key))])
    assert bench.deliver() == DONE
    assert (bench.opener.opened, bench.upload_states(), bench.report()) == ([], [], None)


@pytest.mark.parametrize("kind", ["s3:TestEvent", "others"])
def test_what_holds_no_upload_is_acknowledged(bench, kind):
    body = {"Event": kind} if kind == "s3:TestEvent" else json.loads(s3_event(KEY, name="ObjectTagging:Put"))
    bench.queue.send([json.dumps(body)])
    assert bench.deliver() == DONE
    assert bench.upload_states() == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"bucket": "other-bucket"}, "'other-bucket'; uploads come from 'evidence-uploads'"),
        ({"key": "loose.jpg"}, "does not follow the layout"),
        ({"tenant": "acme"}, "no place for the tenant 'acme'"),
        ({"dispute_id": "d" * 200, "key": "x.jpg", "tenant": "acme"}, "no place for the tenant"),
        ({"key": "D-1/buyer//lid.jpg"}, "cannot be read"),
        ({"key": "D-1/buyer/a\\b.jpg"}, "cannot be read"),
        ({"key": "D-1/buyer/a\tb.jpg"}, "cannot be read"),
    ],
)
def test_a_message_that_names_no_upload_of_ours_is_set_aside_with_one_sentence(bench, changes, said):
    bench.queue.send([own_message(replace(bench.notice(KEY), **changes))])
    assert bench.deliver().action == DEAD_LETTER
    (letter,) = bench.queue.dead_letters(9)
    assert said in letter.reason
    assert letter.reason[0].isupper()
    assert letter.reason.count(".") == letter.reason.count(".jpg") + 1
    assert letter.reason.endswith(".")
    assert (bench.opener.opened, bench.upload_states()) == ([], [])


def test_a_key_outside_the_prefix_is_set_aside(bench):
    bench.prefix = "in/"
    bench.queue.send([s3_event("out/D-1/a.jpg")])
    assert bench.deliver().action == DEAD_LETTER
    assert "does not begin with 'in/'" in bench.queue.dead_letters(1)[0].reason


def test_behind_a_prefix_keys_of_the_bucket_and_own_keys_mean_the_same(bench):
    bench.prefix = "in/"
    notice = bench.upload(KEY, picture(1))
    bench.queue.send([s3_event(f"in/{KEY}", eTag=notice.etag, size=notice.size)])
    assert [bench.deliver(), bench.deliver()] == [DONE, DONE]
    assert (len(bench.opener.opened), bench.upload_states()) == (1, ["done"])


def test_a_text_that_is_no_message_is_set_aside(bench):
    bench.queue.send(["hello"])
    bench.run(once=True)
    (letter,) = bench.queue.dead_letters(9)
    assert letter.reason.startswith("The message is not JSON")
    assert letter.body == "hello"


def test_of_several_records_the_good_are_worked_on_and_the_bad_are_told(bench):
    bench.objects.put(KEY, picture(1))
    bench.objects.put("D-2/a.jpg", picture(2))
    foreign = json.loads(s3_event("D-1/b.jpg", bucket="elsewhere"))["Records"][0]
    bench.queue.send([s3_event(KEY, foreign, {"eventName": "ObjectCreated:Put"}, "D-2/a.jpg")])
    assert bench.deliver().action == DEAD_LETTER
    (letter,) = bench.queue.dead_letters(9)
    assert "Record 3 of 4" in letter.reason
    assert "'elsewhere'" in letter.reason
    bench.maintenance.do()
    assert set(bench.items("D-1")) | set(bench.items("D-2")) == {"buyer/lid.jpg", "a.jpg"}


def test_a_message_is_set_aside_only_once_nothing_in_it_must_come_again(bench):
    bench.objects.put(KEY, picture(1))
    bench.queue.send([s3_event(KEY, {"eventName": "ObjectCreated:Put"})])
    bench.opener.script = [failing("crashed")]
    assert bench.deliver().action == RELEASE
    assert bench.queue.dead_count() == 0
    assert bench.deliver().action == DEAD_LETTER
    assert (bench.queue.dead_count(), bench.upload_states()) == (1, ["done"])


def test_what_the_message_declares_outranks_its_key(bench):
    declared = {
        "dispute_id": "D-9",
        "file": "seller/invoice.jpg",
        "party": "seller",
        "evidence_type": "invoice",
        "roles": ("invoice",),
        "description": "what was paid",
        "submitted_at": later(-60),
        "declared_type": "image/png",
    }
    assert bench.process("D-1/buyer/0001.bin", picture(1), **declared).action == ACKNOWLEDGE
    item = bench.items("D-9")["seller/invoice.jpg"]
    said = {name: value for name, value in declared.items() if name not in ("dispute_id", "file")}
    assert {name: getattr(item.declared, name) for name in said} == said
    assert bench.report("D-1") is None


def test_a_layout_with_tenants_keeps_them_apart(bench):
    bench.settings = replace(bench.settings, layout=KeyLayout.parse("{tenant}/{dispute}/{file}"))
    for tenant in ("acme", "zeta"):
        bench.process(f"{tenant}/D-1/a.jpg", picture(1))
    with bench.context.database.reading() as records:
        reports = [json.loads(records.report(tenant, "D-1").body) for tenant in ("acme", "zeta")]
        assert records.due_disputes(later(10**8), 9) == []
    assert [report["evidence"][0]["matches"] for report in reports] == [[], []]
