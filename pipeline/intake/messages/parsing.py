"""Parses a message's text into notices of uploads, or the reason why not."""

from __future__ import annotations

import json
from typing import Any

from pipeline.intake.messages.envelopes import SNS_TYPES, read_eventbridge, sns_text
from pipeline.intake.messages.notice import MessageError, Parsed
from pipeline.intake.messages.own import SCHEMA, SCHEMA_NAME, read_own
from pipeline.intake.messages.s3_events import read_records
from storage.interfaces.queue import MAX_BODY


def parse_message(body: str) -> Parsed:
    """What ``body`` holds. Takes any text and never raises: what is not understood is a fault, one sentence each.

    Known are S3 event notifications, directly or through SNS (raw delivery too) or EventBridge, or through
    both; MinIO's and Ceph's variants; our own message; and test events, which hold nothing.
    """
    try:
        document = _load(body)
        if document.get("Type") in SNS_TYPES:
            document = _load(sns_text(document))
        return _read(document)
    except MessageError as error:
        return Parsed(faults=(str(error),))


def _load(text: str) -> dict[str, Any]:
    _check_size(text)
    try:
        document = json.loads(text, parse_constant=_refuse)
    except RecursionError as error:
        raise MessageError("The message is nested too deeply.") from error
    except json.JSONDecodeError as error:
        raise MessageError(f"The message is not JSON: {error.msg} at character {error.pos}.") from error
    except ValueError as error:
        raise MessageError("The message holds a number that cannot be read.") from error
    if not isinstance(document, dict):
        raise MessageError("The message is JSON but no object.")
    return document


def _check_size(text: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise MessageError("The message is not valid Unicode.") from error
    if size > MAX_BODY:
        raise MessageError(f"The message has {size} bytes; at most {MAX_BODY} are taken.")


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _read(document: dict[str, Any]) -> Parsed:
    if str(document.get("schema")).startswith(f"{SCHEMA_NAME}/"):
        return Parsed((read_own(document),))
    if "Records" in document:
        return read_records(document["Records"])
    if "detail-type" in document:
        return read_eventbridge(document)
    if document.get("Event") == "s3:TestEvent":
        return Parsed()
    raise MessageError(f"The message is neither an event notification of S3 nor of the schema {SCHEMA}.")
