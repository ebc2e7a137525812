"""Text heights as drawn against those measured, and who is told that text is too small to read.

    python tests/benchmarks/legibility.py [FOLDER...]

Screens, documents and labels are drawn (no public set of them exists), reduced until their letters have a given height,
and opened by the product's own decoder. Thresholds were set on the tuning templates; the figures are of the others. Of
FOLDERs every photo is judged as if it had been sent as a label; those told are named.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import label_photos
import numpy as np
import reuse_screens
from clarity_data import Opener, default_policy
from harness import spread, table
from PIL import Image
from reuse_screens import Pixels

from pipeline.opening.child.measurement import legibility_of
from validators.checks.clarity_faults import fault_of, illegible
from validators.evidence import PHOTO, LegibilityMeasures, Measurements
from validators.measures.image.clarity_measures import measure_clarity
from validators.measures.image.content import classify_still, measure_content
from validators.measures.image.legibility import measure_legibility
from validators.policy import Policy

HEIGHTS = (3, 4, 5, 6, 7, 8, 10, 12, 16)
CONTENTS = 4
FULL = 0.0  # as drawn


@dataclass(frozen=True, slots=True)
class Sample:
    """A file whose letters are ``height`` px high; ``requested`` is the height requested for, FULL for as drawn."""

    group: str
    height: float
    requested: float
    data: bytes
    mime: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A sample as measured; ``told``: the code of what its sender is requested, if anything."""

    sample: Sample
    kind: str
    text: LegibilityMeasures | None
    told: str


class Bench:
    """Opens and judges files by the policy that ships."""

    def __init__(self, policy: Policy) -> None:
        self.policy, self.open = policy, Opener(policy)

    def judge(self, sample: Sample) -> Judged:
        exhibit = self.open(sample.data, sample.mime)
        if not exhibit.views or exhibit.image is None:
            return Judged(sample, "", None, "")
        view = exhibit.views[0]
        content = measure_content(view.pixels)
        camera = "Make" in exhibit.metadata or "Model" in exhibit.metadata
        kind = classify_still(content, camera, sample.mime, (view.full_width, view.full_height))
        text = legibility_of(exhibit, content, kind)
        fault = fault_of(measure_clarity(view.plane), kind, self.policy)
        if fault is None:
            measured = Measurements("", sample.mime, kind, legibility=text)
            fault = illegible(measured, sample.roles, self.policy)
        return Judged(sample, kind, text, fault.code if fault else "")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--tuning", action="store_true", help="the templates that thresholds were set on")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    bench = Bench(default_policy())
    drawn_figures([bench.judge(sample) for sample in samples(tuning=options.tuning)])
    cost()
    for folder in options.folders:
        photos(bench, folder)


def samples(*, tuning: bool) -> Iterator[Sample]:
    """Every template as drawn and at every height that is smaller."""
    for template in reuse_screens.TUNING if tuning else reuse_screens.REPORTING:
        paper = reuse_screens.is_document(template)
        for content in range(CONTENTS):
            canvas = reuse_screens.drawn(template, content, dark=bool(content % 2))
            yield from _scaled(canvas.pixels, label_photos.written_height(canvas), paper, content)
    for template in label_photos.TUNING if tuning else label_photos.REPORTING:
        for content in range(CONTENTS):
            canvas = label_photos.draw_label(template, content)
            yield from _photographed(canvas, content)


def _scaled(picture: Pixels, height: float, paper: bool, content: int) -> Iterator[Sample]:
    group, roles = ("documents", ("invoice",)) if paper else ("screens", ("tracking_page",))
    whole = Image.fromarray(picture)
    for requested in (FULL, *HEIGHTS):
        share = requested / height if requested else 1.0
        if share > 1:
            continue
        size = round(whole.width * share), round(whole.height * share)
        image = whole.resize(size, Image.Resampling.LANCZOS) if requested else whole
        buffer = io.BytesIO()
        mime = "image/jpeg" if content >= CONTENTS // 2 else "image/png"
        image.save(buffer, mime.removeprefix("image/"), quality=80)
        yield Sample(group, height * share, requested, buffer.getvalue(), mime, roles)


