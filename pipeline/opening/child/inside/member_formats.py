"""Formats whose files inside become items of their own, by MIME type. To add one, write a module and list it here."""

from __future__ import annotations

from pipeline.opening.child.inside.mail_members import read_mail
from pipeline.opening.child.inside.members import MemberReader
from pipeline.opening.child.inside.zip_members import read_office, read_zip

_MICROSOFT = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"

READERS: dict[str, MemberReader] = {
    "application/zip": read_zip,
    "message/rfc822": read_mail,
    f"{_MICROSOFT}.wordprocessingml.document": read_office,
    f"{_MICROSOFT}.spreadsheetml.sheet": read_office,
    f"{_MICROSOFT}.presentationml.presentation": read_office,
    f"{_OPEN_DOCUMENT}.text": read_office,
    f"{_OPEN_DOCUMENT}.spreadsheet": read_office,
    f"{_OPEN_DOCUMENT}.presentation": read_office,
}
