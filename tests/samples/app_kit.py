"""Building blocks of a phone app's pages, 1080 pixels wide and more. The marketplace "Torvik" is invented."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from PIL import Image, ImageDraw
from prints import font

INK = (28, 30, 36)
GREY = (122, 127, 138)
LINE = (229, 231, 236)
PAPER = (244, 245, 248)
ACCENT = (214, 74, 38)
GREEN = (34, 142, 92)
BLUE = (38, 98, 190)


@dataclass(slots=True)
class Phone:
    """A page under construction; ``y`` is where the next block goes, ``u`` one density-independent pixel."""

    width: int = 1080
    height: int = 2340
    clock: str = "10:22"
    battery: int = 71
    carrier: str = "Nordtel"
    rounded: bool = False
    dark: bool = False
    picture: Image.Image = field(init=False)
    draw: ImageDraw.ImageDraw = field(init=False)
    y: int = 0
    u: float = 1.0

    def __post_init__(self) -> None:
        self.picture = Image.new("RGB", (self.width, self.height), PAPER)
        self.draw = ImageDraw.Draw(self.picture)
        self.u = self.width / 1080
        self._status()

    def px(self, value: float) -> int:
        """Units of a 1080-wide page in pixels."""
        return round(value * self.u)

    def text(
        self,
        at: tuple[float, float],
        words: str,
        size: int = 38,
        tone: tuple[int, ...] = INK,
        bold: bool = False,
        anchor: str = "la",
        mono: bool = False,
    ) -> None:
        """Words at a place in units."""
        face = font(self.px(size), bold=bold, mono=mono)
        self.draw.text((self.px(at[0]), self.px(at[1])), words, font=face, fill=tone, anchor=anchor)

    def box(
        self,
        x: float,
        y: float,
        wide: float,
        tall: float,
        fill: tuple[int, ...] | None,
        radius: float = 0,
        outline: tuple[int, ...] | None = None,
    ) -> None:
        """A rounded rectangle in units."""
        corners = (self.px(x), self.px(y), self.px(x + wide), self.px(y + tall))
        self.draw.rounded_rectangle(corners, self.px(radius), fill=fill, outline=outline, width=self.px(2))

    def _status(self) -> None:
        self.box(0, 0, 1080, 96, (255, 255, 255))
        self.text((60, 30), self.clock, 36, bold=True)
        self.text((210, 34), self.carrier, 28, GREY)
        for index in range(4):
            self.box(820 + index * 16, 62 - index * 9, 10, 10 + index * 9, INK if index < 3 else LINE, 2)
        self.draw.pieslice([self.px(v) for v in (896, 34, 944, 82)], 225, 315, fill=INK)
        self.box(962, 36, 66, 34, None, 8, INK)
        self.box(967, 41, 56 * self.battery / 100, 24, GREEN if self.battery > 20 else ACCENT, 4)
        self.y = 96

    def header(self, title: str, action: str = "") -> None:
        """The app's bar with a back arrow."""
        self.box(0, self.y, 1080, 132, (255, 255, 255))
        top = self.y + 66
        self.draw.line(
            [(self.px(76), self.px(top - 24)), (self.px(50), self.px(top)), (self.px(76), self.px(top + 24))],
            fill=INK,
            width=self.px(6),
            joint="curve",
        )
        self.text((120, top), title, 46, bold=True, anchor="lm")
        self.text((1030, top), action, 36, ACCENT, anchor="rm")
        self.box(0, self.y + 130, 1080, 2, LINE)
        self.y += 132

    def card(self, tall: float, gap: float = 20) -> float:
        """A white block; returns its top."""
        self.y += round(gap)
        self.box(24, self.y, 1032, tall, (255, 255, 255), 24)
        top = self.y
        self.y += round(tall)
        return top

    def thumb(
        self, pixels: np.ndarray, x: float, y: float, wide: float, tall: float, radius: float = 16
    ) -> None:
        """A picture in the page, cropped to fill."""
        size = (self.px(wide), self.px(tall))
        scale = max(size[0] / pixels.shape[1], size[1] / pixels.shape[0])
        small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        top, left = (small.shape[0] - size[1]) // 2, (small.shape[1] - size[0]) // 2
        cut = Image.fromarray(
            small[max(top, 0) : max(top, 0) + size[1], max(left, 0) : max(left, 0) + size[0]]
        )
        mask = Image.new("L", cut.size, 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, *cut.size), self.px(radius), fill=255)
        self.picture.paste(cut, (self.px(x), self.px(y)), mask)

    def buttons(self, words: list[str]) -> None:
        """The bar at the bottom, the last button filled, and the system's gesture line."""
        bottom = self.height / self.u
        self.box(0, bottom - 230, 1080, 230, (255, 255, 255))
        self.box(0, bottom - 230, 1080, 2, LINE)
        wide = (1080 - 48 - 24 * (len(words) - 1)) / len(words)
        for index, word in enumerate(words):
            last = index == len(words) - 1
            x = 24 + index * (wide + 24)
            self.box(x, bottom - 200, wide, 104, ACCENT if last else (255, 255, 255), 52, ACCENT)
            self.text((x + wide / 2, bottom - 148), word, 38, (255, 255, 255) if last else ACCENT, True, "mm")
        self.box(390, bottom - 40, 300, 10, INK, 5)


def wrapped(words: str, size: int, limit: float, unit: float = 1.0) -> list[str]:
    """Lines of at most ``limit`` units."""
    face = font(max(1, round(size * unit)))
    lines = [""]
    for word in words.split():
        trial = f"{lines[-1]} {word}".strip()
        if face.getlength(trial) <= limit * unit or not lines[-1]:
            lines[-1] = trial
        else:
            lines.append(word)
    return lines
