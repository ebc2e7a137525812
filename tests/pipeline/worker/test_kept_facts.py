"""What a sender or the operator stated of an upload survives thin messages, redelivery and new versions."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import permutations

from working_kit import BUCKET, NOON, later, picture, s3_event

from pipeline.intake.known_facts import with_known_facts
from pipeline.intake.member import member_item
from pipeline.intake.messages.own import own_message
from pipeline.intake.upload import Upload
from pipeline.worker import upload_work
from storage.memory import memory_database
from validators.declared import Declared
from validators.dispute import DeclaredEvidence, Dispute
from validators.evidence import MemberFacts

KEY = "D-1/seller/lid.jpg"
STATED = {
    "party": "buyer",
    "evidence_type": "photo",
    "roles": ("item",),
    "description": "the crack",
    "submitted_at": later(-3600),
    "declared_type": "image/heic",
}


def facts(bench, dispute_id="D-1", file="seller/lid.jpg"):
    item = bench.items(dispute_id)[file]
    said = item.declared
    return {name: getattr(said, name) for name in STATED}


def resend(bench, body):
    bench.queue.send([body])
    assert bench.deliver().action == "acknowledge"
    bench.maintenance.do()


def thin(key=KEY, at="2026-03-09T18:00:00Z", version="v2"):
    """What S3 says of an object: a key, a version and a later time."""
    event = json.loads(s3_event(key, bucket=BUCKET))
    event["Records"][0]["eventTime"] = at
    event["Records"][0]["s3"]["object"] |= {"versionId": version, "eTag": "e", "size": 5}
    return json.dumps(event)


def test_old_uploads_sent_again_at_a_new_version_keep_what_was_stated(any_bench, monkeypatch):
    any_bench.process(KEY, picture(1), **STATED)
    assert facts(any_bench) == STATED
    monkeypatch.setattr(upload_work, "MEASURES_VERSION", "next")
    resend(any_bench, thin())
    assert facts(any_bench) == STATED
    assert any_bench.items()["seller/lid.jpg"].received_at == NOON
    assert any_bench.report().revision == 1
    assert len(any_bench.upload_states()) == 2, "the message was not taken for a duplicate"


def test_every_order_of_messages_says_the_same(benches):
    rich, poor = {"description": "the crack", "submitted_at": later(-60)}, {"party": "buyer"}
    found = []
    for order in permutations(range(3)):
        bench = benches()
        bench.objects.put(KEY, picture(1))
        bodies = [thin(at="2026-03-09T12:00:00Z")]
        for stated in (rich, poor):
            bench.upload(KEY, picture(1), version_id=str(len(bodies)), **stated)
            bodies.append(bench.receive().body)
        for number in order:
            resend(bench, bodies[number])
        found.append(facts(bench))
    expected = {
        "party": "buyer",
        "evidence_type": None,
        "roles": (),
        "description": "the crack",
        "submitted_at": later(-60),
        "declared_type": "image/jpeg",
    }
    assert found == [expected] * 6


def test_a_statement_that_comes_after_an_event_of_the_same_version_is_added(any_bench):
    any_bench.objects.put(KEY, picture(1))
    resend(any_bench, thin())
    assert facts(any_bench)["party"] == "seller"
    any_bench.process(KEY, picture(1), version_id="v2", **STATED)
    any_bench.maintenance.do()
    assert facts(any_bench) == STATED
    assert len(any_bench.opener.opened) == 1


def test_a_second_statement_changes_nothing_and_a_later_guess_no_time(any_bench):
    any_bench.process(KEY, picture(1), description="the crack")
    any_bench.process(
        KEY, picture(1), version_id="again", event_at=later(600), description="the lid", party="buyer"
    )
    said = facts(any_bench)
    assert (said["description"], said["submitted_at"], said["party"]) == ("the crack", NOON, "buyer")


def test_an_upload_stays_in_the_dispute_that_its_sender_named(any_bench):
    any_bench.process(KEY, picture(1), dispute_id="D-9", file="lid.jpg", on_listing=False, **STATED)
    resend(any_bench, thin())
    assert facts(any_bench, "D-9", "lid.jpg") == STATED
    assert any_bench.report("D-1") is None


def test_a_message_without_a_time_does_not_become_newer_by_coming_again(bench, monkeypatch):
    bench.process(KEY, picture(1), version_id="v1", event_at=None)
    bench.process(KEY, picture(2), version_id="v2", event_at=None)
    bench.maintenance.do()
    (before,) = bench.report().evidence
    monkeypatch.setattr(upload_work, "MEASURES_VERSION", "next")
    bench.process(KEY, picture(1), version_id="v1", event_at=None)
    bench.maintenance.do()
    (after,) = bench.report().evidence
    assert (after.id, after.sha256) == (before.id, before.sha256)
    assert bench.upload_states() == ["done", "done", "superseded"]


def test_a_listing_image_stays_one(bench):
    bench.process(KEY, picture(1), on_listing=True)
    resend(bench, thin())
    assert bench.items() == {}


def test_a_dispute_put_replaces_what_was_stated_and_the_trail_says_so(any_bench):
    any_bench.process(KEY, picture(1), **STATED)
    said = DeclaredEvidence("seller/lid.jpg", Declared(description="the lid"))
    any_bench.put_dispute(Dispute("D-1", declared_evidence=(said,)))
    any_bench.maintenance.do()
    assert facts(any_bench) == STATED | {"description": "the lid"}
    resend(any_bench, thin())
    any_bench.put_dispute(Dispute("D-1"))
    any_bench.maintenance.do()
    assert facts(any_bench) == STATED | {"description": "the lid"}, "neither a message nor absence changes it"
    with any_bench.context.database.reading() as records:
        item = records.evidence_of("default", "D-1")[0]
        name = records.known_audit_name("default", item.id)
        entries = [one for one in records.audit("default", "D-1") if one.action == "dispute_changed"]
    assert [json.loads(one.detail) for one in entries] == [
        {"dispute": "", "items": name, "facts": "description"},
        {"dispute": "declared_evidence", "items": "", "facts": ""},
    ]


def test_what_is_put_first_or_again_leaves_no_entry(bench):
    bench.process(KEY, picture(1))
    for _ in range(2):
        bench.put_dispute(
            Dispute("D-1", declared_evidence=(DeclaredEvidence("seller/lid.jpg", Declared(party="buyer")),))
        )
    bench.maintenance.do()
    assert facts(bench)["party"] == "buyer"
    assert bench.audit() == ["report_attached", "report_attached"]


def test_files_inside_follow_their_archive(bench):
    upload = Upload("a.zip", None, "D-1", NOON, declared=Declared(party="buyer"), guessed=("party",))
    archive = upload.evidence("a" * 64, 3)
    inside = member_item(archive, MemberFacts("deep/one.jpg", "b" * 64, 2))
    database = memory_database()
    dispute = Dispute(
        "D-1", declared_evidence=(DeclaredEvidence("a.zip", Declared(party="seller", roles=("item",))),)
    )
    try:
        with database.transaction() as records:
            records.put_evidence([archive, inside])
            outer, inner = with_known_facts([archive, inside], dispute, records)
    finally:
        database.close()
    assert (outer.declared.party, outer.guessed, outer.declared.roles) == ("seller", (), ("item",))
    assert (inner.declared.party, inner.guessed, inner.declared.roles) == ("seller", ("declared_type",), ())
    assert replace(inner, declared=inside.declared, guessed=inside.guessed) == inside


def test_the_time_of_a_message_is_not_that_of_bytes_put_there_later(bench):
    first, second = picture(1), picture(2) + b"\0"
    early = bench.notice(KEY, first, event_at=later(-600))
    bench.objects.put(KEY, second)
    resend(bench, own_message(early))
    said = bench.items()["seller/lid.jpg"].declared
    assert (said.submitted_at, said.received_at) == (None, None)
    resend(bench, own_message(bench.notice(KEY, second, event_at=later(-60))))
    assert bench.items()["seller/lid.jpg"].declared.submitted_at == later(-60)
