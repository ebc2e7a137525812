"""What the file tells beyond what the uploader meant to show."""

from __future__ import annotations

from collections.abc import Iterator

from validators.case import Case
from validators.finding import NOTE, PASS, Finding
from validators.policy import Policy


def privacy(case: Case, policy: Policy) -> Iterator[Finding]:
    """PII_GPS where the file holds the place it was taken at."""
    del policy  # privacy is no matter of thresholds
    if case.measurements.has_gps:
        yield Finding(code="PII_GPS", severity=NOTE, kind=PASS)
