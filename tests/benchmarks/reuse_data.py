"""The pictures that reuse is measured with: photos by source, halves to develop and to report on, fillers of a gallery."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

Pixels = NDArray[np.uint8]
Box = tuple[int, int, int, int]

_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
_CLASS = re.compile(r"(.+__.+)_\d+")
_LARGE = 3_000_000
_SCALES = (768, 512, 384, 256)  # sides of tiles in the original's pixels
_PLAIN = 12.0  # deviation in luma levels below which a tile says too little to be told from others
_QUALITY = 90


@dataclass(frozen=True, slots=True)
class Photo:
    """A file and who or what it comes from: pairs across sources are unrelated."""

    path: Path
    source: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of a large photo as a JPEG; ``box`` (left, top, right, bottom) is where it was."""

    name: str
    data: bytes
    box: Box


def photos(folders: Iterable[Path]) -> list[Photo]:
    """The readable pictures of some folders, in the order of folders and names."""
    found = []
    for folder in folders:
        senders = _senders(folder)
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in _SUFFIXES and _opens(path):
                found.append(Photo(path, f"{folder.name}/{_source(path, senders)}"))
    return found


def _senders(folder: Path) -> dict[str, str]:
    table = folder / "senders.csv"
    if not table.exists():
        return {}
    with table.open(encoding="utf-8", newline="") as lines:
        return {row["file"]: f"sender {row['sender_id']}" for row in csv.DictReader(lines)}


def _source(path: Path, senders: dict[str, str]) -> str:
    """Its sender, its product's class, or itself."""
    named = _CLASS.fullmatch(path.stem)
    return senders.get(path.name) or (named[1] if named else path.name)


def _opens(path: Path) -> bool:
    try:
        with Image.open(path) as image:
            image.draft("RGB", (64, 64))
            image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return True


def halves(found: Iterable[Photo]) -> tuple[list[Photo], list[Photo]]:
    """Photos to develop on and to report on: no source in both, each folder's photos shared out evenly.

    Sources are dealt from the one with most photos, the equals in the order of their names' hashes, each to the half
    with fewer photos: a few senders have a third of all.
    """
    found = list(found)
    sizes = Counter(photo.source for photo in found)
    develop: set[str] = set()
    for _, group in groupby(sorted(sizes), key=lambda source: source.split("/")[0]):
        behind = 0  # by how many photos the first half is behind
        for source in sorted(group, key=lambda source: (-sizes[source], _rank(source))):
            if behind > 0 or (behind == 0 and _rank(source)[0] % 2):
                develop.add(source)
                behind -= sizes[source]
            else:
                behind += sizes[source]
    return [p for p in found if p.source in develop], [p for p in found if p.source not in develop]


def split(folders: Iterable[Path]) -> tuple[list[Photo], list[Photo]]:
    """The photos of all folders to develop on and to report on, each folder halved by itself."""
    parts = [halves(photos([folder])) for folder in folders]
    develop, report = ([photo for part in parts for photo in part[half]] for half in (0, 1))
    return develop, report


def _rank(source: str) -> bytes:
    return hashlib.blake2b(source.encode(), digest_size=8).digest()


def pixels(path: Path) -> Pixels:
    """Upright RGB at full size."""
    with Image.open(path) as image:
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))


def tiles(path: Path, side: int = 400, scales: Iterable[int] = _SCALES, step: float = 1.0) -> Iterator[Tile]:
    """Squares of a photo of 3 megapixels and more, of at most ``side`` pixels; none of a smaller photo.

    Tiles of one scale lie ``step`` of their side apart, and a small tile may lie within a larger one: ``box`` tells.
    """
    with Image.open(path) as image:
        if image.width * image.height < _LARGE:
            return
    rgb = pixels(path)
    for scale in scales:
        apart = max(1, round(scale * step))
        for top in range(0, rgb.shape[0] - scale + 1, apart):
            for left in range(0, rgb.shape[1] - scale + 1, apart):
                square = _reduced(rgb[top : top + scale, left : left + scale], side)
                if not _is_plain(square):
                    name = f"{path.stem}@{scale}+{left}+{top}"
                    yield Tile(name, _jpeg(square), (left, top, left + scale, top + scale))


def _reduced(square: Pixels, side: int) -> Pixels:
    if square.shape[0] <= side:
        return np.ascontiguousarray(square)
    return np.asarray(cv2.resize(square, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def _is_plain(square: Pixels) -> bool:
    """Whether its coarse structure, which grain does not reach, is near uniform."""
    coarse = cv2.resize(cv2.cvtColor(square, cv2.COLOR_RGB2GRAY), (32, 32), interpolation=cv2.INTER_AREA)
    return float(coarse.std()) < _PLAIN


def _jpeg(rgb: Pixels) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()


def frames(path: Path, a_second: float = 1.0) -> Iterator[bytes]:
    """About one frame a second of a video, as JPEG bytes, upright."""
    command = ["ffmpeg", "-v", "error", "-nostdin", "-threads", "1", "-i", str(path)]
    command += ["-an", "-vf", f"fps={a_second}", "-f", "image2pipe", "-c:v", "mjpeg", "-q:v", "3", "-"]
    stream = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    # Within a JPEG an end mark is never followed by a start mark, since ffmpeg writes no thumbnails.
    for frame in stream.split(b"\xff\xd9\xff\xd8"):
        if frame:
            yield b"\xff\xd8" + frame.removeprefix(b"\xff\xd8").removesuffix(b"\xff\xd9") + b"\xff\xd9"
