"""Removes the files and pictures of disputes that ended long enough ago. Their reports and audit trails stay."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pipeline.erasure.objects import keys_of, sorted_uploads
from pipeline.intake.origin import Origin
from storage.interfaces.audit import Audit
from storage.interfaces.disputes import Disputes
from storage.interfaces.erasure import Erasure, UploadedObject
from storage.interfaces.objects import Objects
from storage.interfaces.record import Database
from validators.disputes.retention import held, media_kept
from validators.evidence import Evidence
from validators.policy import Policy

MEDIA_REMOVED = "media_removed"
"""The audit trail's entry: how many objects went, and under which rule."""


class RetentionRecords(Audit, Disputes, Erasure, Protocol):
    """What a plan is read from."""


@dataclass(frozen=True, slots=True)
class MediaPlan:
    """What is to go of one dispute. ``contents`` are those of which no dispute keeps anything."""

    tenant: str
    dispute_id: str
    items: int
    uploads: tuple[UploadedObject, ...]
    contents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Retained:
    """What became of one dispute. ``held``: a legal hold keeps it. ``elsewhere``: uploads stored outside our place."""

    plan: MediaPlan | None
    held: bool = False
    objects: int = 0
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retention:
    """Applies the policy's [rules.retention] to every dispute, one at a time. May be interrupted and run again."""

    database: Database
    objects: Objects
    origin: Origin
    policy: Policy
    now: datetime

    def run(self, *, remove: bool) -> Iterator[Retained]:
        """Each dispute in order; nothing is changed unless ``remove``."""
        with self.database.reading() as records:
            disputes = records.dispute_ids()
        for tenant, dispute_id in disputes:
            # Read just before it is removed: a hold or a late upload may have come meanwhile.
            with self.database.reading() as records:
                if held(records.dispute(tenant, dispute_id)) is not None:
                    yield Retained(None, held=True)
                    continue
                plan = self._plan(tenant, dispute_id, records)
            yield Retained(None) if plan is None else self._carried_out(plan, remove=remove)

    def _plan(self, tenant: str, dispute_id: str, records: RetentionRecords) -> MediaPlan | None:
        items = records.every_item_of(tenant, dispute_id)
        if not self._may_go(tenant, dispute_id, items, records) or self._is_done(
            tenant, dispute_id, items, records
        ):
            return None
        uploads = records.uploaded_objects(tenant, [item.id for item in items], dispute_id)
        contents = {item.content_key for item in items}
        contents -= self._kept_elsewhere(contents, (tenant, dispute_id), records)
        return MediaPlan(tenant, dispute_id, len(items), tuple(uploads), tuple(sorted(contents)))

    def _may_go(
        self, tenant: str, dispute_id: str, items: Sequence[Evidence], records: RetentionRecords
    ) -> bool:
        last = max((item.received_at for item in items), default=None)
        return media_kept(records.dispute(tenant, dispute_id), last, self.policy, self.now) is None

    def _is_done(
        self, tenant: str, dispute_id: str, items: Sequence[Evidence], records: RetentionRecords
    ) -> bool:
        """Whether all of it went before. Items that came since make it more."""
        removed = [
            json.loads(entry.detail)["items"]
            for entry in records.audit(tenant, dispute_id)
            if entry.action == MEDIA_REMOVED
        ]
        return bool(removed) and removed[-1] == str(len(items))

    def _kept_elsewhere(
        self, contents: set[str], own: tuple[str, str], records: RetentionRecords
    ) -> set[str]:
        """The contents of which another dispute, of any tenant, still needs the pictures."""
        kept: set[str] = set()
        may_go = {own: True}
        for content, *dispute in records.disputes_holding(contents):
            tenant, dispute_id = dispute
            if (tenant, dispute_id) not in may_go:
                items = records.every_item_of(tenant, dispute_id)
                may_go[tenant, dispute_id] = self._may_go(tenant, dispute_id, items, records)
            if not may_go[tenant, dispute_id]:
                kept.add(content)
        return kept

    def _carried_out(self, plan: MediaPlan, *, remove: bool) -> Retained:
        keys = [
            key
            for content in plan.contents
            for key in keys_of(content, self.objects, ("derivatives", "originals"))
        ]
        ours, elsewhere = sorted_uploads(plan.uploads, self.origin)
        if remove:
            for key in keys:
                self.objects.erase(key)
            for key in ours:
                self.origin.objects.erase(key)
            detail = {
                "items": str(plan.items),
                "objects": str(len(keys) + len(ours)),
                "rule": "retention.media_days",
            }
            with self.database.transaction() as records:
                records.lock_dispute(plan.tenant, plan.dispute_id)
                records.append_audit(plan.tenant, plan.dispute_id, MEDIA_REMOVED, detail, self.now)
        return Retained(plan, objects=len(keys) + len(ours), elsewhere=tuple(elsewhere))
