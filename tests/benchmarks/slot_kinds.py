"""Do page roles take pages, and refuse photos of goods? And is a picture that lost its end marker told from one cut off?

    python tests/benchmarks/slot_kinds.py ITEMS PHOTOS

Screens and pages are drawn, photographed pages too; ITEMS holds photos of goods, of which every fifth stands in for one that
was sent as a tracking page. Of PHOTOS and ITEMS every JPEG that decodes without a complaint loses its end marker, and then
more before it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import cv2
import kinds
import simplejpeg
from clarity_data import default_policy
from harness import table
from page_faces import bundled
from page_legibility import Bench, pages

from pipeline.opening.child.missing_end import lacks_only_its_end
from validators.disputes.role_kinds import SlotRules
from validators.evidence import PHOTO
from validators.measures.containers.container import structure_problems

ROLE = "tracking_page"
EVERY = 5
LEGIBLE = 6  # px: letters that can be read
CUTS = (1, 2, 3, 8, 50, 1_000, 10_000)  # bytes lost before the end marker
_END = b"\xff\xd9"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("items", type=Path)
    parser.add_argument("photos", type=Path)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    policy = default_policy()
    bench, takes = Bench(policy), policy.group(SlotRules).kinds[ROLE]
    tried: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    for source, data, mime in (*drawn(), *photographed(options.items)):
        kind = kinds.kind_of(bench.open, data, mime, stripped=False)
        page = kind == PHOTO and bench.is_mostly_text(data, mime)
        tried[source] += 1
        refused[source] += not page and kind not in takes
    table(
        [
            ("sent as a tracking page", "n", "refused"),
            *((s, str(n), str(refused[s])) for s, n in tried.items()),
        ]
    )
    for folder in (options.photos, options.items):
        ends(folder)


def drawn() -> Iterator[tuple[str, bytes, str]]:
    """Screens and pages, and legible pages as photographed."""
    for truth, _, data, mime in kinds.rendered():
        if truth != PHOTO:
            yield f"rendered {truth}", data, mime
    for page in pages(bundled()):
        if page.letter >= LEGIBLE:
            yield "photographed page", page.data, "image/jpeg"


def photographed(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    """Photos of goods."""
    for path in sorted(folder.glob("*.jp*g"))[::EVERY]:
        yield "photo of goods", path.read_bytes(), "image/jpeg"


def ends(folder: Path) -> None:
    """Whole JPEGs without their end marker, and with more missing."""
    whole = [data for path in sorted(folder.glob("*.jp*g")) if is_whole(data := path.read_bytes())]
    rows = [("JPEG without its end marker", "n", "called whole")]
    rows.append(("nothing else missing", str(len(whole)), str(_called_whole(data[:-2] for data in whole))))
    for lost in CUTS:
        rows.append(
            (f"and {lost:,} bytes", str(len(whole)), str(_called_whole(data[: -2 - lost] for data in whole)))
        )
    table(rows)


def is_whole(data: bytes) -> bool:
    """Whether it ends with its end marker, and nothing is wrong with it."""
    if not data.endswith(_END) or structure_problems("image/jpeg", data):
        return False
    try:
        simplejpeg.decode_jpeg(data, "GRAY", min_height=1, min_width=1, strict=True)
    except ValueError:
        return False
    return True


def _called_whole(files: Iterator[bytes]) -> int:
    return sum(lacks_only_its_end(data, "image/jpeg") for data in files)


if __name__ == "__main__":
    main()
