"""A stored comparison as the other side sees it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from validators.evidence import SCREENSHOT, AlignedSegment, Comparison, Region
from validators.report import Transform

__all__ = ["matrix_of", "recovered", "turned"]


def turned(comparison: Comparison) -> Comparison:
    """The same comparison seen from the other: sides swapped, the matrix inverted. Turned twice it is the same again.

    What was measured of the area that both have stays, over the frame of the side that measured.
    """
    back = np.linalg.inv(matrix_of(comparison))
    if (
        abs(back[2, 2]) > 1e-9 * np.abs(back).max()
    ):  # else the other's corner lies on the horizon: any scale will do
        back = back / back[2, 2]
    return replace(
        comparison,
        matrix=tuple(float(number) for number in back.ravel()),
        this_part=comparison.other_part,
        other_part=comparison.this_part,
        this_area=comparison.other_area,
        other_area=comparison.this_area,
        this_difference=comparison.other_difference,
        other_difference=comparison.this_difference,
        this_rows=comparison.other_rows,
        other_rows=comparison.this_rows,
        stretches=tuple(
            sorted(
                (
                    AlignedSegment(one.other_start_s, one.other_end_s, one.this_start_s, one.this_end_s)
                    for one in comparison.stretches
                ),
                key=lambda one: (one.this_start_s, one.other_start_s),
            )
        ),
    )


def matrix_of(comparison: Comparison) -> NDArray[np.float64]:
    """Its nine numbers as 3 x 3."""
    return np.array(comparison.matrix, np.float64).reshape(3, 3)


_ALL_OF = 0.9
"""Share of a picture that counts as all of it: edges are lost in resizing and in finding regions."""


def recovered(comparison: Comparison, this_kind: str, *, other_holds_it: bool = False) -> Transform:
    """The edit that made this item of the other, as a Transform: from the middle of what is shared.

    Where ``other_holds_it``, being taken out of it is no crop.
    """
    back = np.linalg.inv(matrix_of(comparison))
    linear = back[:2, :2] / back[2, 2]
    mirrored = bool(np.linalg.det(linear) < 0)
    if mirrored:
        linear = linear @ np.diag([-1.0, 1.0])
    turn = float(np.degrees(np.arctan2(linear[1, 0] - linear[0, 1], linear[0, 0] + linear[1, 1]))) % 360.0
    rotation = round(turn, 1) % 360.0
    left = _share(comparison.other_area)
    return Transform(
        mirrored=mirrored,
        rotation_deg=0.0 if min(rotation, 360.0 - rotation) < 1.0 else rotation,
        crop=round(left, 2) if left < _ALL_OF and not other_holds_it else None,
        container="none" if other_holds_it else _container(comparison, this_kind),
    )


def _container(comparison: Comparison, this_kind: str) -> str:
    """What this item lays the other into: nothing where it shows little else."""
    area = comparison.this_area
    if area is None or _share(area) >= _ALL_OF:
        return "none"
    if this_kind == SCREENSHOT:
        return "screenshot"
    centred = abs(area.x + area.w / 2 - 0.5) < 0.05 and abs(area.y + area.h / 2 - 0.5) < 0.05
    return "border" if centred and _share(area) > 0.3 else "collage"


def _share(area: Region | None) -> float:
    return area.w * area.h if area is not None else 1.0
