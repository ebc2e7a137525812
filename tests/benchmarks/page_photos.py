"""Pages as people photograph them: drawn, laid on a table aslant, lit from one side, shaded, softened, grainy, as JPEG.

Everything is invented. The height of the letters is what they have in the photo, in px, the mean over the page.
"""

from __future__ import annotations

import io
import random as plain
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from page_faces import Face
from PIL import Image
from reuse_screens import Pixels

LAYOUTS = ("letter", "columns", "invoice", "receipt", "terms")
_OVER = 2.5  # times the size in the photo at which pages are drawn
_MOST_SIDE = 6000  # px of the page as drawn
_WORDS = (
    "the of and to in a is that for it was on are as with his they at be this from have or by one had not but what all "
    "were when we there can an your which their said if do will each about how up out them then she many some so these "
    "would other into has more her two like him see time could no make than first been its who now people my made over "
    "did down only way find use may water long little very after words called just where most know goods delivery parcel "
    "order number seller buyer refund within days receipt damaged returned carrier address signature total amount paid "
    "und der die das nicht eine mit auf ist wird Lieferung Rechnung Betrag bitte innerhalb Tagen zurück el los para una "
    "con por del pedido entrega importe gracias przesyłka zwrot kwota faktura"
).split()


@dataclass(frozen=True, slots=True)
class Scene:
    """How one page is photographed. ``share``: of the photo's width that the page takes, over 1 where it is cut.

    ``seed`` chooses the page, and with ``shot`` where it lies, its light and its grain.
    """

    layout: str
    letter: float
    wide: int
    share: float
    seed: int
    shot: int = 0


def photographed_page(face: Face, scene: Scene) -> Pixels:
    """An upright RGB photo, 4:3 portrait, in which the letters are ``scene.letter`` px high."""
    rng = np.random.default_rng([scene.seed, scene.shot] if scene.shot else scene.seed)
    over = min(_OVER, _MOST_SIDE / (1.42 * scene.wide * scene.share))
    page = drawn_page(
        face, scene.layout, round(scene.wide * scene.share * over), scene.letter * over, scene.seed
    )
    wide, high = scene.wide, round(scene.wide * 4 / 3)
    photo = _ground(wide, high, rng)
    turn = _laid(page.shape, scene, (wide, high), rng)
    soft = cv2.GaussianBlur(page, (0, 0), 0.4 * over)
    laid = cv2.warpPerspective(soft, turn, (wide, high), flags=cv2.INTER_LINEAR).astype(np.float32)
    cover = cv2.warpPerspective(np.full(page.shape, 255, np.uint8), turn, (wide, high))
    paper = rng.uniform(0.86, 1.0) * np.array(
        [1.0, rng.uniform(0.95, 1.0), rng.uniform(0.82, 1.0)], np.float32
    )
    inside = (cover.astype(np.float32) / np.float32(255))[..., None]
    photo = photo * (1 - inside) + laid[..., None] * paper * inside
    return _taken(photo, rng)


