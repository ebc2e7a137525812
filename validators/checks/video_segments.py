"""Stretches of a video's time that have one thing in common: black, frozen, shaky, blurred and so on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from validators.case import Case
from validators.checks.clarity_faults import fault_of
from validators.evidence import CutMeasure, Measurements, PageMeasures, VideoMeasures
from validators.policy import Policy
from validators.rules import Rule

BLACK, FROZEN, STATIC, SHAKY = "black", "frozen", "static", "shaky"
BLURRED, DARK, OVEREXPOSED = "blurred", "dark", "overexposed"
KINDS = (BLACK, DARK, OVEREXPOSED, BLURRED, SHAKY, FROZEN, STATIC)
"""In the order in which they are shown."""

_FAULTS = {"CLR_BLUR": BLURRED, "CLR_DARK": DARK, "CLR_OVEREXPOSED": OVEREXPOSED}


@dataclass(frozen=True, slots=True)
class MovingRules:
    """[rules.moving]: when a video is dark, still, shaky, cut or silent."""

    table: ClassVar[str] = "moving"

    black_p95_below: float
    black_share: Rule[float]
    black_s: Rule[float]
    shown_s: float
    frozen_change_below: float
    refresh_change_below: float
    frozen_s: Rule[float]
    static_change_below: float
    static_moved_below: float
    static_s: float
    shake_above: float
    shake_share: Rule[float]
    cut_unlike_above: float
    fade_unlike_above: float
    cuts_most: Rule[int]
    one_take_roles: tuple[str, ...]
    silent_db_below: Rule[float]
    clipped_share_above: Rule[float]
    reencoders: Rule[tuple[str, ...]]
    decoder_errors_least: Rule[int]


@dataclass(frozen=True, slots=True)
class VideoSegment:
    """From ``start_s`` to ``end_s``, in seconds from the start of the clip."""

    kind: str
    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """How long it is."""
        return self.end_s - self.start_s


def segments_of(case: Case, policy: Policy) -> tuple[VideoSegment, ...]:
    """Every stretch of the part that was measured frame by frame, by kind, then by time; none where that is nothing."""
    measured = case.measurements
    rules = policy.group(MovingRules)
    decoded = measured.decoded
    if decoded is None:
        return ()
    black = _flags(decoded.brightest, rules.black_p95_below)
    still = _refreshed(_flags(decoded.change, rules.frozen_change_below), decoded, policy)
    quiet = _flags(decoded.change, rules.static_change_below)
    held = _flags(decoded.moved, rules.static_moved_below)
    shaky = [value >= rules.shake_above for value in decoded.shaken]
    frozen = [s and not b for s, b in zip(still, black, strict=True)]
    static = [q and h and not b for q, h, b in zip(quiet, held, black, strict=True)]
    found = [
        *_runs(BLACK, black, decoded, rules.shown_s),
        *_views(measured, decoded, policy),
        *_runs(SHAKY, _closed(shaky), decoded, rules.shown_s),
        *_runs(FROZEN, frozen, decoded, rules.frozen_s.value),
    ]
    stuck = [one for one in found if one.kind == FROZEN]
    found += [
        run
        for run in _runs(STATIC, static, decoded, rules.static_s)
        if not any(other.start_s < run.end_s and run.start_s < other.end_s for other in stuck)
    ]
    return tuple(sorted(found, key=lambda one: (KINDS.index(one.kind), one.start_s)))


def share(stretches: Iterable[VideoSegment], kind: str, decoded: VideoMeasures) -> float:
    """The share 0..1 of the measured time that stretches of a kind make up."""
    length = sum(one.length_s for one in stretches if one.kind == kind)
    return min(1.0, length / decoded.measured_s) if decoded.measured_s > 0 else 0.0


def cuts_of(measured: Measurements, policy: Policy) -> tuple[CutMeasure, ...]:
    """The cuts that are told, in order of time."""
    rules = policy.group(MovingRules)
    if measured.decoded is None:
        return ()
    least = {
        "cut": rules.cut_unlike_above,
        "leap": rules.cut_unlike_above,
        "dissolve": rules.fade_unlike_above,
        "dip": rules.fade_unlike_above,
    }
    return tuple(cut for cut in measured.decoded.cuts if cut.unlike >= least.get(cut.kind, 1.0))


def _flags(values: Sequence[float], below: float) -> list[bool]:
    return [value < below for value in values]


def _closed(flags: list[bool]) -> list[bool]:
    """The same with gaps of one cell closed."""
    inner = range(1, len(flags) - 1)
    return [flag or (i in inner and flags[i - 1] and flags[i + 1]) for i, flag in enumerate(flags)]


def _refreshed(flags: list[bool], decoded: VideoMeasures, policy: Policy) -> list[bool]:
    """The same with gaps of one cell closed in which the view did not move: a key frame draws a still picture anew."""
    rules = policy.group(MovingRules)
    small = _flags(decoded.change, rules.refresh_change_below)
    held = _flags(decoded.moved, rules.static_moved_below)
    closed = _closed(flags)
    return [flag or (gap and s and h) for flag, gap, s, h in zip(flags, closed, small, held, strict=True)]


def _runs(kind: str, flags: Sequence[bool], decoded: VideoMeasures, least_s: float) -> list[VideoSegment]:
    found, start = [], None
    for at, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = at
        elif not flag and start is not None:
            run = VideoSegment(kind, start * decoded.cell_s, min(at * decoded.cell_s, decoded.measured_s))
            start = None
            if run.length_s >= least_s:
                found.append(run)
    return found


def _views(measured: Measurements, decoded: VideoMeasures, policy: Policy) -> list[VideoSegment]:
    """Stretches of views, one a second, that share a fault of focus or light; each lasts until the next view."""
    found: list[VideoSegment] = []
    if not measured.seconds:
        return found
    ends = [view.time_s or 0.0 for view in measured.seconds[1:]] + [decoded.measured_s]
    for view, end in zip(measured.seconds, ends, strict=True):
        kind = _kind_of(view, measured.kind, policy)
        start = view.time_s or 0.0
        if kind is None or end <= start:
            continue
        last = found[-1] if found else None
        if last is not None and last.kind == kind and last.end_s == start:
            found[-1] = VideoSegment(kind, last.start_s, end)
        else:
            found.append(VideoSegment(kind, start, end))
    return found


def _kind_of(view: PageMeasures, kind: str, policy: Policy) -> str | None:
    rules = policy.group(MovingRules)
    if view.clarity is None or view.clarity.luma_p95 < rules.black_p95_below:
        return None
    fault = fault_of(view.clarity, kind, policy)
    return _FAULTS.get(fault.code) if fault else None
