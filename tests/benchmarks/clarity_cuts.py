"""The cut between sharp and blurred: what each would give, the one that is chosen, and each source judged by the others."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from clarity_data import (
    KINDS,
    blurred_variants,
    more_to_develop_on,
    resaved,
    sharp_variants,
    subject_variants,
)
from clarity_judged import Bench, auc_of, scores_of
from harness import table
from numpy.typing import NDArray
from reuse_data import Photo

SEED, RESAMPLES = 20260309, 2_000
_NEAR_BEST = 0.006  # of balanced accuracy: the lowest cut within it of the best is chosen
_CUTS = np.round(np.arange(0.53, 0.6101, 0.005), 3)


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
    auc = auc_of(np.concatenate([each.sharp for each in every]), soft)
    print(f"\n{len(chosen)} photos of {len({photo.source for photo in chosen})} sources, AUC {auc:.4f}")
    table(rows)
    print(f"Chosen, the lowest within {_NEAR_BEST} of the best: {_low_cut(every):.3f}")
    _left_out("Each source at the cut from all the others", found, chosen)
    if report:
        _left_out("Of these the report half", found, report)


def _measured(bench: Bench, photo: Photo) -> Scores:
    judged = bench.judge_all([photo], sharp_variants, blurred_variants, subject_variants)
    soft = {kind: scores_of(judged, kind) for kind in KINDS}
    saved = scores_of(bench.judge(resaved(photo)), "sharp")
    return Scores(scores_of(judged, "sharp"), soft, scores_of(judged, "subject"), saved)


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
    random = np.random.default_rng(SEED)
    drawn = [[pairs[at] for at in random.integers(0, len(pairs), len(pairs))] for _ in range(RESAMPLES)]
    balanced = [_shares(*map(list, zip(*each, strict=True))).balanced for each in drawn]  # type: ignore[arg-type]
    low, high = np.percentile(balanced, (2.5, 97.5))
    print(
        f"{title}: balanced accuracy {shares.balanced:.3f} (by photo, 95 %: {low:.3f} to {high:.3f}), "
        f"sharp {shares.sharp:.1%}, subjects {shares.subject:.1%}, same verdict {shares.same:.1%}, called blurred "
        + ", ".join(f"{kind} {share:.1%}" for kind, share in shares.soft.items())
    )
