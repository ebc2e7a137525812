"""Everything that is measured of a view's legibility: focus in full, noise and light at one working size."""

from __future__ import annotations

import cv2

from validators.evidence import ClarityMeasures
from validators.measures.image.exposure import exposure
from validators.measures.image.glare import glare
from validators.measures.image.noise import noise_sigma, softened
from validators.measures.image.sharpness import crispness, sharpness
from validators.measures.image.tiles import Pixels, grey, working_plane

_THUMBNAIL = 128  # px: what is soft here is a patch of colour
_COARSE = 400  # px: movement of 50 px of a 1,600 px photo is a soft edge here, and streaks of grain are gone


def measure_clarity(view: Pixels) -> ClarityMeasures:
    """Focus and light of an upright HxWx3 uint8 RGB (or HxW grey) view with a long side of at most 1,024 px."""
    luma = grey(view)
    plane = working_plane(luma)
    noise, light = noise_sigma(plane, softened(plane)), exposure(plane)
    focus = sharpness(luma, noise)
    coarse = working_plane(luma, _COARSE, cv2.INTER_AREA)
    thumbnail = working_plane(coarse, _THUMBNAIL, cv2.INTER_AREA)
    return ClarityMeasures(
        sharpness=focus.value,
        edge_count=focus.edge_count,
        noise=noise,
        luma_mean=light.mean,
        luma_p05=light.p05,
        luma_p95=light.p95,
        luma_std=light.std,
        dark_fraction=light.dark_fraction,
        clipped_fraction=light.clipped_fraction,
        flat_fraction=light.flat_fraction,
        weakest=focus.weakest,
        sharpness_coarse=_crispness(coarse),
        sharpness_thumbnail=_crispness(thumbnail),
        glare=glare(coarse),
    )


def _crispness(copy: Pixels) -> float | None:
    return crispness(copy, noise_sigma(copy, softened(copy)))
