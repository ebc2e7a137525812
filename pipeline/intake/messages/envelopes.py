"""The envelopes of S3's events: SNS and EventBridge.

Sources: SNS developer guide, "Parsing message formats"; S3 user guide, "EventBridge event message structure".
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from pipeline.intake.messages.fields import EventTime, fault_in
from pipeline.intake.messages.notice import CREATED, DELETED, MessageError, Parsed
from pipeline.intake.messages.s3_events import BucketEntry

SNS_TYPES = ("Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation")
_KINDS = {"Object Created": CREATED, "Object Deleted": DELETED}


class _Event(BaseModel):
    time: EventTime = None
    detail: BucketEntry


def sns_text(document: dict[str, Any]) -> str:
    """The message inside an SNS notification. Raises MessageError for SNS's other messages, which an operator must see."""
    if document["Type"] == "SubscriptionConfirmation":
        raise MessageError("SNS wants a subscription confirmed: confirm it, or subscribe the queue again.")
    if document["Type"] == "UnsubscribeConfirmation":
        raise MessageError(
            "SNS reports that the queue's subscription was removed: subscribe it again if needed."
        )
    text = document.get("Message")
    if not isinstance(text, str):
        raise MessageError('The SNS notification has no text in "Message".')
    return text


def read_eventbridge(document: dict[str, Any]) -> Parsed:
    """The notice of an EventBridge event; none where it is another service's or about no upload."""
    if document.get("source", "aws.s3") != "aws.s3":
        return Parsed()
    name = document["detail-type"]
    if not isinstance(name, str):
        raise MessageError('"detail-type" of the EventBridge event is no text.')
    kind = _KINDS.get(name)
    if kind is None:
        return Parsed()
    try:
        event = _Event.model_validate(document)
        return Parsed((event.detail.notice(kind, event.time, encoded=False),))
    except ValidationError as error:
        raise MessageError(f"The EventBridge event was not understood: {fault_in(error)}.") from error
    except ValueError as error:
        raise MessageError(f"The EventBridge event was not understood: {error}.") from error
