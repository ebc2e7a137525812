"""Erases rows of the record and judges again every report that mentioned them, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from pipeline.erasure.plan import ErasurePlan
from pipeline.judgement.judge_due import judge
from pipeline.judgement.remarks import remarks_of
from pipeline.judgement.report_json import from_record
from pipeline.judgement.trail_checks import DISPUTE_FORGOTTEN, ITEM_FORGOTTEN, REVISIONS_ERASED
from pipeline.reuse.sources import forget
from pipeline.setup.context import Context
from pipeline.setup.opened import MEASURES_VERSION
from storage.interfaces.record import Record


def erase_rows(plan: ErasurePlan, ground: str, context: Context, records: Record, now: datetime) -> None:
    """Remove what the plan names. Judge the reports that mentioned it again, and remove their earlier revisions.

    The dispute's audit trail records what was erased and on what ``ground``, by random ids only.
    """
    for dispute_id in sorted({plan.dispute_id, *plan.others}):
        records.lock_dispute(plan.tenant, dispute_id)
    names = [records.audit_name(plan.tenant, item.id) for item in plan.items]
    decided = records.erase_decisions(plan.tenant, plan.dispute_id, [item.id for item in plan.items])
    records.erase_items(plan.tenant, plan.items)
    forget(plan.tenant, plan.contents, records)
    records.erase_contents(plan.tenant, plan.contents)
    records.erase_uploads(plan.tenant, plan.uploads)
    action = DISPUTE_FORGOTTEN if plan.whole else ITEM_FORGOTTEN
    detail = {"items": " ".join(sorted(names)), "decisions": " ".join(map(str, decided)), "ground": ground}
    records.append_audit(plan.tenant, plan.dispute_id, action, detail, now)
    if plan.whole:
        records.erase_dispute(plan.tenant, plan.dispute_id)
        records.seal_audit(plan.tenant, plan.dispute_id)
    else:
        _forget_in_dispute(plan, records)
        _judge_anew(plan.tenant, [plan.dispute_id], context, records, now)
    _judge_anew(plan.tenant, plan.others, context, records, now)


def _forget_in_dispute(plan: ErasurePlan, records: Record) -> None:
    """Remove what the dispute's own data and its other items say about the items."""
    files, ids = {item.file for item in plan.items}, {item.id for item in plan.items}
    if plan.dispute is not None:
        declared = tuple(entry for entry in plan.dispute.declared_evidence if entry.file not in files)
        origin = records.dispute_origin(plan.tenant, plan.dispute_id)
        records.put_dispute(replace(plan.dispute, declared_evidence=declared), origin)
    left = records.evidence_of(plan.tenant, plan.dispute_id)
    records.put_evidence(
        [
            replace(one, declared=replace(one.declared, replaces=None))
            for one in left
            if one.declared.replaces in files | ids
        ]
    )


def _judge_anew(
    tenant: str, dispute_ids: Iterable[str], context: Context, records: Record, now: datetime
) -> None:
    for dispute_id in dispute_ids:
        attached = records.report(tenant, dispute_id)
        if attached is None:
            continue
        former = from_record(attached.body)
        report = judge(tenant, dispute_id, context, records, now, remarks_of(former)).report
        records.erase_former_item_reports(tenant, dispute_id, MEASURES_VERSION)
        records.erase_revisions(tenant, dispute_id, report.revision)
        records.append_audit(tenant, dispute_id, REVISIONS_ERASED, {"before": str(report.revision)}, now)
