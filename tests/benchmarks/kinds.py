"""Photo, screenshot and document told apart: the confusion table.

    python tests/benchmarks/kinds.py FOLDER...

Screens and documents are drawn (no public set of them exists): as PNG, as JPEG at quality 75, at half their size; pages
also as scanned. FOLDERs hold photos. Everything is opened by the product's own decoder; camera metadata settles a photo's kind,
so photos are also judged as if it had been stripped, as chat apps do.
"""

from __future__ import annotations

import argparse
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import cv2
import label_photos
import rendered_screens
import reuse_screens
from clarity_data import Opener, default_policy
from harness import table
from PIL import Image

from validators.evidence import DOCUMENT, PHOTO, SCREENSHOT
from validators.measures.image.content import classify_still, measure_content

KINDS = (PHOTO, SCREENSHOT, DOCUMENT)
SEEDS = 6
CONTENTS = 3


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="*")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    open_still = Opener(default_policy())
    count: dict[tuple[str, str], Counter[str]] = {}
    wrong: list[str] = []
    for truth, name, data, mime in (*rendered(), *photographed(options.folders)):
        for stripped in (False, True):
            if stripped and truth != PHOTO:
                continue
            kind = kind_of(open_still, data, mime, stripped=stripped)
            source = name.split(":")[0] + (", metadata stripped" if stripped else "")
            count.setdefault((truth, source), Counter())[kind] += 1
            if kind not in (truth, ""):
                wrong.append(f"{name}{' (stripped)' if stripped else ''}: {kind}")
    rows: list[tuple[str, ...]] = [("truly", "source", *(f"called {kind}" for kind in KINDS), "not opened")]
    rows += [
        (truth, source, *(str(found[kind]) for kind in KINDS), str(found[""]))
        for (truth, source), found in count.items()
    ]
    print("\nKinds of stills; screens, documents and labels are rendered")
    table(rows)
    print("\nWrong:", *wrong, sep="\n  ")


def kind_of(open_still: Opener, data: bytes, mime: str, *, stripped: bool) -> str:
    """The kind, empty for what cannot be opened."""
    exhibit = open_still(data, mime)
    if not exhibit.views or exhibit.image is None:
        return ""
    camera = not stripped and ("Make" in exhibit.metadata or "Model" in exhibit.metadata)
    size = exhibit.image.width, exhibit.image.height
    return classify_still(measure_content(exhibit.views[0].pixels), camera, mime, size)


def rendered() -> Iterator[tuple[str, str, bytes, str]]:
    """(truth, name, file, MIME type) of what is drawn."""
    for template in reuse_screens.templates():
        for content in range(CONTENTS):
            image = reuse_screens.render(template, content, dark=bool(content % 2))
            yield from _files(
                DOCUMENT if reuse_screens.is_document(template) else SCREENSHOT,
                f"{template} {content}",
                image,
            )
    for template in rendered_screens.TEMPLATES:
        for seed in range(SEEDS):
            image = rendered_screens.screen(template, seed, dark=bool(seed % 2))
            yield from _files(SCREENSHOT, f"{template} seed {seed}", image)
    for seed in range(4 * SEEDS):
        scanned = bool(seed % 2)
        yield from _files(
            DOCUMENT, f"page {seed}", rendered_screens.page(seed, scanned), " as scanned" if scanned else ""
        )
    for template in (*label_photos.TUNING, *label_photos.REPORTING):
        for content in range(CONTENTS):
            label = label_photos.draw_label(template, content).pixels
            for wide in (1500, 600):
                photo = label_photos.photographed(label, wide, content)
                yield (
                    PHOTO,
                    f"labels rendered: {template} {content}",
                    label_photos.as_jpeg(photo),
                    "image/jpeg",
                )


def _files(truth: str, name: str, image: Image.Image, how: str = "") -> Iterator[tuple[str, str, bytes, str]]:
    half = image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)
    for said, picture, kind, quality in (
        ("PNG", image, "png", 0),
        ("JPEG 75", image, "jpeg", 75),
        ("half size, JPEG 80", half, "jpeg", 80),
    ):
        buffer = io.BytesIO()
        picture.save(buffer, kind, **({"quality": quality} if quality else {}))
        yield truth, f"rendered{how}, {said}: {name}", buffer.getvalue(), f"image/{kind}"


def photographed(folders: list[Path]) -> Iterator[tuple[str, str, bytes, str]]:
    """Every JPEG of the folders, taken for a photo."""
    for folder in folders:
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in (".jpg", ".jpeg"):
                yield PHOTO, f"{folder.name}: {path.name}", path.read_bytes(), "image/jpeg"


if __name__ == "__main__":
    main()
