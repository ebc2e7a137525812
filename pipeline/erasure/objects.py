"""Erases objects: originals with every version, derivatives, features, and the uploads themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.erasure.plan import ErasurePlan
from pipeline.intake.messages.key_layout import LayoutError
from pipeline.intake.origin import Origin
from storage.interfaces.objects import Objects
from storage.interfaces.record import Database


def erase_media(plan: ErasurePlan, objects: Objects, origin: Origin) -> tuple[int, list[str]]:
    """Remove them. Returns how many objects were removed, and the addresses of uploads stored elsewhere, which stay."""
    keys = [key for content in plan.objects_of for key in _keys_of(content, objects)]
    for key in keys:
        objects.erase(key)
    ours, elsewhere = _sorted_uploads(plan, origin)
    for key in ours:
        origin.objects.erase(key)
    return len(keys) + len(ours), elsewhere


def _keys_of(content: str, objects: Objects) -> Iterator[str]:
    if content.startswith("unopened:"):
        return
    start = content[:2]
    for prefix in (f"derivatives/{start}/{content}-", f"features/{start}/{content}-"):
        yield from objects.keys(prefix)
    original = f"originals/{start}/{content}"
    if objects.exists(original):
        yield original


def _sorted_uploads(plan: ErasurePlan, origin: Origin) -> tuple[list[str], list[str]]:
    """Keys inside the uploads' bucket and prefix, and addresses outside it."""
    ours, elsewhere = [], []
    for upload in plan.uploads:
        if upload.bucket == origin.bucket and upload.key.startswith(origin.prefix):
            ours.append(upload.key.removeprefix(origin.prefix))
        else:
            elsewhere.append(f"{upload.bucket}/{upload.key}")
    return ours, elsewhere


def renew_reports(tenant: str, dispute_ids: Sequence[str], origin: Origin, database: Database) -> None:
    """Replace the reports written beside the evidence, with every version. A forgotten dispute's is only removed."""
    for dispute_id in dispute_ids:
        try:
            key = origin.layout.report_key(tenant, dispute_id)
        except LayoutError:
            continue  # no key names it, so none was ever written
        if not origin.objects.exists(key):
            continue
        origin.objects.erase(key)
        with database.reading() as records:
            attached = records.report(tenant, dispute_id)
        if attached is not None:
            origin.objects.put(key, attached.body.encode(), "application/json")
