"""A valid file that is not checked here, and one that is whole but for its end marker: neither is its sender's fault."""

from __future__ import annotations

from collections.abc import Iterator

from validators.case import Case
from validators.finding import NOT_APPLICABLE, NOTE, PASS, Finding
from validators.policy import Policy


def unchecked_file(case: Case, _policy: Policy) -> Iterator[Finding]:
    """FMT_NOT_CHECKED and FMT_NO_END."""
    if case.measurements.problem("unchecked") is not None:
        message = "This kind of file can't be checked here. A person can open it."
        yield Finding("FMT_NOT_CHECKED", NOTE, NOT_APPLICABLE, message)
    if case.measurements.problem("no_end") is not None:
        message = "The file's end marker is missing. The whole picture is there."
        yield Finding("FMT_NO_END", NOTE, PASS, message)
