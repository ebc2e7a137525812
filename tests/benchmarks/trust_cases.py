"""Disputes made for the table of trust: what was sent in them, and which finding each item should get."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from PIL import Image

PLACED = datetime(2026, 3, 2, 9, tzinfo=UTC)
DELIVERED = PLACED + timedelta(days=8)
OPENED = DELIVERED + timedelta(days=1)
SENT = OPENED + timedelta(hours=2)
AS_OF = OPENED + timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Item:
    """One upload of the buyer. ``data`` is None where the file is named and does not come.

    ``group`` is what it counts for: "photos", "screens" or "documents", or the name of a planted fault; not counted without.
    """

    name: str
    data: bytes | None
    group: str = ""
    role: str = "item"
    description: str | None = "What the parcel held."
    sent: datetime = SENT


@dataclass(frozen=True, slots=True)
class MadeDispute:
    """A dispute of its own buyer. ``group`` counts where the finding belongs to the dispute."""

    id: str
    items: tuple[Item, ...]
    group: str = ""
    listing: bytes | None = None
    placed: datetime = PLACED
    delivered: datetime = DELIVERED
    opened: datetime = OPENED
    facts: Mapping[str, str] = field(default_factory=lambda: {"reason": "NOT_AS_DESCRIBED"})

    def write(self, folder: Path) -> None:
        """Its folder, as ``evidence check`` reads it."""
        here = folder / self.id
        (here / "buyer").mkdir(parents=True)
        for item in self.items:
            if item.data is not None:
                (here / "buyer" / item.name).write_bytes(item.data)
        if self.listing is not None:
            (here / "listing").mkdir()
            (here / "listing" / "1.jpg").write_bytes(self.listing)
        (here / "dispute.json").write_text(json.dumps(self._said()), "utf-8")

    def _said(self) -> dict[str, object]:
        events = [("placed", self.placed, "platform"), ("delivered", self.delivered, "carrier")]
        return {
            "id": self.id,
            **self.facts,
            "opened_at": self.opened.isoformat(),
            "listing_id": f"L-{self.id}",
            "parties": {"buyer": {"id": f"b-{self.id}"}, "seller": {"id": f"s-{self.id}"}},
            "order": {"events": [{"type": t, "at": at.isoformat(), "source": by} for t, at, by in events]},
            "evidence": [_declared(item) for item in self.items],
        }


def _declared(item: Item) -> dict[str, object]:
    said = {"description": item.description} if item.description else {}
    return {
        "file": f"buyer/{item.name}",
        "party": "buyer",
        "roles": [item.role],
        "submitted_at": item.sent.isoformat(),
        **said,
    }


def saved(rgb: np.ndarray, form: str = "JPEG", quality: int = 88, exif: Image.Exif | None = None) -> bytes:
    """The picture as a file."""
    buffer = io.BytesIO()
    more = {"quality": quality} if form == "JPEG" else {}
    Image.fromarray(rgb).save(buffer, form, exif=Image.Exif() if exif is None else exif, **more)
    return buffer.getvalue()
