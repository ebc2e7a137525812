"""The event that a report was attached: what is posted, and its JSON schema."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from pydantic import TypeAdapter

EVENT_SCHEMA: Final = "dispute-evidence/event/1"
REPORT_ATTACHED: Final = "report.attached"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAttached:
    """``revision`` of the report on ``dispute`` is current from now on. ``idempotency_key`` is the same at every repetition."""

    schema: Literal["dispute-evidence/event/1"] = EVENT_SCHEMA
    type: Literal["report.attached"] = REPORT_ATTACHED
    idempotency_key: str
    tenant: str
    dispute: str
    revision: int


def report_attached(tenant: str, dispute: str, revision: int) -> ReportAttached:
    """The event of that revision."""
    stated = f"{REPORT_ATTACHED}\0{tenant}\0{dispute}\0{revision}"
    key = hashlib.sha256(stated.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return ReportAttached(idempotency_key=key, tenant=tenant, dispute=dispute, revision=revision)


def event_text(event: ReportAttached) -> str:
    """The event as it is sent."""
    return json.dumps(asdict(event))


def event_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of what is sent."""
    body = TypeAdapter(ReportAttached).json_schema(mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": EVENT_SCHEMA,
        "title": "A report was attached",
        "description": "The revision is current from now on. The key is the same at every repetition.",
        "type": "object",
        "properties": {
            name: {key: value for key, value in about.items() if key not in ("title", "default")}
            for name, about in body["properties"].items()
        },
        "required": list(body["properties"]),
    }
