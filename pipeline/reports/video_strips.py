"""A video's timeline as the page shows it: a strip for each thing that was found along it, and the same in a table."""

from __future__ import annotations

from dataclasses import dataclass

from validators.clip_time import clock
from validators.report import EvidenceReport, VideoCut, VideoReport, VideoSound
from validators.sentences.labels import Labels

JUMPS_SHOWN = 8
_KINDS = ("black", "dark", "overexposed", "blurred", "shaky", "frozen", "static")
_SUDDEN = ("cut", "leap", "dissolve", "dip")
_THIN = 0.8  # of the strip's 100: less would not be visible


@dataclass(frozen=True, slots=True)
class Jump:
    """A time to go to, in words, and the address that plays from there where there is a clip."""

    text: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One thing along the time. ``marks`` are start and length in 0..100 of the strip; ``share`` of the time in words."""

    name: str
    marks: tuple[tuple[float, float], ...]
    sudden: bool
    share: str
    jumps: tuple[Jump, ...]
    left: int


@dataclass(frozen=True, slots=True)
class VideoStrips:
    """``end`` is the length of the strip in words, ``measured`` how much of the video it covers where that is not all."""

    rows: tuple[Row, ...]
    end: str
    measured: str
    sound: str


def video_strips(item: EvidenceReport, clip: str | None, labels: Labels) -> VideoStrips | None:
    """The strips of a video that was measured frame by frame. ``clip``: the address of its playable copy."""
    video = item.video
    if video is None or video.measured_s <= 0:
        return None
    whole = item.duration_s is None or item.duration_s - video.measured_s < 1.5
    rows = [_cuts(video, clip, labels)] if video.cuts else []
    for kind in _KINDS:
        spans = [(one.start_s, one.end_s) for one in video.stretches if one.kind == kind]
        if spans:
            share = labels.formats.percent(video.shares.get(kind, 0.0))
            rows.append(_row(labels.text(f"pages.video.{kind}"), spans, video, clip, share))
    reached, length = clock(video.measured_s), clock(item.duration_s or 0.0)
    measured = "" if whole else labels.text("pages.video.measured", reached=reached, length=length)
    return VideoStrips(tuple(rows), reached, measured, sound_in_words(video.sound, labels))


def sound_in_words(sound: VideoSound, labels: Labels) -> str:
    """What is on the sound track."""
    state = sound.state
    if state == "sound":
        state = "clipped" if sound.clipped else "heard"
    return labels.sentences.label("sound", state)


def _row(
    name: str, spans: list[tuple[float, float]], video: VideoReport, clip: str | None, share: str
) -> Row:
    marks = tuple(_mark(start, end, video.measured_s) for start, end in spans)
    jumps = tuple(Jump(_span(start, end), _address(clip, start)) for start, end in spans[:JUMPS_SHOWN])
    return Row(name, marks, False, share, jumps, max(0, len(spans) - JUMPS_SHOWN))


def _span(start: float, end: float) -> str:
    texts = clock(start), clock(end)
    return texts[0] if texts[0] == texts[1] else "–".join(texts)


def _cuts(video: VideoReport, clip: str | None, labels: Labels) -> Row:
    marks = tuple(_mark(cut.time_s, cut.time_s, video.measured_s) for cut in video.cuts)
    jumps = tuple(
        Jump(_cut_words(cut, labels), _address(clip, max(0.0, cut.time_s - 1.0)))
        for cut in video.cuts[:JUMPS_SHOWN]
    )
    left = max(0, len(video.cuts) - JUMPS_SHOWN)
    return Row(labels.text("pages.video.cuts"), marks, True, "", jumps, left)


def _cut_words(cut: VideoCut, labels: Labels) -> str:
    kind = cut.kind if cut.kind in _SUDDEN else "cut"
    return labels.text(f"pages.video.jump_{kind}", at=clock(cut.time_s))


def _mark(start: float, end: float, whole: float) -> tuple[float, float]:
    left = min(max(start / whole * 100, 0.0), 100 - _THIN)
    return round(left, 2), round(max(min(end / whole * 100, 100.0) - left, _THIN), 2)


def _address(clip: str | None, time_s: float) -> str | None:
    return f"{clip}#t={time_s:.1f}" if clip is not None else None
