"""What the record promises to workers: one at a time on an upload, nothing forgotten, in every database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from storage_samples import NOON, ODD_TEXT, some_evidence
from work_samples import VERSION, attempts_of, later, some_claim, some_upload

from storage.database.database import SqlDatabase
from storage.interfaces.claims import (
    CRASHED,
    DONE,
    FINISHED,
    GIVEN_UP,
    GONE,
    OPEN,
    QUARANTINED,
    RETURNED,
    SUPERSEDED,
    VANISHED,
    Claimed,
    UploadId,
)


def test_a_claim_is_granted_and_its_attempt_written_down(database: SqlDatabase, tenant: str) -> None:
    upload = some_upload(tenant, key=ODD_TEXT)
    with database.transaction() as records:
        assert records.claim_upload(some_claim(upload)) == Claimed(granted=True)
    with database.reading() as records:
        assert attempts_of(records, upload) == [(1, None, None)]


def test_another_message_is_told_how_long_the_upload_is_held(database: SqlDatabase, tenant: str) -> None:
    upload = some_upload(tenant)
    with database.transaction() as records:
        records.claim_upload(some_claim(upload))
        busy = records.claim_upload(some_claim(upload, "t2", "m2", at=59))
        assert busy == Claimed(granted=False, busy_until=later(60))
        assert records.end_upload(upload, VERSION, "t1", DONE, "E-1", later(59))
        assert attempts_of(records, upload) == [(1, FINISHED, None)]


def test_a_claim_that_ran_out_goes_to_another_and_counts_as_vanished(
    database: SqlDatabase, tenant: str
) -> None:
    upload = some_upload(tenant)
    with database.transaction() as records:
        records.claim_upload(some_claim(upload))
        taken = records.claim_upload(some_claim(upload, "t2", "m2", at=60))
        assert taken == Claimed(granted=True, vanished=1)
        assert attempts_of(records, upload) == [(1, VANISHED, None), (2, None, None)]


def test_the_same_message_takes_over_at_once(database: SqlDatabase, tenant: str) -> None:
    upload = some_upload(tenant)
    with database.transaction() as records:
        records.claim_upload(some_claim(upload))
        assert records.claim_upload(some_claim(upload, "t2", at=1)) == Claimed(granted=True, vanished=1)
        assert attempts_of(records, upload) == [(1, VANISHED, None), (2, None, None)]


def test_the_same_delivery_may_ask_again_where_the_answer_was_lost(
    database: SqlDatabase, tenant: str
) -> None:
    upload = some_upload(tenant)
    with database.transaction() as records:
        records.claim_upload(some_claim(upload))
        assert records.claim_upload(some_claim(upload, at=1)) == Claimed(granted=True)
        assert attempts_of(records, upload) == [(1, None, None)]
        busy = records.claim_upload(some_claim(upload, "t2", "m2", at=2))
        assert busy.busy_until == later(61)


def test_who_lost_its_token_writes_nothing(database: SqlDatabase, tenant: str) -> None:
    upload = some_upload(tenant)
    with database.transaction() as records:
        records.claim_upload(some_claim(upload))
        records.claim_upload(some_claim(upload, "t2", at=1))
        assert not records.extend_claim(upload, VERSION, "t1", later(900))
        assert not records.end_attempt(upload, VERSION, "t1", CRASHED, "late", later(2))
        assert not records.end_upload(upload, VERSION, "t1", DONE, "E-1", later(2))
        assert attempts_of(records, upload) == [(1, VANISHED, None), (2, None, None)]
        busy = records.claim_upload(some_claim(upload, "t3", "m2", at=3))
        assert busy == Claimed(granted=False, busy_until=later(61), vanished=1)
        assert records.end_upload(upload, VERSION, "t2", DONE, "E-2", later(4))


def test_a_claim_is_extended_while_it_holds(database: SqlDatabase, tenant: str) -> None:
    upload = some_upload(tenant)
    with database.transaction() as records:
        assert not records.extend_claim(upload, VERSION, "t1", later(120))
        records.claim_upload(some_claim(upload))
        assert records.extend_claim(upload, VERSION, "t1", later(120))
        assert not records.extend_claim(upload, "p2", "t1", later(900))
        busy = records.claim_upload(some_claim(upload, "t2", "m2", at=119))
        assert busy.busy_until == later(120)
        assert records.end_attempt(upload, VERSION, "t1", RETURNED, "", later(119))
        assert not records.extend_claim(upload, VERSION, "t1", later(900))


@pytest.mark.parametrize(
    ("outcome", "counted"),
    [(CRASHED, (1, 0)), (VANISHED, (0, 1)), (RETURNED, (0, 0)), (FINISHED, (0, 0))],
)
def test_an_ended_attempt_counts_by_its_outcome_and_lets_the_claim_go(
    database: SqlDatabase, tenant: str, outcome: str, counted: tuple[int, int]
) -> None:
    upload = some_upload(tenant)
    with database.transaction() as records:
        records.claim_upload(some_claim(upload))
        assert records.end_attempt(upload, VERSION, "t1", outcome, ODD_TEXT, later(1))
        assert not records.end_attempt(upload, VERSION, "t1", outcome, "again", later(2))
        again = records.claim_upload(some_claim(upload, "t2", "m2", at=2))
        assert again == Claimed(True, OPEN, None, *counted)
        assert attempts_of(records, upload)[0][:2] == (1, outcome)
        assert attempts_of(records, upload)[1:] == [(2, None, None)]


def test_a_crash_may_be_followed_by_the_quarantine_in_the_same_breath(
    database: SqlDatabase, tenant: str
) -> None:
    upload = some_upload(tenant)
    with database.transaction() as records:
        records.claim_upload(some_claim(upload))
        assert records.end_attempt(upload, VERSION, "t1", CRASHED, "signal 11", later(1))
        assert records.end_upload(upload, VERSION, "t1", QUARANTINED, "E-1", later(1))
        assert attempts_of(records, upload) == [(1, CRASHED, "signal 11")]
        told = records.claim_upload(some_claim(upload, "t2", at=2))
        assert told == Claimed(granted=False, state=QUARANTINED, crashed=1)


def test_a_token_let_go_ends_nothing_once_another_works(database: SqlDatabase, tenant: str) -> None:
    upload = some_upload(tenant)
    with database.transaction() as records:
        records.claim_upload(some_claim(upload))
        records.end_attempt(upload, VERSION, "t1", RETURNED, "", later(1))
        records.claim_upload(some_claim(upload, "t2", "m2", at=2))
        assert not records.end_upload(upload, VERSION, "t1", DONE, "E-1", later(3))


@pytest.mark.parametrize("state", [DONE, QUARANTINED, GONE, SUPERSEDED, GIVEN_UP])
def test_an_ended_upload_is_not_worked_on_again(database: SqlDatabase, tenant: str, state: str) -> None:
    upload = some_upload(tenant)
    with database.transaction() as records:
        records.claim_upload(some_claim(upload))
        assert records.end_upload(upload, VERSION, "t1", state, None, later(1))
        assert not records.end_upload(upload, VERSION, "t1", DONE, "E-1", later(2))
        assert not records.end_attempt(upload, VERSION, "t1", CRASHED, "late", later(2))
        assert not records.extend_claim(upload, VERSION, "t1", later(900))
        for token, holder in (("t2", "m1"), ("t3", "m2")):
            told = records.claim_upload(some_claim(upload, token, holder, at=3))
            assert told == Claimed(granted=False, state=state)
        assert attempts_of(records, upload) == [(1, FINISHED, None)]


def test_words_outside_the_contract_are_refused(database: SqlDatabase, tenant: str) -> None:
    upload = some_upload(tenant)
    with database.transaction() as records:
        records.claim_upload(some_claim(upload))
        for state in (OPEN, "finished"):
            with pytest.raises(ValueError, match=state):
                records.end_upload(upload, VERSION, "t1", state, None, NOON)
        with pytest.raises(ValueError, match="done"):
            records.end_attempt(upload, VERSION, "t1", DONE, "", NOON)


def test_a_given_up_upload_reopened_forgets_its_attempts_but_keeps_their_rows(
    database: SqlDatabase, tenant: str
) -> None:
    upload = some_upload(tenant)
    with database.transaction() as records:
        records.claim_upload(some_claim(upload))
        records.end_attempt(upload, VERSION, "t1", CRASHED, "signal 6", later(1))
        records.claim_upload(some_claim(upload, "t2", at=2))
        assert records.claim_upload(some_claim(upload, "t3", at=3)) == Claimed(True, OPEN, None, 1, 1)
        records.end_upload(upload, VERSION, "t3", GIVEN_UP, None, later(4))
        records.reopen_upload(upload, VERSION)
        assert records.claim_upload(some_claim(upload, "t4", at=5)) == Claimed(granted=True)
        assert [number for number, *_ in attempts_of(records, upload)] == [1, 2, 3, 4]


@pytest.mark.parametrize("state", [DONE, QUARANTINED, GONE])
def test_only_what_was_given_up_is_reopened(database: SqlDatabase, tenant: str, state: str) -> None:
    upload = some_upload(tenant)
    with database.transaction() as records:
        records.reopen_upload(upload, VERSION)
        records.claim_upload(some_claim(upload))
        records.reopen_upload(upload, VERSION)
        records.end_upload(upload, VERSION, "t1", state, None, later(1))
        records.reopen_upload(upload, VERSION)
        assert records.claim_upload(some_claim(upload, "t2", at=2)).state == state


def test_uploads_are_told_apart_by_every_part_of_their_name(database: SqlDatabase, tenant: str) -> None:
    upload = some_upload(tenant)
    others = [
        UploadId(f"{tenant}-other", "bucket", "a.jpg", "v1"),
        UploadId(tenant, "bucket2", "a.jpg", "v1"),
        UploadId(tenant, "bucket", "b.jpg", "v1"),
        UploadId(tenant, "bucket", "a.jpg", "v2"),
        UploadId(tenant, "bucketa.jpg", "", "v1"),
    ]
    with database.transaction() as records:
        records.claim_upload(some_claim(upload))
        records.end_upload(upload, VERSION, "t1", DONE, None, later(1))
        for other in others:
            assert records.claim_upload(some_claim(other)).granted
        assert records.claim_upload(some_claim(upload, pipeline_version="p2")).granted


def test_an_upload_older_than_the_current_version_ends_superseded(database: SqlDatabase, tenant: str) -> None:
    old, new = some_upload(tenant, version="v1"), some_upload(tenant, version="v2")
    with database.transaction() as records:
        records.claim_upload(some_claim(old, sequencer="0A"))
        claim = some_claim(new, sequencer="0B")
        records.claim_upload(claim)
        assert records.set_current(claim, "E-new") is None
        told = records.claim_upload(some_claim(old, "t2", at=1, sequencer="0A"))
        assert told == Claimed(granted=False, state=SUPERSEDED, vanished=1)
        assert attempts_of(records, old) == [(1, VANISHED, None)]
        assert records.claim_upload(some_claim(old, "t3", at=2)).state == SUPERSEDED
        assert not records.end_upload(old, VERSION, "t2", DONE, "E-old", later(3))
        assert records.claim_upload(replace(claim, pipeline_version="p2")).granted


def test_the_newest_version_of_an_object_is_current_in_whatever_order_they_come(
    database: SqlDatabase, tenant: str
) -> None:
    def claim(version: str, sequencer: str | None, at: float) -> object:
        return some_claim(some_upload(tenant, version=version), sequencer=sequencer, event_at=later(at))

    with database.transaction() as records:
        assert records.set_current(claim("v2", "00F2", 5), "E-2") is None
        assert records.set_current(claim("v1", "00F1", 9), "E-1") == "E-1"  # sequencers before times
        assert records.set_current(claim("v2", "00F2", 5), "E-2") is None
        assert records.set_current(claim("v3", "00F21", 1), "E-3") == "E-2"
        assert records.set_current(claim("v4", None, 0), "E-4") == "E-4"  # else the later time
        assert records.set_current(claim("v5", None, 2), "E-5") == "E-3"
        assert records.set_current(claim("v6", "00", 3), "E-5") is None
        assert records.set_current(claim("v5", None, 2), "E-5") is None  # an older one, yet the same item
        elsewhere = some_claim(some_upload(tenant, "b.jpg"), sequencer="00")
        assert records.set_current(elsewhere, "E-9") is None


def test_retired_items_are_known_but_not_reported(database: SqlDatabase, tenant: str) -> None:
    items = [some_evidence(tenant, f"E-{number}") for number in range(3)]
    with database.transaction() as records:
        records.put_evidence(items)
        records.retire_items(tenant, ["E-2", "unknown", "E-0", "E-0"])
        records.retire_items(f"{tenant}-other", ["E-1"])
        records.retire_items(tenant, [])
        assert records.evidence_of(tenant, "D-1") == [items[1]]
        assert len(records.evidence(tenant, ["E-0", "E-2"])) == 2
        records.put_evidence([items[0]])
        assert records.evidence_of(tenant, "D-1") == items[:2]


def test_disputes_are_due_from_their_earliest_mark_and_taken_once(database: SqlDatabase, tenant: str) -> None:
    with database.transaction() as records:
        records.mark_due(tenant, ["D-2", "D-1", "D-1"], later(10))
        records.mark_due(tenant, ["D-1"], later(5))
        records.mark_due(tenant, ["D-1"], later(20))
        records.mark_due(tenant, [], later(0))
        assert not records.take_due(tenant, "D-1", later(4))
        due = [id_ for owner, id_ in records.due_disputes(later(15), 1000) if owner == tenant]
        assert due == ["D-1", "D-2"]
        assert records.take_due(tenant, "D-1", later(5))
        assert not records.take_due(tenant, "D-1", later(30))
        assert not records.take_due(f"{tenant}-other", "D-2", later(30))
        due = [id_ for owner, id_ in records.due_disputes(later(30), 1000) if owner == tenant]
        assert due == ["D-2"]


def test_of_many_due_disputes_the_first_are_given(database: SqlDatabase, tenant: str) -> None:
    with database.transaction() as records:
        for number in range(5):
            records.mark_due(tenant, [f"D-{number}"], later(-100_000 - number))
            records.mark_due(tenant, [f"D-{number}"], later(-100_000 + number))
        assert records.due_disputes(later(0), 3) == [(tenant, "D-4"), (tenant, "D-3"), (tenant, "D-2")]
        for number in range(5):
            assert records.take_due(tenant, f"D-{number}", later(0))
