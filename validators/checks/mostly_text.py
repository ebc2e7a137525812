"""Does an item show mostly text? Such an item is judged by its letters, and never by a likeness of hashes alone."""

from __future__ import annotations

from validators.before_judging import ContentThresholds
from validators.evidence import DOCUMENT, Measurements
from validators.policy import Policy


def shows_mostly_text(measured: Measurements, policy: Policy) -> bool:
    """Whether it is a document, or a still most of whose detail is print: a photographed page, label or screen."""
    if measured.kind == DOCUMENT:
        return True
    least = policy.group(ContentThresholds).mostly_text
    return measured.content is not None and measured.content.printed_fraction >= least
