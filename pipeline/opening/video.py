"""Video: probe, a handful of moments decoded by ffmpeg, a poster and a contact sheet.

ffmpeg turns the frames upright and scales them; they return as raw RGB, are measured in a child of the zygote,
and the trusted side only copies planes.
"""

from __future__ import annotations

import os
from dataclasses import replace

import ffmpeg

from pipeline.opening.answer_stream import Plane
from pipeline.opening.jail import TimedJail
from pipeline.opening.limits import VIEW_SIDE, Limits
from pipeline.opening.probe import UPLOAD, Probe, guard_arguments, probe
from pipeline.opening.tools import Tools
from validators.evidence import Measurements, PageMeasures, Problem, VideoFacts
from validators.measures.timestamps import quicktime_tags

MOMENTS = 12
_TAG_NAMES = (
    "encoder",
    "com.apple.quicktime.make",
    "com.apple.quicktime.model",
    "major_brand",
    "stream:handler_name",
)


def facts_of(found: Probe) -> VideoFacts:
    """The probe as measurements."""
    width, height = found.upright_size
    return VideoFacts(
        duration_s=found.duration_s,
        width=width,
        height=height,
        rotation_deg=found.rotation_deg,
        fps=found.fps,
        video_codec=found.video_codec,
        audio_codec=found.audio_codec,
    )


def probe_video(
    jail: TimedJail, tools: Tools, upload: int, measurements: Measurements, limits: Limits
) -> tuple[Measurements, Probe | None]:
    """Add what ffprobe says to ``measurements``; without the tools, or where it cannot be read, say so."""
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
    return replace(measurements, video=facts_of(found), times=times, metadata=metadata, has_gps=gps), found


def _add(measurements: Measurements, *problems: Problem) -> Measurements:
    return replace(measurements, problems=(*measurements.problems, *problems))


def moments(duration_s: float | None, count: int = MOMENTS) -> list[float]:
    """``count`` times in seconds spread evenly, the middle of each part; 0 where the length is unknown."""
    if duration_s is None:
        return [0.0]
    return [round((i + 0.5) * duration_s / count, 3) for i in range(count)]


def frame_size(found: Probe) -> tuple[int, int]:
    """Upright size reduced to a view: even numbers, long side at most 1,024 px."""
    width, height = found.upright_size
    scale = min(1.0, VIEW_SIDE / max(width, height))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def decode_frames(
    jail: TimedJail, tools: Tools, upload: int, mime: str, found: Probe, limits: Limits
) -> tuple[list[tuple[float, bytes]], str | None]:
    """Frames at the moments as (time, raw RGB of ``frame_size``), and the first fault met."""
    width, height = frame_size(found)
    wanted = moments(min(found.duration_s, limits.video_seconds) if found.duration_s else None)
    frames: list[tuple[float, bytes]] = []
    fault: str | None = None
    for at in wanted:
        outcome = jail.run_tool(upload, _argv(tools, mime, at, width, height), limits)
        if len(outcome.output) == width * height * 3:
            frames.append((at, outcome.output))
        else:
            fault = fault or outcome.fault or "no_frame"
            if outcome.fault in ("time_limit", "memory_limit", "crashed"):
                break  # it would cost the same again at every moment
    return frames, fault


def _argv(tools: Tools, mime: str, at: float, width: int, height: int) -> list[str]:
    source = ffmpeg.input(UPLOAD, ss=at, threads=1, **guard_arguments(mime))
    picture = source.video.filter("scale", width, height)
    output = ffmpeg.output(picture, "pipe:", format="rawvideo", pix_fmt="rgb24", vframes=1)
    argv: list[str] = ffmpeg.compile(output.global_args("-v", "error", "-nostdin"), cmd=str(tools.ffmpeg))
    return argv


def best_frame(pages: tuple[PageMeasures, ...]) -> int:
    """The index of the poster: the sharpest frame that is neither black nor flat, else the middle one."""
    scored = [
        (page.clarity.sharpness or 0.0, -abs(i - len(pages) / 2), i)
        for i, page in enumerate(pages)
        if page.clarity and page.clarity.luma_p95 > 40 and page.clarity.luma_std > 8
    ]
    return max(scored)[2] if scored else len(pages) // 2


def contact_sheet(tiles: list[Plane], columns: int = 4) -> Plane:
    """Paste thumbnails of one size into a sheet, row by row, with a white gutter."""
    import numpy as np  # noqa: PLC0415 - heavy, only where a video is opened

    gutter = 4
    width, height = tiles[0].width, tiles[0].height
    rows = -(-len(tiles) // columns)
    across = min(columns, len(tiles))
    sheet = np.full((rows * (height + gutter) + gutter, across * (width + gutter) + gutter, 3), 255, np.uint8)
    for i, tile in enumerate(tiles):
        y = gutter + (i // columns) * (height + gutter)
        x = gutter + (i % columns) * (width + gutter)
        sheet[y : y + height, x : x + width] = np.frombuffer(tile.pixels, np.uint8).reshape(height, width, 3)
    return Plane("contact_sheet", sheet.shape[1], sheet.shape[0], sheet.tobytes())


def memory_file(frames: list[tuple[float, bytes]]) -> int:
    """The frames one after another in an anonymous file; the caller closes it."""
    fd = os.memfd_create("frames", os.MFD_CLOEXEC)
    for _, raw in frames:
        view = memoryview(raw)
        while view:
            view = view[os.write(fd, view) :]
    return fd
