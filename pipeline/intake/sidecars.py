"""Files that phones, cameras and photo services write beside a photo. They are no evidence of their own."""

from __future__ import annotations

import re
from collections.abc import Collection

_EDITS = (".aae", ".xmp", ".thm", ".lrv")
_TAKEOUT = re.compile(
    r"\.(supplemental-metadata|supplemental-metad\w*|supplemental-m\w*|suppl\w*)(\(\d+\))?\.json$", re.I
)
_OF_A_FILE = re.compile(r"^(?P<file>.+\.\w{2,5})(\(\d+\))?\.json$", re.I)
_ICLOUD = re.compile(r"^\.(?P<file>.+)\.icloud$", re.I)


def is_sidecar(name: str, beside: Collection[str]) -> bool:
    """Whether the name is of a sidecar: edits of Apple's Photos (.aae), XMP, a camera's thumbnails (.thm) and previews
    (.lrv), Google Takeout's JSON. ``beside`` holds the folder's names, casefolded: a plain photo.jpg.json is one only where
    photo.jpg is there.
    """
    lowered = name.casefold()
    if lowered.endswith(_EDITS) or _TAKEOUT.search(lowered):
        return True
    named = _OF_A_FILE.match(lowered)
    return named is not None and named["file"] in beside


def placeholder_of(name: str) -> str | None:
    """The file that an iCloud placeholder (.photo.heic.icloud) stands for; None where the name is of none."""
    found = _ICLOUD.match(name)
    return found["file"] if found else None
