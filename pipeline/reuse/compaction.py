"""Compacts the index of visual words: new entries are sorted into runs, and runs are merged."""

from __future__ import annotations

from storage.interfaces.record import Database


def compact(database: Database) -> int:
    """Do every step that is worth it, each in its own transaction. Returns how many there were."""
    with database.reading() as records:
        scopes = records.word_scopes()
    steps = 0
    for tenant, scheme in scopes:
        while compact_once(database, tenant, scheme):
            steps += 1
    return steps


def compact_once(database: Database, tenant: str, scheme: str) -> bool:
    """Do one step. False if there was nothing to do, or another process is doing it."""
    with database.transaction() as records:
        return records.compact_words(tenant, scheme)
