"""A realistic report made by hand: both parties, every kind, matches, missing slots and hostile strings."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from validators.evidence import Region, TimeCandidate
from validators.finding import Finding
from validators.report import (
    SCHEMA,
    CaptureTime,
    Clarity,
    Completeness,
    Deadline,
    DerivativeRecord,
    DisputeView,
    EvidenceDetails,
    EvidenceReport,
    Match,
    OrderEventView,
    OrderView,
    PartyView,
    PolicyStamp,
    QualityReport,
    Slot,
    Summary,
    ToolStamp,
    Transform,
)

OPENED = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
AS_OF = datetime(2026, 3, 18, 9, 30, tzinfo=UTC)
HOSTILE = (
    "<script>alert(1)</script>.jpg",
    "\"><img src=x onerror=alert(1)>.png",
    "red\x1b[31mname\x07.jpg",
    "invoice\u202egpj.exe",
    "caf\udce9.jpg",
    "two\nlines\r.txt",
    "=HYPERLINK(\"http://evil.example\",\"x\").jpg",
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
        declared_type="image/jpeg",
        detected_type="image/jpeg",
        kind="photo",
        state="USABLE",
        party="buyer",
        evidence_type="photo",
        submitted_at=OPENED + timedelta(minutes=5),
        received_at=OPENED + timedelta(minutes=6),
        width=4000,
        height=3000,
    )
    return replace(base, **changes)


def preview(stem: str, width: int = 800, height: int = 600, **changes) -> DerivativeRecord:
    base = DerivativeRecord("preview", f"media/{stem}.jpg", width, height, sha(stem))
    return replace(base, **changes)


SHARP = Clarity("sharp", 0.7312, 1.2, 118.4, 51.0, 0.02, 0.0)
BLURRED = Clarity("blurred", 0.1127, 2.9, 96.0, 33.0, 0.11, 0.0, Region(0.08, 0.35, 0.5, 0.5))

NO_TIME = Finding(
    "TIM_NO_CAPTURE_TIME", "note", "pass", "No capture time was found; common for screenshots and chat apps."
)
NO_DESCRIPTION = Finding(
    "DESC_MISSING", "note", "fail", "No description came with this item.", "Say in a sentence what it shows."
)
GPS = Finding("PII_GPS", "note", "pass", "The file holds a location; it is masked from the other party.")


def _buyer_items() -> list[EvidenceReport]:
    crack, box = "photos/crack-in-the-lid.jpg", "photos/box-outside.jpg"
    taken = datetime(2026, 2, 8, 16, 20, tzinfo=UTC)
    return [
        item(
            crack,
            roles=("item",),
            description="The crack in the lid.\nIt runs from the hinge to the corner.",
            state="USABLE",
            clarity=SHARP,
            capture_time=CaptureTime(
                zoned(taken),
                (zoned(taken), floating(taken, "exif:DateTimeDigitized", "digitized"),
                 floating(datetime(2026, 3, 8, tzinfo=UTC), "file_name", "named")),
            ),
            metadata={"Make": "Fairphone", "Model": "FP4", "ExposureTime": "1/120", "ISO": "160"},
            findings=(
                Finding(
                    "TIM_BEFORE_ORDER", "warning", "review", "Taken 12 days before the order was placed.",
                    params={"unit": "days", "event": "placed"}, measured=-12.0, threshold=0.0,
                    rule="time.before_order.tolerance",
                ),
                Finding(
                    "DUP_SAME_PHOTO", "warning", "review",
                    "The same photo, mirrored, was sent to dispute D-0977 by another account.",
                    params={"unit": "bits"}, measured=12.0, threshold=31.0, rule="reuse.max_distance",
                ),
                GPS,
            ),
            matches=(
                Match(
                    "SAME_PHOTO", "other_dispute", "other_account", "earlier", "D-0977", "ev-x",
                    "IMG_2231.jpg", sha("x"), "buyer", datetime(2026, 1, 30, 8, 2, tzinfo=UTC), 12,
                    transform=Transform(mirrored=True),
                ),
            ),
            derivatives=(preview("crack"), preview("crack-small", 200, 150, kind="thumbnail")),
        ),
        item(
            box,
            roles=("packaging",),
            description="The box as it came",
            state="NEEDS_RESUBMISSION",
            clarity=BLURRED,
            findings=(
                Finding(
                    "CLR_BLUR", "error", "fail", "The picture is blurred.",
                    "Rest the phone on something, tap on the label to focus, and take it again.",
                    {"unit": "0..1"}, 0.1127, 0.22, "clarity.blurred_below", BLURRED.weakest,
                ),
                Finding(
                    "CLR_DARK", "warning", "fail", "A third of the picture is too dark to read.",
                    "Turn on a lamp or go to a window.", {"unit": "share of tiles"}, 0.34, 0.3,
                    "clarity.dark.tiles_above",
                ),
                NO_TIME,
            ),
            derivatives=(preview("box"),),
        ),
        item(
            "Screenshot_20260308-091400.png",
            kind="screenshot", detected_type="image/png", declared_type="image/png", width=1080, height=2340,
            roles=("order_page",), description="My order", bytes=412_007,
            clarity=replace(SHARP, sharpness=None, verdict="undetermined"),
            capture_time=CaptureTime(
                floating(datetime(2026, 3, 8, 9, 14, tzinfo=UTC), "file_name", "named"),
                (floating(datetime(2026, 3, 8, 9, 14, tzinfo=UTC), "file_name", "named"),),
            ),
            findings=(NO_TIME,),
            derivatives=(preview("order", 369, 800),),
        ),
        item(
            "unboxing.mp4",
            kind="video", detected_type="video/mp4", declared_type="video/mp4", width=1080, height=1920,
            duration_s=47.2, bytes=18_220_114, state="USABLE_WITH_WARNINGS", roles=("unboxing_video",),
            description="Opening the parcel",
            findings=(
                Finding(
                    "VID_CUTS", "warning", "review", "2 cuts, at 0:14 and 0:31.",
                    "Film the opening in one take.", {"unit": "cuts"}, 2.0, 0.0, "video.cuts",
                    Region(0, 0, 1, 1, time_s=14.0),
                ),
                Finding(
                    "VID_BLACK", "warning", "fail", "The picture is black from 0:40 to 0:47.",
                    params={"unit": "share of frames"}, measured=0.15, threshold=0.1, rule="video.black",
                ),
                Finding("VID_REENCODED", "note", "pass", "The video was encoded again after recording."),
                Finding("VID_SILENT", "note", "pass", "The video has no sound."),
            ),
            derivatives=(
                preview("poster", 450, 800, kind="poster", time_s=4.0),
                preview("sheet", 900, 420, kind="contact_sheet"),
            ),
        ),
        item(
            "confirmation.pdf",
            kind="document", detected_type="application/pdf", declared_type="application/pdf", pages=3,
            width=None, height=None, bytes=88_201, roles=("order_page",), description="Order confirmation",
            text="Order O-77\nTotal 41.90 EUR\n",
            derivatives=tuple(preview(f"page{n}", 424, 600, page=n) for n in (1, 2, 3)),
        ),
        item(
            "empty.jpg", bytes=0, detected_type=None, kind="unknown", state="UNREADABLE", width=None, height=None,
            findings=(
                Finding(
                    "FMT_EMPTY", "error", "fail", "The file is empty (0 bytes).",
                    "Send it again from the phone's gallery.", {"unit": "bytes"}, 0.0, 1.0, "limits.min_bytes",
                ),
                NO_DESCRIPTION,
            ),
        ),
        item(
            HOSTILE[0], description="<b>bold?</b> \u202etfel", roles=("item",),
            metadata={"<i>Artist</i>": "</dd><script>alert(2)</script>", "Comment": "\x1b]0;x\x07"},
            clarity=SHARP, derivatives=(preview("lid"),), findings=(NO_TIME, NO_DESCRIPTION),
            matches=(
                Match(
                    "SAME_FILE", "same_dispute", "same_account", "later", "D-1001", f"ev-{sha(crack)[:8]}", crack,
                    sha(crack), "buyer", OPENED, 0,
                ),
            ),
        ),
    ]


def _seller_items() -> list[EvidenceReport]:
    late = OPENED + timedelta(days=8)
    return [
        item(
            "packing/before-shipping.jpg", party="seller", roles=("packing_photo",), late=True, submitted_at=late,
            description="Packed on 21 February", clarity=SHARP, derivatives=(preview("packing"),),
            capture_time=CaptureTime(
                floating(datetime(2026, 2, 21, 11, 0, tzinfo=UTC), "exif:DateTimeOriginal"),
                (floating(datetime(2026, 2, 21, 11, 0, tzinfo=UTC), "exif:DateTimeOriginal"),),
            ),
            findings=(Finding("TIM_AFTER_DEADLINE", "note", "pass", "Sent 1 day after the evidence was due."),),
        ),
        item(
            "lamp-white-background.jpg", party="seller", submitted_at=late - timedelta(days=5), clarity=SHARP,
            description="The lamp we sent",
            findings=(
                Finding(
                    "LST_MATCHES_LISTING", "warning", "review", "This is the listing's photo.",
                    "Send a photo of the parcel you sent.", {"unit": "bits"}, 4.0, 31.0, "reuse.max_distance",
                ),
            ),
            matches=(
                Match(
                    "LISTING_COPY", "listing", "unknown", "unordered", "D-1001", "li-1", "listing/main.jpg",
                    sha("main"), None, None, 4, transform=Transform(scale=0.5, crop=0.9),
                ),
            ),
            derivatives=(preview("lamp"),),
        ),
        item(
            "chat.txt", party="seller", kind="text", detected_type="text/plain", declared_type="text/plain",
            width=None, height=None, bytes=312, roles=("communication",), description="Our messages",
            text="[07.03. 14:02] buyer: the lid is cracked <script>alert(3)</script>\n"
            "[07.03. 14:10] seller: please send a photo\n[07.03. 14:31] buyer: here \u200f\U0001f4f7\n",
        ),
        item(HOSTILE[3], party=None, kind="unknown", state="UNREADABLE", width=None, height=None, findings=(
            Finding("FMT_UNSUPPORTED", "error", "fail", "This kind of file cannot be shown as evidence.",
                    "Send a photo, a PDF or a video."),)),
        item(HOSTILE[4], party="seller", state="PROCESSING_FAILED", width=None, height=None, findings=(
            Finding("SYS_INCONCLUSIVE", "note", "not_applicable", "A check of ours did not run."),)),
    ]


def summarise(evidence: tuple[EvidenceReport, ...]) -> Summary:
    by_state: dict[str, int] = {}
    by_code: dict[str, int] = {}
    for one in evidence:
        by_state[one.state] = by_state.get(one.state, 0) + 1
        for found in one.findings:
            by_code[found.code] = by_code.get(found.code, 0) + 1
    return Summary(len(evidence), by_state, by_code, sum(f.kind == "review" for e in evidence for f in e.findings))


def sample_report() -> QualityReport:
    buyer, seller = _buyer_items(), _seller_items()
    evidence = (*buyer, *seller)
    slots = (
        Slot("item", "buyer", True, "filled", (buyer[0].id, buyer[6].id)),
        Slot("packaging", "buyer", True, "weak", (buyer[1].id,)),
        Slot("label", "buyer", False, "missing"),
        Slot("packing_photo", "seller", True, "filled", (seller[0].id,)),
        Slot("shipment_proof", "seller", True, "missing"),
    )
    missing = Finding(
        "CMP_MISSING", "warning", "fail", "The seller's proof of shipment was due on 16 March and is not here.",
        "Send the carrier's receipt.", {"role": "shipment_proof", "party": "seller"},
    )
    return QualityReport(
        schema=SCHEMA,
        created_at=AS_OF + timedelta(seconds=2, microseconds=120_000),
        as_of=AS_OF,
        revision=3,
        dispute=DisputeView(
            "D-1001", "default", True, "NOT_AS_DESCRIBED", "damaged", "NEGOTIATION", None, OPENED, None, "L-9",
            {"buyer": PartyView("b-17"), "seller": PartyView("s-4")},
            OrderView("O-77", "LP00123456789CN", None, (
                OrderEventView("placed", datetime(2026, 2, 20, 8, 0, tzinfo=UTC), "platform"),
                OrderEventView("delivered", datetime(2026, 3, 7, 9, 30, tzinfo=UTC), "carrier"),
            )),
            (
                EvidenceDetails("buyer", datetime(2026, 3, 16, 23, 59, tzinfo=UTC), True, True, 7),
                EvidenceDetails("seller", datetime(2026, 3, 16, 23, 59, tzinfo=UTC), True, True, 4),
            ),
        ),
        policy=PolicyStamp("default", "1", sha("policy")),
        tool=ToolStamp("0.1.0", {"pillow": "13.0.0", "opencv": "5.0.0"}, "rlimits + Landlock + seccomp"),
        evidence=evidence,
        completeness=Completeness(True, slots, (missing,)),
        deadlines=(
            Deadline("seller_answer", OPENED + timedelta(days=15), "deadlines.seller_answer.days",
                     "G2 (3-15 days); G0 reads 3-7 days", "seller"),
            Deadline("evidence", datetime(2026, 3, 16, 23, 59, tzinfo=UTC), "deadlines.evidence.days", "G4", None,
                     True),
        ),
        summary=summarise(evidence),
        skipped=("Thumbs.db", "__MACOSX/._x\x1b[2J"),
        notices=("ffmpeg is missing: install it to check videos.",),
    )


def long_report(number: int) -> QualityReport:
    """The sample with ``number`` items, each with its own id and name."""
    base = sample_report()
    stock = base.evidence
    many = tuple(
        replace(stock[i % len(stock)], id=f"n{i}", file=f"{i:05d}-{stock[i % len(stock)].file}", matches=())
        for i in range(number)
    )
    return replace(
        base, evidence=many, summary=summarise(many), completeness=replace(base.completeness, slots=())
    )


def draw_media(folder: Path) -> None:
    """The pictures the sample's derivatives name, drawn for looking at."""
    (folder / "media").mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(7)
    for one in sample_report().evidence:
        for made in one.derivatives:
            _draw(made, rng).save(folder / made.path, quality=80)


