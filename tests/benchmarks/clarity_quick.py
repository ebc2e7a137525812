"""Focus, light and kind on real photos and rendered screens: what is told apart, and who is asked to photograph again.

    python tests/benchmarks/clarity_quick.py FOLDER

FOLDER holds items/ (with senders.csv), products/ and photos/. Sources are split in two by a fixed seed, items by their
sender: the best cut of the first half is tried on the second, beside the policy's own. The measure itself and the
policy's thresholds were designed on both halves, so a set apart is needed to judge them.
"""

from __future__ import annotations

import argparse
import csv
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import cv2
import numpy as np
from blurs import ACROSS, KINDS, read, recompressed, subject_before_blur, variant
from harness import table
from PIL import Image
from rendered_screens import TEMPLATES, page, screen

from validators.clarity_faults import clarity_verdict, fault_of
from validators.evidence import PHOTO, ClarityMeasures
from validators.measures.clarity_measures import measure_clarity
from validators.measures.content import classify_still, measure_content
from validators.measures.exposure import exposure
from validators.measures.fingerprint import fingerprint
from validators.measures.sharpness import sharpness
from validators.measures.tiles import grey, working_plane
from validators.policy import Policy, parse_policy

SEED = 20260
# Camera photos that are soft, empty or taken of a screen, by eye: no sharp originals.
SOFT = (
    "_CLAS_",
    "Issue_173",
    "ImageTestSuite",
    "Pentax_ist_D",
    "PIXPRO",
    "Trust_Power",
    "Sony_Mavica",
    "HTC_TyTN_II",
)
ITEMS_MEASURED = 60


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    cv2.setNumThreads(1)
    policy = parse_policy((Path(__file__).parents[2] / "validators" / "policy.toml").read_text("utf-8"))
    cameras = {path: path.name for path in _camera_photos(folder / "photos")}
    items = dict(_items(folder / "items"))
    _focus("camera photos of 1,024 px and more", *_halves(cameras), policy)
    first, second = _halves(items)
    _focus("items (400 x 533 px)", first[:ITEMS_MEASURED], second[:ITEMS_MEASURED], policy)
    _steadiness(list(cameras), policy)
    _kinds(folder)
    _retakes(list(items), policy)
    _cpu(read(next(iter(cameras))))


def _camera_photos(folder: Path) -> list[Path]:
    found = []
    for path in sorted(folder.iterdir()):
        if not any(name in path.name for name in SOFT) and path.suffix.lower() in (".jpg", ".jpeg"):
            with Image.open(path) as image:
                if max(image.size) >= 1024:
                    found.append(path)
    return found


def _items(folder: Path) -> list[tuple[Path, str]]:
    with (folder / "senders.csv").open() as rows:
        return [(folder / row["file"], row["sender_id"]) for row in csv.DictReader(rows)]


def _halves(sources: dict[Path, str]) -> tuple[list[Path], list[Path]]:
    """Two lists in a shuffled order; sources of one name are in the same."""
    paths = sorted(sources)
    random.Random(SEED).shuffle(paths)
    second = {name for name in set(sources.values()) if random.Random(f"{SEED}{name}").random() < 0.5}
    return [p for p in paths if sources[p] not in second], [p for p in paths if sources[p] in second]


def _variants(
    paths: list[Path],
) -> tuple[list[ClarityMeasures], dict[tuple[str, int], list[ClarityMeasures]]]:
    sharp: list[ClarityMeasures] = []
    soft: dict[tuple[str, int], list[ClarityMeasures]] = {(kind, a): [] for kind in KINDS for a in ACROSS}
    for number, path in enumerate(paths):
        view, rng = read(path), np.random.default_rng(number)
        sharp += [measure_clarity(variant(view, "sharp", 0, rng)) for _ in range(3)]
        for (kind, across), found in soft.items():
            found.append(measure_clarity(variant(view, kind, across, rng)))
    return sharp, soft


def _scores(measures: Iterable[ClarityMeasures]) -> np.ndarray:
    return np.array([m.sharpness or 0.0 for m in measures])


