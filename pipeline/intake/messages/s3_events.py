"""S3 event notifications ("Records"), as AWS, MinIO, Ceph and servers for tests send them.

Source of the shape: S3 user guide, "Event message structure". Keys are form-URL-encoded, with "/" either way. Ceph
sends them as they are, and so do servers whose keys hold what form encoding would have escaped.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from pipeline.intake.messages.fields import (
    Bucket,
    ETag,
    EventTime,
    Sequencer,
    Size,
    VersionId,
    checked_key,
    fault_in,
)
from pipeline.intake.messages.notice import CREATED, DELETED, MessageError, Parsed, UploadNotice

_KINDS = (
    ("ObjectCreated:", CREATED),
    ("ObjectRemoved:", DELETED),
    ("LifecycleExpiration:", DELETED),
    # Ceph's names for an expired object; its other expirations remove markers and unfinished uploads.
    ("ObjectLifecycle:Expiration:Current", DELETED),
    ("ObjectLifecycle:Expiration:NonCurrent", DELETED),
)
_MAX_FAULTS = 20
_UNENCODED = re.compile("[^!-~]")
_BROKEN_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")


class _Bucket(BaseModel):
    name: Bucket


class _Object(BaseModel):
    model_config = ConfigDict(extra="ignore")

    key: str
    size: Size = None
    etag: ETag = Field(None, validation_alias=AliasChoices("eTag", "etag", "ETag"))
    version_id: VersionId = Field(None, validation_alias=AliasChoices("versionId", "version-id"))
    sequencer: Sequencer = None


class BucketEntry(BaseModel):
    """A bucket with one of its objects: "s3" of a record, "detail" of an EventBridge event."""

    bucket: _Bucket
    object: _Object

    def notice(self, kind: str, event_at: datetime | None, *, encoded: bool) -> UploadNotice:
        """The notice of it; ValueError where the key does not decode. ``encoded``: keys are form-URL-encoded."""
        found = self.object
        return UploadNotice(
            kind=kind,
            bucket=self.bucket.name,
            key=checked_key(_decoded(found.key) if encoded else found.key),
            version_id=found.version_id,
            etag=found.etag,
            size=found.size,
            sequencer=found.sequencer,
            event_at=event_at,
        )


class _Record(BaseModel):
    event_time: EventTime = Field(None, alias="eventTime")
    s3: BucketEntry


def read_records(records: object) -> Parsed:
    """The notices of a notification's records, with one fault for each record that was not understood (the first
    20, then their number). Raises MessageError where ``records`` is no list."""
    if not isinstance(records, list):
        raise MessageError('"Records" is not a list.')
    notices: list[UploadNotice] = []
    faults: list[str] = []
    for number, record in enumerate(records, 1):
        try:
            notice = _notice(record)
        except ValidationError as error:
            faults.append(f"Record {number} of {len(records)} was not understood: {fault_in(error)}.")
        except ValueError as error:
            faults.append(f"Record {number} of {len(records)} was not understood: {error}.")
        else:
            notices.extend([notice] if notice else [])
    if len(faults) > _MAX_FAULTS:
        faults[_MAX_FAULTS:] = [f"Nor were {len(faults) - _MAX_FAULTS} more records."]
    return Parsed(tuple(notices), tuple(faults))


def _notice(record: Any) -> UploadNotice | None:
    if not isinstance(record, dict):
        raise MessageError("it is no object")
    source = record.get("eventSource", record.get("EventSource", "aws:s3"))
    if isinstance(source, str) and not source.endswith("s3"):
        return None
    name = record.get("eventName")
    if not isinstance(name, str) or not name:
        raise MessageError("it has no eventName")
    name = name.removeprefix("s3:")
    kind = next((kind for prefix, kind in _KINDS if name.startswith(prefix)), None)
    if kind is None:
        return None
    parsed = _Record.model_validate(record)
    return parsed.s3.notice(kind, parsed.event_time, encoded=source != "ceph:s3")


def _decoded(key: str) -> str:
    if _UNENCODED.search(key):
        return key
    if _BROKEN_ESCAPE.search(key):
        raise ValueError('s3.object.key does not decode: a "%" without two hexadecimal digits')
    try:
        return unquote_plus(key, errors="strict")
    except UnicodeDecodeError as error:
        raise ValueError("s3.object.key does not decode as UTF-8") from error
