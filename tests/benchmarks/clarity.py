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
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import label_photos
import numpy as np
import reuse_screens
from clarity_data import (
    ACROSS,
    KINDS,
    Opener,
    Variant,
    blurred_variants,
    camera_halves,
    default_policy,
    jpeg,
    more_to_develop_on,
    resaved,
    sharp_variants,
    subject_variants,
)
from harness import table
from numpy.typing import NDArray
from reuse_data import Photo

from validators.clarity_faults import BLURRED, SHARP, clarity_verdict, fault_of
from validators.evidence import DOCUMENT, PHOTO, SCREENSHOT
from validators.measures.clarity_measures import measure_clarity
from validators.policy import Policy

_SEED, _RESAMPLES = 20260309, 2_000
_DEVELOP_CUT = 0.575  # what --part tuning chooses
_NEAR_BEST = 0.006  # of balanced accuracy: the lowest cut within it of the best is chosen
_LENSES, _LABEL_WIDTHS = (0.01, 0.35, 0.6), (3000, 2400, 1500, 1200, 900)
_CUTS = np.round(np.arange(0.53, 0.6101, 0.005), 3)


@dataclass(frozen=True, slots=True)
class Judged:
    """A variant as measured: sharpness (-1 where undetermined), the policy's verdict, and if it is asked for again."""

    kind: str
    across: float
    sharpness: float
    verdict: str
    asked: bool


class Bench:
    """Opens and judges variants by the policy that ships."""

    def __init__(self, policy: Policy) -> None:
        self.policy, self.open = policy, Opener(policy)

    def judge(self, made: Iterable[Variant]) -> list[Judged]:
        found = []
        for each in made:
            measures = measure_clarity(self.open(each.data).views[0].plane)
            verdict = clarity_verdict(measures, PHOTO, self.policy)
            score = -1.0 if measures.sharpness is None else measures.sharpness
            fault = fault_of(measures, PHOTO, self.policy)
            asked = fault is not None and fault.code == "CLR_BLUR"
            found.append(Judged(each.kind, each.across, score, verdict, asked))
        return found

    def judge_all(self, photos: list[Photo], *makers: Callable[[Photo], Iterable[Variant]]) -> list[Judged]:
        return [each for photo in photos for make in makers for each in self.judge(make(photo))]


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


@dataclass(frozen=True, slots=True)
class Scores:
    """Sharpness of one photo's variants; ``saved``: as it is first, then reduced and compressed."""

    sharp: NDArray[np.float64]
    soft: dict[str, NDArray[np.float64]]
    subject: NDArray[np.float64]
    saved: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shares:
    """Of some photos at some cut: what is called as it should be."""

    sharp: float
    soft: dict[str, float]
    subject: float
    same: float

    @property
    def balanced(self) -> float:
        return (self.sharp + float(np.mean(list(self.soft.values())))) / 2


def tuning(
    bench: Bench, folders: list[Path], develop: list[Photo], report: list[Photo] | None = None
) -> None:
    """Figures by cut, the cut that is chosen, and all with each source left out of choosing its own cut."""
    with tempfile.TemporaryDirectory() as crops:
        chosen = develop + more_to_develop_on(folders, develop, Path(crops)) + (report or [])
        found = {photo: _measured(bench, photo) for photo in chosen}
    every = list(found.values())
    rows: list[tuple[str, ...]] = [("cut", "balanced accuracy", "sharp", *KINDS, "subjects", "same verdict")]
    for cut in _CUTS:
        shares = _shares(every, [cut] * len(every))
        figures = (shares.balanced, shares.sharp, *shares.soft.values(), shares.subject, shares.same)
        rows.append((f"{cut:.3f}", *(f"{each:.3f}" for each in figures)))
    soft = np.concatenate([side for each in every for side in each.soft.values()])
    auc = _auc(np.concatenate([each.sharp for each in every]), soft)
    print(f"\n{len(chosen)} photos of {len({photo.source for photo in chosen})} sources, AUC {auc:.4f}")
    table(rows)
    print(f"Chosen, the lowest within {_NEAR_BEST} of the best: {_low_cut(every):.3f}")
    _left_out("Each source at the cut from all the others", found, chosen)
    if report:
        _left_out("Of these the report half", found, report)


