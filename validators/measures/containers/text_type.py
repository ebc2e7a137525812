"""Detects whether bytes are text, in which encoding, and of what type.

A chat log may be in any language and in any encoding that phones and desktops write: UTF-8, UTF-16 with or
without a mark, or an 8-bit or East Asian code page. No text has control characters.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x0b\x08\x1b")) + b"\x7f"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY_SURE = (
    64  # so many bytes without a control character are text: random bytes pass in under 1 of 1,000 cases
)
_MAIL_HEADERS = frozenset(
    {
        *(
            "from",
            "to",
            "cc",
            "subject",
            "date",
            "sender",
            "reply-to",
            "in-reply-to",
            "references",
            "message-id",
        ),
        *(
            "mime-version",
            "content-type",
            "content-transfer-encoding",
            "received",
            "x-received",
            "return-path",
        ),
        *("delivered-to", "dkim-signature", "authentication-results"),
    }
)
_MAIL_LINE = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,75}):(?:[ \t].*)?")
_PLAYLISTS = (
    (re.compile(r"#EXTM3U"), "application/vnd.apple.mpegurl"),
    (re.compile(r"ffconcat version"), "text/x-ffconcat"),
    (re.compile(r"\[playlist\]\s", re.IGNORECASE), "audio/x-scpls"),
)
_PROLOGUE = r"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*"
_DRAWING = _PROLOGUE + r"(?:<!doctype\s+svg[^>]*>\s*)?<(?:\w+:)?svg\b"
_PAGE = _PROLOGUE + r"<(?:!doctype\s+html|html|head|body|title|script|table|div|p|meta)\b"
_MARKUP = (
    (re.compile(_DRAWING, re.IGNORECASE | re.DOTALL), "image/svg+xml"),
    (re.compile(_PAGE, re.IGNORECASE | re.DOTALL), "text/html"),
    (re.compile(r"<\?xml"), "application/xml"),
)


def text_encoding(head: bytes, *, whole: bool) -> str | None:
    """The Python codec that reads ``head``, or None where it is no text.

    ``whole`` says that ``head`` is the entire file; otherwise a character cut at its end is forgiven. For
    8-bit code pages, which cannot be told apart, the answer is "latin-1".
    """
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return codec if _mostly_reads(head, codec) else None
    if not _has_controls(head) and _is_utf8(head, whole=whole):
        return "utf-8"
    for codec in ("utf-16-le", "utf-16-be"):
        if _looks_like_utf16(head, codec, whole=whole):
            return codec
    return "latin-1" if _looks_legacy(head) else None


def text_type(text: str) -> str:
    """The type of readable text: playlist, mail, page, drawing, XML, else "text/plain".

    A playlist names other files to play, so it must never pass for a video.
    """
    start = text.lstrip("\ufeff \t\r\n")
    for pattern, mime in _PLAYLISTS:
        if pattern.match(start):
            return mime
    if _is_mail(text):
        return "message/rfc822"
    return next((mime for pattern, mime in _MARKUP if pattern.match(start)), "text/plain")


def _is_mail(text: str) -> bool:
    """A block of header lines, two or more of them mail's own with a From, Received or Return-Path among
    them.
    """
    names: set[str] = set()
    for number, line in enumerate(text.lstrip("\ufeff\r\n").splitlines()[:400]):
        if not line.strip():
            break
        if line[0] in " \t" and number:
            continue
        found = _MAIL_LINE.fullmatch(line)
        if found is None:
            if number == 0 and line.startswith((">From ", "From ")):
                continue
            return False
        names.add(found[1].lower())
    known = names & _MAIL_HEADERS
    strong = known & {
        "message-id",
        "mime-version",
        "received",
        "return-path",
        "delivered-to",
        "date",
        "subject",
    }
    return len(known) >= 3 and bool(strong) and bool(names & {"from", "received", "return-path"})


def _has_controls(data: bytes) -> bool:
    return len(data.translate(None, _CONTROLS)) != len(data)


def _is_utf8(head: bytes, *, whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=whole)
    except UnicodeDecodeError:
        return False
    return True


def _reads_as(head: bytes, codec: str, *, whole: bool) -> bool:
    try:
        text = codecs.getincrementaldecoder(codec)().decode(head, final=whole)
    except UnicodeDecodeError:
        return False
    return not _strange(text)


def _mostly_reads(head: bytes, codec: str) -> bool:
    """Whether it is text but for a broken character here and there: the mark at its start says what it is."""
    text = head.decode(codec, "replace")[:4096]
    odd = sum(
        unicodedata.category(c) in ("Cn", "Cs", "Co") or (ord(c) < 32 and c not in "\t\n\r\f\x0b\x08\x1b")
        for c in text
    )
    return odd <= max(1, len(text) // 50)


def _strange(text: str) -> bool:
    """Controls or unassigned characters among the first ones."""
    return any(
        unicodedata.category(c) in ("Cn", "Cs")
        or (unicodedata.category(c) == "Cc" and c not in "\t\n\r\f\x0b\x08\x1b")
        for c in set(text[:4096])
    )


def _looks_like_utf16(head: bytes, codec: str, *, whole: bool) -> bool:
    """Whether it decodes without strange characters and with some ASCII. Only ASCII distinguishes text from random bytes."""
    if len(head) < 4 or (whole and len(head) % 2):
        return False
    sample = head[: min(len(head), 8192) & ~1]
    high, low = (1, 0) if codec == "utf-16-le" else (0, 1)
    ascii_units, other = sample[high::2].count(0), sample[low::2].count(0)
    if ascii_units * 20 < len(sample) // 2 or other * 4 > ascii_units:
        return False
    return _reads_as(sample, codec, whole=False)


def _looks_legacy(head: bytes) -> bool:
    """Whether it may be in an 8-bit or East Asian code page: no controls, and long or mostly ASCII, to rule out chance."""
    if not head or _has_controls(head) or b"\x1b" in head or b"\x08" in head:
        return False
    high = sum(1 for byte in head[:4096] if byte >= 0x80)
    return len(head) >= _LEGACY_SURE or high * 2 <= min(len(head), 4096)
