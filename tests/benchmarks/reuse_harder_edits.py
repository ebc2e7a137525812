"""Edits that change more of a photo than those of reuse_edits.py: small in a collage, turned, seen from aside, half covered."""

from __future__ import annotations

import cv2
import numpy as np
from reuse_edits import (
    Edit,
    Edited,
    Others,
    Pixels,
    clipped,
    cover,
    crop_share,
    mirrored,
    placed,
    resize,
    say,
    toned,
    whole,
    write,
)

_CORNERS = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])


def _turned(rgb: Pixels, random: np.random.Generator) -> Pixels:
    """By four degrees either way, with white or black corners, or the rim drawn on."""
    high, wide = rgb.shape[:2]
    turn = cv2.getRotationMatrix2D(((wide - 1) / 2, (high - 1) / 2), 4.0 * float(random.choice((-1, 1))), 1.0)
    corner = int(random.choice((0, 255, -1)))
    mode = cv2.BORDER_REPLICATE if corner < 0 else cv2.BORDER_CONSTANT
    return np.asarray(
        cv2.warpAffine(rgb, turn, (wide, high), borderMode=mode, borderValue=(max(corner, 0),) * 3)
    )


def rotate_4(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    return whole(_turned(rgb, random)).done(int(random.choice((75, 85, 90))))


def perspective(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    """Each corner moved by up to 8 % of the sides."""
    high, wide = rgb.shape[:2]
    corners = _CORNERS * (wide - 1, high - 1)
    there = corners + random.uniform(-0.08, 0.08, (4, 2)) * (wide, high)
    by = cv2.getPerspectiveTransform(corners.astype(np.float32), there.astype(np.float32))
    fill = (int(random.choice((0, 128, 255))),) * 3
    return whole(np.asarray(cv2.warpPerspective(rgb, by, (wide, high), borderValue=fill))).done(85)


def collage_3x3(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    return _collage(rgb, random, others, 3)


def collage_4x4(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    return _collage(rgb, random, others, 4)


def _collage(rgb: Pixels, random: np.random.Generator, others: Others, count: int) -> Edited:
    """In one of ``count`` by ``count`` squares, with others, as they are and mirrored, in the rest."""
    size, gutter = int(random.choice((900, 1080, 1200, 1600))), int(random.integers(0, 13))
    side = (size - (count - 1) * gutter) // count
    ground = np.full((size, size, 3), int(random.choice((0, 255))), np.uint8)
    steps = [one * (side + gutter) for one in range(count)]
    first, *rest = random.permutation([(x, y) for y in steps for x in steps]).tolist()
    for number, place in enumerate(rest):
        other = whole(others[number % len(others)])
        placed(cover(mirrored(other) if number // len(others) % 2 else other, side, side), ground, *place)
    return placed(cover(whole(rgb), side, side), ground, *first).done(85)


def text_band_25(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    """A caption over a quarter of the height, anywhere; half of them let a third of the picture through."""
    made, (high, wide) = rgb.copy(), rgb.shape[:2]
    tall = round(0.25 * high)
    top = int(random.integers(0, high - tall))
    back = ((255, 255, 255), (0, 0, 0), (214, 40, 40))[random.integers(3)]
    through = float(random.choice((0.0, 0.35)))
    made[top : top + tall] = clipped(made[top : top + tall] * through + np.array(back) * (1 - through))
    fill = (0, 0, 0) if sum(back) > 600 else (255, 255, 255)
    for line in range(2):
        at = top + tall * (0.42 + 0.4 * line)
        write(made, say(random, 4), 0.04 * wide, at, min(0.3 * tall, wide / 14), fill)
    return whole(made).done(85)


def turned_combination(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    """Cropped by 15 %, mirrored, brighter or darker, turned by 4 degrees, at half size and quality 50."""
    it = mirrored(crop_share(whole(rgb), 0.15, random))
    lit = toned(it, random.uniform(0.75, 1.3), random.uniform(-25, 25))
    turned = whole(_turned(lit.pixels, random))
    if max(turned.wide, turned.high) > 800:
        turned = resize(turned, turned.wide // 2, turned.high // 2)
    return turned.done(50)


HARDER: dict[str, Edit] = {
    edit.__name__: edit
    for edit in (rotate_4, perspective, collage_3x3, collage_4x4, text_band_25, turned_combination)
}
