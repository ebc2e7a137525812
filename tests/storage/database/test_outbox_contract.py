"""What the outbox promises, in every database: told at least once, by one at a time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from storage_samples import NOON, ODD_TEXT
from work_samples import later

from storage.database.database import SqlDatabase
from storage.interfaces.outbox import OutboxEntry
from storage.interfaces.record import Record

EVERY = 10_000


@pytest.fixture
def posted(database: SqlDatabase, tenant: str) -> Iterator[SqlDatabase]:
    """Three entries, told in another order than posted; what other tests left is out of the way."""
    with database.transaction() as records:
        records.mark_sent(records.take_unsent(later(10**6), later(10**6), EVERY), NOON)
        for number in (1, 0, 2):
            records.post(tenant, "report.completed", f"key-{number}", f"body {number}", later(number))
    return database


def taken(records: Record, at: float, lease_until: float, limit: int = EVERY) -> list[OutboxEntry]:
    """The entries taken at ``at`` seconds past noon."""
    return list(records.take_unsent(later(at), later(lease_until), limit))


def keys(entries: list[OutboxEntry]) -> list[str]:
    """Their idempotency keys."""
    return [entry.idempotency_key for entry in entries]


def test_an_entry_comes_back_as_it_was_posted(database: SqlDatabase, tenant: str) -> None:
    with database.transaction() as records:
        records.post(tenant, ODD_TEXT, f"{tenant}{ODD_TEXT}", ODD_TEXT, NOON)
    with database.transaction() as records:
        (entry,) = [entry for entry in taken(records, 0, 60) if entry.tenant == tenant]
        assert entry == OutboxEntry(tenant, entry.id, f"{tenant}{ODD_TEXT}", ODD_TEXT, ODD_TEXT, NOON, 1)
        records.mark_sent([entry], NOON)


def test_posting_a_key_again_changes_nothing(posted: SqlDatabase, tenant: str) -> None:
    with posted.transaction() as records:
        records.post(tenant, "other", "key-0", "other", later(0))
        records.post(f"{tenant}-other", "other", "key-0", "other", later(9))
        assert records.unsent_count() == 4
        assert [entry.body for entry in taken(records, 8, 60)] == ["body 0", "body 1", "body 2"]


def test_the_oldest_are_taken_and_hidden_until_their_lease_ends(posted: SqlDatabase) -> None:
    with posted.transaction() as records:
        assert keys(taken(records, 1, 60)) == ["key-0", "key-1"]
        assert keys(taken(records, 59, 120, limit=1)) == ["key-2"]
        assert taken(records, 59, 120) == []
        again = taken(records, 60, 120)
        assert [(entry.idempotency_key, entry.attempts) for entry in again] == [("key-0", 2), ("key-1", 2)]


def test_what_was_told_is_not_told_again(posted: SqlDatabase) -> None:
    with posted.transaction() as records:
        first, *others = taken(records, 5, 60)
        records.mark_sent([first], later(6))
        assert records.unsent_count() == 2
        assert keys(taken(records, 60, 120)) == keys(others)
        records.mark_sent([], later(6))
        records.mark_sent(others, later(61))
        assert records.unsent_count() == 0


def test_a_failure_is_tried_again_later(posted: SqlDatabase) -> None:
    with posted.transaction() as records:
        entries = taken(records, 5, 60)
        records.retry_unsent(entries[:1], later(30))
        records.retry_unsent([], later(30))
        assert taken(records, 29, 60) == []
        (again,) = taken(records, 30, 90)
        assert (again.idempotency_key, again.attempts) == ("key-0", 2)


def test_a_lapsed_lease_changes_nothing_of_the_next(posted: SqlDatabase) -> None:
    with posted.transaction() as records:
        lapsed = taken(records, 5, 60)
        assert len(taken(records, 60, 120)) == 3
        records.retry_unsent(lapsed, later(61))
        assert taken(records, 119, 200) == []
        records.mark_sent(lapsed, later(119))
        records.retry_unsent(lapsed, later(119))
        assert records.unsent_count() == 0
