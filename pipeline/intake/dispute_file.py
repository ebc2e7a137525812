"""Parses ``dispute.json``. Every field but ``id`` is optional, and a fault is reported in one sentence."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from pipeline.intake.operator_text import TextError, decode_text
from validators.declared import Declared
from validators.dispute import (
    DeclaredEvidence,
    Dispute,
    EvidenceRequest,
    Order,
    OrderEvent,
    Party,
    Resolution,
)

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
MAX_BYTES = 8 * 1024 * 1024


class DisputeFileError(ValueError):
    """The operator's fault: a dispute file that cannot be read. The message says where and what."""


def _text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("the time is out of range") from error


def _from_midnight(value: object) -> object:
    is_day = isinstance(value, str) and _DAY.fullmatch(value)
    return f"{value}T00:00:00Z" if is_day else value


Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
Sent = Annotated[AwareDatetime, BeforeValidator(_from_midnight), AfterValidator(_utc)]
"""A time, or a date without one, which stands for that whole day (Evidence.sent_between)."""
Text = Annotated[str, BeforeValidator(_text), Field(max_length=10_000)]
Id = Annotated[str, BeforeValidator(_text), Field(min_length=1, max_length=200)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Party(_Model):
    id: Id | None = None


class _Parties(_Model):
    buyer: _Party = _Party()
    seller: _Party = _Party()


class _Event(_Model):
    type: Id
    at: Moment
    source: Id = "platform"


class _Order(_Model):
    id: Id | None = None
    tracking: Id | None = None
    promised_by: Moment | None = None
    events: list[_Event] = []


class _Request(_Model):
    party: Id
    due_by: Moment
    roles: list[Id] = []


class _Resolution(_Model):
    type: Id
    amount: Text | None = None
    return_goods: Annotated[bool | None, Field(alias="return")] = None


class _Evidence(_Model):
    file: Annotated[str, Field(min_length=1, max_length=4096)]
    party: Id | None = None
    evidence_type: Id | None = None
    roles: list[Id] = []
    description: Text | None = None
    submitted_at: Sent | None = None
    received_at: Sent | None = None
    replaces: Id | None = None
    declared_type: Id | None = None


class _DisputeFile(_Model):
    id: Id
    tenant: Id = "default"
    reason: Id | None = None
    sub_reason: Id | None = None
    stage: Id | None = None
    status: Id | None = None
    requested_resolution: _Resolution | None = None
    return_agreed: bool = False
    opened_at: Moment | None = None
    withdrawn_at: Moment | None = None
    closed_at: Moment | None = None
    legal_hold: bool = False
    parties: _Parties = _Parties()
    listing_id: Id | None = None
    order: _Order = _Order()
    evidence_requests: list[_Request] = []
    evidence: list[_Evidence] = []


def parse_dispute_file(data: bytes) -> Dispute:
    """Parse the bytes of a dispute file; raises DisputeFileError with one plain sentence."""
    if len(data) > MAX_BYTES:
        raise DisputeFileError(f"it is larger than {MAX_BYTES // 1024 // 1024} MB")
    try:
        parsed = _DisputeFile.model_validate_json(decode_text(data))
    except TextError as error:
        raise DisputeFileError(str(error)) from error
    except ValidationError as error:
        raise DisputeFileError(_sentence(error)) from error
    return _dispute(parsed)


def json_schema() -> dict[str, Any]:
    """The JSON schema of a dispute file: an editor completes one whose ``$schema`` names it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_DisputeFile.model_json_schema(by_alias=True),
        "$id": "dispute-evidence/dispute/1",
        "title": "Data of one dispute",
    }


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{place + ': ' if place else ''}{first['msg']}{more}"


def _dispute(parsed: _DisputeFile) -> Dispute:
    request: Any = parsed.requested_resolution
    return Dispute(
        id=parsed.id,
        tenant=parsed.tenant,
        reason=parsed.reason,
        sub_reason=parsed.sub_reason,
        stage=parsed.stage,
        status=parsed.status,
        requested_resolution=Resolution(request.type, request.amount, request.return_goods)
        if request
        else None,
        return_agreed=parsed.return_agreed,
        opened_at=parsed.opened_at,
        withdrawn_at=parsed.withdrawn_at,
        closed_at=parsed.closed_at,
        legal_hold=parsed.legal_hold,
        buyer=Party(parsed.parties.buyer.id),
        seller=Party(parsed.parties.seller.id),
        listing_id=parsed.listing_id,
        order=Order(
            id=parsed.order.id,
            tracking=parsed.order.tracking,
            promised_by=parsed.order.promised_by,
            events=tuple(OrderEvent(e.type, e.at, e.source) for e in parsed.order.events),
        ),
        evidence_requests=tuple(
            EvidenceRequest(r.party, r.due_by, tuple(r.roles)) for r in parsed.evidence_requests
        ),
        declared_evidence=tuple(_declared(entry) for entry in parsed.evidence),
    )


def _declared(entry: _Evidence) -> DeclaredEvidence:
    declared = Declared(
        party=entry.party,
        evidence_type=entry.evidence_type,
        roles=tuple(entry.roles),
        description=entry.description,
        submitted_at=entry.submitted_at,
        received_at=entry.received_at,
        replaces=entry.replaces,
        declared_type=entry.declared_type,
    )
    return DeclaredEvidence(entry.file, declared)
