"""What lies in archives and mails beside the evidence: folders, hidden files, thumbnails and notes of programs."""

from __future__ import annotations

import re

_FOLDERS = frozenset({"__macosx", "@eadir"})
_LITTER = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini"})
_SIDECARS = (".aae", ".xmp", ".thm", ".lrv")
"""Edits, tags, thumbnails and small copies that cameras and programs write beside a picture."""
_PICTURE_NOTES = re.compile(r"\.(jpe?g|png|heic|webp|gif|mp4|mov)(\.supplemental-metadata)?\.json$")


def is_left_out(path: str) -> bool:
    """Whether a file of this name was written by a program about other files, and shows nothing itself."""
    parts = path.replace("\\", "/").lower().split("/")
    name = parts[-1]
    return (
        not name
        or any(part in _FOLDERS or (part.startswith(".") and part.strip(".")) for part in parts)
        or name in _LITTER
        or name.endswith(_SIDECARS)
        or _PICTURE_NOTES.search(name) is not None
    )
