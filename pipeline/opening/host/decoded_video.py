"""Measures a probed video: decoded once from its start as far as the policy allows, else as sampled frames.

ffmpeg decodes in the jail. Its raw frames go straight to a child that measures them. The trusted side only copies planes.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.opening.host import ffmpeg_arguments as sampling
from pipeline.opening.host.answer_stream import Plane
from pipeline.opening.host.jail import Outcome, TimedJail
from pipeline.opening.host.probe import Probe
from pipeline.opening.host.tools import Tools
from pipeline.opening.limits import Limits
from validators.evidence import Measurements, Problem
from validators.measures.containers.isobmff import scan_isobmff
from validators.measures.video.sound import RATE

log = logging.getLogger(__name__)

_KEY_FRAMES_S = 150.0
"""Up to this length all key frames are decoded in one run. In longer clips single frames are sought."""

READ_SHARE = 0.85  # of the time: the rest is for measuring what was read
_REST_S = 20.0
_TOLERATED_GAP_S, _TOLERATED_GAP_SHARE = (
    1.5,
    0.05,
)  # sound and pictures of healthy files end up to this far apart
_LIMIT_FAULTS = ("time_limit", "memory_limit", "crashed", "output_limit")


@dataclass(frozen=True, slots=True)
class DecodedVideo:
    """A video that is being opened. ``job`` completes a child's job, and ``trusted`` validates its answer.

    With ``previews``, a small copy is encoded that browsers play.
    """

    jail: TimedJail
    tools: Tools
    upload: int
    limits: Limits
    job: Callable[..., dict[str, Any]]
    trusted: Callable[[Outcome], Measurements]
    previews: bool = False


@dataclass(frozen=True, slots=True)
class VideoPlanes:
    """The planes that a child sent, of kinds "tile", "thumbnail", "sprite" and "features", and the preview if there is one."""

    planes: tuple[Plane, ...] = ()
    clip: bytes = b""
    clip_size: tuple[int, int] = (0, 0)


@dataclass(slots=True)
class _Decoding:
    """The result of decoding once. ``fault`` is ffmpeg's, and ``in_time`` says whether it ended by itself."""

    measured: Measurements
    planes: tuple[Plane, ...] = ()
    fault: str | None = None
    in_time: bool = True
    problems: list[Problem] = field(default_factory=list)


def measure_video(
    decoded: DecodedVideo, found: Probe, known: Measurements
) -> tuple[Measurements, VideoPlanes]:
    """Add what is measured of frames and sound to ``known``, or the problem if nothing can be decoded."""
    mime = known.detected_type
    length = found.picture_s
    measured_s = min(decoded.limits.measured_seconds, decoded.limits.video_seconds)
    whole = length is None or length <= measured_s
    first = _decoded(decoded, mime, found, measured_s, show=whole) if measured_s > 0 else None
    views = first if first is not None and whole else _sampled_frames(decoded, mime, found)
    problems = [*views.problems, *_end_problems(first, found, measured_s)] if first else views.problems
    if not views.measured.pages:
        code = views.fault if views.fault in _LIMIT_FAULTS else "no_decode"
        return replace(known, problems=(*known.problems, Problem(code or "no_decode"))), VideoPlanes()
    seen = first.measured if first else views.measured
    sprite = views.measured.video.sprite if views.measured.video else None
    facts = replace(known.video, sprite=sprite) if known.video else None
    if facts is not None and facts.duration_s is None and seen.decoded is not None:
        facts = replace(facts, duration_s=seen.decoded.measured_s)
    measured = replace(
        known,
        pages=views.measured.pages,
        parts=views.measured.parts,
        decoded=seen.decoded,
        decoder_errors=seen.decoder_errors,
        seconds=seen.seconds,
        sound=_sound(decoded, mime, found, measured_s),
        video=facts,
        problems=_merged(known.problems, problems),
    )
    return measured, VideoPlanes(
        views.planes, *_preview(decoded, mime, found)
    ) if decoded.previews else VideoPlanes(views.planes)


def _merged(known: tuple[Problem, ...], more: list[Problem]) -> tuple[Problem, ...]:
    """At most one problem of each code: the container's before that of decoding."""
    codes = {problem.code for problem in known}
    return (*known, *(problem for problem in more if problem.code not in codes))


def _decoded(decoded: DecodedVideo, mime: str, found: Probe, measured_s: float, *, show: bool) -> _Decoding:
    """Decode every frame up to ``measured_s``. With ``show``, the views to be shown come from it."""
    limits = decoded.limits.at_work().until(decoded.jail.deadline)
    argv = sampling.decode_arguments(decoded.tools, mime, found, measured_s)
    shown = decoded.limits.frames if show else 0
    job = _job(decoded, found, limits, shown, smalls=0, views=1)
    return _piped(decoded, argv, job, limits)


def _piped(decoded: DecodedVideo, argv: list[str], job: dict[str, Any], limits: Limits) -> _Decoding:
    start = time.monotonic()
    tool, outcome = decoded.jail.measure_output(decoded.upload, argv, job, limits, with_rest(limits))
    in_time = tool.fault != "time_limit" and time.monotonic() - start < job["read_s"]
    measured = decoded.trusted(outcome)
    problems = [problem for problem in measured.problems if problem.code not in _LIMIT_FAULTS]
    return _Decoding(measured, outcome.planes, outcome.fault or tool.fault, in_time, problems)


def with_rest(limits: Limits) -> Limits:
    """The limits of the measuring child, which goes on after ffmpeg with what that gave."""
    return replace(limits, seconds=limits.seconds + _REST_S)


