"""Draws text into pictures with the fonts inside OpenCV's wheel: every script, no fonts of the system."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

LEADING = 1.3
"""Line height, as a multiple of the letter size."""


@cache
def _face() -> Any:
    return cv2.FontFace("sans")


def width_of(text: str, size: int) -> int:
    """The width of ``text`` in px."""
    box = cv2.getTextSize((0, 0), text, (0, 0), _face(), size, 400)
    return int(box[0] + box[2])


def lines_of(text: str, size: int, width: int) -> list[str]:
    """``text`` broken into lines of at most ``width`` px. A word that is too wide is cut."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(_cut(word, size, width))
    return lines


def one_line(text: str, size: int, width: int) -> str:
    """``text`` in at most ``width`` px. Its middle is left out if it is longer, because names differ at both ends."""
    clean = "".join(c if c.isprintable() else "\ufffd" for c in text)
    return _cut(clean.encode("utf-8", "replace").decode(), size, width)


def write(picture: Pixels, lines: list[str], left: int, top: int, size: int, grey: int = 0) -> None:
    """Draw ``lines`` below ``top``."""
    for number, line in enumerate(lines):
        base = int(top + size + number * size * LEADING)
        cv2.putText(picture, line, (left, base), (grey, grey, grey), _face(), size, 400)


def height_of(lines: list[str], size: int) -> int:
    """The height of ``lines`` in px."""
    return int(len(lines) * size * LEADING)


def _cut(text: str, size: int, width: int) -> str:
    if len(text) > 200:
        text = f"{text[:100]}…{text[-99:]}"
    shorter = text
    kept = len(text)
    while kept > 2 and width_of(shorter, size) > width:
        kept -= 1
        shorter = f"{text[: (kept + 1) // 2]}…{text[len(text) - kept // 2 :]}"
    return shorter
