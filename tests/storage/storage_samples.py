"""Records to store, as small as their test allows."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from declared_kit import gathered

from storage.interfaces.examinations import Examination, StoredDerivative
from storage.interfaces.matches import Pair
from validators.dispute import Dispute, EvidenceRequest, Order, OrderEvent, Party, Resolution
from validators.evidence import (
    ClarityMeasures,
    ContentMeasures,
    Evidence,
    Fingerprint,
    ImageFacts,
    Measurements,
    PageMeasures,
    Problem,
    Region,
    TimeCandidate,
    VideoFacts,
)

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
ODD_TEXT = "naïve \n \u2028 \x00 \udc80\ud800 \ufdd0ffff 'quoted' \"double\" \\ \U0001f4e6 %s :name ?"
"""What file names and descriptions may hold."""


def sha256_of(name: object) -> str:
    """A digest that stands for a file."""
    return hashlib.sha256(str(name).encode()).hexdigest()


def some_evidence(tenant: str, id_: str, dispute_id: str = "D-1", **other: Any) -> Evidence:
    """An item; received at noon unless told."""
    given = {"file": f"{id_}.jpg", "sha256": sha256_of(id_), "bytes": 3, "received_at": NOON} | other
    return Evidence(id=id_, dispute_id=dispute_id, tenant=tenant, **gathered(given))


def full_dispute(tenant: str) -> Dispute:
    """A dispute with every field set."""
    return Dispute(
        id="D-1",
        tenant=tenant,
        declared=False,
        reason="NOT_AS_DESCRIBED",
        sub_reason="damaged",
        stage="NEGOTIATION",
        status="OPEN",
        requested_resolution=Resolution("refund", "12.50 EUR", False),
        return_agreed=True,
        opened_at=NOON,
        withdrawn_at=NOON + timedelta(days=1),
        closed_at=NOON + timedelta(days=2, microseconds=1),
        buyer=Party("b-17"),
        seller=Party(ODD_TEXT),
        listing_id="L-9",
        order=Order(
            "O-77", "LP001", NOON, (OrderEvent("placed", NOON), OrderEvent("delivered", NOON, "carrier"))
        ),
        evidence_requests=(EvidenceRequest("buyer", NOON, ("item", "label")),),
    )


def full_measurements(version: str = "m1", **other: Any) -> Measurements:
    """Measurements with every field set."""
    clarity = ClarityMeasures(
        0.5, 10, 1.25, 100.0, 1.0, 250.0, 30.0, 0.1, 0.2, 0.3, Region(0.1, 0.2, 0.3, 0.4)
    )
    fingerprint = Fingerprint("phash256", "1", tuple(f"{n:064x}" for n in range(8)))
    given: dict[str, Any] = {
        "kind": "photo",
        "problems": (Problem("limited", "first 200 pages", 900.0, 200.0, "pages"), Problem("damaged")),
        "image": ImageFacts(4000, 3000, "JPEG", "CMYK", 2, 6, 16),
        "clarity": clarity,
        "content": ContentMeasures(0.1, 0.2, 0.3, 0.4),
        "fingerprint": fingerprint,
        "pixels_sha256": sha256_of("pixels"),
        "times": (TimeCandidate("exif:DateTimeOriginal", "2026:03:09", NOON, NOON, False, "captured"),),
        "metadata": {"Exif.Image.Make": ODD_TEXT, "": ""},
        "has_gps": True,
        "pages": (PageMeasures(1, 10, 20, clarity, Fingerprint("phash256", "1", (), "blank"), 1.5, 7),),
        "page_count": 900,
        "video": VideoFacts(12.5, 1080, 1920, 90, 29.97, "h264", None, 1.0, False),
        "text": ODD_TEXT,
    }
    return Measurements(version=version, detected_type="image/jpeg", **(given | other))


def some_examination(name: object, version: str = "m1", **other: Any) -> Examination:
    """An examination of the file that ``name`` stands for."""
    sha256 = sha256_of(name)
    derivatives = (
        StoredDerivative("preview", f"{sha256}/preview.jpg", 10, 20, sha256_of("p"), "pillow 13"),
        StoredDerivative("poster", f"{sha256}/poster.jpg", 1, 2, sha256_of("q"), "ffmpeg 7", 3, 1.5),
    )
    given = {"jail": "full", "measurements": full_measurements(version), "derivatives": derivatives} | other
    return Examination(sha256=sha256, bytes=2**40, version=version, **given)


def some_pair(first: str, second: str, distance: int = 4, method: str = "phash256") -> Pair:
    """A pair of items."""
    return Pair(first, second, method, distance, 3, "phash256", "1")
