"""Before upload: is this file good enough? It is opened in the jail and judged like an upload; nothing of it is kept."""

from __future__ import annotations

import hashlib
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from pipeline.setup.context import Context
from validators.case import Case
from validators.checks.acceptance import accepted_types, stated_limits
from validators.declared import Declared
from validators.dispute import Dispute
from validators.disputes.attention import finding_rank
from validators.disputes.judge import judge_item
from validators.evidence import Evidence
from validators.finding import FAIL, NOTE, Finding
from validators.policy import Policy, ReasonNeeds
from validators.report import EvidenceReport
from validators.sentences.labels import Labels

DEADLINE_S = 20.0
"""Seconds that opening may take, since somebody is waiting."""
_CHUNK = 1 << 20
_NOT_OF_FILES = ("DESC_", "DUP_")
"""Findings about the description and about other uploads: nothing is compared here."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer. ``findings`` are those that an uploader can do something about, the worst first; the rest are ``notes``."""

    report: EvidenceReport
    findings: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Limit:
    """What may be sent, in words."""

    name: str
    value: str


def precheck(
    file: BinaryIO,
    name: str,
    needs: ReasonNeeds | None,
    sub_reason: str,
    evidence_type: str,
    context: Context,
) -> Checked:
    """Measure and judge ``file``. Raises OutOfTimeError and JailError where it could not be opened through no fault of its own.

    The private copy is in the console's own folder and removed before this returns. No store is touched.
    """
    began = time.monotonic()
    path = context.incoming / uuid.uuid4().hex
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("xb") as copy:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                copy.write(chunk)
        measured = context.opener.open(path, began + DEADLINE_S).measurements
    finally:
        path.unlink(missing_ok=True)
    now = datetime.now(UTC)
    evidence = Evidence(
        "precheck", "precheck", name, digest.hexdigest(), size, now,
        declared=Declared(evidence_type=evidence_type or None, roles=(evidence_type,) if evidence_type else ()),
    )  # fmt: skip
    dispute = Dispute("precheck", reason=needs.reason if needs else None, sub_reason=sub_reason or None)
    report = judge_item(Case(evidence, measured, dispute, now), context.policy)
    found = sorted((f for f in report.findings if not f.code.startswith(_NOT_OF_FILES)), key=finding_rank)
    loud = tuple(f for f in found if f.severity != NOTE and (f.kind == FAIL or f.asks))
    return Checked(report, loud, tuple(f for f in found if f not in loud), time.monotonic() - began)


def limits_in_words(policy: Policy, labels: Labels) -> tuple[Limit, ...]:
    """What the marketplace accepts; where it names no limit, what can be opened at all."""
    types = dict.fromkeys(labels.sentences.label("type", name) for name in accepted_types(policy))
    made = [Limit(labels.text("pages.upload.limit_types"), ", ".join(types))]
    for limit in stated_limits(policy):
        minutes = limit.unit == "s" and limit.most % 60 == 0
        most = labels.formats.quantity(*((limit.most / 60, "min") if minutes else (limit.most, limit.unit)))
        name = labels.text(f"pages.upload.limit_{limit.what}")
        made.append(Limit(name, labels.text("pages.upload.limit_most", most=most)))
    return tuple(made)
