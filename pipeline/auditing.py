"""The command ``evidence verify``: audit trails, and whether reports and decisions are the ones that stand in them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.exits import INCOMPLETE, NOTHING_TO_DO, SOMETHING_TO_DO, USAGE
from pipeline.records_view import opened_database, store_exists
from pipeline.refusing import complain
from pipeline.rendering.report_json import stamp
from pipeline.rendering.text import escape_surrogates, unescape_surrogates, visible
from pipeline.report_content import content_sha256
from storage.audit import verify_chain
from storage.errors import StorageError
from storage.interfaces import AuditEntry, AuditHead, Disputes
from storage.records_decisions import ACTION as DECISION
from storage.records_decisions import decision_sha256

HEADS_SCHEMA = "dispute-evidence/heads/1"
ITEM_FORGOTTEN = "evidence_forgotten"
"""The audit entry of an erased item: it names the decisions that went with it."""
_ATTACHED = "report_attached"


class VerifyError(Exception):
    """What was given cannot be verified against; the message says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class VerifyOptions:
    """The command line of ``evidence verify``, parsed. ``chains_only``: reports and decisions are left out."""

    store: Path
    report: Path | None = None
    chains_only: bool = False
    head: Path | None = None
    export_heads: Path | None = None


def run_verify(options: VerifyOptions) -> int:
    """Verify and name everything that does not hold; returns the exit status."""
    if not store_exists(options.store):
        return complain(f"there is no store in {options.store}.", INCOMPLETE)
    try:
        with opened_database(options.store) as database:
            database.migrate()
            with database.reading() as records:
                return _verify(options, records)
    except VerifyError as error:
        return complain(str(error), USAGE)
    except StorageError as error:
        return complain(str(error), INCOMPLETE)


def _verify(options: VerifyOptions, records: Disputes) -> int:
    if options.report is not None:
        wrong = list(_wrong_with_file(options.report, records))
        _say(wrong, f"{options.report}: " + ("does not hold" if wrong else "is what was attached"))
        return SOMETHING_TO_DO if wrong else NOTHING_TO_DO
    heads = {(head.tenant, head.dispute_id): head for head in records.audit_heads()}
    wrong, entries = [], 0
    for tenant, dispute_id in sorted({*records.dispute_ids(), *heads}):
        chain = records.audit(tenant, dispute_id)
        entries += len(chain)
        found = list(_wrong_with_chain(tenant, dispute_id, chain, records))
        sealed = records.audit_start(tenant, dispute_id) is None
        if not (found or sealed or options.chains_only):
            found = [*_wrong_with_report(tenant, dispute_id, chain, records)]
            found += _wrong_with_decisions(tenant, dispute_id, chain, records)
        wrong += [f"{visible(dispute_id)}: {sentence}" for sentence in found]
    if options.head is not None:
        wrong += _wrong_with_heads(_read_heads(options.head), records)
    broken = len(wrong)
    _say(wrong, f"{entries} audit entries checked, {broken} {'fault' if broken == 1 else 'faults'} found")
    if options.export_heads is not None and not wrong:
        _write_heads(options.export_heads, list(heads.values()))
    return SOMETHING_TO_DO if wrong else NOTHING_TO_DO


def _wrong_with_chain(
    tenant: str, dispute_id: str, chain: Sequence[AuditEntry], records: Disputes
) -> Iterator[str]:
    place = verify_chain(chain, records.audit_start(tenant, dispute_id))
    if place is not None:
        yield f"entry {chain[place].sequence} does not fit the chain"


def _wrong_with_report(
    tenant: str, dispute_id: str, chain: Sequence[AuditEntry], records: Disputes
) -> Iterator[str]:
    """The newest report against its entry, and the entries against there being one."""
    attached = records.report(tenant, dispute_id)
    told = _attachments(chain)
    newest = max(told, default=0)
    if attached is None:
        if told:
            yield f"report revision {newest} is not there"
        return
    if attached.revision != newest:
        yield f"the newest report is revision {attached.revision}, by the audit trail {newest}"
    elif content_sha256(json.loads(attached.body)) != told[newest]:
        yield f"report revision {newest} is not the one that was attached"


