"""A valid file that is not checked here, and one that is whole but for its end marker: neither is its sender's fault."""

from __future__ import annotations

from collections.abc import Iterator

from validators.case import Case
from validators.finding import NOT_APPLICABLE, NOTE, PASS, Finding
from validators.policy import Policy
from validators.states import was_opened


def unchecked_file(case: Case, _policy: Policy) -> Iterator[Finding]:
    """FMT_NOT_CHECKED and FMT_NO_END."""
    left = case.measurements.problem("members_left") is not None and not was_opened(case.measurements)
    if left or case.measurements.problem("unchecked") is not None:
        yield Finding(code="FMT_NOT_CHECKED", severity=NOTE, kind=NOT_APPLICABLE)
    if case.measurements.problem("no_end") is not None:
        yield Finding(code="FMT_NO_END", severity=NOTE, kind=PASS)
