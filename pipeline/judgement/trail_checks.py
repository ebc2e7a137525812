"""Checks a dispute's reports and decisions against its audit trail, and the trail itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pipeline.judgement.report_content import content_sha256
from storage.database.audit import verify_chain
from storage.database.decisions import ACTION as DECISION
from storage.database.decisions import decision_sha256
from storage.interfaces.audit import Audit, AuditEntry
from storage.interfaces.decisions import Decisions
from storage.interfaces.reports import AttachedReport, Reports
from validators.statement import Statement

ATTACHED = "report_attached"
ITEM_FORGOTTEN = "evidence_forgotten"
DISPUTE_FORGOTTEN = "dispute_forgotten"
REVISIONS_ERASED = "revisions_erased"
"""Entries of erasure: which decisions were erased with an item, that a dispute was, and below which revision reports were."""

_SPOILED = (ValueError, KeyError, TypeError, AttributeError)


class TrailRecords(Audit, Decisions, Reports, Protocol):
    """The audit trail, and what its entries cover."""


@dataclass(frozen=True, slots=True)
class Trail:
    """The audit trail of one dispute. ``name`` is the dispute's id, or a random one once it was erased (``sealed``)."""

    tenant: str
    name: str
    entries: Sequence[AuditEntry]
    start: str | None

    @staticmethod
    def of(tenant: str, name: str, records: Audit) -> Trail:
        """The trail as it is on the record."""
        return Trail(tenant, name, records.audit(tenant, name), records.audit_start(tenant, name))

    @property
    def sealed(self) -> bool:
        """Whether it no longer names its dispute."""
        return self.start is None


def faults_of(trail: Trail, records: TrailRecords, *, chain_only: bool = False) -> Iterator[Statement]:
    """Everything that does not hold, including rows that cannot be read."""
    try:
        found = list(_in_chain(trail))
        if not found and trail.sealed:
            found = list(_in_seal(trail))
        elif not (found or chain_only):
            found = [*_in_reports(trail, records), *_in_decisions(trail, records)]
    except _SPOILED as error:
        found = [Statement("terminal.verify.unreadable_row", {"error": type(error).__name__})]
    yield from found


def _in_chain(trail: Trail) -> Iterator[Statement]:
    place = verify_chain(trail.entries, trail.start)
    if place is not None:
        yield Statement("terminal.verify.broken_chain", {"entry": trail.entries[place].sequence})


def _in_seal(trail: Trail) -> Iterator[Statement]:
    if not trail.entries or trail.entries[-1].action != DISPUTE_FORGOTTEN:
        yield Statement("terminal.verify.bad_seal")


def _in_reports(trail: Trail, records: Reports) -> Iterator[Statement]:
    """Every stored revision must match its entry. One that is missing must have been erased."""
    entries, twice = _numbered(trail, ATTACHED, "revision")
    yield from (Statement("terminal.verify.report_twice", {"number": number}) for number in twice)
    there = {report.revision: report for report in records.revisions(trail.tenant, trail.name)}
    erased = max((int(detail["before"]) for _, detail in _of(trail, REVISIONS_ERASED)), default=0)
    newest = max(there, default=None)
    for number in sorted(entries.keys() | there.keys()):
        if number == newest and not there[number].body:
            yield Statement("terminal.verify.report_missing", {"number": number})
        elif number not in there:
            if number >= erased:
                yield Statement("terminal.verify.report_missing", {"number": number})
        elif number not in entries or not _is_attached(there[number], *entries[number]):
            yield Statement("terminal.verify.report_changed", {"number": number})


def _is_attached(report: AttachedReport, entry: AuditEntry, detail: dict[str, str]) -> bool:
    if not report.body:  # of a former revision only the hash is kept
        return report.attached_at == entry.at and report.content_sha256 == detail["content_sha256"]
    body = hashlib.sha256(report.body.encode("utf-8", "surrogatepass")).hexdigest()
    whole = detail.get("body_sha256", body) == body and report.attached_at == entry.at
    return whole and content_sha256(json.loads(report.body)) == detail["content_sha256"]


def _in_decisions(trail: Trail, records: Decisions) -> Iterator[Statement]:
    entries, twice = _numbered(trail, DECISION, "number")
    yield from (Statement("terminal.verify.decision_twice", {"number": number}) for number in twice)
    there = {one.number: decision_sha256(one) for one in records.decisions(trail.tenant, trail.name)}
    erased = _erased_decisions(trail, entries)
    for number in sorted((entries.keys() - erased) | there.keys()):
        if number not in there:
            yield Statement("terminal.verify.decision_missing", {"number": number})
        elif number not in entries or entries[number][1]["sha256"] != there[number]:
            yield Statement("terminal.verify.decision_changed", {"number": number})


def _erased_decisions(trail: Trail, made: dict[int, tuple[AuditEntry, dict[str, str]]]) -> set[int]:
    """Decisions that were erased with an item: on the item, or in one act with such a decision."""
    gone: set[int] = set()
    for _, detail in _of(trail, ITEM_FORGOTTEN):
        items, numbers = set(detail["items"].split()), [int(number) for number in detail["decisions"].split()]
        known = [(number, *made[number]) for number in numbers if number in made]
        acts = {(entry.at, said["by"]) for _, entry, said in known if said["item"] in items}
        gone |= {number for number, entry, said in known if (entry.at, said["by"]) in acts}
    return gone


def _numbered(
    trail: Trail, action: str, key: str
) -> tuple[dict[int, tuple[AuditEntry, dict[str, str]]], list[int]]:
    """By number, the first entry of the action with its detail; and the numbers that a later entry names again."""
    first: dict[int, tuple[AuditEntry, dict[str, str]]] = {}
    twice = []
    for entry, detail in _of(trail, action):
        number = int(detail[key])
        if number in first:
            twice.append(number)
        else:
            first[number] = entry, detail
    return first, twice


def _of(trail: Trail, action: str) -> Iterator[tuple[AuditEntry, dict[str, Any]]]:
    return ((entry, json.loads(entry.detail)) for entry in trail.entries if entry.action == action)


def attachment(trail: Trail, revision: int) -> str | None:
    """The content's SHA-256 under which a revision was attached first; None where none was."""
    entries, _ = _numbered(trail, ATTACHED, "revision")
    return entries[revision][1]["content_sha256"] if revision in entries else None
