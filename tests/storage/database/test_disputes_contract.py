"""What the record promises about disputes and evidence, in every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from declared_kit import changed
from storage_samples import NOON, ODD_TEXT, full_dispute, sha256_of, some_evidence

from storage.database.database import SqlDatabase
from validators.dispute import Dispute

MANY = 6_000


def test_a_dispute_comes_back_as_it_was_put(database: SqlDatabase, tenant: str) -> None:
    with database.transaction() as records:
        assert records.dispute(tenant, "D-1") is None
        records.put_dispute(full_dispute(tenant))
    with database.reading() as records:
        assert records.dispute(tenant, "D-1") == full_dispute(tenant)


def test_putting_a_dispute_again_replaces_it_and_its_origin(database: SqlDatabase, tenant: str) -> None:
    later = Dispute(id="D-1", tenant=tenant, reason="NOT_RECEIVED")
    with database.transaction() as records:
        records.put_dispute(full_dispute(tenant), origin=ODD_TEXT)
        assert records.dispute_origin(tenant, "D-1") == ODD_TEXT
        records.put_dispute(later)
        assert records.dispute(tenant, "D-1") == later
        assert records.dispute_origin(tenant, "D-1") is None
        assert records.dispute_origin(tenant, "D-2") is None


def test_times_come_back_in_utc_whatever_their_zone(database: SqlDatabase, tenant: str) -> None:
    there = datetime(2026, 3, 9, 15, 0, 0, 7, tzinfo=timezone(timedelta(hours=3)))
    with database.transaction() as records:
        records.put_dispute(Dispute(id="D-1", tenant=tenant, opened_at=there))
        records.put_evidence([some_evidence(tenant, "E-1", received_at=there, submitted_at=there)])
    with database.reading() as records:
        dispute = records.dispute(tenant, "D-1")
        (item,) = records.evidence_of(tenant, "D-1")
    assert dispute is not None
    assert dispute.opened_at == there
    assert item.received_at == item.declared.submitted_at == there
    assert item.received_at.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(database: SqlDatabase, tenant: str) -> None:
    with pytest.raises(ValueError, match="zone"), database.transaction() as records:
        records.put_evidence([some_evidence(tenant, "E-1", received_at=NOON.replace(tzinfo=None))])
    with database.reading() as records:
        assert records.evidence(tenant, ["E-1"]) == []


def test_dispute_ids_are_sorted_by_code_point(database: SqlDatabase, tenant: str) -> None:
    ids = ["b", "B", "a-1", "a", "é", "_"]
    with database.transaction() as records:
        for id_ in ids:
            records.put_dispute(Dispute(id=id_, tenant=tenant))
        found = records.dispute_ids()
    assert [pair for pair in found if pair[0] == tenant] == [(tenant, id_) for id_ in sorted(ids)]
    assert list(found) == sorted(found)


def test_evidence_comes_back_as_it_was_put(database: SqlDatabase, tenant: str) -> None:
    item = some_evidence(
        tenant,
        "E-1",
        file=ODD_TEXT,
        bytes=2**40,
        declared_type="image/jpeg",
        party="buyer",
        evidence_type="photo",
        roles=("item", "label"),
        description=ODD_TEXT,
        submitted_at=NOON - timedelta(hours=1),
        replaces="E-0",
        on_listing=True,
        listing_id="L-9",
    )
    with database.transaction() as records:
        records.put_evidence([item])
    with database.reading() as records:
        assert records.evidence(tenant, ["E-1", "unknown"]) == [item]
        assert records.evidence_of(tenant, "D-1") == [item]


def test_an_update_keeps_when_it_was_first_received(database: SqlDatabase, tenant: str) -> None:
    first = some_evidence(tenant, "E-1")
    again = changed(
        first, received_at=NOON + timedelta(days=3), description="now described", sha256=sha256_of("x")
    )
    with database.transaction() as records:
        records.put_evidence([first])
        records.put_evidence([again])
        assert records.evidence(tenant, ["E-1"]) == [replace(again, received_at=NOON)]
        assert records.count_with_bytes(tenant, first.sha256) == 0


def test_bytes_are_found_earliest_upload_first(database: SqlDatabase, tenant: str) -> None:
    sha256 = sha256_of("shared")
    items = [
        some_evidence(tenant, "E-b", sha256=sha256, received_at=NOON),
        some_evidence(tenant, "E-a", sha256=sha256, received_at=NOON),
        some_evidence(tenant, "E-c", sha256=sha256, submitted_at=NOON - timedelta(microseconds=1)),
        some_evidence(tenant, "E-d", sha256=sha256, received_at=NOON + timedelta(hours=5)),
        some_evidence(tenant, "E-e"),
    ]
    received_later = replace(items[0], received_at=NOON + timedelta(days=9))
    with database.transaction() as records:
        records.put_evidence(items)
        records.put_evidence([received_later])
        found = records.evidence_with_bytes(tenant, sha256, 10)
        assert [item.id for item in found] == ["E-c", "E-a", "E-b", "E-d"]
        assert [item.id for item in records.evidence_with_bytes(tenant, sha256, 2)] == ["E-c", "E-a"]
        assert records.count_with_bytes(tenant, sha256) == 4
        assert records.evidence_with_bytes(tenant, sha256_of("none"), 5) == []


def test_a_submission_time_that_equals_a_later_receipt_counts(database: SqlDatabase, tenant: str) -> None:
    later = NOON + timedelta(days=1)
    first = some_evidence(tenant, "E-1", sha256=sha256_of("s"))
    other = some_evidence(tenant, "E-2", sha256=sha256_of("s"), received_at=NOON + timedelta(hours=1))
    with database.transaction() as records:
        records.put_evidence([first, other])
        records.put_evidence([changed(first, received_at=later, submitted_at=later)])
        assert [item.id for item in records.evidence_with_bytes(tenant, sha256_of("s"), 9)] == ["E-2", "E-1"]


def test_the_items_of_a_dispute_are_ordered_listing_last(database: SqlDatabase, tenant: str) -> None:
    items = [
        some_evidence(tenant, "E-1", file="a.jpg", on_listing=True),
        some_evidence(tenant, "E-2", file="b.jpg"),
        some_evidence(tenant, "E-4", file="B.jpg"),
        some_evidence(tenant, "E-3", file="B.jpg"),
        some_evidence(tenant, "E-9", dispute_id="D-2"),
    ]
    with database.transaction() as records:
        records.put_evidence(items)
        assert [item.id for item in records.evidence_of(tenant, "D-1")] == ["E-3", "E-4", "E-2", "E-1"]


def test_retired_items_are_known_but_not_current_until_put_again(database: SqlDatabase, tenant: str) -> None:
    items = [some_evidence(tenant, f"E-{n}", sha256=sha256_of("same")) for n in range(3)]
    elsewhere = some_evidence(tenant, "E-9", dispute_id="D-2")
    with database.transaction() as records:
        records.put_evidence([*items, elsewhere])
        records.retire_evidence(tenant, "D-1", ["E-1", "unknown"])
        assert records.evidence_of(tenant, "D-1") == [items[1]]
        assert records.evidence_of(tenant, "D-2") == [elsewhere]
        assert records.evidence(tenant, ["E-0"]) == [items[0]]
        assert records.count_with_bytes(tenant, sha256_of("same")) == 3
        records.put_evidence([items[0]])
        assert records.evidence_of(tenant, "D-1") == items[:2]
        records.retire_evidence(tenant, "D-1", [])
        assert records.evidence_of(tenant, "D-1") == []


def test_tenants_never_see_each_other(database: SqlDatabase, tenant: str) -> None:
    other = f"{tenant}-other"
    with database.transaction() as records:
        for owner, text in ((tenant, "mine"), (other, "theirs")):
            records.put_dispute(Dispute(id="D-1", tenant=owner, reason=text))
            records.put_evidence([some_evidence(owner, "E-1", sha256=sha256_of("same"), description=text)])
        records.retire_evidence(other, "D-1", [])
        mine = records.dispute(tenant, "D-1")
        assert mine is not None
        assert mine.reason == "mine"
        assert [item.declared.description for item in records.evidence_of(tenant, "D-1")] == ["mine"]
        assert [item.tenant for item in records.evidence_with_bytes(tenant, sha256_of("same"), 9)] == [tenant]
        assert records.count_with_bytes(tenant, sha256_of("same")) == 1


def test_lists_of_any_length(database: SqlDatabase, tenant: str) -> None:
    items = [some_evidence(tenant, f"E-{n:05}") for n in range(MANY)]
    with database.transaction() as records:
        records.put_evidence(items)
    with database.transaction() as records:
        assert records.evidence(tenant, [item.id for item in reversed(items)]) == items
        records.retire_evidence(tenant, "D-1", [item.id for item in items[1:]])
        assert len(records.evidence_of(tenant, "D-1")) == MANY - 1


def test_nothing_at_all_is_no_error(database: SqlDatabase, tenant: str) -> None:
    with database.transaction() as records:
        records.put_evidence([])
        records.retire_evidence(tenant, "D-1", [])
        assert records.evidence(tenant, []) == []
        assert records.evidence_of(tenant, "D-1") == []


def test_an_exception_rolls_everything_back(database: SqlDatabase, tenant: str) -> None:
    with pytest.raises(KeyError, match="ours"), database.transaction() as records:
        records.put_dispute(Dispute(id="D-1", tenant=tenant))
        raise KeyError("ours")
    with database.transaction() as records:
        assert records.dispute(tenant, "D-1") is None
        records.put_dispute(Dispute(id="D-1", tenant=tenant, opened_at=NOON.astimezone(UTC)))


def test_transactions_do_not_nest(database: SqlDatabase) -> None:
    with database.transaction(), pytest.raises(RuntimeError, match="open already"), database.reading():
        pass
    with database.transaction() as records:
        assert records.dispute("nobody", "D-1") is None


def test_disputes_that_have_some_bytes_are_counted_once(database: SqlDatabase, tenant: str) -> None:
    logo, photo = sha256_of("logo"), sha256_of("photo")
    items = [some_evidence(tenant, f"E-{n}", f"D-{n % 3}", sha256=logo) for n in range(7)]
    items += [
        some_evidence(tenant, "F-1", "D-2", sha256=photo),
        some_evidence(tenant, "F-2", "D-9", sha256=photo),
    ]
    with database.transaction() as records:
        records.put_evidence([*items, some_evidence(f"{tenant}-other", "E-1", "D-7", sha256=logo)])
        records.retire_evidence(tenant, "D-1", [])
        assert records.count_disputes_with(tenant, [logo]) == 3
        assert records.count_disputes_with(tenant, [photo]) == 2
        assert records.count_disputes_with(tenant, [photo, logo, sha256_of("unknown")]) == 4
        assert records.count_disputes_with(tenant, []) == 0
