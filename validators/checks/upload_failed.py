"""An error message, a pointer or zeros under a picture's name: the upload failed before it reached us."""

from __future__ import annotations

import re

from validators.case import Case
from validators.checks.file_types import extension_of, normal, promised_types
from validators.finding import ERROR, FAIL, Finding

_MEDIA = ("image/", "video/", "audio/", "application/pdf")
_PAGES = ("text/html", "application/xml", "application/json")
_POINTER = re.compile(r"version https://git-lfs\.github\.com/spec/|oid sha256:")
_JSON = re.compile(r"\s*[\[{]")
_FAULT = re.compile(
    r"\b(error|denied|forbidden|not found|unauthori[sz]ed|expired|time[d ]*out|failed)\b"
    r"|\b(too many requests|bad gateway|unavailable)\b"
    r"|^\s*[45]\d\d\b",
    re.IGNORECASE,
)
_MOST_CHARACTERS = 400
"""What is longer is no error message, but a text under the wrong name."""


def upload_failed(case: Case) -> Finding | None:
    """FMT_UPLOAD_FAILED, or None where the file is what it is called, or something else that somebody chose to send."""
    measured = case.measurements
    zeros = measured.problem("zeros") is not None
    _, promised = promised_types(case.evidence)
    media = any(mime.startswith(_MEDIA) for mime in promised)
    detected = normal(measured.detected_type)
    if not zeros and not (media and (detected in _PAGES or _is_message(detected, measured.text))):
        return None
    return Finding(
        code="FMT_UPLOAD_FAILED",
        severity=ERROR,
        kind=FAIL,
        message_ids=("FMT_UPLOAD_FAILED.zeros",) if zeros else (),
        action_ids=("FMT_UPLOAD_FAILED.send",),
        params={"detected_type": detected, "extension": extension_of(case.evidence)},
    )


def _is_message(detected: str, text: str | None) -> bool:
    if detected != "text/plain" or text is None:
        return False
    said_to_fail = len(text) <= _MOST_CHARACTERS and _FAULT.search(text)
    return bool(said_to_fail or _JSON.match(text) or _POINTER.match(text))
