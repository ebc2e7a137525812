"""Sharp and blurred camera photos told apart, by source; what sharp pages and ordinary home photos are called.

    python tests/benchmarks/clarity.py FOLDER... [--part tuning|every|focus|steady|pages|retakes]

FOLDERs hold pictures: camera photos of 3 megapixels and more are the sharp originals (clarity_data.py names those left
out, by eye and beforehand); a folder with senders.csv holds home photos, for the retakes. Undetermined counts as wrong.
Screens and documents are rendered. ``tuning`` looks at the develop half, smaller photos and crops alone, ``every`` at
the report half too, each source judged at the cut that the others choose; without ``--part`` both are left out.
"""

from __future__ import annotations

import argparse
import io
import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import cv2
import label_photos
import numpy as np
import reuse_screens
from clarity_cuts import RESAMPLES, SEED, tuning
from clarity_data import (
    ACROSS,
    KINDS,
    blurred_variants,
    camera_halves,
    default_policy,
    jpeg,
    resaved,
    sharp_variants,
    subject_variants,
)
from clarity_judged import Bench, Judged, auc_of, scores_of, verdict_of
from harness import table
from numpy.typing import NDArray
from reuse_data import Photo

from validators.checks.clarity_faults import fault_of
from validators.checks.views.blur import BLURRED, SHARP
from validators.evidence import DOCUMENT, PHOTO, SCREENSHOT
from validators.measures.image.clarity_measures import measure_clarity

_DEVELOP_CUT = 0.575  # what --part tuning chooses
_LENSES, _LABEL_WIDTHS = (0.01, 0.35, 0.6), (3000, 2400, 1500, 1200, 900)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--part", choices=("tuning", "every", "focus", "steady", "pages", "retakes"))
    options = parser.parse_args()
    cv2.setNumThreads(1)
    bench = Bench(default_policy())
    homes = [folder for folder in options.folders if (folder / "senders.csv").exists()]
    others = [folder for folder in options.folders if folder not in homes]
    cameras = camera_halves(others)
    if options.part in ("tuning", "every"):
        tuning(bench, others, *(cameras if options.part == "every" else cameras[:1]))
        return
    parts: dict[str, Callable[[], None]] = {
        "focus": lambda: focus(bench, cameras[1]),
        "steady": lambda: steady(bench, cameras[1]),
        "pages": lambda: pages(bench),
        "retakes": lambda: retakes(bench, homes),
    }
    for name, part in parts.items():
        if options.part in (None, name):
            part()


def focus(bench: Bench, report: list[Photo]) -> None:
    """AUC and balanced accuracy by kind of blur, at a cut of the develop half and by the policy's verdicts."""
    cut = _DEVELOP_CUT
    reported = {
        photo: bench.judge_all([photo], sharp_variants, blurred_variants, subject_variants)
        for photo in report
    }
    found = [each for judged in reported.values() for each in judged]
    clear = scores_of(found, "sharp")
    groups = {"all": [e for e in found if e.kind in KINDS]}
    groups |= {kind: [e for e in found if e.kind == kind] for kind in KINDS}
    groups |= {f"{w} px": [e for e in found if e.kind in KINDS and e.across == w] for w in ACROSS}
    rows: list[tuple[str, ...]] = [
        (
            "blur",
            "n",
            "AUC",
            f"balanced accuracy at {cut:.3f}",
            "by the verdicts",
            "called blurred",
            "requested again",
        )
    ]
    right = _share(found, "sharp", SHARP)
    for name, group in groups.items():
        scores = np.array([each.sharpness for each in group])
        called = float(np.mean([each.verdict == BLURRED for each in group]))
        figures = (auc_of(clear, scores), _balanced(clear, scores, cut), (right + called) / 2)
        rows.append(
            (name, str(len(group)), *(f"{each:.3f}" for each in figures), f"{called:.0%}", _asked(group))
        )
    print(f"\nFocus: {len(report)} camera photos, the cut from others")
    table(rows)
    _bounds(list(reported.values()))
    subjects = scores_of(found, "subject")
    again = _asked([each for each in found if each.kind == "sharp"])
    print(f"Sharp called sharp: {right:.1%} of {len(clear)}; requested for again: {again}")
    print(
        f"Sharp subject on a blurred background: called sharp {_share(found, 'subject', SHARP):.1%}, "
        f"at the cut {float((subjects >= cut).mean()):.1%}, called blurred "
        f"{_share(found, 'subject', BLURRED):.1%} of {subjects.size}"
    )