def _balanced(passing: np.ndarray, failing: np.ndarray, cut: float) -> float:
    return float(((passing >= cut).mean() + (failing < cut).mean()) / 2)


def _focus(title: str, first: list[Path], second: list[Path], policy: Policy) -> None:
    """Scores and verdicts of sharp and blurred variants, by width of the blur."""
    tuned_sharp, tuned_soft = _variants(first)
    tuned = [m for key, found in tuned_soft.items() if key[1] >= 4 for m in found]
    passing = _scores(tuned_sharp)
    best = max(np.unique(passing), key=lambda cut: _balanced(passing, _scores(tuned), cut))
    sharp, soft = _variants(second)
    cut, passing = policy.number("clarity.sharp_above"), _scores(sharp)
    head = (
        "blur",
        "AUC",
        f"balanced accuracy at {cut}",
        f"at {best:.3f}",
        "sharp",
        "blurred",
        "undetermined",
    )
    rows: list[tuple[str, ...]] = [head, ("none", "", "", "", *_verdicts(sharp, policy))]
    groups = {f"{kind} {across} px": [(kind, across)] for kind, across in soft}
    groups["all, 2-8 px"] = list(soft)
    groups["all, 3-8 px"] = [key for key in soft if key[1] >= 3]
    groups["all, 4-8 px"] = [key for key in soft if key[1] >= 4]
    for name, keys in groups.items():
        measures = [each for key in keys for each in soft[key]]
        values = _scores(measures)
        figures = (_auc(passing, values), _balanced(passing, values, cut), _balanced(passing, values, best))
        rows.append((name, *(f"{each:.3f}" for each in figures), *_verdicts(measures, policy)))
    print(f"\nFocus: {title}, {len(second)} sources; second cut from {len(first)} others at 4 px and more")
    table(rows)


def _verdicts(measures: Iterable[ClarityMeasures], policy: Policy) -> tuple[str, str, str]:
    found = Counter(clarity_verdict(m, PHOTO, policy) for m in measures)
    total = sum(found.values())
    return tuple(f"{found[v] / total:.0%}" for v in ("sharp", "blurred", "undetermined"))  # type: ignore[return-value]


def _auc(high: np.ndarray, low: np.ndarray) -> float:
    """Chance that a sharp picture scores higher than a blurred one; ties count half."""
    ordered = np.sort(low)
    below = np.searchsorted(ordered, high, "left") + np.searchsorted(ordered, high, "right")
    return float(below.mean() / (2 * low.size))


def _steadiness(paths: list[Path], policy: Policy) -> None:
    """One photo from full size to 0.5 megapixels and JPEG 60; a sharp subject before a blurred background."""
    kept = measured = changed = 0
    subjects: Counter[str] = Counter()
    for path in paths:
        with Image.open(path) as image:
            full = image.size
        if full[0] * full[1] < 3_000_000:
            continue
        measured += 1
        wanted = clarity_verdict(measure_clarity(read(path)), PHOTO, policy)
        whole = read(path, max(full))
        for megapixels in (6.0, 2.0, 1.0, 0.5):
            scale = (megapixels * 1e6 / (full[0] * full[1])) ** 0.5
            if scale <= 1.0:
                small = Image.fromarray(whole).resize(
                    (round(whole.shape[1] * scale), round(whole.shape[0] * scale)), Image.Resampling.LANCZOS
                )
                small.thumbnail((1024, 1024), Image.Resampling.LANCZOS)
                got = clarity_verdict(measure_clarity(recompressed(np.asarray(small), 60)), PHOTO, policy)
                kept, changed = kept + (got == wanted), changed + (got != wanted)
        front = subject_before_blur(read(path), 8.0)
        subjects[clarity_verdict(measure_clarity(front), PHOTO, policy)] += 1
    print(f"\nSame verdict at 6 to 0.5 megapixels, JPEG 60: {kept} of {kept + changed}, {measured} photos")
    print(f"Sharp subject before a background out of focus by 8 px: {dict(subjects)}")


