"""An item's state: the worst that applies. Reviews, notes and what a checklist lacks never change it."""

from __future__ import annotations

from collections.abc import Iterable

from validators.evidence import Measurements
from validators.finding import ERROR, FAIL, WARNING, Finding
from validators.report import (
    NEEDS_RESUBMISSION,
    NOT_CHECKED,
    PROCESSING_FAILED,
    UNREADABLE,
    USABLE,
    USABLE_WITH_WARNINGS,
)

_OURS = ("tool_missing", "internal", "unreadable_path", "not_fetched")
_OF_CHECKLIST = ("CMP_MISSING", "SLOT_MISMATCH")
_UNREADABLE = frozenset(
    {
        "FMT_EMPTY",
        "FMT_UNSUPPORTED",
        "FMT_CORRUPT",
        "FMT_ENCRYPTED",
        "FMT_TOO_LARGE",
        "FMT_MISSING",
        "FMT_QUARANTINED",
        "VID_NO_DECODE",
    }
)


def was_opened(measurements: Measurements) -> bool:
    """Whether anything of the file could be read: pixels, pages, frames, sound, text or the files inside it."""
    seen = (measurements.clarity, measurements.content, measurements.fingerprint, measurements.pixels_sha256)
    heard = measurements.audio is not None and measurements.sound is not None
    shown = bool(measurements.pages or measurements.members) or measurements.text is not None or heard
    return shown or any(part is not None for part in seen)


def state_of(findings: Iterable[Finding], measurements: Measurements) -> str:
    """One of report.STATES.

    PROCESSING_FAILED if a fault or a missing tool of ours kept the item from being examined, or if nothing of it was read
    and no finding says why: an unexamined item is never called usable. NOT_CHECKED if it is valid, but of a type that is
    not read here.
    """
    failures = [f for f in findings if f.kind == FAIL and f.code not in _OF_CHECKLIST]
    errors = {f.code for f in failures if f.severity == ERROR}
    opened = was_opened(measurements)
    left = not opened and measurements.problem("members_left") is not None
    unchecked = left or measurements.problem("unchecked") is not None
    opened = opened or unchecked
    if not opened and (measurements.problem(*_OURS) is not None or not errors):
        return PROCESSING_FAILED
    if errors & _UNREADABLE or ("FMT_TRUNCATED" in errors and not opened):
        return UNREADABLE
    if errors:
        return NEEDS_RESUBMISSION
    if unchecked:
        return NOT_CHECKED
    return USABLE_WITH_WARNINGS if any(f.severity == WARNING for f in failures) else USABLE
