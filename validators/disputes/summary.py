"""The dispute's report in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from validators.finding import REVIEW
from validators.report import STATES, Completeness, EvidenceReport, Summary


def summarize(items: Sequence[EvidenceReport], completeness: Completeness) -> Summary:
    """Items by state (best first), findings by code (sorted), and items that a person should look at."""
    states = Counter(item.state for item in items)
    codes = Counter(finding.code for item in items for finding in item.findings)
    codes.update(finding.code for finding in completeness.findings)
    return Summary(
        items=len(items),
        by_state={state: states[state] for state in STATES if states[state]},
        by_code=dict(sorted(codes.items())),
        reviews=sum(any(finding.kind == REVIEW for finding in item.findings) for item in items),
    )