def _job(
    decoded: DecodedVideo, found: Probe, limits: Limits, shown: int, smalls: int | None, views: int
) -> dict[str, Any]:
    sizes = sampling.sizes_of(found)
    return decoded.job(
        what="frames", view=sizes.view, small=sizes.small, full=found.upright_size, smalls=smalls, views=views,
        interval=sampling.view_interval(found.duration_s), shown=shown, read_s=limits.seconds * READ_SHARE,
    )  # fmt: skip


def _sampled_frames(decoded: DecodedVideo, mime: str, found: Probe) -> _Decoding:
    """Views of the whole clip, from key frames, except the last one, which shows whether the end is there."""
    length = found.picture_s
    if length is None or length <= _KEY_FRAMES_S:
        limits = decoded.limits.at_work().until(decoded.jail.deadline)
        every = max(sampling.view_interval(length), (length or 0.0) / (2 * decoded.limits.frames))
        argv = sampling.key_frame_arguments(
            decoded.tools, mime, found, every, min(length or _KEY_FRAMES_S, _KEY_FRAMES_S)
        )
        return _piped(decoded, argv, _job(decoded, found, limits, decoded.limits.frames, None, 0), limits)
    return _sampled_by_seeking(
        decoded,
        mime,
        found,
        min(length, decoded.limits.video_seconds),
        whole=length <= decoded.limits.video_seconds,
    )


def _sampled_by_seeking(
    decoded: DecodedVideo, mime: str, found: Probe, length: float, *, whole: bool
) -> _Decoding:
    count = decoded.limits.frames
    wanted = [(round((i + 0.5) * length / count, 3), False) for i in range(count)]
    if whole:
        wanted[-1] = (round(max(0.0, length - 1.0), 3), True)
    raw = os.memfd_create("frames", os.MFD_CLOEXEC)
    try:
        fault, ended = None, True
        for at, exactly in wanted:
            argv = sampling.sampled_frame_arguments(decoded.tools, mime, found, at, exactly=exactly)
            outcome = decoded.jail.run_tool(decoded.upload, argv, decoded.limits)
            os.write(raw, outcome.output)
            fault = fault or outcome.fault
            ended = ended and (not exactly or outcome.fault is not None or has_frame(outcome.output))
            if outcome.fault in ("time_limit", "memory_limit", "crashed"):
                break  # it would cost the same again for every frame
        os.lseek(raw, 0, os.SEEK_SET)
        limits = decoded.limits.until(decoded.jail.deadline)
        outcome = decoded.jail.measure(raw, _job(decoded, found, limits, count, None, 0), limits)
    finally:
        os.close(raw)
    problems = [] if ended else [_cut_short(None, length)]
    return _Decoding(decoded.trusted(outcome), outcome.planes, outcome.fault or fault, problems=problems)


def has_frame(output: bytes) -> bool:
    """Whether ffmpeg wrote more than the header of a stream."""
    return len(output) > _LEAST_FRAME


_LEAST_FRAME = 4096


def _end_problems(decoding: _Decoding, found: Probe, measured_s: float) -> list[Problem]:
    """Problems of a clip that ends early, or of which only a part was measured."""
    decoded, length = decoding.measured.decoded, found.picture_s
    if decoded is None:
        return []
    if (
        not decoding.in_time
        or (length or decoded.measured_s) > measured_s
        or (length is None and decoded.measured_s >= measured_s - 0.1)
    ):
        return [Problem("limited", "frames", length and round(length), round(decoded.measured_s), "seconds")]
    if length is not None and length - decoded.measured_s > max(
        _TOLERATED_GAP_S, _TOLERATED_GAP_SHARE * length
    ):
        return [_cut_short(decoded.measured_s, length)]
    return []


def _cut_short(reached_s: float | None, length: float) -> Problem:
    return Problem("truncated", "the pictures end before the clip", reached_s, length, "s")


def _sound(decoded: DecodedVideo, mime: str, found: Probe, measured_s: float) -> Any:
    if found.sound is None or measured_s <= 0:
        return None
    limits = decoded.limits.until(decoded.jail.deadline)
    argv = sampling.sound_arguments(decoded.tools, mime, found, RATE, measured_s)
    job = decoded.job(what="sound", read_s=limits.seconds * READ_SHARE)
    _, outcome = decoded.jail.measure_output(decoded.upload, argv, job, limits, with_rest(limits))
    return decoded.trusted(outcome).sound


def _preview(decoded: DecodedVideo, mime: str, found: Probe) -> tuple[bytes, tuple[int, int]]:
    """A small MP4 of the measured part and its size, empty if it could not be made."""
    until = decoded.limits.measured_seconds or decoded.limits.video_seconds
    argv = sampling.preview_arguments(decoded.tools, mime, found, until, decoded.limits.preview_bytes)
    outcome = decoded.jail.run_tool_to_file(
        decoded.upload, argv, decoded.limits.at_work(), decoded.limits.preview_bytes
    )
    if outcome.fault is not None:
        log.warning("no preview was made: %s %s", outcome.fault, outcome.detail)
        return b"", (0, 0)
    if not is_whole_mp4(outcome.output):
        log.warning("no preview is kept: what was made is no whole MP4")
        return b"", (0, 0)
    return outcome.output, sampling.preview_size(found)


def is_whole_mp4(data: bytes) -> bool:
    """Whether it is an MP4 from its first byte to its last. It comes from the jail and goes to browsers."""
    shape = scan_isobmff(data)
    return not shape.cut and shape.has_index and shape.end_offset == len(data)
