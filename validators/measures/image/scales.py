"""One view in the sizes that measures use, each made once."""

from __future__ import annotations

from dataclasses import dataclass

import cv2

from validators.measures.image.tiles import Pixels, grey, working_plane

_COARSE = 400  # px: blur of 12 px of a photo of 1,024 px is a soft edge here, and streaks of grain are gone
_SMALL = 200  # px: blur of 36 px is a soft edge here
_THUMBNAIL = 128  # px: a picture that is soft here is only patches of colour


@dataclass(frozen=True, slots=True)
class Scales:
    """HxW uint8 luma planes of one upright view: as it is, then of at most 720, 400, 200 and 128 px."""

    full: Pixels
    working: Pixels
    coarse: Pixels
    small: Pixels
    thumbnail: Pixels


def scales_of(view: Pixels) -> Scales:
    """The planes of an upright HxWx3 uint8 RGB (or HxW grey) view with a long side of at most 1,024 px."""
    luma = grey(view)
    coarse = working_plane(luma, _COARSE, cv2.INTER_AREA)
    return Scales(
        full=luma,
        working=working_plane(luma),
        coarse=coarse,
        small=working_plane(coarse, _SMALL, cv2.INTER_AREA),
        thumbnail=working_plane(coarse, _THUMBNAIL, cv2.INTER_AREA),
    )
