"""Video: can it be played, does it show anything, has it sound?"""

from __future__ import annotations

from collections.abc import Iterator

from validators.case import Case
from validators.evidence import VIDEO, PageMeasures, Region
from validators.finding import ERROR, FAIL, NOTE, PASS, WARNING, Finding
from validators.policy import Policy

_RECORD_AGAIN = "Record it again, or send the original file from the phone."
_TIMES_NAMED = 3
_TOLD_ALREADY = ("truncated", "corrupt", "encrypted", "crashed", "time_limit", "memory_limit", "output_limit")
"""The format validator has named the cause; one cause makes one finding."""


def moving(case: Case, policy: Policy) -> Iterator[Finding]:
    """VID_* findings. A missing tool is told by the format validator, once."""
    measured = case.measurements
    if measured.kind != VIDEO:
        return
    if measured.problem("no_video_stream") is not None:
        message = "The file has no moving picture in it."
        yield Finding("VID_NO_DECODE", ERROR, FAIL, message, _RECORD_AGAIN, {"problem": "no_video_stream"})
    elif measured.problem("no_decode") is not None and measured.problem(*_TOLD_ALREADY) is None:
        message = "The video cannot be played: no picture of it could be read."
        yield Finding("VID_NO_DECODE", ERROR, FAIL, message, _RECORD_AGAIN, {"problem": "no_decode"})
    if measured.video is not None and measured.pages:
        yield from _black(measured.pages, policy)
        if measured.video.audio_codec is None:
            yield Finding("VID_SILENT", NOTE, PASS, "The video has no sound.")


def _black(frames: tuple[PageMeasures, ...], policy: Policy) -> Iterator[Finding]:
    seen = [frame for frame in frames if frame.clarity is not None]
    limit = policy.number("moving.black_p95_below")
    black = [frame for frame in seen if frame.clarity is not None and frame.clarity.luma_p95 < limit]
    share = len(black) / len(seen) if seen else 0.0
    if not black or share < policy.number("moving.black_share"):
        return
    if len(black) == len(seen):
        message = "The video is black throughout."
    else:
        times = ", ".join(_clock(frame.time_s) for frame in black[:_TIMES_NAMED])
        message = f"The video is black in {len(black)} of the {len(seen)} moments looked at, as at {times}."
    yield Finding(
        "VID_BLACK",
        WARNING,
        FAIL,
        message,
        "Record it again in light, with nothing before the lens. If that can no longer be done, "
        "the mediator may accept it as it is.",
        {"unit": "share of frames", "black": len(black), "frames": len(seen)},
        share,
        policy.number("moving.black_share"),
        "moving.black_share",
        Region(0.0, 0.0, 1.0, 1.0, time_s=black[0].time_s),
    )


def _clock(time_s: float | None) -> str:
    whole = int(time_s or 0)
    return f"{whole // 60}:{whole % 60:02d}"
