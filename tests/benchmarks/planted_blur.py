"""Blur planted in photos and pages: what share is reported, and what share asked for again, by kind and width of blur.

    python tests/benchmarks/planted_blur.py PHOTOS [--documents PDFS] [--ordinary FOLDER...] [--every N]

A disc's diameter or a path's length in px of a long side of 1,024, in linear light, with grain of sigma 1.5, as JPEG of
quality 85. Sources are photos of 1,024 px and more, PDF pages with text, and drawn screens; they are split in two halves
by their names, of which values were chosen on the first. Every photo of the --ordinary folders is judged as it is, and those
warned are named: each is to be looked at.
"""

from __future__ import annotations

import argparse
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
import reuse_screens
from blurs import line, out_of_focus, wander
from clarity_data import default_policy
from harness import table
from judged_stills import Judge, JudgedStill
from numpy.typing import NDArray
from PIL import Image, ImageOps

Pixels = NDArray[np.uint8]

WIDTHS = (3, 8, 12, 14, 22, 36, 60)
PAGE_WIDTHS = (3, 8, 12, 14, 20, 36, 60)
KINDS = ("defocus", "motion", "shake")
SIDE = 1024
GRAIN = 1.5
QUALITY = 85
LEAST_TEXT = 600  # characters of a PDF page
_GAMMA = 2.2
_LINEAR = ((np.arange(256) / 255.0) ** _GAMMA).astype(np.float32)
# Not photos, blurred as they were taken, or one another's twins.
NOT = (
    "ImageTestSuite",
    "Issue_173",
    "Issue_600",
    "Kodak_CLAS",
    "Canon_PowerShot_S40_(2)",
    "HTC_TyTN_II",
    "Trust_PowerCam",
)


@dataclass(frozen=True, slots=True)
class Source:
    """A sharp picture. ``reporting`` is whether nothing was chosen on it."""

    name: str
    rgb: Pixels

    @property
    def reporting(self) -> bool:
        return hashlib.blake2b(self.name.encode(), digest_size=8).digest()[0] % 2 == 1


@dataclass(frozen=True, slots=True)
class Planted:
    """What became of a source with blur of that kind and width; ``kind`` "sharp" for none."""

    reporting: bool
    kind: str
    width: int
    judged: JudgedStill

    @property
    def reported(self) -> bool:
        return not {"CLR_BLUR", "CLR_TEXT_ILLEGIBLE"}.isdisjoint(self.judged.codes)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photos", type=Path)
    parser.add_argument("--documents", type=Path)
    parser.add_argument("--ordinary", type=Path, nargs="*", default=[])
    parser.add_argument("--every", type=int, default=1, help="plant in one source of so many")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    judge = Judge(default_policy())
    told(judge, "photos", photos(options.photos), WIDTHS, options.every)
    told(judge, "pages", pages(options.documents), PAGE_WIDTHS, options.every)
    for folder in options.ordinary:
        ordinary(judge, folder)


def told(judge: Judge, what: str, sources: Iterator[Source], widths: tuple[int, ...], every: int) -> None:
    """Plants every kind and width in each source and prints both halves."""
    found = [
        each
        for number, source in enumerate(sources)
        if number % every == 0
        for each in planted(judge, source, widths)
    ]
    for reporting in (False, True):
        half = [each for each in found if each.reporting is reporting]
        shares(f"{what}, {'report' if reporting else 'develop'} half", half, widths)
    torn = [each for each in found if ("CLR_BLUR" in each.judged.codes) != (each.judged.verdict == "blurred")]
    print(f"\n{what}: verdict and findings disagree in {len(torn)} of {len(found)}")


def shares(name: str, found: list[Planted], widths: tuple[int, ...]) -> None:
    """Reported and asked for again, of each kind and width, and of what is sharp."""
    rows = [(name, "sharp", *(f"{width} px" for width in widths))]
    sharp = [each for each in found if each.kind == "sharp"]
    for kind in KINDS:
        cells = [_cell([e for e in found if (e.kind, e.width) == (kind, width)]) for width in widths]
        rows.append((kind, _cell(sharp), *cells))
    print()
    table(rows)
    wide = [each for each in found if each.width >= 12]
    print(f"from 12 px on: {np.mean([each.reported for each in wide]):.1%} of {len(wide)} reported")


