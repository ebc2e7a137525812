"""Pictures with detail everywhere, and what people do to them; deterministic."""

from __future__ import annotations

import cv2
import numpy as np


def scene(seed: int = 1, width: int = 420, height: int = 320) -> np.ndarray:
    """Overlapping shapes of many sizes on shaded ground, RGB."""
    random = np.random.default_rng(seed)
    down, across = np.mgrid[0:height, 0:width]
    picture = np.stack([80 + across / 5, 90 + down / 5, 120 - across / 9], axis=2).astype(np.uint8)
    for _ in range(240):
        centre = tuple(int(v) for v in random.integers(0, (width, height)))
        colour = tuple(int(v) for v in random.integers(0, 256, 3))
        size = int(random.integers(3, 26))
        if random.random() < 0.5:
            cv2.circle(picture, centre, size, colour, -1, cv2.LINE_AA)
        else:
            corner = tuple(int(v) for v in np.array(centre) + random.integers(-30, 30, 2))
            cv2.line(picture, centre, corner, colour, max(1, size // 5), cv2.LINE_AA)
    return cv2.GaussianBlur(picture, (0, 0), 0.7)


def jpeg(picture: np.ndarray, quality: int = 85) -> bytes:
    """Encoded."""
    done, data = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return data.tobytes()


def parallax(picture: np.ndarray) -> np.ndarray:
    """As if taken from a little to the side: what lies in the left half moves by three pixels."""
    down, across = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]].astype(np.float32)
    shift = 3.0 / (1.0 + np.exp((across - picture.shape[1] / 2) / 12.0))
    return cv2.remap(
        picture, (across + shift).astype(np.float32), down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )


def rough(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """As of a heap of small things seen from a little aside: places of 24 px move by up to four pixels, each its way."""
    high, wide = picture.shape[:2]
    moved = random.uniform(-4, 4, (2, -(-high // 24), -(-wide // 24))).astype(np.float32)
    across, down = (cv2.resize(one, (wide, high), interpolation=cv2.INTER_CUBIC) for one in moved)
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    return cv2.remap(picture, x + across, y + down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def embedded_in(picture: np.ndarray, side: int = 900) -> np.ndarray:
    """On a plain white page with lines of writing, at its own size."""
    page = np.full((side, 600, 3), 255, np.uint8)
    for line in range(6):
        cv2.putText(
            page, f"Order line {line} total 12.{line}0", (30, 60 + 34 * line), 0, 0.8, (40, 40, 40), 2
        )
    height, width = picture.shape[:2]
    page[400 : 400 + height, 90 : 90 + width] = picture
    return page
