"""E-mails and saved pages (MHTML): attachments and inline pictures, without the logos of signatures.

What the mail says is its own text (mail.py): parts that are read there are no files.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import io
import mmap
import posixpath
from collections.abc import Iterator
from email.message import Message
from urllib.parse import unquote, urlsplit

from PIL import Image

from pipeline.opening.child.inside.left_out import is_left_out
from pipeline.opening.child.inside.members import FoundMember
from pipeline.opening.child.mail import HEADER_FAULTS, decoded_words
from pipeline.opening.child.second_decoder import DECODE_FAULTS
from pipeline.opening.limits import Limits
from validators.evidence import Problem

_SHOWN = ("image", "video", "audio")
_FILES = frozenset({"application/pdf", "application/zip", "application/octet-stream"})
_SIGNATURES = frozenset(
    {
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "application/pgp-encrypted",
    }
)
_MESSAGE = "message/rfc822"
_ENDINGS = {_MESSAGE: "eml", "image/jpeg": "jpg", "video/quicktime": "mov", "application/octet-stream": "bin"}


def read_mail(data: mmap.mmap, limits: Limits) -> Iterator[FoundMember | Problem]:
    """The files of a mail in its order, the same bytes once; then, how many were empty."""
    try:
        message = email.message_from_bytes(data[:], policy=email.policy.compat32)
    except RecursionError:
        yield Problem("limited", "Parts nested too deeply were not read.")
        return
    known: set[bytes] = set()
    empty = 0
    for number, part in enumerate(_leaves(message), 1):
        if not _is_file(part):
            continue
        name = _name(part, number)
        body = _bytes_of(part)
        digest = hashlib.sha256(body).digest()
        if is_left_out(name) or digest in known or _is_logo(part, body, limits):
            continue
        if not body:
            empty += 1
            continue
        known.add(digest)
        yield FoundMember(name, (body,))
    if empty:
        yield Problem("limited", f"{empty} files inside it are empty or cannot be decoded.")


def _leaves(message: Message) -> Iterator[Message]:
    """Every part that holds no others, in order; a mail sent as a file is one, and its parts are its own."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        inner = part.get_payload()
        if part.get_content_type() == _MESSAGE or not isinstance(inner, list):
            yield part
        else:
            waiting.extend(one for one in reversed(inner) if isinstance(one, Message))


def _is_file(part: Message) -> bool:
    kind = part.get_content_type()
    if kind in _SIGNATURES:
        return False
    attached = part.get_content_disposition() == "attachment" or _stated_name(part)
    return bool(attached) or kind in _FILES or kind == _MESSAGE or part.get_content_maintype() in _SHOWN


def _is_logo(part: Message, body: bytes, limits: Limits) -> bool:
    """Whether it is a picture that the text places, too small to show goods: the mark of a firm, an icon, a counter."""
    placed = part.get("Content-ID") or part.get("Content-Location")
    if not placed or part.get_content_maintype() != "image" or part.get_content_disposition() == "attachment":
        return False
    try:
        with Image.open(io.BytesIO(body)) as picture:
            return min(picture.size) < limits.inline_picture_px
    except DECODE_FAULTS:
        return False  # whatever it is, it is no picture of a known small size: it is shown as what it is


def _bytes_of(part: Message) -> bytes:
    if part.get_content_type() == _MESSAGE:
        inner = part.get_payload()
        held = inner[0] if isinstance(inner, list) and inner else None
        return _written(held) if isinstance(held, Message) else b""
    body = part.get_payload(decode=True)
    return body if isinstance(body, bytes) else b""


def _written(message: Message) -> bytes:
    """A mail that was sent as a file, as bytes again; empty where it is too odd to be written."""
    try:
        return message.as_bytes(policy=email.policy.compat32)
    except (*HEADER_FAULTS, RecursionError):
        return b""


def _name(part: Message, number: int) -> str:
    """The name that the part states, else that of the address which it was saved from, else its number."""
    stated = _stated_name(part) or _name_in_address(str(part.get("Content-Location") or ""))
    if stated:
        return stated
    kind = part.get_content_type()
    ending = _ENDINGS.get(kind) or kind.rsplit("/", 1)[-1]
    return f"{number}.{ending}"


def _stated_name(part: Message) -> str:
    try:
        return decoded_words(part.get_filename() or "").strip()
    except HEADER_FAULTS:
        return ""


def _name_in_address(address: str) -> str:
    try:
        return posixpath.basename(unquote(urlsplit(address).path))
    except ValueError:
        return ""
