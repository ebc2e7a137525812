"""E-mail (.eml): headers and words shown inert. Its attachments are files of their own (mail_members.py)."""

from __future__ import annotations

import email
import email.policy
from email.errors import MessageError
from email.header import decode_header
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from pipeline.opening.child.charset import Decoded, decode_text
from pipeline.opening.child.html_words import stated_charset, words_of
from pipeline.opening.child.text import note_encoding, set_text
from pipeline.opening.limits import Limits
from validators.evidence import TEXT, Problem, TimeCandidate
from validators.exhibit import Exhibit

if TYPE_CHECKING:
    import mmap

_SHOWN = ("From", "To", "Cc", "Subject", "Date")
_READ_BYTES = 4 * 1024 * 1024
_MAX_PARTS = 200
HEADER_FAULTS = (MessageError, ValueError, TypeError, IndexError, AttributeError, KeyError, LookupError)
"""What the standard library's header parser raises on malformed headers."""


def open_mail(data: mmap.mmap, exhibit: Exhibit, limits: Limits) -> None:
    """Read the headers into metadata and what the message says into ``exhibit.text``."""
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
    """A header with its encoded words decoded, and raw bytes beyond ASCII read as what they are."""
    value = message.get(name)
    if value is None:
        return ""
    raw = str(value)
    try:
        raw = _bytes_of(value).decode("ascii")
    except UnicodeDecodeError:
        return decode_text(_bytes_of(value), whole=True).text
    return decoded_words(raw)


def decoded_words(raw: str) -> str:
    """A header's encoded words (=?utf-8?B?…?=) decoded, or the header as it is where they cannot be."""
    try:
        return "".join(_words(part, charset) for part, charset in decode_header(raw))
    except HEADER_FAULTS:
        return raw


def _bytes_of(value: object) -> bytes:
    """The header's bytes: the parser keeps those beyond ASCII as surrogates."""
    chunks = getattr(value, "_chunks", None)  # a Header, which compat32 makes of raw bytes
    text = "".join(str(chunk[0]) for chunk in chunks) if chunks else str(value)
    return text.encode("utf-8", "surrogateescape")


def _words(part: str | bytes, charset: str | None) -> str:
    if isinstance(part, str):
        return part
    return decode_text(part, whole=True, declared=charset).text


def _date(exhibit: Exhibit) -> None:
    value = exhibit.metadata.get("mail:Date")
    if value is None:
        return
    try:
        at = parsedate_to_datetime(value)
    except HEADER_FAULTS:
        return  # a date that cannot be read is no candidate; the header itself is shown
    if at.tzinfo is not None and at.year >= 1995:
        from datetime import UTC  # noqa: PLC0415

        moment = at.astimezone(UTC)
        exhibit.times.append(TimeCandidate("mail:Date", value, moment, moment, True, "named"))


def _parts(message: email.message.Message, exhibit: Exhibit, limits: Limits, *, cut: bool) -> None:
    names: list[str] = []
    plain: list[Decoded] = []
    pages: list[Decoded] = []
    for count, part in enumerate(message.walk()):
        if count >= _MAX_PARTS:
            exhibit.problems.append(
                Problem("limited", f"Only the first {_MAX_PARTS} parts of the e-mail were read.")
            )
            break
        if part.get_filename():
            names.append(str(part.get_filename())[:80])
        elif part.get_content_type() == "text/plain":
            plain.append(_body(part))
        elif part.get_content_type() == "text/html":
            pages.append(_body(part))
    if names:
        exhibit.metadata["mail:Attachments"] = ", ".join(names)[:200]
    _show(plain, pages, exhibit, limits, cut=cut)


def _show(plain: list[Decoded], pages: list[Decoded], exhibit: Exhibit, limits: Limits, *, cut: bool) -> None:
    """All that the plain parts say, else what the HTML parts do: many programs leave the plain part blank."""
    written = [part for part in plain if part.text.strip()]
    text = "\n\n".join(part.text.strip("\r\n") for part in written)
    if not written:
        written = pages
        text = "\n\n".join(words for part in pages if (words := words_of(part.text)))
    if written:
        note_encoding(next((part for part in written if not part.certain), written[0]), exhibit)
    set_text(text, cut, exhibit, limits)


def _body(part: email.message.Message) -> Decoded:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else str(payload).encode("utf-8", "surrogateescape")
    declared = part.get_content_charset()
    if declared is None and part.get_content_type() == "text/html":
        declared = stated_charset(raw)
    return decode_text(raw, whole=True, declared=declared)
