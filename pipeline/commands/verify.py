"""``evidence verify``: audit trails, and whether reports and decisions are the ones they record."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.commands.output.say import say
from pipeline.commands.output.texts import sentences, text
from pipeline.commands.shared.exit_codes import INCOMPLETE, NOTHING_TO_DO, SOMETHING_TO_DO, USAGE
from pipeline.commands.shared.refusal import complain
from pipeline.commands.shared.stores import no_store, opened_database, store_exists
from pipeline.judgement.report_content import content_sha256
from pipeline.judgement.report_json import stamp
from pipeline.judgement.trail_checks import Trail, TrailRecords, attachment, faults_of
from storage.interfaces.audit import AuditHead
from storage.interfaces.record import Record
from validators.safe_text import escape_surrogates, unescape_surrogates

HEADS_SCHEMA = "dispute-evidence/heads/1"


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
        return complain(no_store(options.store), INCOMPLETE)
    try:
        with opened_database(options.store) as database, database.reading() as records:
            return _verify(options, records)
    except VerifyError as error:
        return complain(str(error), USAGE)


def _verify(options: VerifyOptions, records: Record) -> int:
    if options.report is not None:
        return _verify_file(options.report, records)
    heads = {(head.tenant, head.dispute_id): head for head in records.audit_heads()}
    faults: list[str] = []
    trails: dict[tuple[str, str], Trail] = {}
    for tenant, name in sorted({*records.dispute_ids(), *heads}):
        try:
            trail = Trail.of(tenant, name, records)
        except ValueError as error:
            faults.append(text("verify.fault", dispute=name, fault=_unreadable(error)))
            continue
        trails[tenant, name] = trail
        found = faults_of(trail, records, chain_only=options.chains_only)
        faults += [text("verify.fault", dispute=name, fault=sentences().say(fault)) for fault in found]
    if options.head is not None:
        faults += _faults_with_heads(_read_heads(options.head), trails)
    entries = sum(len(trail.entries) for trail in trails.values())
    checked, found_faults = text("entries", count=entries), text("faults", count=len(faults))
    _print(faults, text("verify.summary", entries=checked, faults=found_faults))
    if options.export_heads is not None and not faults:
        _write_heads(options.export_heads, list(heads.values()))
    return SOMETHING_TO_DO if faults else NOTHING_TO_DO


def _verify_file(path: Path, records: Record) -> int:
    faults = list(_faults_with_file(path, records))
    _print(faults, text("verify.file_differs" if faults else "verify.file_holds", path=str(path)))
    return SOMETHING_TO_DO if faults else NOTHING_TO_DO


def _faults_with_file(path: Path, records: TrailRecords) -> Iterator[str]:
    """A report.json against the audit trail of its dispute."""
    report = _read(path)
    try:
        tenant = unescape_surrogates(report["dispute"]["tenant"])
        dispute_id = unescape_surrogates(report["dispute"]["id"])
        revision, content = report["revision"], content_sha256(report)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise VerifyError(text("verify.no_report", path=str(path))) from None
    trail = Trail.of(tenant, dispute_id, records)
    for fault in faults_of(trail, records, chain_only=True):
        yield sentences().say(fault)
    attached = attachment(trail, revision)
    if attached is None:
        yield text("verify.never_attached", dispute=dispute_id, revision=str(revision))
    elif attached != content:
        yield text("verify.differs", revision=str(revision))


def _unreadable(error: Exception) -> str:
    return text("verify.unreadable_entry", error=type(error).__name__)


def _faults_with_heads(heads: Sequence[AuditHead], trails: Mapping[tuple[str, str], Trail]) -> Iterator[str]:
    """An exported head must still be in its chain: entries cut off at the end leave no other trace. The chain of a
    dispute that was erased goes on under a random id."""
    sealed = {
        (trail.tenant, entry.sequence, entry.hash)
        for trail in trails.values()
        if trail.sealed
        for entry in trail.entries
    }
    for head in heads:
        if (head.tenant, head.sequence, head.hash) in sealed:
            continue
        trail = trails.get((head.tenant, head.dispute_id))
        chain = trail.entries if trail else ()
        if len(chain) < head.sequence:
            cut = text("verify.cut", last=len(chain), head=head.sequence)
            yield text("verify.fault", dispute=head.dispute_id, fault=cut)
        elif chain[head.sequence - 1].hash != head.hash:
            other = text("verify.other_head", head=head.sequence)
            yield text("verify.fault", dispute=head.dispute_id, fault=other)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise VerifyError(text("refused.unreadable", path=str(path), reason=error.strerror)) from None
    except ValueError:
        raise VerifyError(text("verify.no_json", path=str(path))) from None


def _read_heads(path: Path) -> list[AuditHead]:
    tree = _read(path)
    try:
        if tree["schema"] != HEADS_SCHEMA:
            raise VerifyError(text("verify.no_heads", path=str(path)))
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
        raise VerifyError(text("verify.no_heads", path=str(path))) from None


def _write_heads(path: Path, heads: Sequence[AuditHead]) -> None:
    plain = [
        {
            "tenant": escape_surrogates(head.tenant),
            "dispute": escape_surrogates(head.dispute_id),
            "sequence": head.sequence,
            "hash": head.hash,
        }
        for head in heads
    ]
    body = {"schema": HEADS_SCHEMA, "at": stamp(datetime.now(UTC)), "heads": plain}
    try:
        path.write_text(json.dumps(body, indent=1) + "\n", "utf-8")
    except OSError as error:
        raise VerifyError(text("refused.unwritable", path=str(path), reason=error.strerror)) from None
    say(text("verify.heads_written", count=len(heads), path=str(path)))


def _print(faults: Sequence[str], summary: str) -> None:
    for line in (*faults, summary):
        say(line)
