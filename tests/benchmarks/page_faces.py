"""Typefaces that come with the libraries at hand: words in ink, of a wanted height of the small letters.

PDFium carries the three families that every PDF may name (a sans, a serif, a fixed one), OpenCV two, Pillow one; more are
read from a folder of TrueType or OpenType files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFont
from reuse_screens import FACES, Pixels

Draw = Callable[[str, int], Pixels]

_PDF_NAMES = (
    "Helvetica", "Helvetica-Bold", "Times-Roman", "Times-Bold", "Times-Italic", "Courier", "Courier-Bold",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Face:
    """A typeface. ``draw`` gives the ink 0..255 of a line at a size in px: every line of one size is equally high."""

    name: str
    draw: Draw

    def line(self, words: str, letter: float) -> Pixels:
        """Ink of the words whose small letters are about ``letter`` px high."""
        return self.draw(words, max(4, round(letter / _letter_share(self))))


def bundled() -> list[Face]:
    """The faces of PDFium, OpenCV and Pillow."""
    found = [Face(f"pdf {name}", partial(_pdf_line, name)) for name in _PDF_NAMES]
    found += [Face(f"opencv {name}", partial(_opencv_line, name)) for name in FACES]
    return [*found, Face("pillow Aileron", partial(_pillow_line, None))]


def of_folder(folder: Path) -> list[Face]:
    """One face for each TrueType or OpenType file."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".ttf", ".otf"))
    return [Face(path.stem, partial(_pillow_line, str(path))) for path in files]


@lru_cache(maxsize=200)
def _letter_share(face: Face) -> float:
    """Height of an x in px of the size."""
    rows = np.flatnonzero(face.draw("x", 200).max(axis=1) >= 128)
    return float(rows[-1] - rows[0] + 1) / 200


@lru_cache(maxsize=500)
def _font(path: str | None, size: int) -> ImageFont.FreeTypeFont:
    if path is not None:
        return ImageFont.truetype(path, size)
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("this Pillow was built without FreeType")
    return font


def _pillow_line(path: str | None, words: str, size: int) -> Pixels:
    font = _font(path, size)
    canvas = Image.new("L", (max(1, round(font.getlength(words)) + size), round(1.5 * size)))
    ImageDraw.Draw(canvas).text((0, 1.1 * size), words, 255, font, anchor="ls")
    return np.asarray(canvas)


def _opencv_line(name: str, words: str, size: int) -> Pixels:
    wide = cv2.getTextSize((99999, 9999), words, (0, 0), FACES[name], size, 400)[2]
    canvas = np.zeros((round(1.5 * size), max(1, wide + size)), np.uint8)
    cv2.putText(canvas, words, (0, round(1.1 * size)), (255,), FACES[name], size, 400)
    return canvas


def _pdf_line(name: str, words: str, size: int) -> Pixels:
    shown = words.replace("\\", "/").replace("(", r"\(").replace(")", r"\)")
    wide, high = round(0.75 * size * (len(words) + 1)), round(1.5 * size)
    stream = f"BT /F {size} Tf 0 {round(0.4 * size)} Td ({shown}) Tj ET".encode("latin-1", "replace")
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
        % (wide, high),
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding/WinAnsiEncoding>>" % name.encode(),
    )
    body = b"%PDF-1.4\n"
    for number, each in enumerate(objects, 1):
        body += b"%d 0 obj%s endobj\n" % (number, each)
    document = pypdfium2.PdfDocument(body + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF")
    ink = 255 - document[0].render(grayscale=True).to_numpy().reshape(high, wide)
    used = np.flatnonzero(ink.max(axis=0))
    return np.ascontiguousarray(ink[:, : used[-1] + 1 if used.size else 1])