def _measured(bench: Bench, photo: Photo) -> Scores:
    judged = bench.judge_all([photo], sharp_variants, blurred_variants, subject_variants)
    soft = {kind: _scores(judged, kind) for kind in KINDS}
    saved = _scores(bench.judge(resaved(photo)), "sharp")
    return Scores(_scores(judged, "sharp"), soft, _scores(judged, "subject"), saved)


def _shares(photos: list[Scores], cuts: Sequence[float]) -> Shares:
    """Each photo at its cut."""
    pairs = list(zip(photos, cuts, strict=True))

    def share(parts: Iterable[NDArray[np.bool_]]) -> float:
        return float(np.concatenate(list(parts)).mean())

    return Shares(
        share(each.sharp >= cut for each, cut in pairs),
        {kind: share(each.soft[kind] < cut for each, cut in pairs) for kind in KINDS},
        share(each.subject >= cut for each, cut in pairs),
        share((each.saved[1:] >= cut) == (each.saved[0] >= cut) for each, cut in pairs),
    )


def _low_cut(photos: list[Scores]) -> float:
    balanced = np.array([_shares(photos, [cut] * len(photos)).balanced for cut in _CUTS])
    return float(_CUTS[np.flatnonzero(balanced >= balanced.max() - _NEAR_BEST)[0]])


def _left_out(title: str, found: dict[Photo, Scores], told: list[Photo]) -> None:
    """What ``told`` are called, each at the cut that the photos of all other sources choose, with bounds by photo."""
    cuts = {
        source: _low_cut([scores for photo, scores in found.items() if photo.source != source])
        for source in {photo.source for photo in told}
    }
    pairs = [(found[photo], cuts[photo.source]) for photo in told]
    shares = _shares(*map(list, zip(*pairs, strict=True)))  # type: ignore[arg-type]
    random = np.random.default_rng(_SEED)
    drawn = [[pairs[at] for at in random.integers(0, len(pairs), len(pairs))] for _ in range(_RESAMPLES)]
    balanced = [_shares(*map(list, zip(*each, strict=True))).balanced for each in drawn]  # type: ignore[arg-type]
    low, high = np.percentile(balanced, (2.5, 97.5))
    print(
        f"{title}: balanced accuracy {shares.balanced:.3f} (by photo, 95 %: {low:.3f} to {high:.3f}), "
        f"sharp {shares.sharp:.1%}, subjects {shares.subject:.1%}, same verdict {shares.same:.1%}, called blurred "
        + ", ".join(f"{kind} {share:.1%}" for kind, share in shares.soft.items())
    )


def focus(bench: Bench, report: list[Photo]) -> None:
    """AUC and balanced accuracy by kind of blur, at a cut of the develop half and by the policy's verdicts."""
    cut = _DEVELOP_CUT
    reported = {
        photo: bench.judge_all([photo], sharp_variants, blurred_variants, subject_variants)
        for photo in report
    }
    found = [each for judged in reported.values() for each in judged]
    clear = _scores(found, "sharp")
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
            "asked again",
        )
    ]
    right = _share(found, "sharp", SHARP)
    for name, group in groups.items():
        scores = np.array([each.sharpness for each in group])
        called = float(np.mean([each.verdict == BLURRED for each in group]))
        figures = (_auc(clear, scores), _balanced(clear, scores, cut), (right + called) / 2)
        rows.append(
            (name, str(len(group)), *(f"{each:.3f}" for each in figures), f"{called:.0%}", _asked(group))
        )
    print(f"\nFocus: {len(report)} camera photos, the cut from others")
    table(rows)
    _bounds(list(reported.values()))
    subjects = _scores(found, "subject")
    again = _asked([each for each in found if each.kind == "sharp"])
    print(f"Sharp called sharp: {right:.1%} of {len(clear)}; asked for again: {again}")
    print(
        f"Sharp subject on a blurred background: called sharp {_share(found, 'subject', SHARP):.1%}, "
        f"at the cut {float((subjects >= cut).mean()):.1%}, called blurred "
        f"{_share(found, 'subject', BLURRED):.1%} of {subjects.size}"
    )