def _photographed(canvas: reuse_screens.Canvas, content: int) -> Iterator[Sample]:
    height = label_photos.written_height(canvas) * label_photos.SHARE / label_photos.WIDE
    for requested in (FULL, *HEIGHTS):
        wide = round(requested / height) if requested else 2000
        photo = label_photos.photographed(canvas.pixels, wide, content)
        yield Sample(
            "labels", height * wide, requested, label_photos.as_jpeg(photo), "image/jpeg", ("label",)
        )


def drawn_figures(found: list[Judged]) -> None:
    """By group and height: what is measured, and who is told."""
    rows: list[tuple[str, ...]] = [
        ("letters", "group", "n", "measured", "measured by drawn", "contrast", "undetermined", "told illegible", "told else")
    ]  # fmt: skip
    for group in ("screens", "documents", "labels"):
        for requested in (*HEIGHTS, FULL):
            chosen = [
                each for each in found if (each.sample.group, each.sample.requested) == (group, requested)
            ]
            if chosen:
                name = f"{requested:.0f} px" if requested else "as drawn"
                rows.append((name, group, str(len(chosen)), *_figures(chosen)))
    print("\nText as drawn and as measured: median (range)")
    table(rows)
    for group in ("screens", "documents", "labels"):
        errors = [
            abs(each.text.text_height - each.sample.height)
            for each in found
            if each.sample.group == group and each.text is not None and each.text.text_height is not None
        ]
        print(f"{group}: median error {float(np.median(errors)):.2f} px of {len(errors)} measured")


def _figures(chosen: list[Judged]) -> tuple[str, ...]:
    known = [
        (each.text.text_height, each.text.text_contrast or 0.0, each.sample.height)
        for each in chosen
        if each.text is not None and each.text.text_height is not None
    ]
    told = [each.told for each in chosen]
    illegible_ones = told.count("CLR_TEXT_ILLEGIBLE")
    return (
        spread([height for height, _, _ in known], 1) if known else "–",
        spread([height / drawn for height, _, drawn in known]) if known else "–",
        spread([contrast for _, contrast, _ in known], 0) if known else "–",
        str(len(chosen) - len(known)),
        str(illegible_ones),
        str(len(told) - told.count("") - illegible_ones),
    )


def cost() -> None:
    """CPU of the measure on whole screens, as drawn."""
    took = []
    for template in reuse_screens.templates():
        picture = reuse_screens.drawn(template, 0, dark=False).pixels
        took.append(min(_seconds(picture) for _ in range(3)) * 1000)
    print(f"\nCPU of the measure: {spread(took, 1)} ms a screen or page as drawn")


def _seconds(picture: Pixels) -> float:
    start = time.process_time()
    measure_legibility(picture)
    return time.process_time() - start


def photos(bench: Bench, folder: Path) -> None:
    """Real photos judged as if each had been sent as a label."""
    paths = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in (".jpg", ".jpeg")]
    judged = [(path, bench.judge(_label(path))) for path in paths]
    _told(folder, [(path, each) for path, each in judged if each.kind])


def _label(path: Path) -> Sample:
    return Sample(PHOTO, 0.0, FULL, path.read_bytes(), "image/jpeg", ("label",))


def _told(folder: Path, judged: Iterable[tuple[Path, Judged]]) -> None:
    opened = list(judged)
    looked = [each for _, each in opened if each.text is not None]
    with_text = [each for each in looked if each.text is not None and each.text.text_height is not None]
    told = [(path.name, each.text) for path, each in opened if each.told == "CLR_TEXT_ILLEGIBLE"]
    print(
        f"\n{folder.name}: {len(opened)} photos, {len(looked)} looked at for text, {len(with_text)} with some, "
        f"{len(told)} told that it is illegible"
    )
    for name, text in told:
        print(f"  {name}  {text}")


if __name__ == "__main__":
    main()
