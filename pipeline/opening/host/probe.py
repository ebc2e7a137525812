"""ffprobe on an upload: container, streams and tags, as plain data.

Runs in the jail on descriptor 3, with the demuxer and protocol whitelisted: a playlist named clip.mp4 reaches no
other file.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from typing import Any

from pipeline.opening.host.jail import TimedJail
from pipeline.opening.host.tools import Tools
from pipeline.opening.limits import Limits

DEMUXERS = {
    "video/mp4": "mov,mp4,m4a,3gp,3g2,mj2",
    "video/quicktime": "mov,mp4,m4a,3gp,3g2,mj2",
    "video/3gpp": "mov,mp4,m4a,3gp,3g2,mj2",
    "video/3gpp2": "mov,mp4,m4a,3gp,3g2,mj2",
    "video/webm": "matroska,webm",
    "video/x-matroska": "matroska,webm",
    "video/x-msvideo": "avi",
    "video/mp2t": "mpegts",
    "audio/mp4": "mov,mp4,m4a,3gp,3g2,mj2",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/amr": "amr",
    "audio/aac": "aac",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "audio/x-caf": "caf",
}
UPLOAD = "/proc/self/fd/3"
_MAX_TAGS = 24
_HDR = ("smpte2084", "arib-std-b67")
_INTERLACED = ("tt", "bb", "tb", "bt")
_WIDEST_PIXEL = 4.0
_MATRIX_ROW = re.compile(
    r"^[ \t]*[0-9a-fA-F]{1,8}:[ \t]+(-?\d{1,11})[ \t]+(-?\d{1,11})[ \t]+-?\d{1,11}[ \t]*$", re.MULTILINE
)
_MATRIX_TEXT = 400  # characters, more than it ever has


@dataclass(frozen=True, slots=True)
class Probe:
    """What ffprobe says. ``width`` and ``height`` are as coded. ``rotation_deg`` (0, 90, 180, 270) is clockwise and makes it
    upright, after it is flipped left to right if ``mirrored``.

    ``stream`` and ``sound`` are the numbers of the streams to decode; ``aspect`` is the width of a pixel by its height.
    ``transfer`` is the transfer curve, as ffmpeg names it.
    """

    duration_s: float | None
    width: int
    height: int
    rotation_deg: int
    fps: float | None
    video_codec: str
    audio_codec: str | None
    tags: dict[str, str] = field(default_factory=dict)
    stream: int = 0
    sound: int | None = None
    aspect: float = 1.0
    transfer: str = ""
    interlaced: bool = False
    stream_s: float | None = None
    mirrored: bool = False

    @property
    def picture_s(self) -> float | None:
        """The length of the pictures in seconds: the stream's own where it is stated."""
        return self.stream_s or self.duration_s

    @property
    def is_hdr(self) -> bool:
        """Whether it is HDR, coded for brighter screens than usual."""
        return self.transfer in _HDR

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height upright as a player shows them, with square pixels."""
        wide, high = self.width * self.aspect, float(self.height)
        if self.rotation_deg in (90, 270):
            wide, high = high, wide
        return max(1, round(wide)), max(1, round(high))

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height with the rotation applied."""
        turned = self.rotation_deg in (90, 270)
        return (self.height, self.width) if turned else (self.width, self.height)


@dataclass(frozen=True, slots=True)
class SoundProbe:
    """What ffprobe says of a file without moving pictures. ``sound`` is the number of the stream to decode."""

    duration_s: float | None
    codec: str
    sound: int
    tags: dict[str, str]


def guard_arguments(mime: str) -> dict[str, str]:
    """Input options that keep ffmpeg's tools to this one file and format."""
    return {"format_whitelist": DEMUXERS[mime], "protocol_whitelist": "file"}


def probe(
    jail: TimedJail, tools: Tools, upload: int, mime: str, limits: Limits
) -> tuple[Probe | None, str | None, str]:
    """Probe one video: (probe or None, fault or None, detail). The fault is an Outcome's."""
    answer, fault, detail = _answer(jail, tools, upload, mime, limits)
    return (None if answer is None else _read(answer)), fault, detail


def probe_sound(
    jail: TimedJail, tools: Tools, upload: int, mime: str, limits: Limits
) -> tuple[SoundProbe | None, str | None, str]:
    """The same of a file that has sound and no moving pictures."""
    answer, fault, detail = _answer(jail, tools, upload, mime, limits)
    return (None if answer is None else _read_sound(answer)), fault, detail


