"""A realistic report made by hand: both parties, every kind, matches, missing slots and hostile strings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rendering_buyer import buyer_items
from rendering_items import AS_OF, OPENED, seller_items, sha
from stored_findings import stored_finding

from validators.report import (
    SCHEMA,
    Completeness,
    Deadline,
    DisputeView,
    EvidenceDetails,
    EvidenceReport,
    OrderEventView,
    OrderView,
    PartyView,
    PolicyStamp,
    QualityReport,
    ResolutionView,
    Slot,
    Summary,
    ToolStamp,
)


def summarise(evidence: tuple[EvidenceReport, ...]) -> Summary:
    by_state: dict[str, int] = {}
    by_code: dict[str, int] = {}
    for one in evidence:
        by_state[one.state] = by_state.get(one.state, 0) + 1
        for found in one.findings:
            by_code[found.code] = by_code.get(found.code, 0) + 1
    return Summary(
        len(evidence), by_state, by_code, sum(f.kind == "review" for e in evidence for f in e.findings)
    )


def sample_report() -> QualityReport:
    buyer, seller = buyer_items(), seller_items()
    evidence = (*buyer, *seller)
    slots = (
        Slot("item", "buyer", True, "filled", (buyer[0].id, buyer[6].id)),
        Slot("packaging", "buyer", True, "weak", (buyer[1].id,)),
        Slot("label", "buyer", False, "missing"),
        Slot("packing_photo", "seller", True, "filled", (seller[0].id,)),
        Slot("shipment_proof", "seller", True, "missing"),
    )
    missing = stored_finding(
        "CMP_MISSING",
        "warning",
        "fail",
        "The seller's proof of shipment was due on 16 March and is not here.",
        "Send the carrier's receipt.",
        {"role": "shipment_proof", "party": "seller"},
    )
    return QualityReport(
        schema=SCHEMA,
        created_at=AS_OF + timedelta(seconds=2, microseconds=120_000),
        as_of=AS_OF,
        revision=3,
        dispute=DisputeView(
            "D-1001",
            "default",
            True,
            "NOT_AS_DESCRIBED",
            "damaged",
            "NEGOTIATION",
            None,
            OPENED,
            None,
            "L-9",
            {"buyer": PartyView("b-17"), "seller": PartyView("s-4")},
            OrderView(
                "O-77",
                "LP00123456789CN",
                None,
                (
                    OrderEventView("placed", datetime(2026, 2, 20, 8, 0, tzinfo=UTC), "platform"),
                    OrderEventView("delivered", datetime(2026, 3, 7, 9, 30, tzinfo=UTC), "carrier"),
                ),
            ),
            (
                EvidenceDetails("buyer", datetime(2026, 3, 16, 23, 59, tzinfo=UTC), True, True, 7),
                EvidenceDetails("seller", datetime(2026, 3, 16, 23, 59, tzinfo=UTC), True, True, 4),
            ),
            ResolutionView("refund", "EUR 18.90", False),
        ),
        policy=PolicyStamp("default", "1", sha("policy")),
        tool=ToolStamp("0.1.0", {"pillow": "13.0.0", "opencv": "5.0.0"}, "rlimits + Landlock + seccomp"),
        evidence=evidence,
        completeness=Completeness(True, slots, (missing,)),
        deadlines=(
            Deadline(
                "seller_answer",
                OPENED + timedelta(days=15),
                "deadlines.seller_answer.days",
                "G2 (3-15 days); G0 reads 3-7 days",
                "seller",
                state="open",
            ),
            Deadline(
                "evidence",
                datetime(2026, 3, 16, 23, 59, tzinfo=UTC),
                "deadlines.evidence.days",
                "G4",
                "seller",
                past_due=True,
                state="late",
                last_at=datetime(2026, 3, 10, 9, tzinfo=UTC),
            ),
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