def _wrong_with_decisions(
    tenant: str, dispute_id: str, chain: Sequence[AuditEntry], records: Disputes
) -> Iterator[str]:
    details = [json.loads(entry.detail) for entry in chain if entry.action == DECISION]
    told = {int(detail["number"]): detail["sha256"] for detail in details}
    there = {one.number: decision_sha256(one) for one in records.decisions(tenant, dispute_id)}
    erased = {
        int(number)
        for entry in chain
        if entry.action == ITEM_FORGOTTEN
        for number in json.loads(entry.detail)["decisions"].split()
    }
    for number in sorted((told.keys() - erased) | there.keys()):
        if number not in there:
            yield f"decision {number} is not there"
        elif told.get(number) != there[number]:
            yield f"decision {number} is not the one that was made"


def _wrong_with_file(path: Path, records: Disputes) -> Iterator[str]:
    """A report.json against the audit trail of its dispute."""
    report = _read(path)
    try:
        tenant = unescape_surrogates(report["dispute"]["tenant"])
        dispute_id = unescape_surrogates(report["dispute"]["id"])
        revision, content = report["revision"], content_sha256(report)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise VerifyError(f"{path} is no report.json.") from None
    chain = records.audit(tenant, dispute_id)
    yield from _wrong_with_chain(tenant, dispute_id, chain, records)
    told = _attachments(chain).get(revision)
    if told is None:
        yield f"no report of dispute {visible(dispute_id)} was attached as revision {revision}"
    elif told != content:
        yield f"it differs from revision {revision} as it was attached"


def _wrong_with_heads(heads: Sequence[AuditHead], records: Disputes) -> Iterator[str]:
    """An exported head must still be in its chain: entries cut off at the end leave no other trace. The chain of a
    dispute that was erased goes on under a random id."""
    sealed = _sealed(records)
    for head in heads:
        if (head.tenant, head.sequence, head.hash) in sealed:
            continue
        chain = records.audit(head.tenant, head.dispute_id)
        name = visible(head.dispute_id)
        if len(chain) < head.sequence:
            yield f"{name}: the chain ends at entry {len(chain)}, the exported head is entry {head.sequence}"
        elif chain[head.sequence - 1].hash != head.hash:
            yield f"{name}: entry {head.sequence} is not the exported head"


def _sealed(records: Disputes) -> set[tuple[str, int, str]]:
    """(tenant, sequence, hash) of every entry of a chain that no longer names its dispute."""
    return {
        (tenant, entry.sequence, entry.hash)
        for tenant, name in records.audit_chains()
        if records.audit_start(tenant, name) is None
        for entry in records.audit(tenant, name)
    }


def _attachments(chain: Sequence[AuditEntry]) -> dict[int, str]:
    """The content sum of each revision that the chain tells of."""
    details = [json.loads(entry.detail) for entry in chain if entry.action == _ATTACHED]
    return {int(detail["revision"]): str(detail["content_sha256"]) for detail in details}


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise VerifyError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise VerifyError(f"{path} is no JSON.") from None


def _read_heads(path: Path) -> list[AuditHead]:
    tree = _read(path)
    try:
        if tree["schema"] != HEADS_SCHEMA:
            raise VerifyError(f"{path} is no file of exported heads.")
        return [
            AuditHead(
                unescape_surrogates(one["tenant"]),
                unescape_surrogates(one["dispute"]),
                int(one["sequence"]),
                one["hash"],
            )
            for one in tree["heads"]
        ]
    except (KeyError, TypeError, ValueError):
        raise VerifyError(f"{path} is no file of exported heads.") from None


def _write_heads(path: Path, heads: Sequence[AuditHead]) -> None:
    told = [
        {
            "tenant": escape_surrogates(head.tenant),
            "dispute": escape_surrogates(head.dispute_id),
            "sequence": head.sequence,
            "hash": head.hash,
        }
        for head in heads
    ]
    body = {"schema": HEADS_SCHEMA, "at": stamp(datetime.now(UTC)), "heads": told}
    try:
        path.write_text(json.dumps(body, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise VerifyError(f"{path} cannot be written: {error.strerror}.") from None
    sys.stdout.write(
        f"{len(heads)} heads written to {path}: keep it where the record's writers cannot reach it\n"
    )


def _say(wrong: Sequence[str], summary: str) -> None:
    for sentence in wrong:
        sys.stdout.write(f"{sentence}\n")
    sys.stdout.write(f"{summary}\n")
