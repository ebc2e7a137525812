"""Formats whose files inside become items of their own, by MIME type. To add one, write a module and list it here."""

from __future__ import annotations

from pipeline.opening.child.inside.mail_members import read_mail
from pipeline.opening.child.inside.members import MemberReader
from pipeline.opening.child.inside.zip_members import read_zip

READERS: dict[str, MemberReader] = {"application/zip": read_zip, "message/rfc822": read_mail}
