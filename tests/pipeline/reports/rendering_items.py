"""Items of evidence made by hand: both parties, every kind, matches and hostile strings."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from declared_kit import changed
from stored_findings import stored_finding

from validators.declared import Declared
from validators.evidence import Region, TimeCandidate
from validators.report import (
    CaptureTime,
    Clarity,
    DerivativeRecord,
    EvidenceReport,
    Match,
    NumberAnswer,
    Transform,
)

OPENED = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
AS_OF = datetime(2026, 3, 18, 9, 30, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script>.jpg",
    '"><img src=x onerror=alert(1)>.png',
    "red\x1b[31mname\x07.jpg",
    "invoice\u202egpj.exe",
    "caf\udce9.jpg",
    "two\nlines\r.txt",
    '=HYPERLINK("http://evil.example","x").jpg',
    "{{ 7*7 }}{% raw %}.pdf",
    "C:\\x80\\ud800.jpg",
    "javascript:alert(1)",
)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def zoned(at: datetime, source: str = "exif:DateTimeOriginal") -> TimeCandidate:
    return TimeCandidate(source, at.strftime("%Y:%m:%d %H:%M:%S"), at, at, True)


def floating(at: datetime, source: str, meaning: str = "captured") -> TimeCandidate:
    span = timedelta(hours=14)
    return TimeCandidate(source, at.strftime("%Y:%m:%d %H:%M:%S"), at - span, at + span, False, meaning)


def item(name: str, **changes) -> EvidenceReport:
    base = EvidenceReport(
        id=f"ev-{sha(name)[:8]}",
        file=name,
        sha256=sha(name),
        bytes=2_143_022,
        detected_type="image/jpeg",
        kind="photo",
        state="USABLE",
        declared=Declared(
            party="buyer",
            evidence_type="photo",
            submitted_at=OPENED + timedelta(minutes=5),
            declared_type="image/jpeg",
        ),
        received_at=OPENED + timedelta(minutes=6),
        width=4000,
        height=3000,
    )
    return changed(base, **changes)


def preview(stem: str, width: int = 800, height: int = 600, **changes) -> DerivativeRecord:
    base = DerivativeRecord("preview", f"media/{stem}.jpg", width, height, sha(stem))
    return replace(base, **changes)


SHARP = Clarity("sharp", 0.7312, 1.2, 118.4, 51.0, 0.02, 0.0)
BLURRED = Clarity("blurred", 0.1127, 2.9, 96.0, 33.0, 0.11, 0.0, Region(0.08, 0.35, 0.5, 0.5))

NO_TIME = stored_finding(
    "TIM_NO_CAPTURE_TIME", "note", "pass", "No capture time was found; common for screenshots and chat apps."
)
NO_DESCRIPTION = stored_finding(
    "DESC_MISSING", "note", "fail", "No description came with this item.", "Say in a sentence what it shows."
)
GPS = stored_finding(
    "PII_GPS", "note", "pass", "The file holds a location; it is masked from the other party."
)


def seller_items() -> list[EvidenceReport]:
    late = OPENED + timedelta(days=8)
    return [
        item(
            "packing/before-shipping.jpg",
            party="seller",
            roles=("packing_photo",),
            late=True,
            submitted_at=late,
            description="Packed on 21 February",
            clarity=SHARP,
            derivatives=(preview("packing"),),
            numbers=(
                NumberAnswer("order", "cannot_read"),
                NumberAnswer("tracking", "agrees", "barcode", 1.0),
            ),
            capture_time=CaptureTime(
                floating(datetime(2026, 2, 21, 11, 0, tzinfo=UTC), "exif:DateTimeOriginal"),
                (floating(datetime(2026, 2, 21, 11, 0, tzinfo=UTC), "exif:DateTimeOriginal"),),
            ),
            findings=(
                stored_finding(
                    "TIM_AFTER_DEADLINE", "note", "pass", "Sent 1 day after the evidence was due."
                ),
            ),
        ),
        item(
            "lamp-white-background.jpg",
            party="seller",
            submitted_at=late - timedelta(days=5),
            clarity=SHARP,
            description="The lamp we sent",
            findings=(
                stored_finding(
                    "LST_MATCHES_LISTING",
                    "warning",
                    "review",
                    "This is the listing's photo.",
                    "Send a photo of the parcel you sent.",
                    {"unit": "bits"},
                    4.0,
                    31.0,
                    "reuse.max_distance",
                ),
            ),
            matches=(
                Match(
                    "LISTING_COPY",
                    "listing",
                    "unknown",
                    "unordered",
                    "D-1001",
                    "li-1",
                    "listing/main.jpg",
                    sha("main"),
                    None,
                    None,
                    4,
                    transform=Transform(scale=0.5, crop=0.9),
                ),
            ),
            derivatives=(preview("lamp"),),
        ),
        item(
            "chat.txt",
            party="seller",
            kind="text",
            detected_type="text/plain",
            declared_type="text/plain",
            width=None,
            height=None,
            bytes=312,
            roles=("communication",),
            description="Our messages",
            text="[07.03. 14:02] buyer: the lid is cracked <script>alert(3)</script>\n"
            "[07.03. 14:10] seller: please send a photo\n[07.03. 14:31] buyer: here \u200f\U0001f4f7\n",
        ),
        item(
            HOSTILE[3],
            party=None,
            kind="unknown",
            state="UNREADABLE",
            width=None,
            height=None,
            findings=(
                stored_finding(
                    "FMT_UNSUPPORTED",
                    "error",
                    "fail",
                    "This kind of file cannot be shown as evidence.",
                    "Send a photo, a PDF or a video.",
                ),
            ),
        ),
        item(
            HOSTILE[4],
            party="seller",
            state="PROCESSING_FAILED",
            width=None,
            height=None,
            findings=(
                stored_finding("SYS_INCONCLUSIVE", "note", "not_applicable", "A check of ours did not run."),
            ),
        ),
    ]
