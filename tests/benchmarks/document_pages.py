"""PDF pages compared: photos printed to PDF found again, and pages of one template never taken for one.

./dev bench document_pages ITEMS [--photos 60] [--contents 8]

Each photo is wrapped in a PDF in three ways: with margins as in a letter, as large as the page, and as Pillow saves it.
Pages of document templates are saved as PDFs of pictures, so that no text layer helps to tell them apart.
"""

from __future__ import annotations

import argparse
import io
from collections import Counter
from pathlib import Path

from inputs import in_pdf
from PIL import Image
from reuse_engine import Engine
from reuse_screens import REPORTING, TUNING, is_document, render

from validators.checks.match_class import SAME_FILE, SAME_PHOTO

COPIES = (SAME_FILE, SAME_PHOTO)


def saved(picture: Image.Image, quality: int = 85, size: float = 1.0) -> bytes:
    """A page as Pillow saves it."""
    out = io.BytesIO()
    small = picture.resize(
        (round(picture.width * size), round(picture.height * size)), Image.Resampling.LANCZOS
    )
    small.convert("RGB").save(out, "PDF", quality=quality, resolution=150)
    return out.getvalue()


def wrappings(photo: bytes) -> dict[str, bytes]:
    """The photo in PDFs."""
    return {
        "with margins": in_pdf(photo, filling=False),
        "filling the page": in_pdf(photo, filling=True),
        "saved by Pillow": saved(Image.open(io.BytesIO(photo))),
    }


def photos(folder: Path, count: int) -> None:
    """Find wrapped photos in a gallery of the photos."""
    files = sorted(folder.glob("*.jpg"))
    chosen = files[:: max(1, len(files) // count)][:count]
    engine, found, false = Engine(), Counter[str](), 0
    for path in chosen:
        engine.add(path.name, path.read_bytes())
    for path in chosen:
        for name, data in wrappings(path.read_bytes()).items():
            copies = {other for other, link in engine.look(f"q {path.name}", data) if link.class_ in COPIES}
            found[name] += path.name in copies
            false += len(copies - {path.name})
    print("| photo in a PDF | found | false |\n|---|---|---|")
    for name, count_found in found.items():
        print(f"| {name} | {count_found} of {len(chosen)} | |")
    print(f"| all | {found.total()} of {3 * len(chosen)} | {false} |", flush=True)


def templates(contents: int) -> None:
    """Compare every page with every other of its template, and with itself saved again."""
    false = again = pairs = tried = 0
    for template in filter(is_document, (*TUNING, *REPORTING)):
        engine = Engine()
        for content in range(contents):
            page = render(template, content, dark=False)
            copies = [link for _, link in engine.look(f"q {content}", saved(page)) if link.class_ in COPIES]
            false, pairs = false + len(copies), pairs + content
            engine.add(f"{content}", saved(page))
        for content in range(0, contents, 2):
            page = render(template, content, dark=False)
            links = engine.look(f"again {content}", saved(page, quality=60, size=0.8))
            copies_of = {name for name, link in links if link.class_ in COPIES}
            again, tried = again + (f"{content}" in copies_of), tried + 1
            false += len(copies_of - {f"{content}"})
    print(
        f"\nPages of one template called the same: {false} of {pairs} pairs. Saved again and found: {again} of {tried}."
    )


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("items", type=Path)
    parser.add_argument("--photos", type=int, default=60)
    parser.add_argument("--contents", type=int, default=8)
    options = parser.parse_args()
    photos(options.items, options.photos)
    templates(options.contents)


if __name__ == "__main__":
    main()
