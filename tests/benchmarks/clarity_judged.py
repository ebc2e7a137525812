"""Variants as the product opens, measures and judges them, and the two statistics that all parts share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from clarity_data import Opener, Variant
from numpy.typing import NDArray
from reuse_data import Photo

from validators.checks.clarity_faults import fault_of
from validators.checks.views.blur import BLURRED, SHARP, is_crisp
from validators.evidence import PHOTO, ClarityMeasures
from validators.measures.image.clarity_measures import measure_clarity
from validators.policy import Policy


@dataclass(frozen=True, slots=True)
class Judged:
    """A variant as measured: sharpness (-1 where undetermined), whether it counts as sharp, and if blur is reported."""

    kind: str
    across: float
    sharpness: float
    verdict: str
    request: bool


def verdict_of(measures: ClarityMeasures, policy: Policy) -> str:
    """ "sharp" or "blurred" by the sharpness of edges alone: what is not called sharp, though blur that slight is not told."""
    return SHARP if is_crisp(measures, policy) else BLURRED


class Bench:
    """Opens and judges variants by the policy that ships."""

    def __init__(self, policy: Policy) -> None:
        self.policy, self.open = policy, Opener(policy)

    def judge(self, made: Iterable[Variant]) -> list[Judged]:
        found = []
        for each in made:
            measures = measure_clarity(self.open(each.data).views[0].plane)
            verdict = verdict_of(measures, self.policy)
            score = -1.0 if measures.sharpness is None else measures.sharpness
            fault = fault_of(measures, PHOTO, self.policy)
            request = fault is not None and fault.code == "CLR_BLUR"
            found.append(Judged(each.kind, each.across, score, verdict, request))
        return found

    def judge_all(self, photos: list[Photo], *makers: Callable[[Photo], Iterable[Variant]]) -> list[Judged]:
        return [each for photo in photos for make in makers for each in self.judge(make(photo))]


def scores_of(found: Iterable[Judged], *kinds: str) -> NDArray[np.float64]:
    return np.array([each.sharpness for each in found if each.kind in kinds])


def auc_of(high: NDArray[np.float64], low: NDArray[np.float64]) -> float:
    """Chance that a sharp picture scores higher than a blurred one; ties count half."""
    ordered = np.sort(low)
    below = np.searchsorted(ordered, high, "left") + np.searchsorted(ordered, high, "right")
    return float(below.mean() / (2 * low.size))