def _bounds(by_photo: list[list[Judged]]) -> None:
    """95 % of what other photos like these would give: photos drawn with replacement, all of one's variants together."""
    random, figures = np.random.default_rng(SEED), []
    for _ in range(RESAMPLES):
        drawn = [each for at in random.integers(0, len(by_photo), len(by_photo)) for each in by_photo[at]]
        soft = [each for each in drawn if each.kind in KINDS]
        called = float(np.mean([each.verdict == BLURRED for each in soft]))
        clear = scores_of(drawn, "sharp")
        auc, moved, out = (
            auc_of(clear, scores_of(drawn, *kinds)) for kinds in (KINDS, ("motion",), ("defocus",))
        )
        shares = [_share(drawn, kind, BLURRED) for kind in ("motion", "defocus")]
        figures.append(
            (auc, (_share(drawn, "sharp", SHARP) + called) / 2, moved - out, shares[0] - shares[1])
        )
    low, high = np.percentile(figures, (2.5, 97.5), axis=0)
    print(
        f"By photo, {RESAMPLES:,} draws, 95 %: AUC {low[0]:.3f} to {high[0]:.3f}, "
        f"balanced accuracy by the verdicts {low[1]:.3f} to {high[1]:.3f}; motion less defocus: "
        f"AUC {low[2]:.3f} to {high[2]:.3f}, called blurred {low[3]:.3f} to {high[3]:.3f}"
    )
    wrong = sorted(
        (sum(e.kind == "sharp" and e.verdict != SHARP for e in judged) for judged in by_photo), reverse=True
    )
    print(f"Sharp variants not called sharp, by photo: {wrong}")


def steady(bench: Bench, report: list[Photo]) -> None:
    """How often a photo keeps the verdict of its full size when it is reduced and compressed."""
    kept = at_cut = compared = 0
    for photo in report:
        first, *others = bench.judge(resaved(photo))
        kept += sum(each.verdict == first.verdict for each in others)
        above = first.sharpness >= _DEVELOP_CUT
        at_cut += sum((each.sharpness >= _DEVELOP_CUT) == above for each in others)
        compared += len(others)
    print(
        f"\nSame verdict at 12 to 0.5 megapixels, JPEG 90 and 60: {kept} of {compared}; "
        f"at {_DEVELOP_CUT} {at_cut}"
    )


def pages(bench: Bench) -> None:
    """What is told of sharp screens, documents and labels."""
    found: dict[str, Counter[str]] = {}
    for template in reuse_screens.templates():
        kind = DOCUMENT if reuse_screens.is_document(template) else SCREENSHOT
        for content in range(4):
            image = reuse_screens.render(template, content, dark=bool(content % 2))
            for how, options in (("PNG", {}), ("JPEG", {"quality": 75})):
                buffer = io.BytesIO()
                image.save(buffer, how, **options)
                view = bench.open(buffer.getvalue(), f"image/{how.lower()}").views[0].plane
                fault = fault_of(measure_clarity(view), kind, bench.policy, is_page=True)
                found.setdefault(kind, Counter())[fault.code if fault else "nothing"] += 1
    print("\nSharp screens and documents, rendered")
    for kind, count in found.items():
        print(f"{kind}: {dict(count)}")
    labels(bench)


def labels(bench: Bench) -> None:
    """Verdicts of drawn labels, photographed through a crisp lens and through one of about two pixels."""
    for lens in _LENSES:
        count, least = Counter[str](), 1.0
        for template, wide, content in itertools.product(
            label_photos.TUNING + label_photos.REPORTING, _LABEL_WIDTHS, range(3)
        ):
            drawn = label_photos.draw_label(template, content).pixels
            photo = label_photos.photographed(drawn, wide, content + 7, lens * max(1.0, wide / 1500))
            measures = measure_clarity(bench.open(jpeg(photo, 88)).views[0].plane)
            count[verdict_of(measures, bench.policy)] += 1
            least = min(least, measures.sharpness or 0.0)
        print(f"labels photographed, lens of {lens} px of 1,500: {dict(count)}, the softest {least:.3f}")


def retakes(bench: Bench, folders: list[Path]) -> None:
    """Home photos that would be requested for again, by name."""
    paths = [path for folder in folders for path in sorted(folder.glob("*.jpg"))]
    print("\nHome photos requested to be taken again")
    requested, verdicts = 0, Counter[str]()
    for path in paths:
        measures = measure_clarity(bench.open(path.read_bytes()).views[0].plane)
        verdicts[verdict_of(measures, bench.policy)] += 1
        fault = fault_of(measures, PHOTO, bench.policy)
        if fault is not None:
            requested += 1
            print(f"  {path.name}  {fault.code}  {fault.measured:.3f}")
    print(f"{requested} of {len(paths)}; verdicts: {dict(verdicts)}")


def _share(found: Iterable[Judged], kind: str, verdict: str) -> float:
    return float(np.mean([each.verdict == verdict for each in found if each.kind == kind]))


def _asked(group: list[Judged]) -> str:
    return f"{float(np.mean([each.requested for each in group])):.0%}"


def _balanced(clear: NDArray[np.float64], soft: NDArray[np.float64], cut: float) -> float:
    return float(((clear >= cut).mean() + (soft < cut).mean()) / 2)


if __name__ == "__main__":
    main()
