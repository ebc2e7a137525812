"""How many files were found inside an item, and are items of their own."""

from __future__ import annotations

from collections.abc import Iterator

from validators.case import Case
from validators.finding import NOTE, PASS, Finding
from validators.policy import Policy


def members(case: Case, _policy: Policy) -> Iterator[Finding]:
    """FMT_MEMBERS."""
    found = case.measurements.members
    if found:
        yield Finding(
            code="FMT_MEMBERS",
            severity=NOTE,
            kind=PASS,
            params={"unit": "files"},
            measured=float(len(found)),
        )