def _kinds(folder: Path) -> None:
    """Confusion of kinds without any metadata: real photos, cut-outs of them, rendered screens and pages."""
    found: dict[str, Counter[str]] = {}

    def add(row: str, view: np.ndarray, size: tuple[int, int]) -> None:
        kind = classify_still(measure_content(view), False, "image/jpeg", size)
        found.setdefault(row, Counter())[kind] += 1

    for name in ("items", "products"):
        for number, path in enumerate(sorted((folder / name).glob("*.jpg"))):
            view = read(path)
            add(name, view, (view.shape[1], view.shape[0]))
            if number % 10 == 0:
                add(f"{name}, cut out onto white", _cut_out(view, number), (view.shape[1], view.shape[0]))
    for seed in range(100, 106):
        pictures = [("screens", screen(name, seed, dark)) for name in TEMPLATES for dark in (False, True)]
        pictures += [("rendered pages", page(seed * 2 + n, False)) for n in (0, 1)]
        pictures += [("scanned pages", page(seed * 2 + n, True)) for n in (0, 1)]
        for row, picture in pictures:
            whole = np.asarray(picture)
            add(f"{row}, PNG", _reduced(whole), picture.size)
            add(f"{row}, JPEG 75", _reduced(recompressed(whole, 75)), picture.size)
    print("\nKinds (screens and pages are rendered)")
    kinds = ("photo", "screenshot", "document")
    table([("of", *kinds)] + [(row, *(str(count[kind]) for kind in kinds)) for row, count in found.items()])


def _reduced(view: np.ndarray) -> np.ndarray:
    image = Image.fromarray(view)
    image.thumbnail((1024, 1024), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return np.asarray(image)


def _cut_out(view: np.ndarray, seed: int) -> np.ndarray:
    """The middle of the picture within an uneven outline, on pure white."""
    rng, (high, wide) = np.random.default_rng(seed), view.shape[:2]
    turns, reach = np.linspace(0, 2 * np.pi, 14)[:-1], rng.uniform(0.3, 0.45)
    x = wide / 2 + reach * wide * np.cos(turns) * rng.uniform(0.7, 1.15, turns.size)
    y = high / 2 + reach * high * np.sin(turns) * rng.uniform(0.7, 1.15, turns.size)
    mask = np.zeros((high, wide), np.uint8)
    cv2.fillPoly(mask, [np.stack([x, y], axis=1).astype(np.int32)], 255)
    share = cv2.GaussianBlur(mask, (3, 3), 0)[..., None] / 255
    return recompressed((view * share + 255 * (1 - share)).astype(np.uint8), 85)


def _retakes(paths: list[Path], policy: Policy) -> None:
    print("\nItems asked to be photographed again")
    asked = 0
    for path in paths:
        fault = fault_of(measure_clarity(read(path)), PHOTO, policy)
        if fault is not None:
            asked += 1
            print(f"  {path.name}  {fault.code}  {fault.measured:.3f}")
    print(f"{asked} of {len(paths)}: {asked / len(paths):.2%}")


def _cpu(view: np.ndarray) -> None:
    luma = grey(view)
    plane = working_plane(luma)
    parts: dict[str, Callable[[], object]] = {
        "grey": lambda: grey(view),
        "working size": lambda: working_plane(luma),
        "sharpness": lambda: sharpness(plane),
        "exposure": lambda: exposure(plane),
        "content": lambda: measure_content(view),
        "fingerprint, 8 orientations": lambda: fingerprint(view),
        "all": lambda: (measure_clarity(view), measure_content(view), fingerprint(view)),
    }
    print(f"\nCPU of one {view.shape[1]} x {view.shape[0]} view on one thread, ms: least and median of 100")
    table([("part", "least", "median")] + [(name, *_milliseconds(part)) for name, part in parts.items()])


def _milliseconds(part: Callable[[], object]) -> tuple[str, str]:
    taken = []
    for _ in range(100):
        start = time.thread_time()
        part()
        taken.append((time.thread_time() - start) * 1000)
    return f"{min(taken):.2f}", f"{float(np.median(taken)):.2f}"


if __name__ == "__main__":
    main()
