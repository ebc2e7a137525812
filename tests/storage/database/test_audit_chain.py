"""A link changed, moved, dropped or added shows."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta, timezone

import pytest
from storage_samples import NOON, sha256_of

from storage.database.audit import genesis, link_hash, next_entry, verify_chain
from storage.interfaces.audit import AuditEntry

START = genesis("default", "D-1")


def chain(length: int = 4) -> list[AuditEntry]:
    """A sound chain."""
    entries: list[AuditEntry] = []
    for number in range(length):
        last = entries[-1] if entries else None
        entries.append(next_entry(last, START, "noted", {"n": str(number)}, NOON + timedelta(hours=number)))
    return entries


def test_a_sound_chain_and_an_empty_one() -> None:
    assert verify_chain(chain(), START) is None
    assert verify_chain(chain()) is None
    assert verify_chain([], START) is None


CHANGED = {
    "sequence": 9,
    "at": NOON + timedelta(microseconds=1),
    "action": "other",
    "detail": "{}",
    "previous": sha256_of("x"),
    "hash": sha256_of("y"),
}


def test_every_field_is_covered() -> None:
    assert set(CHANGED) == {field.name for field in fields(AuditEntry)}


@pytest.mark.parametrize("name", CHANGED)
@pytest.mark.parametrize("index", [0, 2, 3])
def test_a_changed_field_breaks_its_link(name: str, index: int) -> None:
    entries = chain()
    entries[index] = replace(entries[index], **{name: CHANGED[name]})
    assert verify_chain(entries, START) == index


def test_a_change_with_its_hash_made_anew_breaks_the_next_link() -> None:
    entries = chain()
    forged = replace(entries[1], action="other")
    entries[1] = replace(forged, hash=link_hash(forged))
    assert verify_chain(entries, START) == 2


def test_a_link_dropped_doubled_or_moved_breaks_there() -> None:
    a, b, c, d = chain()
    assert verify_chain([b, c, d], START) == 0
    assert verify_chain([a, c, d], START) == 1
    assert verify_chain([a, b, b, c], START) == 2
    assert verify_chain([a, c, b, d], START) == 1


def test_a_chain_of_another_dispute_or_tenant_breaks_at_its_start() -> None:
    assert verify_chain(chain(), genesis("default", "D-2")) == 0
    assert verify_chain(chain(), genesis("other", "D-1")) == 0
    assert genesis("a", "bc") != genesis("ab", "c")


def test_the_time_counts_whatever_zone_it_is_told_in() -> None:
    entry = chain(1)[0]
    there = replace(entry, at=entry.at.astimezone(timezone(timedelta(hours=5))))
    assert link_hash(there) == entry.hash


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        next_entry(None, START, "noted", {}, datetime(2026, 3, 9))


def test_the_hash_is_as_documented() -> None:
    entry = chain(1)[0]
    assert entry.previous == START == sha256_of('["dispute-evidence/audit/1","default","D-1"]')
    canonical = (
        '{"action":"noted","at":"2026-03-09T12:00:00.000000+00:00","detail":"{\\"n\\":\\"0\\"}",'
        f'"previous":"{START}","sequence":1}}'
    )
    assert entry.hash == sha256_of(canonical)
