"""Does the uploader say how the item relates to the dispute?"""

from __future__ import annotations

from collections.abc import Iterator

from validators.case import Case
from validators.finding import FAIL, NOTE, Finding
from validators.policy import Policy


def description(case: Case, policy: Policy) -> Iterator[Finding]:
    """DESC_MISSING. Without dispute data descriptions are not applicable."""
    del policy  # every marketplace of the guides asks for one (G4)
    if case.dispute.declared and not (case.evidence.declared.description or "").strip():
        yield Finding(code="DESC_MISSING", severity=NOTE, kind=FAIL, action_ids=("DESC_MISSING.describe",))
