"""A video's time as the page shows it: a strip for each thing that was found along it, and the same in a table."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.reports import quantities
from validators.report import EvidenceReport, VideoReport, VideoSound

JUMPS_SHOWN = 8
_NAMES = {
    "black": "Black",
    "dark": "Dark",
    "overexposed": "Over-exposed",
    "blurred": "Blurred",
    "shaky": "Shaky",
    "frozen": "Frozen",
    "static": "Nothing moves",
}
_CUTS = {"cut": "cut", "leap": "leap of the view", "dissolve": "dissolve", "dip": "fade"}
_SOUND = {
    "none": "no sound track",
    "silent": "a track on which nothing can be heard",
    "not_measured": "not measured",
}
_THIN = 0.8  # of a hundredth of the strip: the least that is seen


@dataclass(frozen=True, slots=True)
class Jump:
    """A moment to go to: its time in words, and an address that plays from there, where there is a clip."""

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
    """``end`` is the length of the strip in words, ``measured`` how much of the clip it covers where that is not all."""

    rows: tuple[Row, ...]
    end: str
    measured: str
    sound: str


def video_strips(item: EvidenceReport, clip: str | None) -> VideoStrips | None:
    """The strips of a video that was measured frame by frame. ``clip``: the address of what can be played of it."""
    video = item.video
    if video is None or video.measured_s <= 0:
        return None
    whole = item.duration_s is None or item.duration_s - video.measured_s < 1.5
    rows = [_cuts(video, clip)] if video.cuts else []
    for kind, name in _NAMES.items():
        spans = [(one.start_s, one.end_s) for one in video.stretches if one.kind == kind]
        if spans:
            rows.append(_row(name, spans, video, clip, f"{video.shares.get(kind, 0.0):.0%}"))
    reached, length = quantities.duration(video.measured_s), quantities.duration(item.duration_s or 0.0)
    measured = "" if whole else f"Measured up to {reached} of {length}."
    return VideoStrips(tuple(rows), reached, measured, sound_in_words(video.sound))


def sound_in_words(sound: VideoSound) -> str:
    """What is on the sound track."""
    if sound.state != "sound" or sound.loudest_db is None:
        return _SOUND.get(sound.state, sound.state)
    words = f"heard, the loudest second at {quantities.number(sound.loudest_db)}\u00a0dB of full scale"
    return f"{words}; partly too loud, cut off" if sound.clipped else words


def _row(
    name: str, spans: list[tuple[float, float]], video: VideoReport, clip: str | None, share: str
) -> Row:
    marks = tuple(_mark(start, end, video.measured_s) for start, end in spans)
    jumps = tuple(Jump(_span(start, end), _address(clip, start)) for start, end in spans[:JUMPS_SHOWN])
    return Row(name, marks, False, share, jumps, max(0, len(spans) - JUMPS_SHOWN))


def _span(start: float, end: float) -> str:
    texts = quantities.duration(start), quantities.duration(end)
    return texts[0] if texts[0] == texts[1] else "–".join(texts)


def _cuts(video: VideoReport, clip: str | None) -> Row:
    marks = tuple(_mark(cut.time_s, cut.time_s, video.measured_s) for cut in video.cuts)
    jumps = tuple(
        Jump(
            quantities.duration(cut.time_s)
            + ("" if cut.kind == "cut" else f" ({_CUTS.get(cut.kind, cut.kind)})"),
            _address(clip, max(0.0, cut.time_s - 1.0)),
        )
        for cut in video.cuts[:JUMPS_SHOWN]
    )
    return Row("Cuts", marks, True, "", jumps, max(0, len(video.cuts) - JUMPS_SHOWN))


def _mark(start: float, end: float, whole: float) -> tuple[float, float]:
    left = min(max(start / whole * 100, 0.0), 100 - _THIN)
    return round(left, 2), round(max(min(end / whole * 100, 100.0) - left, _THIN), 2)


def _address(clip: str | None, time_s: float) -> str | None:
    return f"{clip}#t={time_s:.1f}" if clip is not None else None
