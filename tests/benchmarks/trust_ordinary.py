"""Ordinary uploads for the table of trust: photos, screens and documents that nobody changed."""

from __future__ import annotations

import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from PIL import Image
from rendered_screens import TEMPLATES, page, screen
from reuse_data import Photo
from trust_cases import Item, MadeDispute

_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".heic")
_DATED = "%Y:%m:%d %H:%M:%S"


def of_sources(photos: Iterable[Photo]) -> Iterator[MadeDispute]:
    """One dispute a sender or product, whose photos are of the item."""
    by_source: dict[str, list[Photo]] = defaultdict(list)
    for photo in photos:
        by_source[photo.source].append(photo)
    for number, chosen in enumerate(by_source.values()):
        items = tuple(Item(one.path.name, one.path.read_bytes(), "photos") for one in chosen)
        yield MadeDispute(f"photos-{number}", items)


def of_cameras(corpus: Path, count: int, random: Random) -> Iterator[MadeDispute]:
    """Camera files, each taken two days after its parcel came, by the time that ExifTool reads. Those broken on purpose, and
    those without such a time, are left out."""
    known = {row["SourceFile"]: row for row in json.loads((corpus / "exiftool.json").read_text("utf-8"))}
    files = sorted((corpus / "photos").iterdir())
    random.shuffle(files)
    taken = [(path, _taken(known.get(f"photos/{path.name}", {}))) for path in files]
    chosen = [(path, at) for path, at in taken if at and not path.name.startswith("ImageTestSuite")]
    for number, (path, at) in enumerate(chosen[:count]):
        opened, day = at + timedelta(days=1), timedelta(days=1)
        item = Item(path.name, path.read_bytes(), "photos", sent=opened + day)
        yield MadeDispute(
            f"camera-{number}", (item,), placed=at - 9 * day, delivered=at - 2 * day, opened=opened
        )


def _taken(row: dict[str, object]) -> datetime | None:
    try:
        at = datetime.strptime(str(row.get("ExifIFD:DateTimeOriginal")), _DATED).replace(tzinfo=UTC)
    except ValueError:
        return None
    return at if at.year > 1996 else None


def of_screens(count: int, seed: int) -> Iterator[MadeDispute]:
    """Rendered screens of eight kinds, light and dark, as PNG or JPEG."""
    names = list(TEMPLATES)
    for number in range(count):
        made = screen(names[number % len(names)], seed + number, dark=bool(number // len(names) % 2))
        form = ("PNG", "JPEG")[number // (2 * len(names)) % 2]
        name = f"Screenshot_{number}.{form.lower()}"
        yield MadeDispute(f"screen-{number}", (Item(name, _saved(made, form), "screens", "order_page"),))


def of_documents(corpus: Path, count: int, seed: int, random: Random) -> Iterator[MadeDispute]:
    """Rendered and scanned pages as pictures and PDFs, every mail, and PDFs of a viewer's tests."""
    for number in range(count // 2):
        form = ("PDF", "JPEG", "PNG")[number % 3]
        data = _saved(page(seed + number, scanned=bool(number % 2)), form)
        yield _document(f"page-{number}", f"page_{number}.{form.lower()}", data)
    papers = sorted((corpus / "documents").glob("*.pdf"))
    chosen = [*random.sample(papers, min(count // 2, len(papers))), *sorted((corpus / "mail").iterdir())]
    for number, path in enumerate(chosen):
        yield _document(f"paper-{number}", path.name, path.read_bytes())


def _document(dispute: str, name: str, data: bytes) -> MadeDispute:
    return MadeDispute(dispute, (Item(name, data, "documents", "communication"),))


def _saved(image: Image.Image, form: str) -> bytes:
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, form)
    return buffer.getvalue()
