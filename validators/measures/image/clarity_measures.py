"""Measures the clarity of a view: focus on the full view, noise and brightness at one working size."""

from __future__ import annotations

from validators.evidence import ClarityMeasures
from validators.measures.image.definition import definition
from validators.measures.image.exposure import exposure
from validators.measures.image.fine_detail import fine_detail
from validators.measures.image.glare import glare
from validators.measures.image.noise import noise_sigma, softened
from validators.measures.image.scales import Scales, scales_of
from validators.measures.image.sharpness import sharpness
from validators.measures.image.tiles import Pixels


def measure_clarity(view: Pixels) -> ClarityMeasures:
    """Focus and brightness of an upright HxWx3 uint8 RGB (or HxW grey) view with a long side of at most 1,024 px."""
    return clarity_of(scales_of(view))


def clarity_of(scales: Scales) -> ClarityMeasures:
    """Focus and brightness of a view, given its planes."""
    plane = scales.working
    noise, light = noise_sigma(plane, softened(plane)), exposure(plane)
    focus = sharpness(scales.full, noise)
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
        glare=glare(scales.coarse),
        definition=definition(scales.coarse, tile=20, reach=5),
        definition_small=definition(scales.small, tile=10, reach=4),
        fine_detail=fine_detail(scales),
        washed_fraction=light.washed_fraction,
        side=max(scales.full.shape),
    )
