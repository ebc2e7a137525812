"""Where one take ends and another begins, told from flashes, fast pans, bumps and things that pass before the camera.

A cut is one step from frame to frame across which nothing is found again, while the steps before and after it are quiet, and
nothing of what was seen before comes back within the window. What fades is compared over the time that a fade takes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from validators.evidence import CutMeasure
from validators.measures.likeness import Shift, likeness, seen_again, shift_between
from validators.measures.tiles import Pixels

WINDOW_S = 1.4
"""Seconds looked at before and after."""

_NEAR = 6  # px of 160 that a step of a held camera strays from the movement of the whole view
_FAR = 16  # the same over half a second: turns and zooms add up
_STEP_ALIKE = 0.5  # more of the view than this is found again in the next frame of any take
_CLEAR_STEP = 0.55  # a step that phase correlation is so sure of is no cut
_PLAIN = 5.0  # luma levels of deviation: a frame of one tone, as fades pass through
_GRADUAL_EVERY_S = 0.1
_CUTS_APART_S, _FADES_APART_S = 0.4, 0.8
_WORTH_NOTING = 0.3  # of what was seen before, unseen after: below it there is nothing to judge
_HALVES_S = (0.2, 0.35, 0.6)
_TINY = (32, 18)


@dataclass(frozen=True, slots=True)
class Step:
    """One small frame and how it follows from the one before: ``change`` is the mean difference in luma levels."""

    time_s: float
    frame: Pixels
    shift: Shift
    change: float
    deviation: float


class CutFinder:
    """Takes the small frames of a clip one after another and keeps no more of them than its window."""

    def __init__(self) -> None:
        self._steps: deque[Step] = deque()
        self._next = 0  # place in the window of the first step not yet judged
        self._tried_s = -1.0
        self.found: list[CutMeasure] = []

    def add(self, time_s: float, frame: Pixels) -> Step:
        """The next frame, HxW uint8, 160 px long; returns how it follows from the one before."""
        before = self._steps[-1] if self._steps else None
        if before is None:
            step = Step(time_s, frame, Shift(0.0, 0.0, 1.0), 0.0, float(frame.std()))
        else:
            change = float(cv2.absdiff(before.frame, frame).mean())
            moved = shift_between(before.frame, frame) if change > 0.0 else Shift(0.0, 0.0, 1.0)
            step = Step(time_s, frame, moved, change, float(frame.std()))
        self._steps.append(step)
        self._judge(time_s - WINDOW_S)
        return step

    def finish(self) -> tuple[CutMeasure, ...]:
        """Judge what the window still holds; every cut found, in order."""
        self._judge(float("inf"))
        return tuple(self.found)

    def _judge(self, until_s: float) -> None:
        while self._next < len(self._steps) and self._steps[self._next].time_s <= until_s:
            cut = self._hard(self._next) or self._gradual(self._next)
            if cut is not None:
                self._note(cut)
            self._next += 1
        while self._next and self._steps[0].time_s < self._steps[self._next - 1].time_s - WINDOW_S:
            self._steps.popleft()
            self._next -= 1

    def _note(self, cut: CutMeasure) -> None:
        """One change of take is one cut: of neighbours the one that is told most clearly stays."""
        last = self.found[-1] if self.found else None
        apart = _CUTS_APART_S if last is not None and cut.kind == last.kind == "cut" else _FADES_APART_S
        if last is not None and cut.time_s - last.time_s < apart:
            if (cut.kind == "cut", cut.unlike) > (last.kind == "cut", last.unlike):
                self.found[-1] = cut
            return
        self.found.append(cut)

    def _hard(self, at: int) -> CutMeasure | None:
        if at == 0 or not self._may_be_hard(at):
            return None
        steps = self._steps
        across = likeness(steps[at - 1].frame, steps[at].frame, _NEAR, steps[at].shift)
        back = likeness(steps[at].frame, steps[at - 1].frame, _NEAR)
        told = [value for value in (across, back) if value is not None]
        if not told or max(told) > _STEP_ALIKE:
            return None
        quiet = self._quiet(at)
        if quiet - max(told) < 0.3:
            return None
        again = max(self._again(at), default=0.0)
        if 1.0 - again < _WORTH_NOTING:
            return None
        return CutMeasure(steps[at].time_s, "cut", round(1.0 - again, 3), round(quiet, 3))

    def _may_be_hard(self, at: int) -> bool:
        """The quick look: a step much larger than those about it, that no movement of the whole view explains."""
        step = self._steps[at]
        if step.shift.clear >= _CLEAR_STEP or step.change < 3.0:
            return False
        about = [self._steps[i].change for i in self._places(at, (-3, -2, -1, 1, 2, 3))]
        return bool(about) and step.change > 1.4 * float(np.median(about))

    def _quiet(self, at: int) -> float:
        """How much of the view stays from frame to frame about a step, 0..1."""
        pairs = [(i - 1, i) for i in self._places(at, (-2, -1, 1, 2)) if i > 0]
        found = [likeness(self._steps[a].frame, self._steps[b].frame, _NEAR) for a, b in pairs]
        told = [value for value in found if value is not None]
        return float(np.median(told)) if told else 1.0

    def _again(self, at: int) -> Iterator[float]:
        """How much of what was seen before a step is seen after it, at several distances."""
        for before in self._places(at, (-1, -4, -9)):
            for after in self._places(at, (0, 2, 5, 11, 20)):
                found = seen_again(self._steps[before].frame, self._steps[after].frame, _FAR)
                if found is not None:
                    yield found

    def _places(self, at: int, offsets: tuple[int, ...]) -> list[int]:
        return [at + offset for offset in offsets if 0 <= at + offset < len(self._steps)]

    def _gradual(self, at: int) -> CutMeasure | None:
        now = self._steps[at].time_s
        if now - self._tried_s < _GRADUAL_EVERY_S:
            return None
        self._tried_s = now
        if self._steps[at].deviation < _PLAIN:
            return self._dip(at)
        for half_s in _HALVES_S:
            first, last = self._at_time(now - half_s), self._at_time(now + half_s)
            if first < at < last and self._is_mixed(first, at, last):
                unlike = self._unlike(first, last)
                if unlike is not None and unlike >= _WORTH_NOTING:
                    return CutMeasure(now, "dissolve", round(unlike, 3), 1.0)
        return None

    def _dip(self, at: int) -> CutMeasure | None:
        """A fade through one tone: what is seen before is not what is seen after."""
        first, last = at, at
        while first > 0 and self._steps[first].deviation < 4 * _PLAIN:
            first -= 1
        while last < len(self._steps) - 1 and self._steps[last].deviation < 4 * _PLAIN:
            last += 1
        ends = self._steps[first], self._steps[last]
        if min(end.deviation for end in ends) < 4 * _PLAIN or last - first < 5:
            return None
        unlike = self._unlike(first, last)
        if unlike is None or unlike < _WORTH_NOTING:
            return None
        return CutMeasure(self._steps[at].time_s, "dip", round(unlike, 3), 1.0)

    def _unlike(self, first: int, last: int) -> float | None:
        pairs = [(first, last)]
        pairs += [(max(0, first - 5), last), (first, min(len(self._steps) - 1, last + 5))]
        found = [seen_again(self._steps[a].frame, self._steps[b].frame, _FAR) for a, b in pairs]
        told = [value for value in found if value is not None]
        return 1.0 - max(told) if told else None

    def _at_time(self, time_s: float) -> int:
        """The place of the step nearest to a time."""
        return min(range(len(self._steps)), key=lambda i: abs(self._steps[i].time_s - time_s))

    def _is_mixed(self, first: int, middle: int, last: int) -> bool:
        """Whether the middle frame is the two others laid over each other, which no movement makes."""
        a, m, b = (self._tiny(i) for i in (first, middle, last))
        if min(a.std(), b.std()) < 1.0 or np.corrcoef(a, b)[0, 1] > 0.6:
            return False
        basis = np.stack([a, b, np.ones_like(a)], axis=1)
        weights, *_ = np.linalg.lstsq(basis, m, rcond=None)
        rest = m - basis @ weights
        explained = 1.0 - float(rest.var() / max(1e-6, m.var()))
        return bool(explained > 0.9 and 0.2 < weights[0] < 0.8 and 0.2 < weights[1] < 0.8)

    def _tiny(self, at: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        frame = self._steps[at].frame
        size = _TINY if frame.shape[1] >= frame.shape[0] else _TINY[::-1]
        return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.float64).ravel()
