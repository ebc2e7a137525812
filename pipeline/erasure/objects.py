"""Erases objects: originals with every version, derivatives, features, and the uploads themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pipeline.erasure.plan import ErasurePlan
from pipeline.intake.messages.key_layout import LayoutError
from pipeline.intake.origin import Origin
from storage.interfaces.erasure import UploadedObject
from storage.interfaces.objects import Objects
from storage.interfaces.record import Database

ORIGINALS = "originals"
ALL = ("derivatives", "features", ORIGINALS)
"""What is stored of a file's bytes, by the first segment of its keys."""


def erase_media(plan: ErasurePlan, objects: Objects, origin: Origin) -> tuple[int, list[str]]:
    """Remove them. Returns how many objects were removed, and the addresses of uploads stored elsewhere, which stay."""
    keys = [key for content in plan.objects_of for key in keys_of(content, objects)]
    for key in keys:
        objects.erase(key)
    ours, elsewhere = sorted_uploads(plan.uploads, origin)
    for key in ours:
        origin.objects.erase(key)
    return len(keys) + len(ours), elsewhere


def keys_of(content: str, objects: Objects, kinds: Sequence[str] = ALL) -> Iterator[str]:
    """Keys of what is stored of those bytes, of these ``kinds``."""
    if content.startswith("unopened:"):
        return
    for kind in kinds:
        start = f"{kind}/{content[:2]}/{content}"
        if kind != ORIGINALS:
            yield from objects.keys(f"{start}-")
        elif objects.exists(start):
            yield start


def sorted_uploads(uploads: Iterable[UploadedObject], origin: Origin) -> tuple[list[str], list[str]]:
    """Keys inside the uploads' bucket and prefix, and addresses outside it."""
    ours, elsewhere = [], []
    for upload in uploads:
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
