"""Opens a video: probes its container, then measures frames and sound."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pipeline.opening.host.decoded_video import DecodedVideo, VideoPlanes, measure_video
from pipeline.opening.host.jail import TimedJail
from pipeline.opening.host.probe import Probe, probe
from pipeline.opening.host.tools import Tools
from pipeline.opening.limits import Limits
from validators.evidence import Measurements, Problem, TimeCandidate, VideoFacts
from validators.measures.metadata.timestamps import quicktime_tags

_TAG_NAMES = (
    "encoder",
    "com.apple.quicktime.make",
    "com.apple.quicktime.model",
    "major_brand",
    "stream:handler_name",
    "stream:encoder",
)
_ENCODERS = ("encoder", "stream:encoder", "bitstream:encoder")


def open_video(decoded: DecodedVideo, measurements: Measurements) -> tuple[Measurements, VideoPlanes]:
    """Everything measured of a video, whose container's measurements are given, and the planes to show."""
    measured, found = probe_video(decoded.jail, decoded.tools, decoded.upload, measurements, decoded.limits)
    if found is None:
        return measured, VideoPlanes()
    return measure_video(decoded, found, measured)


def facts_of(found: Probe, metadata: dict[str, str]) -> VideoFacts:
    """The probe's facts as measurements."""
    width, height = found.upright_size
    return VideoFacts(
        duration_s=found.duration_s,
        width=width,
        height=height,
        rotation_deg=found.rotation_deg,
        fps=found.fps,
        video_codec=found.video_codec,
        audio_codec=found.audio_codec,
        encoders=tuple(dict.fromkeys(metadata[name] for name in _ENCODERS if metadata.get(name))),
    )


def probe_video(
    jail: TimedJail, tools: Tools, upload: int, measurements: Measurements, limits: Limits
) -> tuple[Measurements, Probe | None]:
    """Add what ffprobe says to ``measurements``, or the problem if it cannot be run or says nothing."""
    if not tools.complete:
        return _add(measurements, Problem("tool_missing", "ffmpeg")), None
    found, fault, detail = probe(jail, tools, upload, measurements.detected_type, limits)
    if fault is not None:
        code = {"failed": "no_decode"}.get(fault, fault)
        return _add(measurements, Problem(code, detail)), None
    if found is None:
        return _add(measurements, Problem("no_video_stream")), None
    width, height = found.upright_size
    if width * height > limits.pixels:
        problem = Problem("too_large", "pixels", float(width * height), float(limits.pixels), "pixels")
        return _add(measurements, problem), None
    times = measurements.times or quicktime_tags(found.tags)
    metadata = {**measurements.metadata, **{k: v for k, v in found.tags.items() if k in _TAG_NAMES}}
    gps = measurements.has_gps or any("location" in name.lower() for name in found.tags)
    known = replace(
        measurements,
        video=facts_of(found, metadata),
        times=tuple(_with_start(time, found.duration_s) for time in times),
        metadata=metadata,
        has_gps=gps,
    )
    return known, found


def _with_start(time: TimeCandidate, duration_s: float | None) -> TimeCandidate:
    """Widen a container's time: some phones write the start of the recording there, others its end."""
    if time.meaning != "container" or duration_s is None:
        return time
    return replace(time, earliest=time.earliest - timedelta(seconds=duration_s))


def _add(measurements: Measurements, *problems: Problem) -> Measurements:
    return replace(measurements, problems=(*measurements.problems, *problems))
