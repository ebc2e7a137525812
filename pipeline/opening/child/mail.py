"""E-mail (.eml): headers and plain text shown inert; attachments are named, never opened."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from pipeline.opening.child.text import set_text
from pipeline.opening.limits import Limits
from validators.evidence import TEXT, Problem, TimeCandidate
from validators.exhibit import Exhibit

if TYPE_CHECKING:
    import mmap

_SHOWN = ("From", "To", "Cc", "Subject", "Date")
_READ_BYTES = 4 * 1024 * 1024
_MAX_PARTS = 200
_HEADER_FAULTS = (ValueError, TypeError, IndexError, AttributeError, KeyError, LookupError)
"""What the standard library's header parser raises on malformed headers."""


def open_mail(data: mmap.mmap, exhibit: Exhibit, limits: Limits) -> None:
    """Read the headers into metadata and the first plain-text part into ``exhibit.text``."""
    exhibit.kind = TEXT
    raw = data[:_READ_BYTES]
    try:
        message = email.message_from_bytes(raw, policy=email.policy.compat32)
    except RecursionError:
        exhibit.problems.append(Problem("limited", "Parts nested too deeply were not read."))
        return
    for name in _SHOWN:
        value = _header(message, name)
        if value:
            exhibit.metadata[f"mail:{name}"] = value[:200]
    _date(exhibit)
    _parts(message, exhibit, limits, cut=len(data) > len(raw))


def _header(message: EmailMessage | email.message.Message, name: str) -> str:
    from email.header import decode_header, make_header  # noqa: PLC0415 - only for mail

    value = message.get(name)
    if value is None:
        return ""
    try:
        return str(make_header(decode_header(str(value))))
    except _HEADER_FAULTS:
        return str(value)


def _date(exhibit: Exhibit) -> None:
    value = exhibit.metadata.get("mail:Date")
    if value is None:
        return
    try:
        at = parsedate_to_datetime(value)
    except _HEADER_FAULTS:
        return  # a date that cannot be read is no candidate; the header itself is shown
    if at.tzinfo is not None and at.year >= 1995:
        from datetime import UTC  # noqa: PLC0415

        moment = at.astimezone(UTC)
        exhibit.times.append(TimeCandidate("mail:Date", value, moment, moment, True, "named"))


def _parts(message: email.message.Message, exhibit: Exhibit, limits: Limits, *, cut: bool) -> None:
    names: list[str] = []
    body: str | None = None
    for count, part in enumerate(message.walk()):
        if count >= _MAX_PARTS:
            exhibit.problems.append(
                Problem("limited", f"Only the first {_MAX_PARTS} parts of the e-mail were read.")
            )
            break
        if part.get_filename():
            names.append(str(part.get_filename())[:80])
        elif body is None and part.get_content_type() == "text/plain":
            payload = part.get_payload(decode=True)
            body = (
                _decode(payload, part.get_content_charset()) if isinstance(payload, bytes) else str(payload)
            )
    if names:
        exhibit.metadata["mail:Attachments"] = ", ".join(names)[:200]
    set_text(body or "", cut, exhibit, limits)


def _decode(payload: bytes, charset: str | None) -> str:
    try:
        return payload.decode(charset or "utf-8", "replace")
    except LookupError:
        return payload.decode("utf-8", "replace")
