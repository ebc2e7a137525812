"""Uploads and claims to work on, as small as their test allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from storage_samples import NOON

from storage.interfaces.claims import Claim, UploadId
from storage.interfaces.record import Record

VERSION = "p1"


def later(seconds: float) -> datetime:
    """So long after noon."""
    return NOON + timedelta(seconds=seconds)


def some_upload(tenant: str, key: str = "a.jpg", version: str = "v1") -> UploadId:
    """An upload of a bucket."""
    return UploadId(tenant, "bucket", key, version)


def some_claim(upload: UploadId, token: str = "t1", holder: str = "m1", at: float = 0, **other: Any) -> Claim:
    """A claim at ``at`` seconds past noon, for a minute."""
    claim = Claim(
        upload=upload,
        pipeline_version=VERSION,
        dispute_id="D-1",
        holder=holder,
        token=token,
        at=later(at),
        until=later(at + 60),
        event_at=NOON,
    )
    return replace(claim, **other)


def attempts_of(records: Record, upload: UploadId) -> list[tuple[int, str | None, str | None]]:
    """(number, outcome, detail) of every attempt recorded, in order."""
    rows = records._connection.exec_driver_sql(  # type: ignore[attr-defined]
        f"SELECT number, outcome, detail FROM attempts WHERE subject = '{upload.digest}' ORDER BY number"
    )
    return [tuple(row) for row in rows]