def _cell(found: list[Planted]) -> str:
    if not found:
        return "–"
    reported, again = (
        100 * np.mean(values) for values in zip(*((e.reported, e.judged.again) for e in found), strict=True)
    )
    return f"{reported:.0f} / {again:.0f}"


def planted(judge: Judge, source: Source, widths: tuple[int, ...]) -> Iterator[Planted]:
    """The source as it is, then with each blur."""
    rng = np.random.default_rng(list(source.name.encode()))
    light, scale = _LINEAR[source.rgb], max(source.rgb.shape[:2]) / SIDE
    for kind, width in (("sharp", 0), *((kind, width) for width in widths for kind in KINDS)):
        soft = light if kind == "sharp" else cv2.filter2D(light, -1, _kernel(kind, width * scale, rng))
        judged = judge(_as_taken(soft, rng))
        if judged is not None:
            yield Planted(source.reporting, kind, width, judged)


def _kernel(kind: str, width: float, rng: np.random.Generator) -> NDArray[np.float32]:
    if kind == "defocus":
        return out_of_focus(width)
    if kind == "motion":  # one in two along the rows or the columns
        return line(width, float(rng.choice([0.0, np.pi / 2, rng.uniform(0, np.pi), rng.uniform(0, np.pi)])))
    return wander(width, rng, path=True)


def _as_taken(light: NDArray[np.float32], rng: np.random.Generator) -> bytes:
    grain = GRAIN * rng.standard_normal(light.shape, dtype=np.float32)
    view = cv2.pow(np.clip(light, 0, 1), 1 / _GAMMA) * 255 + grain
    buffer = io.BytesIO()
    Image.fromarray(np.clip(view + 0.5, 0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def photos(folder: Path) -> Iterator[Source]:
    """Photos of 1,024 px and more: one in two at that, the others at up to 1,600 px."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(NOT) or path.suffix.lower() not in (".jpg", ".jpeg"):
            continue
        try:
            with Image.open(path) as image:
                if max(image.size) >= SIDE:
                    large = max(image.size) >= 1600 and len(path.name) % 2
                    upright = ImageOps.exif_transpose(image).convert("RGB")
                    yield Source(path.stem, _reduced(upright, 1600 if large else SIDE))
        except OSError:
            continue


def pages(documents: Path | None) -> Iterator[Source]:
    """First pages of PDF files with plenty of text, and drawn screens and documents."""
    for number, path in enumerate(sorted(documents.glob("*.pdf")) if documents else []):
        page = _first_page(path, SIDE if number % 2 else 1600)
        if page is not None:
            yield Source(path.stem, page)
    for template in reuse_screens.templates():
        for content in range(2):
            drawn = reuse_screens.render(template, content, bool(content)).convert("RGB")
            yield Source(f"{template} {content}", _reduced(drawn, SIDE if content else 1600))


def _first_page(path: Path, side: int) -> Pixels | None:
    try:
        page = pypdfium2.PdfDocument(path)[0]
        if len(page.get_textpage().get_text_range()) < LEAST_TEXT or max(page.get_size()) > 1500:
            return None
        drawn = page.render(scale=side / max(page.get_size())).to_pil()
    except pypdfium2.PdfiumError:
        return None
    return np.asarray(drawn.convert("RGB"))


def _reduced(image: Image.Image, side: int) -> Pixels:
    image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return np.asarray(image)


def ordinary(judge: Judge, folder: Path) -> None:
    """Photos as they are: those reported, each by name, and how many are asked for again."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    found = []
    for path in files:
        mime = "image/png" if path.suffix.lower() == ".png" else "image/jpeg"
        try:
            judged = judge(path.read_bytes(), mime)
        except ValueError:
            continue
        if judged is not None:
            found.append((path.name, judged))
    warned = [
        (name, judged) for name, judged in found if {"CLR_BLUR", "CLR_TEXT_ILLEGIBLE"} & set(judged.codes)
    ]
    again = sum(judged.again for _, judged in warned)
    print(
        f"\n{folder.name}: {len(warned)} of {len(found)} warned ({len(warned) / max(len(found), 1):.1%}), "
        f"{again} asked for again"
    )
    for name, judged in warned:
        print(f"  {name}: {' '.join(judged.codes)}{', again' if judged.again else ''}")


if __name__ == "__main__":
    main()
