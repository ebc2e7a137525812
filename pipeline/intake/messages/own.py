"""Our own message: an upload with what its sender declares of it, schema "dispute-evidence/upload/1"."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.intake.messages.fields import (
    Bucket,
    ETag,
    Id,
    Key,
    Path,
    Sequencer,
    Size,
    Text,
    VersionId,
    ZonedTime,
    fault_in,
)
from pipeline.intake.messages.notice import MessageError, UploadNotice
from storage.interfaces.queue import MAX_BODY

SCHEMA_NAME = "dispute-evidence/upload"
SCHEMA = f"{SCHEMA_NAME}/1"


class _OwnMessage(BaseModel):
    model_config = ConfigDict(extra="ignore", title="Upload message")

    schema_: Annotated[Literal["dispute-evidence/upload/1"], Field(alias="schema")]
    kind: Annotated[Literal["created", "deleted"], Field(description="What happened to the object.")] = (
        "created"
    )
    bucket: Annotated[
        Bucket | None, Field(description="Absent: the configured root of uploads, and key is relative to it.")
    ] = None
    key: Annotated[
        Key, Field(description="The object's key as it is, not URL-encoded: 1 to 1,024 bytes of UTF-8.")
    ]
    version_id: Annotated[VersionId, Field(description="S3's version id. Exactly this version is read.")] = (
        None
    )
    etag: Annotated[ETag, Field(description="Without version_id, etag and size tell versions apart.")] = None
    size: Annotated[Size, Field(description="In bytes.")] = None
    sequencer: Annotated[Sequencer, Field(description="S3's, hexadecimal.")] = None
    event_at: Annotated[ZonedTime | None, Field(description="When the object was uploaded or deleted.")] = (
        None
    )
    tenant: Annotated[Id | None, Field(description="Absent: read from the key, else default.")] = None
    dispute_id: Annotated[Id | None, Field(description="Absent: read from the key.")] = None
    file: Annotated[Path | None, Field(description="Path below the dispute. Absent: read from the key.")] = (
        None
    )
    party: Annotated[Id | None, Field(description="buyer or seller. Absent: read from the key.")] = None
    evidence_type: Annotated[Id | None, Field(description="What the party called it.")] = None
    roles: Annotated[
        tuple[Id, ...], Field(max_length=20, description="The roles that it is meant to fill.")
    ] = ()
    description: Annotated[Text | None, Field(description="How it relates to the dispute.")] = None
    submitted_at: Annotated[ZonedTime | None, Field(description="When the party submitted it.")] = None
    replaces: Annotated[Id | None, Field(description="The file or item that it replaces.")] = None
    declared_type: Annotated[Id | None, Field(description="Its MIME type, as the sender sees it.")] = None
    on_listing: Annotated[
        bool, Field(description="An image of the listing: compared with, never judged.")
    ] = False


def read_own(document: dict[str, Any]) -> UploadNotice:
    """The notice of our own message, parsed from JSON; raises MessageError."""
    if document.get("schema") != SCHEMA:
        raise MessageError(f"The message follows another version of the schema than {SCHEMA}.")
    try:
        message = _OwnMessage.model_validate(document)
    except ValidationError as error:
        raise MessageError(f"The upload message was not understood: {fault_in(error)}.") from error
    return UploadNotice(**message.model_dump(exclude={"schema_"}))


def own_message(notice: UploadNotice) -> str:
    """The message, ASCII JSON, from which ``parse_message`` gives ``notice`` back.

    Raises ValueError with one sentence where a value does not fit the schema: a key of more than 1,024 bytes, a
    time without a zone, a lone surrogate.
    """
    try:
        message = _OwnMessage.model_validate({"schema": SCHEMA, **asdict(notice)})
    except ValidationError as error:
        raise ValueError(f"The upload does not fit in a message: {fault_in(error)}.") from error
    values = message.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    text = json.dumps(values, separators=(",", ":"))
    if len(text) > MAX_BODY:
        raise ValueError(f"The upload does not fit in a message: it would have more than {MAX_BODY} bytes.")
    return text


def json_schema() -> dict[str, Any]:
    """The JSON schema of our own message."""
    return _OwnMessage.model_json_schema(by_alias=True)
