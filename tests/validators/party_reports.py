"""A dispute of three items, with matches into another dispute and metadata on both sides."""

from __future__ import annotations

from datetime import UTC, datetime

from stored_findings import stored_finding

from validators.declared import Declared
from validators.disputes.slots import FILLED
from validators.disputes.summary import summarize
from validators.report import (
    SCHEMA,
    C2pa,
    Completeness,
    DerivativeRecord,
    DisputeView,
    EvidenceDetails,
    EvidenceReport,
    Match,
    OrderView,
    Origin,
    PartyView,
    PolicyStamp,
    QualityReport,
    Slot,
    StatedOrigin,
    ToolStamp,
)

OTHER_DISPUTE_WORDS = ("D-OTHER", "ev-elsewhere", "stranger.jpg", "e" * 64, "media/comparison-elsewhere.jpg")
THEIR_WORDS = (
    "SM-THEIRS",
    "their-name.jpg",
    "d" * 64,
    "PII_GPS",
    "s-4",
    "ev-theirs",
    "thumbs-theirs",
    "producer-theirs",
    "signer-theirs",
)

_AT = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)


def report_of_two() -> QualityReport:
    """The buyer's two items, the seller's one."""
    items = (_first(), _second(), _theirs())
    slots = (
        Slot("item", "buyer", True, FILLED, ("own-1",)),
        Slot("packing_photo", "seller", True, FILLED, ("ev-theirs",), ("ev-theirs",)),
    )
    missing = stored_finding(
        "CMP_MISSING", "warning", "fail", "The seller has not sent it.", "Send it.", {"party": "seller"}
    )
    completeness = Completeness(True, slots, (missing,))
    dispute = DisputeView(
        "D-1", "default", True, "NOT_AS_DESCRIBED", "damaged", None, "OPEN", _AT, None, None,
        {"buyer": PartyView("b-17"), "seller": PartyView("s-4")}, OrderView(None, None, None),
        (EvidenceDetails("buyer", _AT, True, False, 2), EvidenceDetails("seller", _AT, True, False, 1)),
    )  # fmt: skip
    return QualityReport(
        SCHEMA, _AT, _AT, 1, dispute, PolicyStamp("default", "1", "0" * 64), ToolStamp("0", {}, "none"), items,
        completeness, (), summarize(items, completeness), ("thumbs-theirs.db",),
    )  # fmt: skip


def _match(scope: str, dispute: str, evidence: str, file: str, sha256: str, comparison: str | None) -> Match:
    return Match(
        "SAME_PHOTO", scope, "other_account", "earlier", dispute, evidence, file, sha256, "buyer", _AT, 4,
        comparison=comparison,
    )  # fmt: skip


def _derivative(kind: str, name: str, letter: str) -> DerivativeRecord:
    return DerivativeRecord(kind, f"media/{name}", 40, 30, letter * 64)


def _first() -> EvidenceReport:
    elsewhere = stored_finding(
        "DUP_SAME_PHOTO", "warning", "review", "The same picture was sent in dispute D-OTHER, 3 days earlier.", None,
        {"dispute_id": "D-OTHER", "evidence_id": "ev-elsewhere", "scope": "other_dispute", "unit": "bits"}, 4.0, 31.0,
        "reuse.max_distance",
    )  # fmt: skip
    own = stored_finding(
        "DUP_SAME_PHOTO", "note", "pass", "The same picture was sent in this dispute too.", None,
        {"dispute_id": "D-1", "evidence_id": "own-2", "scope": "same_dispute"}, 4.0,
    )  # fmt: skip
    return EvidenceReport(
        "own-1", "mine.jpg", "a" * 64, 10, Declared("buyer", declared_type="image/jpeg"), "image/jpeg", "photo", "USABLE",
        metadata={"exif:Model": "MINE"},
        findings=(elsewhere, own),
        matches=(
            _match("other_dispute", "D-OTHER", "ev-elsewhere", "stranger.jpg", "e" * 64, "media/comparison-elsewhere.jpg"),
            _match("same_dispute", "D-1", "own-2", "second.jpg", "b" * 64, None),
        ),
        derivatives=(
            _derivative("preview", f"{'a' * 64}-preview.jpg", "1"),
            _derivative("comparison", "comparison-elsewhere.jpg", "2"),
        ),
    )  # fmt: skip


def _second() -> EvidenceReport:
    listing = stored_finding(
        "LST_MATCHES_LISTING", "note", "pass", "This is a photo of another listing (D-OTHER).", None,
        {"dispute_id": "D-OTHER", "evidence_id": "ev-elsewhere", "scope": "listing"},
    )  # fmt: skip
    return EvidenceReport(
        "own-2", "second.jpg", "b" * 64, 10, Declared("buyer", declared_type="image/jpeg"), "image/jpeg", "photo", "USABLE",
        findings=(listing,),
        matches=(_match("listing", "D-OTHER", "ev-elsewhere", "stranger.jpg", "e" * 64, None),),
    )  # fmt: skip


def _theirs() -> EvidenceReport:
    place = stored_finding("PII_GPS", "note", "pass", "The file says where it was taken.")
    return EvidenceReport(
        "ev-theirs", "their-name.jpg", "d" * 64, 10,
        Declared("seller", description="packed with care", declared_type="image/jpeg"), "image/jpeg", "photo", "USABLE",
        text="their letter",
        metadata={"exif:Model": "SM-THEIRS", "GPS": "present"},
        origin=Origin(
            (StatedOrigin("xmp:AIGC", "ai_label", "1", "generated", "producer-theirs"),), C2pa("valid", "signer-theirs")
        ),
        findings=(place,),
        derivatives=(_derivative("preview", f"{'d' * 64}-preview.jpg", "f"),),
    )  # fmt: skip
