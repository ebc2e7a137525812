"""Opens a recording of sound alone, such as a voice note: how long and how loud it is, a picture of it, a copy to play."""

from __future__ import annotations

import logging
from dataclasses import replace

from pipeline.opening.host import ffmpeg_arguments as sampling
from pipeline.opening.host.decoded_video import READ_SHARE, DecodedVideo, VideoPlanes, is_whole_mp4, with_rest
from pipeline.opening.host.probe import SoundProbe, probe_sound
from pipeline.opening.limits import WAVEFORM
from validators.evidence import AUDIO, AudioFacts, Measurements, Problem
from validators.measures.metadata.timestamps import quicktime_tags
from validators.measures.video.sound import RATE

log = logging.getLogger(__name__)

_TOLERATED_GAP_S, _TOLERATED_GAP_SHARE = 1.5, 0.05
_STATED = (
    "audio/mp4",
    "video/mp4",
    "video/quicktime",
    "video/3gpp",
    "video/3gpp2",
    "audio/wav",
    "audio/flac",
)
"""Types whose header states the length. That of others is estimated from their bytes."""


def open_audio(decoded: DecodedVideo, known: Measurements) -> tuple[Measurements, VideoPlanes]:
    """Everything measured of a recording, and its picture and copy. ``known`` as it was where there is no sound either."""
    if not decoded.tools.complete:
        return _add(known, Problem("tool_missing", "ffmpeg")), VideoPlanes()
    mime = known.detected_type
    found, fault, detail = probe_sound(decoded.jail, decoded.tools, decoded.upload, mime, decoded.limits)
    if found is None and known.kind == AUDIO:
        code = fault if fault is not None and fault != "failed" else "no_decode"
        return _add(known, Problem(code, detail)), VideoPlanes()
    if found is None:
        return known, VideoPlanes()
    return _measured(decoded, found, known)


def _measured(
    decoded: DecodedVideo, found: SoundProbe, known: Measurements
) -> tuple[Measurements, VideoPlanes]:
    mime, until = known.detected_type, decoded.limits.measured_seconds or decoded.limits.video_seconds
    limits = decoded.limits.at_work().until(decoded.jail.deadline)
    argv = sampling.sound_arguments(decoded.tools, mime, found, RATE, until)
    job = decoded.job(what="sound", read_s=limits.seconds * READ_SHARE, waveform=True)
    _, outcome = decoded.jail.measure_output(decoded.upload, argv, job, limits, with_rest(limits))
    heard = decoded.trusted(outcome)
    problems = [problem for problem in known.problems if problem.code != "no_video_stream"]
    if heard.sound is None:
        code = outcome.fault or "no_decode"
        return replace(known, kind=AUDIO, problems=(*problems, Problem(code))), VideoPlanes()
    length = heard.audio.duration_s if heard.audio else None
    measured = replace(
        known,
        kind=AUDIO,
        audio=AudioFacts(found.duration_s or length, found.codec),
        sound=heard.sound,
        decoder_errors=heard.decoder_errors,
        times=known.times or quicktime_tags(found.tags),
        problems=(*problems, *_end_problems(found, length, until, mime)),
    )
    return measured, VideoPlanes(outcome.planes, _copy(decoded, mime, found, until), WAVEFORM)


def _end_problems(found: SoundProbe, length: float | None, until: float, mime: str) -> list[Problem]:
    stated = found.duration_s
    if stated is None or length is None:
        return []
    if stated > until:
        return [Problem("limited", "sound", round(stated), round(until), "seconds")]
    gap = max(_TOLERATED_GAP_S, _TOLERATED_GAP_SHARE * stated)
    if mime in _STATED and stated - length > gap:
        return [Problem("truncated", "the sound ends before the recording", length, stated, "s")]
    return []


def _copy(decoded: DecodedVideo, mime: str, found: SoundProbe, until: float) -> bytes:
    """A small copy to play, empty if it could not be made."""
    most = decoded.limits.preview_bytes
    argv = sampling.sound_copy_arguments(decoded.tools, mime, found, until, most)
    outcome = decoded.jail.run_tool_to_file(decoded.upload, argv, decoded.limits.at_work(), most)
    if outcome.fault is not None or not is_whole_mp4(outcome.output):
        log.warning("no copy of the sound was made: %s %s", outcome.fault, outcome.detail)
        return b""
    return outcome.output


def _add(measurements: Measurements, *problems: Problem) -> Measurements:
    return replace(measurements, problems=(*measurements.problems, *problems))