def _bounds(by_photo: list[list[Judged]]) -> None:
    """95 % of what other photos like these would give: photos drawn with replacement, all of one's variants together."""
    random, figures = np.random.default_rng(_SEED), []
    for _ in range(_RESAMPLES):
        drawn = [each for at in random.integers(0, len(by_photo), len(by_photo)) for each in by_photo[at]]
        soft = [each for each in drawn if each.kind in KINDS]
        called = float(np.mean([each.verdict == BLURRED for each in soft]))
        clear = _scores(drawn, "sharp")
        auc, moved, out = (
            _auc(clear, _scores(drawn, *kinds)) for kinds in (KINDS, ("motion",), ("defocus",))
        )
        shares = [_share(drawn, kind, BLURRED) for kind in ("motion", "defocus")]
        figures.append(
            (auc, (_share(drawn, "sharp", SHARP) + called) / 2, moved - out, shares[0] - shares[1])
        )
    low, high = np.percentile(figures, (2.5, 97.5), axis=0)
    print(
        f"By photo, {_RESAMPLES:,} draws, 95 %: AUC {low[0]:.3f} to {high[0]:.3f}, "
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
    """Verdicts of sharp screens, documents and labels."""
    found: dict[str, Counter[str]] = {}
    for template in reuse_screens.templates():
        kind = DOCUMENT if reuse_screens.is_document(template) else SCREENSHOT
        for content in range(4):
            image = reuse_screens.render(template, content, dark=bool(content % 2))
            for how, options in (("PNG", {}), ("JPEG", {"quality": 75})):
                buffer = io.BytesIO()
                image.save(buffer, how, **options)
                view = bench.open(buffer.getvalue(), f"image/{how.lower()}").views[0].plane
                verdict = clarity_verdict(measure_clarity(view), kind, bench.policy)
                found.setdefault(kind, Counter())[verdict] += 1
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
            count[clarity_verdict(measures, PHOTO, bench.policy)] += 1
            least = min(least, measures.sharpness or 0.0)
        print(f"labels photographed, lens of {lens} px of 1,500: {dict(count)}, the softest {least:.3f}")


def retakes(bench: Bench, folders: list[Path]) -> None:
    """Home photos that would be asked for again, by name."""
    paths = [path for folder in folders for path in sorted(folder.glob("*.jpg"))]
    print("\nHome photos asked to be taken again")
    asked, verdicts = 0, Counter[str]()
    for path in paths:
        measures = measure_clarity(bench.open(path.read_bytes()).views[0].plane)
        verdicts[clarity_verdict(measures, PHOTO, bench.policy)] += 1
        fault = fault_of(measures, PHOTO, bench.policy)
        if fault is not None:
            asked += 1
            print(f"  {path.name}  {fault.code}  {fault.measured:.3f}")
    print(f"{asked} of {len(paths)}; verdicts: {dict(verdicts)}")


def _scores(found: Iterable[Judged], *kinds: str) -> NDArray[np.float64]:
    return np.array([each.sharpness for each in found if each.kind in kinds])


def _share(found: Iterable[Judged], kind: str, verdict: str) -> float:
    return float(np.mean([each.verdict == verdict for each in found if each.kind == kind]))


def _asked(group: list[Judged]) -> str:
    return f"{float(np.mean([each.asked for each in group])):.0%}"


def _balanced(clear: NDArray[np.float64], soft: NDArray[np.float64], cut: float) -> float:
    return float(((clear >= cut).mean() + (soft < cut).mean()) / 2)


def _auc(high: NDArray[np.float64], low: NDArray[np.float64]) -> float:
    """Chance that a sharp picture scores higher than a blurred one; ties count half."""
    ordered = np.sort(low)
    below = np.searchsorted(ordered, high, "left") + np.searchsorted(ordered, high, "right")
    return float(below.mean() / (2 * low.size))


if __name__ == "__main__":
    main()
