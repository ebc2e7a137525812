"""Finds where one take ends and another begins, and not flashes, fast pans, bumps or things passing the camera.

A cut is a step between two frames across which nothing is found again, while the steps before and after it are quiet and
nothing seen before comes back within the window. Fades are compared over the time that a fade takes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from validators.evidence import CutMeasure
from validators.measures.image.tiles import Pixels
from validators.measures.video.likeness import Shift, likeness, seen_again, shift_between

WINDOW_S = 1.4
"""Seconds that are compared before and after."""

_BEFORE_S, _AFTER_S = (0.0, 0.12, 0.3), (0.0, 0.07, 0.17, 0.33, 0.5)  # longer than a flash
_NEAR = 6  # px of 160 by which a step of a hand-held camera strays from the movement of the whole view
_FAR = 16  # the same over half a second: turns and zooms add up
_STEP_ALIKE = 0.5  # more of the view than this is found again in the next frame of any take
_CLEAR_STEP, _UNCLEAR_STEP = (
    0.55,
    0.12,
)  # phase correlation: above the first it is no cut, below the second it may be one
_LEAP = 10.0  # px of 160 in one frame: no camera at rest before and after moves so far
_PROOF = 0.75  # of the view found again in one comparison
_TELLING = 8.0  # luma levels of deviation: a frame with less is nearly of one tone, as in a flash
_CLEAR_ENOUGH = 0.2
_MOSTLY = 85  # percentile of how much is seen again, so that a single chance likeness does not count
_PLAIN = 5.0  # luma levels of deviation: a frame of one tone, as fades pass through
_GRADUAL_EVERY_S = 0.1
_CUTS_APART_S, _FADES_APART_S = 0.4, 0.8
_PLAINLY = 0.5  # share of what was seen before: such a cut is never hidden by a fainter one
_WORTH_NOTING = 0.3  # share of what was seen before and not after: below it there is no cut
_BLACK, _WHITE = 32.0, 224.0  # luma that fades go through
_SAME_PICTURE, _LIKE_PICTURE, _OTHER_PICTURE = 0.85, 0.6, 0.44  # correlation of small pictures
_ALL_UNLIKE = 0.88  # if small copies look alike, at least so much must not be seen again
_MORE = 0.08  # growth of the later picture's weight from one compared frame to the next
_LASTING_S = 0.4  # no flash lasts so long
_SAME_LIGHT = 16.0  # luma levels: settling exposure changes by less in that time, a flash by more
_EXPLAINED = 0.85  # share of the middle frame that the two around it explain
_HALVES_S = (0.2, 0.35, 0.6)
_TINY = (16, 9)
_SUDDEN = ("cut", "leap")


def _rank(cut: CutMeasure) -> tuple[bool, bool, bool, float]:
    """A sort key: of several findings of one cut, the clearest is the greatest."""
    return cut.unlike >= _PLAINLY, cut.kind in _SUDDEN, cut.kind == "dip", cut.unlike


def _mostly(again: list[float]) -> float:
    """How much is seen again in most of the comparisons. One that finds nearly everything is proof enough."""
    if not again:
        return 0.0
    best = max(again)
    return best if best >= _PROOF else float(np.percentile(again, _MOSTLY))


def _length(shift: Shift) -> float:
    return float(np.hypot(shift.right, shift.down))


@dataclass(frozen=True, slots=True)
class Step:
    """One small frame and how it follows from the one before: ``change`` is the mean difference in luma levels."""

    time_s: float
    frame: Pixels
    shift: Shift
    change: float
    deviation: float


class CutFinder:
    """Finds the cuts of a clip from its small frames, one after another. It keeps only those of its window."""

    def __init__(self) -> None:
        self._steps: deque[Step] = deque()
        self._next = 0  # index in the window of the first step not judged yet
        self._tried_s = -1.0
        self.found: list[CutMeasure] = []

    def add(self, time_s: float, frame: Pixels) -> Step:
        """Add the next frame, HxW uint8, 160 px long. Returns its step from the frame before."""
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
        """Judge the rest of the window. Returns every cut, in order."""
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
        """Keep the clearest of neighbouring findings, because one change of take is one cut."""
        last = self.found[-1] if self.found else None
        both = last is not None and cut.kind in _SUDDEN and last.kind in _SUDDEN
        if last is not None and cut.time_s - last.time_s < (_CUTS_APART_S if both else _FADES_APART_S):
            if _rank(cut) > _rank(last):
                self.found[-1] = cut
            return
        self.found.append(cut)

    def _hard(self, at: int) -> CutMeasure | None:
        if at == 0 or not self._may_be_hard(at):
            return None
        time_s = self._steps[at].time_s
        across = self._across(at)
        if across is None:
            return None
        quiet = self._quiet(at)
        if across > _STEP_ALIKE:
            return (
                CutMeasure(time_s, "leap", 1.0, round(quiet, 3))
                if self._leaps(at, self._steps[at].shift)
                else None
            )
        if quiet - across < 0.3 or not (self._is_informative(at - 1, -1) and self._is_informative(at, 1)):
            return None
        unlike = 1.0 - _mostly(list(self._again(at)))
        if unlike >= _WORTH_NOTING:
            return CutMeasure(time_s, "cut", round(unlike, 3), round(quiet, 3))
        after = self._steps[min(at + 2, len(self._steps) - 1)].frame
        moved = shift_between(self._steps[at - 1].frame, after)
        return CutMeasure(time_s, "leap", 1.0, round(quiet, 3)) if self._leaps(at, moved) else None

    def _across(self, at: int) -> float | None:
        """How much of the view is found again across a step, by the movement that explains most."""
        first, second = self._steps[at - 1].frame, self._steps[at].frame
        going = self._going(at, 1)
        ways = [self._steps[at].shift, going, *(self._steps[i].shift for i in self._places(at, (-1, 1)))]
        found = [likeness(second, first, _NEAR), *(likeness(first, second, _NEAR, way) for way in ways)]
        if _length(going) > _NEAR:
            found.append(likeness(first, second, _FAR, going))
        return max((value for value in found if value is not None), default=None)

    def _going(self, at: int, steps: int) -> Shift:
        """The movement over so many steps, extrapolated from around a step."""
        about = [self._steps[i].shift for i in self._places(at, (-2, -1, 1, 2))]
        sure = [shift for shift in about if shift.clear >= _CLEAR_ENOUGH]
        if not sure:
            return Shift(0.0, 0.0, 0.0)
        right, down = (
            float(np.median([getattr(shift, side) for shift in sure])) for side in ("right", "down")
        )
        return Shift(right * steps, down * steps, 1.0)

    def _may_be_hard(self, at: int) -> bool:
        """A quick test: a step much larger than those around it, which no movement of the whole view explains."""
        step = self._steps[at]
        if step.change < 3.0:
            return False
        if step.shift.clear < _UNCLEAR_STEP:
            return True
        if step.shift.clear >= _CLEAR_STEP and _length(step.shift) < _LEAP:
            return False
        about = [self._steps[i].change for i in self._places(at, (-3, -2, -1, 1, 2, 3))]
        return bool(about) and step.change > 1.4 * float(np.median(about))

    def _leaps(self, at: int, moved: Shift) -> bool:
        """Whether the whole view jumps from one frame to the next and rests before and after, as no hand moves a camera."""
        leap = _length(moved) if moved.clear >= _CLEAR_ENOUGH else 0.0
        about = [_length(self._steps[i].shift) for i in self._places(at, (-3, -2, -1, 1, 2, 3))]
        waited = self._steps[at].time_s - self._steps[at - 1].time_s
        usual = [
            self._steps[i].time_s - self._steps[i - 1].time_s
            for i in self._places(at, (-2, -1, 1, 2))
            if i > 0
        ]
        if leap < _LEAP or len(about) < 4 or not usual or waited > 1.5 * float(np.median(usual)):
            return False
        return float(np.median(about)) < 0.1 * leap and max(about) < 0.25 * leap

    def _is_informative(self, at: int, way: int) -> bool:
        """Whether a frame has detail, or is plain for so long that it is no flash."""
        step = self._steps[at]
        if step.deviation >= _TELLING:
            return True
        later = self._steps[self._at_time(step.time_s + way * _LASTING_S)]
        lasting = abs(later.time_s - step.time_s) >= 0.75 * _LASTING_S
        return lasting and float(cv2.absdiff(step.frame, later.frame).mean()) < _SAME_LIGHT

    def _quiet(self, at: int) -> float:
        """The share 0..1 of the view that stays between frames before and after a step, on the less quiet side."""
        return min(
            max((self._kept(i) for i in self._places(at, side) if i > 0), default=1.0)
            for side in ((-3, -2, -1), (1, 2, 3))
        )

    def _kept(self, at: int) -> float:
        """How much of the view stays over one step. For a plain view, whether its brightness stays."""
        step = self._steps[at]
        found = likeness(self._steps[at - 1].frame, step.frame, _NEAR)
        if found is not None:
            return found
        return 1.0 if _length(step.shift) < _NEAR and step.change < _TELLING else 0.0

    def _again(self, at: int) -> Iterator[float]:
        """How much of what was seen before a step is seen after it, for several distances."""
        start, end = self._steps[at - 1].time_s, self._steps[at].time_s
        earlier = sorted({self._at_time(start - back) for back in _BEFORE_S})
        later = sorted({self._at_time(end + ahead) for ahead in _AFTER_S})
        for before in earlier:
            for after in later:
                first, second = self._steps[before].frame, self._steps[after].frame
                for around in (None, self._going(at, after - before)):
                    found = seen_again(first, second, _FAR, around)
                    if found is not None:
                        yield found

    def _places(self, at: int, offsets: tuple[int, ...]) -> list[int]:
        return [at + offset for offset in offsets if 0 <= at + offset < len(self._steps)]

    def _gradual(self, at: int) -> CutMeasure | None:
        step = self._steps[at]
        if step.deviation < _PLAIN:
            about = [self._steps[i].deviation for i in self._places(at, (-3, -2, -1, 1, 2, 3))]
            return self._dip(at) if step.deviation <= min(about, default=0.0) else None
        now = step.time_s
        if now - self._tried_s < _GRADUAL_EVERY_S:
            return None
        self._tried_s = now
        for half_s in _HALVES_S:
            first, last = self._at_time(now - half_s), self._at_time(now + half_s)
            if first < at < last and self._is_mixed(first, at, last):
                unlike = self._unlike(first, last)
                other = self._correlated(first, last) <= _OTHER_PICTURE
                if unlike is not None and unlike >= (_WORTH_NOTING if other else _ALL_UNLIKE):
                    return CutMeasure(now, "dissolve", round(unlike, 3), 1.0)
        return None

    def _dip(self, at: int) -> CutMeasure | None:
        """A fade through black or white: what is seen before is not what is seen after."""
        first, last = self._lit(at, -1), self._lit(at, 1)
        plain, tone = self._steps[at].deviation, float(self._steps[at].frame.mean())
        if _BLACK < tone < _WHITE:  # a blank wall that the camera passes over is no fade
            return None
        if min(self._steps[i].deviation for i in (first, last)) < max(_PLAIN, 3 * plain) or last - first < 5:
            return None
        if not (self._is_faded(first, at) and self._is_faded(last, at)):
            return None
        unlike = self._unlike(first, last)
        if unlike is None or unlike < _WORTH_NOTING:
            return None
        return CutMeasure(self._steps[at].time_s, "dip", round(unlike, 3), 1.0)

    def _lit(self, at: int, way: int) -> int:
        """Where the contrast, which rises from a plain step to one side, stops rising."""
        best, since = at, 0
        while since < 3 and 0 <= best + way * (since + 1) < len(self._steps):
            since += 1
            if self._steps[best + way * since].deviation > 1.02 * self._steps[best].deviation:
                best, since = best + way * since, 0
        return best

    def _unlike(self, first: int, last: int) -> float | None:
        pairs = [(first, last)]
        pairs += [(max(0, first - 5), last), (first, min(len(self._steps) - 1, last + 5))]
        found = [seen_again(self._steps[a].frame, self._steps[b].frame, _FAR) for a, b in pairs]
        told = [value for value in found if value is not None]
        return 1.0 - max(told) if told else None

    def _at_time(self, time_s: float) -> int:
        """The index of the step nearest to a time."""
        return min(range(len(self._steps)), key=lambda i: abs(self._steps[i].time_s - time_s))

    def _is_faded(self, lit: int, plain: int) -> bool:
        """Whether frames between a lit and a plain one show the lit one, fainter."""
        whole = self._steps[lit]
        between = range(min(lit, plain) + 1, max(lit, plain))
        fainter = [i for i in between if 0.3 < self._steps[i].deviation / whole.deviation < 0.85]
        for place in fainter:
            seen = seen_again(whole.frame, self._steps[place].frame, _FAR)
            if (seen or 0.0) >= 0.4 or self._correlated(lit, place) > _SAME_PICTURE:
                return True
        return False

    def _correlated(self, first: int, second: int) -> float:
        a, b = self._tiny(first), self._tiny(second)
        return float(np.corrcoef(a, b)[0, 1]) if min(a.std(), b.std()) > 0.5 else 0.0

    def _is_mixed(self, first: int, middle: int, last: int) -> bool:
        """Whether the frames between two are blends of them, with ever more of the later. No movement looks like that."""
        a, b = self._tiny(first), self._tiny(last)
        if self._correlated(first, last) > _LIKE_PICTURE:
            return False
        basis = np.stack([a, b, np.ones_like(a)], axis=1)
        earlier = 0.0
        for place in ((first + middle) // 2, middle, (middle + last) // 2):
            mixed = self._tiny(place)
            weights, *_ = np.linalg.lstsq(basis, mixed, rcond=None)
            explained = 1.0 - float((mixed - basis @ weights).var() / max(1e-6, mixed.var()))
            if explained < _EXPLAINED or weights[1] < earlier + _MORE or weights[0] < -_MORE:
                return False
            earlier = float(weights[1])
        return earlier > 0.4

    def _tiny(self, at: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        frame = self._steps[at].frame
        size = _TINY if frame.shape[1] >= frame.shape[0] else _TINY[::-1]
        return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.float64).ravel()
