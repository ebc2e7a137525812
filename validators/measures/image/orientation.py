"""The 8 orientations of a picture, as EXIF's Orientation tag numbers them (CIPA DC-008, tag 0x0112)."""

from __future__ import annotations

_INVERSE = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}


def inverse_orientation(orientation: int) -> int:
    """The orientation (1..8) that undoes ``orientation``: 6 and 8 undo one another, the others themselves."""
    return _INVERSE[orientation]
