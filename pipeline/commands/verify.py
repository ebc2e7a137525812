"""The command ``evidence verify``: audit trails, and whether reports and decisions are the ones that stand in them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.commands.exit_codes import INCOMPLETE, NOTHING_TO_DO, SOMETHING_TO_DO, USAGE
from pipeline.commands.refusal import complain
from pipeline.commands.report import opened_database, store_exists
from pipeline.judgement.report_content import content_sha256
from pipeline.judgement.report_json import stamp
from pipeline.judgement.trail_checks import Trail, TrailRecords, attachment, faults_of
from storage.errors import StorageError
from storage.interfaces.audit import AuditHead
from storage.interfaces.record import Record
from validators.safe_text import escape_surrogates, unescape_surrogates, visible

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


def _verify(options: VerifyOptions, records: Record) -> int:
    if options.report is not None:
        wrong: list[str] = list(_wrong_with_file(options.report, records))
        _say(wrong, f"{options.report}: " + ("does not hold" if wrong else "is what was attached"))
        return SOMETHING_TO_DO if wrong else NOTHING_TO_DO
    heads = {(head.tenant, head.dispute_id): head for head in records.audit_heads()}
    wrong = []
    trails: dict[tuple[str, str], Trail] = {}
    for tenant, name in sorted({*records.dispute_ids(), *heads}):
        try:
            trail = Trail.of(tenant, name, records)
        except ValueError as error:
            wrong.append(f"{visible(name)}: an audit entry cannot be read: {type(error).__name__}")
            continue
        trails[tenant, name] = trail
        found = faults_of(trail, records, chain_only=options.chains_only)
        wrong += [f"{visible(name)}: {sentence}" for sentence in found]
    if options.head is not None:
        wrong += _wrong_with_heads(_read_heads(options.head), trails)
    entries, broken = sum(len(trail.entries) for trail in trails.values()), len(wrong)
    _say(wrong, f"{entries} audit entries checked, {broken} {'fault' if broken == 1 else 'faults'} found")
    if options.export_heads is not None and not wrong:
        _write_heads(options.export_heads, list(heads.values()))
    return SOMETHING_TO_DO if wrong else NOTHING_TO_DO


def _wrong_with_file(path: Path, records: TrailRecords) -> Iterator[str]:
    """A report.json against the audit trail of its dispute."""
    report = _read(path)
    try:
        tenant = unescape_surrogates(report["dispute"]["tenant"])
        dispute_id = unescape_surrogates(report["dispute"]["id"])
        revision, content = report["revision"], content_sha256(report)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise VerifyError(f"{path} is no report.json.") from None
    trail = Trail.of(tenant, dispute_id, records)
    yield from faults_of(trail, records, chain_only=True)
    told = attachment(trail, revision)
    if told is None:
        yield f"no report of dispute {visible(dispute_id)} was attached as revision {revision}"
    elif told != content:
        yield f"it differs from revision {revision} as it was attached"


def _wrong_with_heads(heads: Sequence[AuditHead], trails: Mapping[tuple[str, str], Trail]) -> Iterator[str]:
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
        name = visible(head.dispute_id)
        if len(chain) < head.sequence:
            yield f"{name}: the chain ends at entry {len(chain)}, the exported head is entry {head.sequence}"
        elif chain[head.sequence - 1].hash != head.hash:
            yield f"{name}: entry {head.sequence} is not the exported head"


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
