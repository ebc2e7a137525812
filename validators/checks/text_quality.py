"""A text or message whose encoding is not certain, or in which nothing can be read."""

from __future__ import annotations

from collections.abc import Iterator

from validators.case import Case
from validators.evidence import TEXT
from validators.finding import FAIL, WARNING, Finding
from validators.policy import Policy
from validators.safe_text import shorten


def text_quality(case: Case, _policy: Policy) -> Iterator[Finding]:
    """TXT_ENCODING and TXT_EMPTY."""
    measured = case.measurements
    blank = measured.kind == TEXT and measured.text is not None and not measured.text.strip()
    if blank and measured.members:
        return  # the files inside it are what it says
    if blank:
        mail = measured.detected_type == "message/rfc822"
        yield Finding(
            code="TXT_EMPTY",
            severity=WARNING,
            kind=FAIL,
            message_ids=("TXT_EMPTY.mail" if mail else "TXT_EMPTY",),
            action_ids=("TXT_EMPTY.send",),
        )
        return
    uncertain = measured.problem("encoding_uncertain")
    if uncertain is not None:
        chosen, _, others = uncertain.detail.partition(", ")
        yield Finding(
            code="TXT_ENCODING",
            severity=WARNING,
            kind=FAIL,
            action_ids=("TXT_ENCODING.send",),
            params={"encoding": shorten(chosen), "alternatives": shorten(others)},
        )