def _answer(
    jail: TimedJail, tools: Tools, upload: int, mime: str, limits: Limits
) -> tuple[dict[str, Any] | None, str | None, str]:
    options: list[str] = []
    for name, value in guard_arguments(mime).items():
        options += [f"-{name}", value]
    argv = [
        str(tools.ffprobe), "-v", "error", *options, "-print_format", "json", "-show_format", "-show_streams", "-i", UPLOAD,
    ]  # fmt: skip
    outcome = jail.run_tool(upload, argv, limits)
    if outcome.fault is not None:
        return None, outcome.fault, outcome.detail
    try:
        answer = json.loads(outcome.output)
    except ValueError:
        return None, "crashed", "ffprobe's answer is not JSON"
    return (
        (answer, None, "") if isinstance(answer, dict) else (None, "crashed", "ffprobe's answer is no object")
    )


def _read_sound(answer: dict[str, Any]) -> SoundProbe | None:
    streams = [s for s in answer.get("streams", []) if isinstance(s, dict)]
    found = max((s for s in streams if s.get("codec_type") == "audio"), key=_foremost, default=None)
    if found is None:
        return None
    container = answer.get("format", {})
    return SoundProbe(
        duration_s=_positive(container.get("duration")) or _positive(found.get("duration")),
        codec=str(found.get("codec_name", "unknown"))[:40],
        sound=int(found.get("index", 0)),
        tags=_tags(container, found),
    )


def _tags(container: dict[str, Any], stream: dict[str, Any]) -> dict[str, str]:
    tags = {**container.get("tags", {}), **{f"stream:{k}": v for k, v in stream.get("tags", {}).items()}}
    return {str(k)[:80]: str(v)[:200] for k, v in list(tags.items())[:_MAX_TAGS]}


def _read(answer: dict[str, Any]) -> Probe | None:
    streams = [s for s in answer.get("streams", []) if isinstance(s, dict)]
    video = max((s for s in streams if _is_moving(s)), key=_foremost, default=None)
    if video is None:
        return None
    audio = max((s for s in streams if s.get("codec_type") == "audio"), key=_foremost, default=None)
    container = answer.get("format", {})
    rotation_deg, mirrored = _turned(video)
    return Probe(
        duration_s=_positive(container.get("duration")) or _positive(video.get("duration")),
        width=int(video.get("width", 0)),
        height=int(video.get("height", 0)),
        rotation_deg=rotation_deg,
        mirrored=mirrored,
        fps=_ratio(video.get("avg_frame_rate")),
        video_codec=str(video.get("codec_name", "unknown"))[:40],
        audio_codec=str(audio.get("codec_name", "unknown"))[:40] if audio else None,
        tags=_tags(container, video),
        stream=int(video.get("index", 0)),
        sound=int(audio.get("index", 0)) if audio else None,
        aspect=_aspect(video),
        transfer=str(video.get("color_transfer", ""))[:40],
        interlaced=video.get("field_order") in _INTERLACED,
        stream_s=_positive(video.get("duration")),
    )


def _foremost(stream: dict[str, Any]) -> tuple[int, int, int]:
    """A sort key that puts streams of one kind into the order of players: the default, the largest, the first."""
    area = int(stream.get("width", 0)) * int(stream.get("height", 0))
    return int(stream.get("disposition", {}).get("default", 0)), area, -int(stream.get("index", 0))


def _aspect(stream: dict[str, Any]) -> float:
    """The width of a pixel by its height, or 1 if it is not stated or unreasonable."""
    found = _ratio(str(stream.get("sample_aspect_ratio", "")).replace(":", "/")) or 1.0
    return found if 1 / _WIDEST_PIXEL <= found <= _WIDEST_PIXEL else 1.0


def _is_moving(stream: dict[str, Any]) -> bool:
    cover = stream.get("disposition", {}).get("attached_pic", 0)
    return stream.get("codec_type") == "video" and not cover and int(stream.get("width", 0)) > 0


def _turned(stream: dict[str, Any]) -> tuple[int, bool]:
    """What makes it upright: (degrees clockwise, whether it is flipped left to right before)."""
    for side in stream.get("side_data_list", []):
        rows = _MATRIX_ROW.findall(str(side.get("displaymatrix", ""))[:_MATRIX_TEXT])
        if len(rows) >= 2:
            (a, b), (c, d) = ((int(row[0]), int(row[1])) for row in rows[:2])
            mirrored = a * d < b * c  # a point (x, y), y downwards, is shown at (ax + cy, bx + dy)
            return _quarter(math.degrees(math.atan2(-b, -a) if mirrored else math.atan2(b, a))), mirrored
    return _quarter(_positive(stream.get("tags", {}).get("rotate")) or 0.0), False


def _quarter(degrees: float) -> int:
    return round(degrees / 90) * 90 % 360


def _positive(value: object) -> float | None:
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if 0 < number < 1e7 else None


def _ratio(value: object) -> float | None:
    above, _, below = str(value).partition("/")
    top, bottom = _positive(above), _positive(below or "1")
    return round(top / bottom, 3) if top and bottom else None
