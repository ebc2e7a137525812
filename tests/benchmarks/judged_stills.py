"""A still as the product opens, measures and judges it: its clarity alone, without the jail and without what reuse needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from clarity_data import Opener

from pipeline.opening.child.measurement import legibility_of
from validators.before_judging import ContentThresholds
from validators.case import Case
from validators.checks.clarity import clarity, clarity_block
from validators.declared import Declared
from validators.dispute import Dispute
from validators.evidence import PHOTO, Evidence, Measurements
from validators.finding import Finding
from validators.measures.image.clarity_measures import clarity_of
from validators.measures.image.content import classify_still, measure_content
from validators.measures.image.scales import scales_of
from validators.policy import Policy
from validators.report import NEEDS_RESUBMISSION
from validators.states import state_of

_NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class JudgedStill:
    """What is said of a still: findings of clarity, verdict, and whether it is asked for again; and what was measured."""

    codes: tuple[str, ...]
    verdict: str
    again: bool
    measured: Measurements


class Judge:
    """Judges files by the policy that ships, or another."""

    def __init__(self, policy: Policy) -> None:
        self.policy, self.open = policy, Opener(policy)

    def __call__(
        self, data: bytes, mime: str = "image/jpeg", roles: tuple[str, ...] = ()
    ) -> JudgedStill | None:
        """None where nothing can be decoded."""
        measured = self.measure(data, mime)
        if measured is None:
            return None
        findings = self.findings(measured, roles)
        block = clarity_block(measured, self.policy)
        codes = tuple(finding.code for finding in findings)
        again = state_of(findings, measured) == NEEDS_RESUBMISSION
        return JudgedStill(codes, block.verdict if block else "", again, measured)

    def measure(self, data: bytes, mime: str = "image/jpeg") -> Measurements | None:
        exhibit = self.open(data, mime)
        if not exhibit.views or exhibit.image is None:
            return None
        view = exhibit.views[0]
        scales = scales_of(view.plane)
        content = measure_content(view.pixels, scales)
        camera = "Make" in exhibit.metadata or "Model" in exhibit.metadata
        size = exhibit.image.width, exhibit.image.height
        kind = classify_still(content, camera, mime, size, self.policy.group(ContentThresholds)) or PHOTO
        return Measurements(
            version="benchmark",
            detected_type=mime,
            kind=kind,
            image=exhibit.image,
            clarity=clarity_of(scales),
            content=content,
            legibility=legibility_of(exhibit, content, kind),
        )

    def findings(self, measured: Measurements, roles: tuple[str, ...] = ()) -> list[Finding]:
        item = Evidence("E", "D", "photo.jpg", "a" * 64, 1000, _NOW, Declared(roles=roles))
        case = Case(item, measured, Dispute("D"), _NOW)
        return list(clarity(case, self.policy))
