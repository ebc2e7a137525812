"""Argument lists for ffmpeg, which decodes a video once at the sizes that are measured.

Every list reads only descriptor 3 and writes raw frames to standard output, in Matroska for their times. Frames are
upright, in square pixels, in BT.601 luma and chroma. HDR is tone-mapped to what a usual screen shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ffmpeg

from pipeline.opening.host.probe import UPLOAD, Probe, SoundProbe, guard_arguments
from pipeline.opening.host.tools import Tools, has_filters
from pipeline.opening.limits import VIEW_SIDE

SMALL_SIDE = 160
"""Long side in px of the grey frames on which brightness, motion and cuts are measured."""

MOST_FPS = 31.0
"""Measured frames a second. Of faster clips every second or third frame is measured."""

PREVIEW_SIDE = 640
_PICTURE_BITS, _LEAST_BITS, _SOUND_BITS = 900_000, 60_000, 64_000  # a second
_WRITTEN = "/proc/self/fd/1"
_RAW: dict[str, Any] = {
    "format": "matroska", "vcodec": "rawvideo", "fps_mode": "passthrough", "live": 1, "fflags": "+bitexact", "write_crc32": 0,
}  # fmt: skip
"""Raw frames with their times, without random numbers and without checksums that nobody reads. ffmpeg reads random numbers
from /dev/urandom. The jail forbids that, and ffmpeg then collects entropy from its clock: 13,000 calls, 85 ms of CPU a run."""
_MOMENTS_LEAST = 18
_FIRST_S = 0.25
_TONE_FILTERS = ("zscale", "tonemap")
_TURNS = {90: ("clock",), 180: ("clock", "clock"), 270: ("cclock",)}


@dataclass(frozen=True, slots=True)
class Sizes:
    """Even widths and heights in px of the views that are shown and of the small grey frames."""

    view: tuple[int, int]
    small: tuple[int, int]


def sizes_of(found: Probe) -> Sizes:
    """The view at most 1,024 px long and never enlarged, the small frame 160 px long."""
    shown = found.shown_size
    return Sizes(_scaled(shown, min(VIEW_SIDE, max(shown))), _scaled(shown, SMALL_SIDE))


def _scaled(size: tuple[int, int], long: int) -> tuple[int, int]:
    scale = long / max(size)
    return max(2, round(size[0] * scale / 2) * 2), max(2, round(size[1] * scale / 2) * 2)


def view_interval(duration_s: float | None) -> float:
    """Seconds between views: one, or less in short clips, so that there are enough to choose from."""
    return _FIRST_S if duration_s is None else max(0.04, min(1.0, duration_s / _MOMENTS_LEAST))


def _views_apart(duration_s: float | None) -> str:
    """If the length is unknown, views start close together and move apart."""
    if duration_s is None:
        return f"isnan(prev_selected_t)+gte(t-prev_selected_t,clip(t/{_MOMENTS_LEAST},{_FIRST_S},0.999))"
    return _apart(view_interval(duration_s) - 0.001)


def decode_arguments(tools: Tools, mime: str, found: Probe, measured_s: float) -> list[str]:
    """Decode the first ``measured_s`` seconds once: stream 0 the small grey frames, stream 1 the views."""
    sizes = sizes_of(found)
    source = _input(mime, found)
    picture = _progressive(source[str(found.stream)], found)
    both = picture.filter("select", _apart(1 / MOST_FPS)).filter_multi_output("split")
    small = _shown(both[0], sizes.small, found, "gray", tools)
    views = both[1].filter("select", _views_apart(found.duration_s))
    views = _shown(views, sizes.view, found, "yuv420p", tools)
    return _compiled(tools, [small, views], t=round(measured_s, 3))


def key_frame_arguments(tools: Tools, mime: str, found: Probe, every_s: float, until_s: float) -> list[str]:
    """Key frames alone, at least ``every_s`` seconds apart: stream 0 the views."""
    source = _input(mime, found, skip_frame="nokey")
    views = source[str(found.stream)].filter("select", _apart(every_s))
    return _compiled(
        tools, [_shown(views, sizes_of(found).view, found, "yuv420p", tools)], t=round(until_s, 3)
    )


def sampled_frame_arguments(tools: Tools, mime: str, found: Probe, at: float, *, exactly: bool) -> list[str]:
    """One view at ``at`` seconds: that very frame if ``exactly``, else the key frame before it."""
    options: dict[str, Any] = {} if exactly else {"skip_frame": "nokey", "noaccurate_seek": None}
    source = _input(mime, found, ss=round(at, 3), **options)
    view = _shown(source[str(found.stream)], sizes_of(found).view, found, "yuv420p", tools)
    return _compiled(tools, [view.filter("setpts", f"PTS+{at:.3f}/TB")], vframes=1)


def sound_arguments(
    tools: Tools, mime: str, found: Probe | SoundProbe, rate: int, measured_s: float
) -> list[str]:
    """The sound as raw 16-bit samples of one channel."""
    source = ffmpeg.input(UPLOAD, vn=None, **guard_arguments(mime))
    output = ffmpeg.output(
        source[str(found.sound)], "pipe:", format="s16le", ac=1, ar=rate, t=round(measured_s, 3)
    )
    return _argv(output, tools)


def sound_copy_arguments(
    tools: Tools, mime: str, found: SoundProbe, until_s: float, most_bytes: int
) -> list[str]:
    """The sound as an MP4 that every browser plays, written to descriptor 1 as a file."""
    source = ffmpeg.input(UPLOAD, vn=None, **guard_arguments(mime))
    output = ffmpeg.output(
        source[str(found.sound)], _WRITTEN, format="mp4", acodec="aac", ac=1, ar=44_100, movflags="+faststart",
        map_metadata=-1, fs=most_bytes, t=round(until_s, 3), threads=1, **{"b:a": _SOUND_BITS},
    ).overwrite_output()  # fmt: skip
    return _argv(output, tools)


def preview_size(found: Probe) -> tuple[int, int]:
    """Width and height of the preview in px, even, never larger than the upload."""
    return _scaled(found.shown_size, min(PREVIEW_SIDE, max(found.shown_size)))


def preview_arguments(tools: Tools, mime: str, found: Probe, until_s: float, most_bytes: int) -> list[str]:
    """A small MP4 that every browser plays, with its index in front, written to descriptor 1 as a file."""
    size = preview_size(found)
    source = ffmpeg.input(UPLOAD, threads=1, noautorotate=None, **guard_arguments(mime))
    picture = _progressive(source[str(found.stream)], found).filter("select", _apart(1 / MOST_FPS))
    streams = [_shown(picture, size, found, "yuv420p", tools)]
    length = min(until_s, found.duration_s or until_s)
    fits = int(most_bytes * 8 * 0.9 / max(length, 1.0)) - (_SOUND_BITS if found.sound is not None else 0)
    rate = max(_LEAST_BITS, min(_PICTURE_BITS, fits))
    options: dict[str, Any] = {
        "format": "mp4", "vcodec": "libx264", "profile:v": "baseline", "preset": "veryfast", "crf": 26, "maxrate": rate,
        "bufsize": 2 * rate, "fps_mode": "vfr", "movflags": "+faststart", "map_metadata": -1, "fs": most_bytes,
        "t": round(until_s, 3), "threads": 1,
    }  # fmt: skip
    if found.sound is not None:
        streams.append(source[str(found.sound)])
        options |= {"acodec": "aac", "b:a": _SOUND_BITS, "ac": 2, "ar": 44_100}
    output = ffmpeg.output(*streams, _WRITTEN, **options).overwrite_output()
    return _argv(output, tools)


def _progressive(picture: Any, found: Probe) -> Any:
    """Deinterlaced, if the video is interlaced."""
    return picture.filter("bwdif", mode="send_frame", deint="interlaced") if found.interlaced else picture


def _input(mime: str, found: Probe, **options: Any) -> Any:
    """The upload on descriptor 3, not rotated: that costs less once the frame is small."""
    return ffmpeg.input(UPLOAD, threads=1, an=None, noautorotate=None, **options, **guard_arguments(mime))


def _apart(seconds: float) -> str:
    return f"isnan(prev_selected_t)+gte(t-prev_selected_t,{seconds:.4f})"


def _shown(picture: Any, size: tuple[int, int], found: Probe, pixels: str, tools: Tools) -> Any:
    """Reduced, tone-mapped and upright. ``size`` is that after turning."""
    turned = found.rotation_deg in (90, 270)
    wide, high = size[::-1] if turned else size
    picture = picture.filter("scale", wide, high, flags="area")
    if found.is_hdr and has_filters(tools, _TONE_FILTERS):
        picture = _tone_mapped(picture, found)
    picture = picture.filter("scale", out_color_matrix="bt601", out_range="tv").filter("format", pixels)
    if found.mirrored:
        picture = picture.filter("hflip")
    for direction in _TURNS.get(found.rotation_deg, ()):
        picture = picture.filter("transpose", direction)
    return picture


def _tone_mapped(picture: Any, found: Probe) -> Any:
    """Tone-mapped from HDR (BT.2100) to BT.709. Highlights are rolled off, not clipped."""
    marked = picture.filter(
        "setparams", color_primaries="bt2020", color_trc=found.transfer, colorspace="bt2020nc", range="tv"
    )
    linear = marked.filter("zscale", t="linear", npl=100).filter("format", "gbrpf32le")
    rolled = linear.filter("zscale", p="bt709").filter("tonemap", tonemap="hable", desat=0)
    return rolled.filter("zscale", t="bt709", m="bt709", r="tv").filter("format", "yuv420p")


def _compiled(tools: Tools, streams: list[Any], **options: Any) -> list[str]:
    output = ffmpeg.output(*streams, "pipe:", **_RAW, **options)
    return _argv(output, tools)


def _argv(output: Any, tools: Tools) -> list[str]:
    quiet = output.global_args("-v", "error", "-nostdin", "-filter_complex_threads", "1")
    argv: list[str] = ffmpeg.compile(quiet, cmd=str(tools.ffmpeg))
    return argv
