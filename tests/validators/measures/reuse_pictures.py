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


RED, GREEN, BLUE = (196, 30, 34), (22, 130, 52), (30, 60, 180)


def carton(colour: tuple[int, int, int], flavour: str = "WHOLE") -> np.ndarray:
    """A carton on white as catalogues show it: one design in any colour, with print in black and white, and its flavour."""
    picture = np.full((420, 420, 3), 255, np.uint8)
    cv2.rectangle(picture, (120, 40), (300, 390), (232, 232, 228), -1)
    cv2.rectangle(picture, (120, 40), (300, 110), colour, -1)
    for wave in range(4):
        points = [(x, 250 + 34 * wave + round(9 * np.sin(x / 14 + wave))) for x in range(120, 301, 4)]
        cv2.polylines(picture, [np.array(points, np.int32)], False, colour, 12, cv2.LINE_AA)
    cv2.circle(picture, (210, 150), 26, (235, 196, 30), -1, cv2.LINE_AA)
    cv2.putText(picture, "FARM", (140, 90), 0, 1.5, (255, 255, 255), 4, cv2.LINE_AA)
    cv2.putText(picture, "MILK", (142, 220), 0, 1.4, (20, 20, 20), 3, cv2.LINE_AA)
    cv2.putText(picture, flavour, (150, 240), 0, 0.5, colour, 1, cv2.LINE_AA)
    for line in range(9):
        cv2.putText(
            picture,
            f"{line} batch {line * 7919 % 97}",
            (126, 372 - 14 * line),
            0,
            0.36,
            (70, 70, 70),
            1,
            cv2.LINE_AA,
        )
    grain = np.random.default_rng(len(flavour)).normal(0, 3, picture.shape)
    return np.clip(cv2.GaussianBlur(picture, (0, 0), 0.6) * 0.98 + grain, 0, 255).astype(np.uint8)


def tinted(picture: np.ndarray, how: str) -> np.ndarray:
    """What a filter makes of it."""
    rows = {
        "grey": ((0.299, 0.587, 0.114),) * 3,
        "sepia": ((0.393, 0.769, 0.189), (0.349, 0.686, 0.168), (0.272, 0.534, 0.131)),
        "cool": ((0.82, 0.05, 0), (0, 0.95, 0.03), (0, 0.08, 1.12)),
        "warm": ((1.12, 0.08, 0), (0, 0.97, 0), (0, 0.05, 0.78)),
        "bright": ((1.2, 0, 0), (0, 1.2, 0), (0, 0, 1.2)),
        "faded": ((0.72, 0.2, 0.08), (0.12, 0.8, 0.08), (0.12, 0.2, 0.68)),
    }[how]
    return np.clip(picture.astype(np.float32) @ np.array(rows, np.float32).T, 0, 255).astype(np.uint8)


def cracked(picture: np.ndarray) -> tuple[np.ndarray, tuple[int, int, int, int]]:
    """A thin dark crack drawn on it, and the box of that: left, top, right, bottom in px."""
    made, high, wide = picture.copy(), *picture.shape[:2]
    xs = np.linspace(0.3, 0.62, 9) * wide
    ys = (0.35 + np.array([0, 0.05, 0.03, 0.1, 0.14, 0.11, 0.19, 0.2, 0.27])) * high
    points = np.stack([xs, ys], axis=1).astype(np.int32)
    cv2.polylines(made, [points], False, (24, 20, 18), max(2, wide // 160), cv2.LINE_AA)
    low, most = points.min(axis=0), points.max(axis=0)
    return made, (int(low[0]), int(low[1]), int(most[0]), int(most[1]))


def stained(picture: np.ndarray) -> tuple[np.ndarray, tuple[int, int, int, int]]:
    """A brown stain that lets the print through, and the box of it."""
    high, wide = picture.shape[:2]
    mask = np.zeros((high, wide), np.float32)
    cv2.ellipse(mask, (round(0.55 * wide), round(0.45 * high)), (wide // 9, high // 12), 20, 0, 360, 1.0, -1)
    share = cv2.GaussianBlur(mask, (0, 0), 2)[..., None] * 0.7
    made = picture * (1 - share) + np.array([88, 54, 26], np.float32) * share
    ys, xs = np.nonzero(mask)
    return made.astype(np.uint8), (int(xs.min()), int(ys.min()), int(xs.max()), int(ys.max()))


def overlap(box: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Intersection over union of two boxes (left, top, right, bottom)."""
    wide = min(box[2], other[2]) - max(box[0], other[0])
    high = min(box[3], other[3]) - max(box[1], other[1])
    both = max(wide, 0.0) * max(high, 0.0)
    areas = [(b[2] - b[0]) * (b[3] - b[1]) for b in (box, other)]
    return both / (sum(areas) - both)


def turned_by(picture: np.ndarray, degrees: float) -> np.ndarray:
    """Turned about its middle, the corners white."""
    high, wide = picture.shape[:2]
    turn = cv2.getRotationMatrix2D(((wide - 1) / 2, (high - 1) / 2), degrees, 1.0)
    return cv2.warpAffine(picture, turn, (wide, high), flags=cv2.INTER_CUBIC, borderValue=(255,) * 3)
