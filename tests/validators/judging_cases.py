"""Cases made by hand, with known answers: what the tests of judging start from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from declared_kit import changed

from pipeline.setup.policies import load_policy
from validators.case import Case
from validators.declared import Declared
from validators.dispute import Dispute, Order, OrderEvent, Party
from validators.evidence import (
    ClarityMeasures,
    Definition,
    Evidence,
    Fingerprint,
    ImageFacts,
    MatchSide,
    Measurements,
    PageMeasures,
    TimeCandidate,
    VideoFacts,
    VideoMeasures,
)
from validators.finding import Finding

POLICY = load_policy()
DAY = timedelta(days=1)
OPENED = datetime(2026, 3, 9, 10, 0, tzinfo=UTC)
PLACED = datetime(2026, 2, 20, 8, 0, tzinfo=UTC)
DELIVERED = datetime(2026, 3, 7, 9, 30, tzinfo=UTC)
SUBMITTED = datetime(2026, 3, 9, 10, 5, tzinfo=UTC)
AS_OF = datetime(2026, 3, 12, tzinfo=UTC)

HEALTHY = ClarityMeasures(
    sharpness=0.8,
    edge_count=50_000,
    noise=2.0,
    luma_mean=120.0,
    luma_p05=30.0,
    luma_p95=220.0,
    luma_std=55.0,
    dark_fraction=0.05,
    clipped_fraction=0.02,
    flat_fraction=0.1,
    definition=Definition(0.42, 0.48, 200, 0.44),
    definition_small=Definition(0.41, 0.47, 150),
    fine_detail=0.5,
)
SMEARED = Definition(0.24, 0.33, 180, 0.26)
"""Out of focus in every direction."""


def dispute(**changes: object) -> Dispute:
    plain = Dispute(
        id="D-1",
        reason="NOT_AS_DESCRIBED",
        sub_reason="damaged",
        opened_at=OPENED,
        buyer=Party("b-1"),
        seller=Party("s-1"),
        listing_id="L-1",
        order=Order(
            id="O-1",
            events=(OrderEvent("placed", PLACED), OrderEvent("delivered", DELIVERED, "carrier")),
        ),
    )
    return replace(plain, **changes)


def evidence(**changes: object) -> Evidence:
    plain = Evidence(
        id="E-1",
        dispute_id="D-1",
        file="photo.jpg",
        sha256="a" * 64,
        bytes=1000,
        received_at=SUBMITTED,
        declared=Declared("buyer", description="the crack in the lid", submitted_at=SUBMITTED),
    )
    return changed(plain, **changes)


def photo(**changes: object) -> Measurements:
    plain = Measurements(
        version="1",
        detected_type="image/jpeg",
        kind="photo",
        image=ImageFacts(3000, 4000, "JPEG"),
        clarity=HEALTHY,
        fingerprint=Fingerprint("phash256", "1", ("0" * 64,) * 8),
        times=(taken(DELIVERED + DAY),),
    )
    return replace(plain, **changes)


def video(*frames: ClarityMeasures, audio: str | None = "aac", **changes: object) -> Measurements:
    pages = tuple(
        PageMeasures(i, 640, 360, clarity=m, time_s=float(i))
        for i, m in enumerate(frames or (HEALTHY,) * 4, 1)
    )
    facts = VideoFacts(12.0, 1920, 1080, 0, 30.0, "h264", audio)
    plain = Measurements(
        "1",
        "video/mp4",
        kind="video",
        pages=pages,
        video=facts,
        times=(taken(DELIVERED + DAY, source="quicktime:CreateDate", meaning="container"),),
    )
    return replace(plain, **changes)


def decoded(seconds: float = 12.0, **changes: object) -> VideoMeasures:
    """A healthy clip's measures, in cells of a quarter of a second; ``changes`` replace whole rows of cells."""
    cells = round(seconds / 0.25)
    plain = VideoMeasures(
        measured_s=seconds,
        cell_s=0.25,
        frames=round(seconds * 30),
        brightest=(220.0,) * cells,
        change=(5.0,) * cells,
        moved=(0.03,) * cells,
        shaken=(0.003,) * cells,
    )
    return replace(plain, **changes)


def cells(value: float, of: float, start: int, end: int, count: int = 48) -> tuple[float, ...]:
    """A row of ``count`` cells: ``value`` from ``start`` to before ``end``, ``of`` elsewhere."""
    return tuple(value if start <= at < end else of for at in range(count))


def document(*pages: ClarityMeasures, characters: int = 0, **changes: object) -> Measurements:
    measured = tuple(
        PageMeasures(i, 595, 842, clarity=m, characters=characters)
        for i, m in enumerate(pages or (HEALTHY,), 1)
    )
    plain = Measurements("1", "application/pdf", kind="document", pages=measured, page_count=len(measured))
    return replace(plain, **changes)


def unopened(detected_type: str, *problems: object, kind: str = "unknown") -> Measurements:
    return Measurements("1", detected_type, kind=kind, problems=tuple(problems))


def taken(
    at: datetime,
    until: datetime | None = None,
    source: str = "exif:DateTimeOriginal",
    meaning: str = "captured",
    value: str = "",
) -> TimeCandidate:
    """A statement of time: a point with a known zone, or an interval up to ``until`` without one."""
    text = value or f"{at:%Y:%m:%d %H:%M:%S}"
    return TimeCandidate(source, text, at, until or at, until is None, meaning)


def case(
    item: Evidence | None = None,
    measured: Measurements | None = None,
    of: Dispute | None = None,
    **more: object,
) -> Case:
    return Case(item or evidence(), measured or photo(), of or dispute(), **{"as_of": AS_OF, **more})


def match_side(
    method: str = "phash256", distance: int = 4, orientation: int = 1, **other: object
) -> MatchSide:
    """Another item, by default a photo that another account sent to another dispute a day before."""
    about = {
        "other_account": other.pop("account", "b-9"),
        "other_declared": other.pop("declared", True),
        "other_kind": other.pop("kind", "photo"),
    }
    plain = {"id": "E-9", "dispute_id": "D-9", "sha256": "b" * 64, "submitted_at": SUBMITTED - DAY}
    return MatchSide(
        other=evidence(**{**plain, **other}),
        method=method,
        distance=distance,
        orientation=orientation,
        **about,
    )


def codes(findings: object) -> list[str]:
    return [finding.code for finding in findings]


def only(findings: object, code: str) -> Finding:
    found = [finding for finding in findings if finding.code == code]
    assert len(found) == 1, [f.code for f in found]
    return found[0]
