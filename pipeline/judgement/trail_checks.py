"""Whether a dispute's reports and decisions are the ones that stand in its audit trail, and the trail is whole."""

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

ATTACHED = "report_attached"
ITEM_FORGOTTEN = "evidence_forgotten"
DISPUTE_FORGOTTEN = "dispute_forgotten"
REVISIONS_ERASED = "revisions_erased"
"""Entries of erasing: which decisions went with an item, that a dispute went, and below which revision reports went."""

_SPOILED = (ValueError, KeyError, TypeError, AttributeError)


class TrailRecords(Audit, Decisions, Reports, Protocol):
    """The audit trail, and what its entries vouch for."""


@dataclass(frozen=True, slots=True)
class Trail:
    """One chain under the name that it has: a dispute's id, or a random one once the dispute was erased (``sealed``)."""

    tenant: str
    name: str
    entries: Sequence[AuditEntry]
    start: str | None

    @staticmethod
    def of(tenant: str, name: str, records: Audit) -> Trail:
        """The chain as it stands."""
        return Trail(tenant, name, records.audit(tenant, name), records.audit_start(tenant, name))

    @property
    def sealed(self) -> bool:
        """Whether it no longer names its dispute."""
        return self.start is None


def faults_of(trail: Trail, records: TrailRecords, *, chain_only: bool = False) -> Iterator[str]:
    """Sentences on whatever does not hold; a row that cannot be read is one of them."""
    try:
        found = list(_in_chain(trail))
        if not found and trail.sealed:
            found = list(_in_seal(trail))
        elif not (found or chain_only):
            found = [*_in_reports(trail, records), *_in_decisions(trail, records)]
    except _SPOILED as error:
        found = [f"a row cannot be read: {type(error).__name__}"]
    yield from found


def _in_chain(trail: Trail) -> Iterator[str]:
    place = verify_chain(trail.entries, trail.start)
    if place is not None:
        yield f"entry {trail.entries[place].sequence} does not fit the chain"


def _in_seal(trail: Trail) -> Iterator[str]:
    if not trail.entries or trail.entries[-1].action != DISPUTE_FORGOTTEN:
        yield "it hides its dispute, but does not end with the erasing of one"


def _in_reports(trail: Trail, records: Reports) -> Iterator[str]:
    """Every revision that is there against its entry; those that are not must have been erased."""
    told, twice = _told(trail, ATTACHED, "revision")
    yield from (f"report revision {number} is told of twice" for number in twice)
    there = {report.revision: report for report in records.revisions(trail.tenant, trail.name)}
    erased = max((int(detail["before"]) for _, detail in _of(trail, REVISIONS_ERASED)), default=0)
    for number in sorted(told.keys() | there.keys()):
        if number not in there:
            if number >= erased:
                yield f"report revision {number} is not there"
        elif number not in told or not _is_attached(there[number], *told[number]):
            yield f"report revision {number} is not the one that was attached"


def _is_attached(report: AttachedReport, entry: AuditEntry, detail: dict[str, str]) -> bool:
    body = hashlib.sha256(report.body.encode("utf-8", "surrogatepass")).hexdigest()
    whole = detail.get("body_sha256", body) == body and report.attached_at == entry.at
    return whole and content_sha256(json.loads(report.body)) == detail["content_sha256"]


def _in_decisions(trail: Trail, records: Decisions) -> Iterator[str]:
    told, twice = _told(trail, DECISION, "number")
    yield from (f"decision {number} is told of twice" for number in twice)
    there = {one.number: decision_sha256(one) for one in records.decisions(trail.tenant, trail.name)}
    erased = _erased_decisions(trail, told)
    for number in sorted((told.keys() - erased) | there.keys()):
        if number not in there:
            yield f"decision {number} is not there"
        elif number not in told or told[number][1]["sha256"] != there[number]:
            yield f"decision {number} is not the one that was made"


def _erased_decisions(trail: Trail, told: dict[int, tuple[AuditEntry, dict[str, str]]]) -> set[int]:
    """Decisions that went with an item: on that very item, or made in one act with such a one."""
    gone: set[int] = set()
    for _, detail in _of(trail, ITEM_FORGOTTEN):
        items, numbers = set(detail["items"].split()), [int(number) for number in detail["decisions"].split()]
        known = [(number, *told[number]) for number in numbers if number in told]
        acts = {(entry.at, said["by"]) for _, entry, said in known if said["item"] in items}
        gone |= {number for number, entry, said in known if (entry.at, said["by"]) in acts}
    return gone


def _told(
    trail: Trail, action: str, key: str
) -> tuple[dict[int, tuple[AuditEntry, dict[str, str]]], list[int]]:
    """By number, the first entry of the action with its detail; and numbers that a later entry tells of again."""
    told: dict[int, tuple[AuditEntry, dict[str, str]]] = {}
    twice = []
    for entry, detail in _of(trail, action):
        number = int(detail[key])
        if number in told:
            twice.append(number)
        else:
            told[number] = entry, detail
    return told, twice


def _of(trail: Trail, action: str) -> Iterator[tuple[AuditEntry, dict[str, Any]]]:
    return ((entry, json.loads(entry.detail)) for entry in trail.entries if entry.action == action)


def attachment(trail: Trail, revision: int) -> str | None:
    """The content sum under which a revision was attached first; None where none was."""
    told, _ = _told(trail, ATTACHED, "revision")
    return told[revision][1]["content_sha256"] if revision in told else None
