"""The audit trail's hash chain: one for each dispute, every link covering the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from storage.database.encoding import canonical_json, canonical_sha256
from storage.interfaces.audit import AuditEntry


def genesis(tenant: str, dispute_id: str, nonce: str = "") -> str:
    """What the first entry names as ``previous``: it ties the chain to its dispute.

    With a random ``nonce``, nobody can find out the dispute from it once the nonce is deleted. Old chains have none.
    """
    if not nonce:
        return canonical_sha256(["dispute-evidence/audit/1", tenant, dispute_id])
    return canonical_sha256(["dispute-evidence/audit/2", tenant, dispute_id, nonce])


def next_entry(
    last: AuditEntry | None, start: str, action: str, detail: dict[str, str], at: datetime
) -> AuditEntry:
    """The link after ``last``; None: the first, after ``start``. ``at`` must be aware, else ValueError."""
    if at.utcoffset() is None:
        raise ValueError("an audit entry's time needs a zone")
    entry = AuditEntry(
        sequence=1 if last is None else last.sequence + 1,
        at=at.astimezone(UTC),
        action=action,
        detail=canonical_json(detail),
        previous=start if last is None else last.hash,
        hash="",
    )
    return replace(entry, hash=link_hash(entry))


def link_hash(entry: AuditEntry) -> str:
    """SHA-256 (hex) over the canonical JSON of every field but ``hash``; the time in UTC, to the µs."""
    return canonical_sha256(
        {
            "sequence": entry.sequence,
            "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "action": entry.action,
            "detail": entry.detail,
            "previous": entry.previous,
        }
    )


def verify_chain(entries: Sequence[AuditEntry], start: str | None = None) -> int | None:
    """The index of the first broken link, or None where all hold. ``entries`` in order, from the first.

    ``start`` is what the first entry must name as ``previous`` (``genesis``); None skips that check. Entries
    cut off at the end leave no trace in the chain itself, so compare the last hash with one kept elsewhere.
    """
    previous = start
    for index, entry in enumerate(entries):
        follows = entry.sequence == index + 1 and (previous is None or entry.previous == previous)
        if not follows or entry.hash != link_hash(entry):
            return index
        previous = entry.hash
    return None
