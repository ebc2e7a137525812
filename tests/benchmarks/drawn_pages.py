"""What was drawn and never photographed is not blurred: PDF pages, their pictures, drawn screens, and icons.

    python tests/benchmarks/drawn_pages.py PDFS [--icons FOLDER...]

PDF pages are judged as the product opens them, those with a text of their own left out, as there. The first page of each
document is judged as a still besides, in four sizes and savings, and so are drawn screens and every PNG of --icons.
Whatever is called blurred is named: each is to be looked at.
"""

from __future__ import annotations

import argparse
import io
import mmap
from collections.abc import Iterator
from pathlib import Path

import cv2
import pypdfium2
import reuse_screens
from clarity_data import default_policy
from judged_stills import Judge
from PIL import Image

from pipeline.opening.child.document import open_document
from pipeline.opening.child.measurement import measure_exhibit
from validators.before_judging import ContentThresholds
from validators.checks.clarity_faults import ClarityRules
from validators.exhibit import Exhibit

SAVINGS = (
    (1024, "PNG", {}),
    (700, "JPEG", {"quality": 85}),
    (1800, "PNG", {}),
    (1500, "JPEG", {"quality": 60}),
)
LEAST_SIDE = 200  # px: smaller icons are told to be too small


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pdfs", type=Path)
    parser.add_argument("--icons", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    cv2.setNumThreads(1)
    judge = Judge(default_policy())
    documents = sorted(options.pdfs.glob("*.pdf"))
    told_of_pages(judge, documents)
    told("their first pages as stills", judge, (each for path in documents for each in _stills(path)))
    told("drawn screens", judge, _screens())
    for folder in options.icons:
        told(f"PNG of {folder}", judge, _icons(folder))


def told_of_pages(judge: Judge, documents: list[Path]) -> None:
    own_text = judge.policy.group(ClarityRules).page_text_characters
    pages, blurred = 0, []
    for path in documents:
        exhibit = _opened(path.read_bytes(), judge)
        if not exhibit.views:
            continue
        pages += sum(view.characters < own_text for view in exhibit.views)
        measured = measure_exhibit(exhibit, ContentThresholds(), "benchmark").measurements
        if "CLR_BLUR" in [finding.code for finding in judge.findings(measured)]:
            blurred.append(path.name)
    _print("PDF pages without a text of their own", pages, blurred)


def _opened(data: bytes, judge: Judge) -> Exhibit:
    held = mmap.mmap(-1, max(len(data), 1))
    held.write(data)
    exhibit = Exhibit("application/pdf")
    open_document(held, exhibit, judge.open.limits)
    return exhibit


def told(what: str, judge: Judge, stills: Iterator[tuple[str, bytes, str]]) -> None:
    seen, blurred = 0, []
    for name, data, mime in stills:
        judged = judge(data, mime)
        if judged is None:
            continue
        seen += 1
        if "CLR_BLUR" in judged.codes:
            blurred.append(name)
    _print(what, seen, blurred)


def _print(what: str, seen: int, blurred: list[str]) -> None:
    print(
        f"{what}: {len(blurred)} of {seen} called blurred{''.join(f'{chr(10)}  {name}' for name in blurred)}"
    )


def _stills(path: Path) -> Iterator[tuple[str, bytes, str]]:
    try:
        page = pypdfium2.PdfDocument(path)[0]
        for side, how, options in SAVINGS:
            drawn = page.render(scale=side / max(page.get_size())).to_pil().convert("RGB")
            yield f"{path.name}, {side} px", _saved(drawn, how, **options), f"image/{how.lower()}"
    except pypdfium2.PdfiumError:
        return


def _screens() -> Iterator[tuple[str, bytes, str]]:
    for template in reuse_screens.templates():
        for content in range(0, reuse_screens.CONTENTS, 5):
            drawn = reuse_screens.render(template, content, bool(content % 2)).convert("RGB")
            half = drawn.resize((drawn.width // 2, drawn.height // 2), Image.Resampling.LANCZOS)
            name = f"{template} {content}"
            yield name, _saved(drawn, "PNG"), "image/png"
            yield f"{name}, half", _saved(half, "JPEG", quality=70), "image/jpeg"


def _icons(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    for path in sorted(folder.rglob("*.png")):
        try:
            with Image.open(path) as image:
                large = max(image.size) >= LEAST_SIDE
        except OSError:
            continue
        if large:
            yield path.name, path.read_bytes(), "image/png"


def _saved(image: Image.Image, how: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, how, **options)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