def as_jpeg(picture: Pixels, quality: int) -> bytes:
    """The file that is sent."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def drawn_page(face: Face, layout: str, wide: int, letter: float, seed: int) -> Pixels:
    """A grey page of ``wide`` px whose small letters are ``letter`` px high; receipts are narrow and long."""
    high = round(wide * (1.9 if layout == "receipt" else 1.414))
    page = np.full((high, wide), 250, np.uint8)
    _LAYOUTS[layout](page, partial_line(face, letter), letter, plain.Random(seed))
    return page


Line = Callable[[str], Pixels]


def partial_line(face: Face, letter: float) -> Line:
    """The words in ink of that face and height."""
    return lambda words: face.line(words, letter)


def _letter(page: Pixels, line: Line, letter: float, rng: plain.Random) -> None:
    margin, y = page.shape[1] // 10, page.shape[0] // 12
    while y < 0.9 * page.shape[0]:
        for _ in range(rng.randint(2, 7)):
            y = _row(page, line, letter, margin, y, page.shape[1] - 2 * margin, rng)
        y += round(2 * letter)


def _terms(page: Pixels, line: Line, letter: float, rng: plain.Random) -> None:
    margin, y = page.shape[1] // 16, page.shape[0] // 20
    while y < 0.95 * page.shape[0]:
        y = _row(page, line, letter, margin, y, page.shape[1] - 2 * margin, rng)


def _columns(page: Pixels, line: Line, letter: float, rng: plain.Random) -> None:
    margin = page.shape[1] // 14
    wide = (page.shape[1] - 3 * margin) // 2
    for left in (margin, 2 * margin + wide):
        y = page.shape[0] // 14
        while y < 0.92 * page.shape[0]:
            y = _row(page, line, letter, left, y, wide, rng) + (
                round(2 * letter) if rng.random() < 0.15 else 0
            )


def _invoice(page: Pixels, line: Line, letter: float, rng: plain.Random) -> None:
    high, wide = page.shape
    margin, y = wide // 12, high // 14
    for _ in range(6):
        y = _row(page, line, letter, margin, y, wide // 3, rng)
    y += round(6 * letter)
    while y < 0.85 * high:
        _stamp(page, line(f"{rng.randint(1000, 99999)}"), margin, y)
        _row(page, line, letter, margin + wide // 6, y, wide // 3, rng)
        for column in (0.66, 0.8):
            _stamp(page, line(f"{rng.randint(1, 999)}.{rng.randint(10, 99)}"), round(column * wide), y)
        y += round(4.5 * letter)
        cv2.line(
            page,
            (margin, y - round(letter)),
            (wide - margin, y - round(letter)),
            (170,),
            max(1, round(letter / 9)),
        )


def _receipt(page: Pixels, line: Line, letter: float, rng: plain.Random) -> None:
    high, wide = page.shape
    margin, y = wide // 14, high // 24
    while y < 0.94 * high:
        below = _row(page, line, letter, margin, y, round(0.6 * wide), rng)
        _stamp(page, line(f"{rng.randint(0, 99)}.{rng.randint(10, 99)}"), round(0.78 * wide), y)
        y = below


_LAYOUTS = {"letter": _letter, "terms": _terms, "columns": _columns, "invoice": _invoice, "receipt": _receipt}


def _row(page: Pixels, line: Line, letter: float, left: int, y: int, wide: int, rng: plain.Random) -> int:
    """A line of words no wider than ``wide``; returns where the next one begins."""
    words, most = "", int(wide / (0.95 * letter))
    while len(words) < most:
        word = rng.choice(_WORDS)
        words += (word.capitalize() if rng.random() < 0.12 else word) + (", " if rng.random() < 0.08 else " ")
    _stamp(page, line(words)[:, :wide], left, y)
    return y + round(3.0 * letter)


def _stamp(page: Pixels, ink: Pixels, x: int, y: int) -> None:
    part = page[y : y + ink.shape[0], x : x + ink.shape[1]]
    dark = ink[: part.shape[0], : part.shape[1]].astype(np.uint16) * 220 // 255
    part -= np.minimum(dark, part).astype(np.uint8)


def _laid(
    shape: tuple[int, ...], scene: Scene, size: tuple[int, int], rng: np.random.Generator
) -> NDArray[np.float64]:
    """From the drawn page to the photo: turned by up to 6 degrees and seen from one side."""
    high, wide = shape
    scale = scene.wide * scene.share / wide
    corner = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    centred = (corner - np.array([wide, high], np.float32) / 2) * scale
    angle = np.deg2rad(rng.uniform(-6, 6))
    turned = centred @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]], np.float32)
    tilt = rng.uniform(-0.06, 0.06, 2) * min(centred[2])
    lean = np.array(
        [[tilt[0], tilt[1]], [-tilt[0], -tilt[1]], [tilt[0], tilt[1]], [-tilt[0], -tilt[1]]], np.float32
    )
    placed = turned + lean + np.array(size, np.float32) / 2
    return np.asarray(cv2.getPerspectiveTransform(corner, placed.astype(np.float32)), np.float64)


def _ground(wide: int, high: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """A table or cloth: one tone with coarse and fine unevenness."""
    tone = rng.uniform(40, 190) * rng.uniform(0.7, 1.0, 3)
    coarse = cv2.resize(rng.normal(0, 14, (8, 6)), (wide, high), interpolation=cv2.INTER_CUBIC)
    fine = cv2.GaussianBlur(rng.normal(0, 16, (high, wide)), (0, 0), sigmaX=rng.uniform(0.8, 12), sigmaY=1.2)
    return np.clip(tone[None, None] + (coarse + fine)[..., None], 0, 255).astype(np.float32)


def _taken(photo: NDArray[np.float32], rng: np.random.Generator) -> Pixels:
    """Light that falls off to one side, a soft shadow, a lens, grain."""
    high, wide = photo.shape[:2]
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32) / np.float32(max(high, wide))
    angle = rng.uniform(0, 2 * np.pi)
    across = np.cos(angle) * x + np.sin(angle) * y
    light = rng.uniform(0.75, 1.0) - rng.uniform(0.1, 0.4) * (across - across.min())
    if rng.random() < 0.5:  # of a hand or the phone
        edge = np.cos(angle + 1.3) * x + np.sin(angle + 1.3) * y
        shade = 1 / (1 + np.exp((edge - np.median(edge) + rng.uniform(-0.2, 0.2)) / rng.uniform(0.005, 0.05)))
        light *= 1 - rng.uniform(0.15, 0.45) * shade
    seen = cv2.GaussianBlur(photo * light[..., None], (0, 0), rng.uniform(0.35, 0.7))
    grain = rng.uniform(0.8, 3.5) * rng.standard_normal(photo.shape, dtype=np.float32)
    return np.asarray(np.clip(seen + grain + 0.5, 0, 255), np.uint8)