def _draw(made: DerivativeRecord, rng: np.random.Generator) -> Image.Image:
    width, height = made.width, made.height
    stem = Path(made.path).stem
    if stem.startswith(("page", "order")):
        image = Image.new("RGB", (width, height), "white")
        pen = ImageDraw.Draw(image)
        for row in range(30, height - 30, 22):
            pen.rectangle((25, row, 25 + rng.integers(width // 3, width - 50), row + 8), fill=(70, 74, 80))
        return image
    ramp = np.linspace(70, 200, width)[None, :, None] * np.array([1.0, 0.92, 0.8])
    noise = rng.normal(0, 6, (height, width, 3))
    image = Image.fromarray(np.clip(ramp + noise, 0, 255).astype(np.uint8).copy())
    pen = ImageDraw.Draw(image)
    if stem == "sheet":
        for left in range(10, width - 120, 148):
            pen.rectangle((left, 10, left + 136, height - 10), fill=tuple(int(v) for v in rng.integers(40, 220, 3)))
        return image
    pen.rounded_rectangle((width * 0.2, height * 0.25, width * 0.8, height * 0.8), 20, fill=(94, 60, 42), width=3)
    pen.line((width * 0.3, height * 0.3, width * 0.55, height * 0.5, width * 0.6, height * 0.75), "black", 4)
    return image.filter(ImageFilter.GaussianBlur(7)) if stem == "box" else image
